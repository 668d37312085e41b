"""Frames → the words of tables, lists and source lines, ready to be shown. Pure; no Streamlit, no sums."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from pages.parts.figure_model import Item, Source, Total
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say
from pipelines import frame_rows

MOST_PUBLISHERS = 8  # that a source line names

MORE_BARS = plural("{number}\u00a0more is in the table.", "{number}\u00a0more are in the table.")
NOT_NAMED = message("not named in the files")

SOURCE = message("{publisher}")
SOURCE_DATED = message("{publisher}, {when}")
SOURCE_ENTRIES = plural("{publisher}, {number}\u00a0entry", "{publisher}, {number}\u00a0entries")
SOURCE_DATED_ENTRIES = plural(
    "{publisher}, {when}, {number}\u00a0entry", "{publisher}, {when}, {number}\u00a0entries"
)
NUMBERED_SOURCE = message("{number} {source}")
SOURCES = message("{sources}.")
OUR_CALCULATION = message("Our own calculation: {headings}.")
NO_AMOUNT = message("No published amount: {headings}.")
CURRENT_PRICES = message("Current prices.")
MORE = message("{number} more")
CREDIT = plural(
    "{publishers}. {number}\u00a0entry, with its amount.",
    "{publishers}. {number}\u00a0entries, each with its amount.",
)
CREDIT_LACKING = plural(
    "{publishers}. {number}\u00a0entry, {lacking} without an amount.",
    "{publishers}. {number}\u00a0entries, {lacking} without an amount.",
)
STAGE_STEP = message("{stage}, {step}: {amount}")
STAGE_BASIS = message("{stage} · {basis}")
LADDER_SUBTITLE = message(
    "{name}. The bars measure different things: compare them, do not add them up. Current prices."
)
SENTENCE = message("{text}.")
LADDER_ALT = message("From announced to paid, {name}: {steps}")
LADDER_HATCH = message("none of our sources gives a figure (not the same as zero)")
NONE_FOUND = message("none found")
OF_WHICH = message("of which {name}")
ENTRIES = plural("{number}\u00a0entry", "{number}\u00a0entries")
ENTRIES_LACKING = plural(
    "{number}\u00a0entry, {lacking} without an amount", "{number}\u00a0entries, {lacking} without an amount"
)
TOTAL_LIMITS = plural("{limits} {number}\u00a0entry.", "{limits} {number}\u00a0entries.")
DUE = message("was due {when}")
CHANGE = message("{kind}, {day}")
CHANGES_SINCE = message("Since {day}, the newest first")
CHANGED = message("{subject}: ")
CHANGED_FROM = message("{subject}: {before} → ")


def table(
    rows: pd.DataFrame,
    columns: Mapping[str, str | Message],
    euros: tuple[str, ...] = (),
    days: tuple[str, ...] = (),
    locale: str = ENGLISH,
) -> pd.DataFrame:
    """The columns of a frame under the names that readers see; euros in full, days in words, missing written
    out.

    columns: name in the frame → title, in the order of the table. euros, days: the columns that hold them.
    """

    def cells(name: str) -> list[str]:
        if name in euros:
            return [formatting.plain_euros(None if pd.isna(value) else value, locale) for value in rows[name]]
        if name in days:
            return [formatting.day(value, locale) if isinstance(value, date) else "" for value in rows[name]]
        return [
            "" if value is None or (isinstance(value, float) and pd.isna(value)) else str(value)
            for value in rows[name]
        ]

    titles = {
        name: title if isinstance(title, str) else say(title, locale) for name, title in columns.items()
    }
    return pd.DataFrame({title: cells(name) for name, title in titles.items()}, rows.index, dtype=object)


# --- sources


def numbered(
    steps: pd.DataFrame, entries: pd.DataFrame, locale: str = ENGLISH
) -> tuple[pd.DataFrame, list[Source]]:
    """The steps of a ladder with `reference`, and its sources under those numbers; a document that serves
    several steps has one number.
    """
    numbers: dict[str, int] = {}
    documents: list[Source] = []
    by_step: dict[int, list[str]] = {}
    for entry in frame_rows.records(entries):
        url = entry["source_url"]
        if url not in numbers:
            numbers[url] = len(numbers) + 1
            documents.append(_source(str(numbers[url]), entry, 0, locale))
        by_step.setdefault(entry["position"], []).append(str(numbers[url]))
    references = [", ".join(dict.fromkeys(by_step.get(position, []))) for position in steps["position"]]
    return steps.assign(
        reference=references,
        decimals=pd.Series([decimals(row) for row in frame_rows.records(steps)], dtype=object),
    ), documents


def decimals(row: dict[Any, Any]) -> int | None:
    """Two for the EuroHPC ceiling of 4.12 bn, which a press figure of 4.1 bn for gigafactories resembles:
    different money must look different.
    """
    amount = row["amount_eur"]
    return (
        2
        if amount is not None
        and row["basis"] != "investment-mobilised"
        and 4 * 10**9 < amount < 4.2 * 10**9
        and amount % 10**8
        else None
    )


def sources(credit: pd.DataFrame, locale: str = ENGLISH) -> list[Source]:
    """The documents behind a figure: rows of queries.euros.credit."""
    return [_source("", row, row["entries"], locale) for row in frame_rows.records(credit)]


def _source(number: str, row: dict[Any, Any], entries: int, locale: str) -> Source:
    """One document: who published it, when, and how many entries it has, if more than one."""
    fields: dict[str, Any] = {"publisher": row["publisher"]}
    is_dated, is_many = bool(row["dated_on"]), entries > 1
    if is_dated:
        fields["when"] = formatting.moment(row["dated_on"], row["dated_precision"], locale)
    if is_many:
        fields["number"] = int(entries)
    template = {
        (False, False): SOURCE,
        (True, False): SOURCE_DATED,
        (False, True): SOURCE_ENTRIES,
        (True, True): SOURCE_DATED_ENTRIES,
    }[is_dated, is_many]
    return Source(number, say(template, locale, **fields), row["tier_label"], row["source_url"])


def source_line(sources: list[Source], entries: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The numbered sources of a ladder, what is own arithmetic, and what has no amount."""
    rows = frame_rows.records(entries)
    calculated = sorted({row["heading"] for row in rows if row["confidence"] == "calculated"})
    unknown = sorted({row["heading"] for row in rows if row["amount_eur"] is None})
    documents = " · ".join(
        say(NUMBERED_SOURCE, locale, number=source.number, source=source.words) for source in sources
    )
    sentences = [say(SOURCES, locale, sources=documents)]
    if calculated:
        sentences.append(say(OUR_CALCULATION, locale, headings=calculated))
    if unknown:
        sentences.append(say(NO_AMOUNT, locale, headings=unknown))
    return " ".join([*sentences, say(CURRENT_PRICES, locale)])


