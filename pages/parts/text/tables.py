"""Frames → the words of tables, lists and source lines, ready to be shown. Pure; no Streamlit, no sums."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd

from pages.parts.figure import Item, Source, Total
from pages.parts.text import formatting

MOST_PUBLISHERS = 8  # that a source line names


def table(
    rows: pd.DataFrame, columns: dict[str, str], euros: tuple[str, ...] = (), days: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The columns of a frame under the names that readers see; euros in full, days in words, missing written out."""
    shown = {}
    for name, title in columns.items():
        if name in euros:
            shown[title] = rows[name].map(
                lambda value: formatting.plain_euros(None if pd.isna(value) else value)
            )
        elif name in days:
            shown[title] = rows[name].map(
                lambda value: formatting.day(value) if isinstance(value, date) else ""
            )
        else:
            shown[title] = rows[name].map(
                lambda value: (
                    "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value)
                )
            )
    return pd.DataFrame(shown)


# --- sources ---------------------------------------------------------------------------------------------------------------------------


def numbered(steps: pd.DataFrame, entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Source]]:
    """The steps of a ladder with `reference`, and its sources under those numbers; a document that serves several steps has one number."""
    numbers: dict[str, int] = {}
    found: list[Source] = []
    by_step: dict[int, list[str]] = {}
    for entry in entries.to_dict("records"):
        url = entry["source_url"]
        if url not in numbers:
            numbers[url] = len(numbers) + 1
            found.append(_source(str(numbers[url]), entry))
        by_step.setdefault(entry["position"], []).append(str(numbers[url]))
    references = [", ".join(dict.fromkeys(by_step.get(position, []))) for position in steps["position"]]
    return steps.assign(
        reference=references,
        decimals=pd.Series([decimals(row) for row in steps.to_dict("records")], dtype=object),
    ), found


def decimals(row: dict[Any, Any]) -> int | None:
    """Two for the EuroHPC ceiling of 4.12 bn, which a press figure of 4.1 bn for gigafactories resembles: different money must look different."""
    amount = row["amount_eur"]
    return (
        2
        if amount is not None
        and row["basis"] != "investment-mobilised"
        and 4 * 10**9 < amount < 4.2 * 10**9
        and amount % 10**8
        else None
    )


def sources(credit: pd.DataFrame) -> list[Source]:
    """The documents behind a figure: rows of queries.euros.credit."""
    return [_source("", row, row["entries"]) for row in credit.to_dict("records")]


def _source(number: str, row: dict[Any, Any], entries: int = 0) -> Source:
    dated = f", {formatting.moment(row['dated_on'], row['dated_precision'])}" if row["dated_on"] else ""
    many = f", {formatting.count(entries, 'entry', 'entries')}" if entries > 1 else ""
    return Source(number, f"{row['publisher']}{dated}{many}", row["tier_label"], row["source_url"])


def source_line(found: list[Source], entries: pd.DataFrame) -> str:
    """The numbered sources of a ladder, what is own arithmetic, and what has no amount."""
    said = [f"{source.number} {source.words}" for source in found]
    calculated = sorted(
        {row["heading"] for row in entries.to_dict("records") if row["confidence"] == "calculated"}
    )
    unknown = sorted({row["heading"] for row in entries.to_dict("records") if row["amount_eur"] is None})
    parts = [" · ".join(said) + "."]
    if calculated:
        parts.append(f"Own arithmetic: {formatting.listed(calculated)}.")
    if unknown:
        parts.append(f"Without published amount: {formatting.listed(unknown)}.")
    return " ".join([*parts, "Current prices."])


def publishers(found: Iterable[str]) -> str:
    """Who published the documents, each once, in their order; of many the first and how many more."""
    names = list(dict.fromkeys(found))
    return formatting.listed(
        [*names[:MOST_PUBLISHERS], f"{len(names) - MOST_PUBLISHERS} more"]
        if len(names) > MOST_PUBLISHERS + 1
        else names
    )


def credit_line(credit: pd.DataFrame, total: dict[Any, Any], left_out: str = "") -> str:
    """Who stands behind the figure, best supported first, and how many entries it has and lacks amounts for."""
    unknown = total["entries_unknown"]
    lacking = "none without amount" if not unknown else f"{unknown} without amount"
    return f"{publishers(credit['publisher'])}. {formatting.count(total['entries'], 'entry', 'entries')}, {lacking}.{f' {left_out}' if left_out else ''}"


# --- the overview ----------------------------------------------------------------------------------------------------------------------


def ladder(steps: pd.DataFrame) -> pd.DataFrame:
    """The table twin of a ladder."""
    shown = table(
        steps,
        {
            "stage_label": "Stage",
            "label": "What",
            "basis_label": "What the euros are",
            "qualifier": "Stated",
            "amount_eur": "Euros",
        },
        euros=("amount_eur",),
    )
    return shown.assign(
        Entries=steps["entries"].map(str), **{"Without amount": steps["entries_unknown"].map(str)}
    )


def ladder_words(steps: pd.DataFrame) -> list[str]:
    """The steps of `numbered` as words, for those who cannot see the drawing."""
    return [
        f"{row['stage']}, {row['label']}: {formatting.euros(row['amount_eur'], row['qualifier'], row['decimals'])}"
        for row in steps.to_dict("records")
    ]


def purse_name(row: dict[Any, Any]) -> str:
    """The name of a purse at the beginning of a line."""
    return str(row["purse_label"][:1].upper() + row["purse_label"][1:])


def purse_amount(row: dict[Any, Any]) -> str:
    """The total of a purse in words."""
    amount = row["amount_eur"]
    return formatting.euros(
        amount, row["qualifier"], decimals=2 if amount % 10**9 and amount < 10**11 else None
    )


def purses(rows: pd.DataFrame, colour: Callable[[str], str]) -> list[Total]:
    """The four totals as cards."""
    return [
        Total(
            purse_name(row),
            purse_amount(row),
            f"{row['stage_label']} · {row['basis_label']}",
            f"{row['limits']} {formatting.count(row['entries'], 'entry', 'entries')}.",
            colour(row["purse"]),
        )
        for row in rows.to_dict("records")
    ]


def due(rows: pd.DataFrame) -> list[Item]:
    """Plans whose date has passed without evidence."""
    return [
        Item(f"due {formatting.moment(row['dated_on'], row['date_precision'])}", row["title"], is_due=True)
        for row in rows.to_dict("records")
    ]


def events(rows: pd.DataFrame) -> list[Item]:
    """Events or plans with their dates."""
    return [
        Item(formatting.moment(row["dated_on"], row["date_precision"]), row["title"])
        for row in rows.to_dict("records")
    ]


def changes(rows: pd.DataFrame) -> list[Item]:
    """What changed: from what, to what."""
    return [
        Item(
            f"{row['kind']}, {formatting.short_day(row['changed_on'])}",
            f"{row['subject']}: " + (f"{row['before']} → " if row["before"] else ""),
            row["after"],
        )
        for row in rows.to_dict("records")
    ]
