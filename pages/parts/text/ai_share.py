"""How much of the chosen programmes is AI, in two readings side by side. Pure; the queries add."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import Message, message, say
from pipelines import frame_rows
from pipelines.queries.ai_readings import AI_READINGS

READINGS = {  # codes of the queries
    "strict": message("Strict reading"),
    "broad": message("Broad reading"),
    "not-split": message("AI among other things"),
    "outside": message("Not AI"),
}
TITLE = message("{of}, the AI part: {strict} {stage} by the strict reading, {broad} by the broad one")
TITLE_SAME = message("{of}, the AI part: {strict} {stage}, by both readings")
TITLE_BROAD = message("{of}, the AI part: {broad} {stage} by the broad reading, no amount by the strict one")
FROM_TO = message("{of}, the AI part: from {first} {stage} to {last} {last_stage}, by the strict reading")
LEAD = message("{of}: {strict} is {stage} for AI by the strict reading, {broad} by the broad one ({basis}).")
LEAD_SAME = message("{of}: {strict} is {stage} for AI, by both readings ({basis}).")
LEAD_BROAD = message(
    "{of}: {broad} is {stage} for AI by the broad reading; we have no amount by the strict one ({basis})."
)
LEAD_NO_AMOUNT = message("{of}: what is labelled as AI has no published amount ({basis}).")
NO_AMOUNT = message("{of}, the AI part: no published amount")
NO_AI = message("{of}: none of our amounts is labelled as AI ({basis}).")
SUBTITLE = message(
    "What is labelled as AI, {basis}, current prices, each bar counted once. Strict: the source itself files "
    "it under AI. Broad: also what speaks of AI or of the computing that it needs. Stages follow one another "
    "with the same money, so never add them."
)
UNSPLIT = message(
    "{amount} that is {stage} covers AI and other things, and we know of no source that splits all of it."
)
NONE_MIXED = message("No published amount in this choice mixes AI with other things.")
NAMED_ELSEWHERE = message("Choose an initiative to see money whose programme is not named.")
BAR = message("{stage}, {reading}: {amount}")
VALUE = message("{reading}, {stage}")
COLUMNS = {
    "stage_label": message("Stage"),
    "amount_eur": message("Euros"),
    "reading_label": message("Reading"),
    "entries": message("Entries"),
}
YEARS = message("AI by year, where the year is known")
NO_YEARS = message("No amount that is labelled as AI here belongs to one year.")
YEARS_WHY = message(
    "Each amount counted once inside its year and stage. Most amounts belong to no single year."
)
YEAR_COLUMNS = {
    "year": message("Year"),
    "stage_label": message("Stage"),
    "amount_eur": message("Euros"),
    "reading_label": message("Reading"),
    "entries": message("Entries"),
}
DOWNLOAD_YEARS = message("Download AI by year")


def reading(code: str, locale: str = ENGLISH) -> str:
    """The name of a reading."""
    return say(READINGS[code], locale)


def _known(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """The sums of both readings that have an amount, in the order of their stages."""
    return [row for row in frame_rows.records(rows) if row["amount_eur"] and row["reading"] in AI_READINGS]


def title(rows: pd.DataFrame, of: str, locale: str = ENGLISH) -> str:
    """From the first stage to the last, if the strict reading has both; else what is AI at the last.

    rows: of queries.euros.ai. of: what was looked into, in words.
    """
    known = _known(rows)
    strict = [row for row in known if row["reading"] == "strict"]
    if not known:
        return say(NO_AMOUNT, locale, of=of)
    if len(strict) > 1:
        first, last = strict[0], strict[-1]
        return say(
            FROM_TO,
            locale,
            of=of,
            first=formatting.euros(first["amount_eur"], locale=locale),
            stage=first["stage_label"],
            last=formatting.euros(last["amount_eur"], locale=locale),
            last_stage=last["stage_label"],
        )
    return _at_the_last_stage(known, TITLE, TITLE_SAME, TITLE_BROAD, locale, of=of)


def lead(rows: pd.DataFrame, of: str, basis: str, locale: str = ENGLISH) -> str:
    """What is AI at the furthest stage with an amount, a sentence. rows: of queries.euros.ai. of: what was
    looked into, in words. basis: its label.
    """
    known = _known(rows)
    if not known:
        has_ai = bool(rows["reading"].isin(AI_READINGS).any())
        return say(LEAD_NO_AMOUNT if has_ai else NO_AI, locale, of=of, basis=basis)
    return _at_the_last_stage(known, LEAD, LEAD_SAME, LEAD_BROAD, locale, of=of, basis=basis)


def _at_the_last_stage(
    known: list[dict[Any, Any]], both: Message, same: Message, broad: Message, locale: str, **fields: str
) -> str:
    """What is AI at the furthest stage. both, same, broad: the sentence where the readings differ, agree, and
    where the strict one has no amount.
    """
    last = known[-1]
    sums = {row["reading"]: row["amount_eur"] for row in known if row["stage"] == last["stage"]}
    words = {name: formatting.euros(amount, locale=locale) for name, amount in sums.items()}
    if "strict" not in sums:
        return say(broad, locale, stage=last["stage_label"], broad=words["broad"], **fields)
    if sums["strict"] == sums["broad"]:
        return say(same, locale, stage=last["stage_label"], strict=words["strict"], **fields)
    return say(both, locale, stage=last["stage_label"], **words, **fields)


def unsplit(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """What covers AI and other things and nobody splits, a sentence; "" if nothing does."""
    mixed = [row for row in frame_rows.records(rows) if row["reading"] == "not-split" and row["amount_eur"]]
    largest = max(mixed, key=lambda row: row["amount_eur"], default=None)
    if largest is None:
        return ""
    amount = formatting.euros(largest["amount_eur"], decimals=1, locale=locale)
    return say(UNSPLIT, locale, amount=amount, stage=largest["stage_label"])


def subtitle(basis: str, is_of_all: bool, locale: str = ENGLISH) -> str:
    """What is measured. basis: its label. is_of_all: neither programme nor initiative is chosen."""
    return formatting.paragraph(
        say(SUBTITLE, locale, basis=basis), say(NAMED_ELSEWHERE, locale) if is_of_all else ""
    )


def bar_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The bars in words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            BAR,
            locale,
            stage=row.stage_label,
            reading=reading(row.reading, locale),
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in frame_rows.rows(rows)
    )


def value_label(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """What one number counts. row: of queries.euros.ai."""
    return say(VALUE, locale, reading=reading(row["reading"], locale), stage=row["stage_label"])


def ai_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin."""
    named = rows.assign(reading_label=[reading(code, locale) for code in rows["reading"]])
    return table(named, COLUMNS, euros=("amount_eur",), locale=locale)


def year_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """AI by year. rows: of queries.euros.ai_years."""
    named = rows.assign(reading_label=[reading(code, locale) for code in rows["reading"]])
    return table(named, YEAR_COLUMNS, euros=("amount_eur",), locale=locale)