def publishers(names: Iterable[str], locale: str = ENGLISH) -> str:
    """Who published the documents, each once, in their order; of many the first and how many more."""
    different = [_in_list(name) for name in dict.fromkeys(names)]
    if len(different) <= MOST_PUBLISHERS + 1:
        return formatting.listed(different, "and", locale)
    more = say(MORE, locale, number=len(different) - MOST_PUBLISHERS)
    return formatting.listed([*different[:MOST_PUBLISHERS], more], "and", locale)


def _in_list(name: str) -> str:
    """A name that can stand between commas: "CORDIS (Publications Office of the EU)"."""
    whole, comma, part = name.partition(", ")
    return f"{whole} ({part})" if comma and "(" not in name else name


def credit_line(
    credit: pd.DataFrame, total: dict[Any, Any], left_out: str = "", locale: str = ENGLISH
) -> str:
    """Who published the entries of a figure, best supported first, and how many have no amount."""
    fields: dict[str, Any] = {
        "publishers": publishers(credit["publisher"], locale),
        "number": int(total["entries"]),
    }
    if total["entries_unknown"]:
        line = say(CREDIT_LACKING, locale, lacking=int(total["entries_unknown"]), **fields)
    else:
        line = say(CREDIT, locale, **fields)
    return f"{line} {left_out}" if left_out else line


# --- the overview


def ladder_words(steps: pd.DataFrame, locale: str = ENGLISH) -> list[str]:
    """The steps of `numbered` as words, for those who cannot see the drawing."""
    return [
        say(
            STAGE_STEP,
            locale,
            stage=row["stage"],
            step=row["label"],
            amount=step_amount(row, locale),
        )
        for row in frame_rows.records(steps)
    ]


