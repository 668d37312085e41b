"""The steps of a funding ladder one by one: what each says, inside which it is, who said it when, and where
nothing is published how far we looked. Pure.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import message, plural, say
from pages.parts.text.where_we_looked import Search, no_amount, no_payment
from pipelines import frame_rows

AI = ("strict", "broad")  # readings of AI
FOUND = plural("{number}\u00a0amount found, not a total", "{number}\u00a0amounts found, not a total")
NOTHING = {  # the steps of which nothing is known, by stage
    "announced": message("Announcements"),
    "programmed": message("Laws, budgets and calls"),
    "committed": message("Budget commitments"),
    "contracted": message("Grants and contracts"),
    "paid": message("Payments"),
}
COLUMNS = {
    "name": message("Step"),
    "amount_eur": message("Euros"),
    "said": message("What is known"),
    "ai": message("AI or not"),
    "source": message("Who says so, and when"),
    "stage_label": message("Stage"),
    "basis_label": message("What the euros are"),
    "entries": message("Entries"),
    "entries_unknown": message("Without amount"),
}
READ = ("name", "amount_eur", "said", "ai", "source")
SAID = {
    "announced": message("{amount} has been announced ({basis})."),
    "programmed": message("{amount} is programmed ({basis})."),
    "committed": message("{amount} is committed ({basis})."),
    "contracted": message("{amount} is under contract ({basis})."),
    "paid": message("{amount} has been paid ({basis})."),
}
HOPED_FOR = message("{amount} is hoped for ({basis}).")
INSIDE = message("All of it is inside “{whole}”, {amount}.")
AI_DIFFERS = message("AI and other things")
NO_READING = message("not said")
SOURCE = message("{publisher} ({tier})")
SOURCE_DATED = message("{publisher}, {when} ({tier})")
PAID_NOT_AI = {
    "not-split": message(
        "What was paid is for AI and other things; none of our sources says how much of it was for AI."
    ),
    "outside": message("What was paid is not AI money."),
}
PAID_MIXED = message("What was paid is partly for AI and partly not.")


def named(steps: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The steps, each with a name in words: those that follow from the ledger have none where no amount, or
    more than one, stands behind them.

    steps: queries.overview.ladder.
    """
    return steps.assign(label=[_name(row, locale) for row in frame_rows.records(steps)])


def _name(row: dict[Any, Any], locale: str) -> str:
    if not row["is_recorded"] or row["entries"] == 1:
        return str(row["label"])
    if not row["entries"]:
        return say(NOTHING[row["stage"]], locale)
    return say(FOUND, locale, number=int(row["entries"]))


def known(
    step: Mapping[Any, Any], steps: Mapping[int, Mapping[Any, Any]], name: str, search: Search, locale: str
) -> str:
    """What is known of a step in sentences: how much at which stage, inside what, and what else to know; or
    that nothing was found, where and until when.

    steps: those of its ladder by position. name: what the ladder is of, in words.
    """
    note = str(step["note"] or "")
    if step["amount_eur"] is None:
        if step["stage"] == "paid":
            return no_payment(name, search, locale)
        return formatting.paragraph(no_amount(name, str(step["label"]), search, locale), note)
    is_hoped_for = step["basis"] == "investment-mobilised"
    amount = say(
        HOPED_FOR if is_hoped_for else SAID[step["stage"]],
        locale,
        amount=formatting.sentence(tables.step_amount(step, locale)),
        basis=step["basis_label"],
    )
    whole = steps.get(_position(step["inside_position"]))
    inside = (
        say(INSIDE, locale, whole=str(whole["label"]), amount=tables.step_amount(whole, locale))
        if whole
        else ""
    )
    return formatting.paragraph(amount, inside, note)


def _position(value: Any) -> int:
    return 0 if formatting.is_missing(value) else int(value)


def reading(step: Mapping[Any, Any], readings: Mapping[str, str], locale: str = ENGLISH) -> str:
    """Whether the money of a step is AI money, in words. readings: code of ai_scopes → label."""
    if step["amount_eur"] is None:
        return ""
    if not step["ai_scope"]:
        return say(AI_DIFFERS if step["entries"] > 1 else NO_READING, locale)
    return readings[step["ai_scope"]]


def paid_for_what(steps: pd.DataFrame, locale: str = ENGLISH) -> str:
    """That the payments of a ladder are not those for AI alone, or "" if they are or nothing was paid."""
    paid = [
        row
        for row in frame_rows.records(steps)
        if row["stage"] == "paid" and row["amount_eur"] is not None and not row["is_of_which"]
    ]
    scopes = {row["ai_scope"] for row in paid}
    if not scopes or scopes <= set(AI):
        return ""
    if len(scopes) == 1 and (scope := scopes.pop()) in PAID_NOT_AI:
        return say(PAID_NOT_AI[scope], locale)
    return say(PAID_MIXED, locale) if scopes - {None} or _is_sum(paid) else ""


def _is_sum(paid: list[dict[Any, Any]]) -> bool:
    return any(row["entries"] > 1 for row in paid)


def step_table(
    steps: pd.DataFrame,
    entries: pd.DataFrame,
    name: str,
    readings: Mapping[str, str],
    search: Search,
    locale: str = ENGLISH,
) -> pd.DataFrame:
    """The table of a ladder, in the words of readers.

    steps: from `named`. entries: queries.overview.ladder_entries. name: what the ladder is of. readings: code
    of ai_scopes → label.
    """
    rows = frame_rows.records(steps)
    by_position = {int(row["position"]): row for row in rows}
    documents: dict[int, dict[str, str]] = {}
    for entry in frame_rows.records(entries):
        documents.setdefault(int(entry["position"]), {}).setdefault(
            entry["source_url"], _source(entry, locale)
        )
    shown = steps.assign(
        name=[tables.step_name(row, locale) for row in rows],
        said=[known(row, by_position, name, search, locale) for row in rows],
        ai=[reading(row, readings, locale) for row in rows],
        source=["; ".join(_few(documents.get(int(row["position"]), {}), locale)) for row in rows],
    )
    return tables.table(shown, COLUMNS, euros=("amount_eur",), locale=locale)


def _few(sources: Mapping[str, str], locale: str) -> list[str]:
    """The documents of a step, each once; of many the first and how many more."""
    different = list(dict.fromkeys(sources.values()))
    if len(different) <= tables.MOST_PUBLISHERS:
        return different
    more = len(different) - tables.MOST_PUBLISHERS
    return [*different[: tables.MOST_PUBLISHERS], say(tables.MORE, locale, number=more)]


def _source(entry: dict[Any, Any], locale: str) -> str:
    fields = {"publisher": entry["publisher"], "tier": entry["tier_label"]}
    if not entry["dated_on"]:
        return say(SOURCE, locale, **fields)
    when = formatting.moment(entry["dated_on"], entry["dated_precision"], locale)
    return say(SOURCE_DATED, locale, when=when, **fields)
