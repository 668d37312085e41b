"""How much of the chosen programmes is AI, in two readings side by side. Pure; the queries add."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.messages import message, say
from pages.parts.text.tables import table
from pipelines.queries.euros import AI_READINGS

READINGS = {  # codes of the queries
    "strict": message("Strict reading"),
    "broad": message("Broad reading"),
    "not-split": message("AI among other things"),
    "outside": message("Not AI"),
}
TITLE = message("AI in {of}: {strict} {stage} by the strict reading, {broad} by the broad one")
TITLE_BROAD = message("AI in {of}: {broad} {stage} by the broad reading, nothing by the strict one")
NO_AMOUNT = message("AI in {of}: what is labelled as AI has no published amount")
NO_AI = message("{of}: none of our amounts is labelled as AI ({basis}).")
SUBTITLE = message(
    "What is labelled as AI, {basis}, current prices, each bar counted once. Strict: the source itself files "
    "it under AI. Broad: also what speaks of AI or of the computing that it needs. Stages follow one another "
    "with the same money, so never add them."
)
UNSPLIT = message(
    "{amount} that is {stage} covers AI and other things, and we know of no source that splits all of it."
)
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


def title(rows: pd.DataFrame, of: str, locale: str = ENGLISH) -> str:
    """How much is AI at the furthest stage with an amount. rows: of queries.euros.ai. of: what was looked
    into, in words.
    """
    known = [row for row in rows.to_dict("records") if row["amount_eur"] and row["reading"] in AI_READINGS]
    if not known:
        return say(NO_AMOUNT, locale, of=of)
    stage, label = known[-1]["stage"], known[-1]["stage_label"]
    sums = {row["reading"]: row["amount_eur"] for row in known if row["stage"] == stage}
    broad = formatting.euros(sums["broad"], locale=locale)
    if "strict" not in sums:
        return say(TITLE_BROAD, locale, of=of, broad=broad, stage=label)
    strict = formatting.euros(sums["strict"], locale=locale)
    return say(TITLE, locale, of=of, strict=strict, broad=broad, stage=label)


def subtitle(rows: pd.DataFrame, basis: str, is_of_all: bool, locale: str = ENGLISH) -> str:
    """What is measured, and what nobody splits. basis: its label. is_of_all: neither programme nor initiative
    is chosen.
    """
    mixed = [row for row in rows.to_dict("records") if row["reading"] == "not-split" and row["amount_eur"]]
    largest = max(mixed, key=lambda row: row["amount_eur"], default=None)
    unsplit = ""
    if largest:
        amount = formatting.euros(largest["amount_eur"], locale=locale)
        unsplit = say(UNSPLIT, locale, amount=amount, stage=largest["stage_label"])
    return formatting.paragraph(
        say(SUBTITLE, locale, basis=basis), unsplit, say(NAMED_ELSEWHERE, locale) if is_of_all else ""
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
        for row in rows.itertuples()
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