def step_amount(step: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The amount of a step in words. Payments that nobody found may be published all the same."""
    if step["amount_eur"] is None and step["stage"] == "paid":
        return say(NONE_FOUND, locale)
    if step["amount_eur"] is None:
        return formatting.not_published(locale)
    return formatting.euros(step["amount_eur"], step["qualifier"], step.get("decimals"), locale)


def ladder_subtitle(name: str, locale: str = ENGLISH) -> str:
    """What is measured on a ladder. name: what the ladder is of."""
    return say(LADDER_SUBTITLE, locale, name=name)


def ladder_alt(name: str, numbered: pd.DataFrame, locale: str = ENGLISH) -> str:
    """A ladder in words. name: what it is of. numbered: its steps, from `numbered`."""
    return say(LADDER_ALT, locale, name=name, steps="; ".join(ladder_words(numbered, locale)))


def stage_basis(stage: str, basis: str, locale: str = ENGLISH) -> str:
    """Which euros an amount counts: stage and basis, both in words."""
    return say(STAGE_BASIS, locale, stage=stage, basis=basis)


def step_name(step: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The name of a step: one that is part of the step above says so."""
    name = str(step["label"])
    is_named = not step["is_of_which"] or name.startswith(say(OF_WHICH, locale, name=""))
    return name if is_named else say(OF_WHICH, locale, name=name)


def step_entries(step: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """How many entries stand behind a step, and how many of them have no amount."""
    number, lacking = int(step["entries"]), int(step["entries_unknown"])
    if lacking:
        return say(ENTRIES_LACKING, locale, number=number, lacking=lacking)
    return say(ENTRIES, locale, number=number)


def alt(title: str, *sentences: str, locale: str = ENGLISH) -> str:
    """A figure in words: its title, then sentences; empty ones are left out."""
    return formatting.paragraph(say(SENTENCE, locale, text=title), *sentences)


def funder_name(row: dict[Any, Any]) -> str:
    """The name of a funder at the beginning of a line. row: of mart_purses, with funder_label."""
    return formatting.sentence(row["funder_label"])


def funder_amount(row: dict[Any, Any], locale: str = ENGLISH) -> str:
    """The total of a funder in words. row: of mart_purses."""
    amount = row["amount_eur"]
    decimals = 2 if amount % 10**9 and amount < 10**11 else None
    return formatting.euros(amount, row["qualifier"], decimals, locale)


def funder_totals(rows: pd.DataFrame, colour: Callable[[str], str], locale: str = ENGLISH) -> list[Total]:
    """The four totals as cards. colour: code of a funder → its colour."""
    return [
        Total(
            funder_name(row),
            funder_amount(row, locale),
            stage_basis(row["stage_label"], row["basis_label"], locale),
            say(TOTAL_LIMITS, locale, limits=row["limits"], number=int(row["entries"])),
            colour(row["funder"]),
        )
        for row in frame_rows.records(rows)
    ]


def due(rows: pd.DataFrame, locale: str = ENGLISH) -> list[Item]:
    """Plans whose date has passed without evidence."""
    return [
        Item(
            say(DUE, locale, when=formatting.moment(row["dated_on"], row["date_precision"], locale)),
            row["title"],
            is_due=True,
        )
        for row in frame_rows.records(rows)
    ]


def events(rows: pd.DataFrame, locale: str = ENGLISH) -> list[Item]:
    """Events or plans with their dates."""
    return [
        Item(formatting.moment(row["dated_on"], row["date_precision"], locale), row["title"])
        for row in frame_rows.records(rows)
    ]


def changes_since(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """Since when changes are listed. rows: the newest first; at least one."""
    return say(CHANGES_SINCE, locale, day=rows["changed_on"].iloc[-1])


def changes(rows: pd.DataFrame, locale: str = ENGLISH) -> list[Item]:
    """What changed: from what, to what. The new value stands at the end of the line."""
    return [
        Item(
            say(CHANGE, locale, kind=row["kind"], day=formatting.short_day(row["changed_on"], locale)),
            say(CHANGED_FROM, locale, subject=row["subject"], before=row["before"])
            if row["before"]
            else say(CHANGED, locale, subject=row["subject"]),
            row["after"],
        )
        for row in frame_rows.records(rows)
    ]
