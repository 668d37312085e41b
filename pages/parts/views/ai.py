"""What is AI in the chosen programmes, at every stage, in two readings. Pure."""

import functools
from typing import Any

import pandas as pd
import pyarrow as pa

from pages.parts import figures
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.figures.ai import colour
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text
from pages.parts.sharing import csv_export
from pages.parts.text import ai_share as text
from pages.parts.text import euros_page as euros_text
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views.euros import choice, labels
from pipelines import frame_rows
from pipelines.queries import ai_readings as ask
from pipelines.queries import provenance
from pipelines.queries.choice import Choice, of_every_stage
from pipelines.queries.release_answers import ReleaseData


def _chosen(answers: ReleaseData, values: Values) -> Choice:
    """The same programmes, initiatives and basis, whatever stage and level are chosen."""
    return of_every_stage(choice(answers, values))


def ai(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Bars of the strict and the broad reading, stage by stage. None if nothing is labelled as AI."""
    chosen, named = _chosen(answers, values), labels(answers)
    rows = answers.read(ask.ai, chosen)
    drawn = rows[rows["reading"].isin(ask.AI_READINGS)]
    if drawn.empty:
        return None
    credit = answers.read(ask.ai_credit, chosen)
    broad = rows[rows["reading"] == "broad"]  # holds the strict reading
    total = {name: broad[name].sum() for name in ("entries", "entries_unknown")}
    title = text.title(rows, euros_text.scope_of(chosen, named, locale), locale)
    is_of_all = not (chosen.programme or chosen.initiative)

    def key(theme: Theme) -> list[Mark]:
        return [
            Mark("square", text.reading(reading, locale), colour(reading, theme))
            for reading in ask.AI_READINGS
        ]

    return Figure(
        name="ai",
        title=title,
        subtitle=text.subtitle(named[chosen.basis], is_of_all, locale),
        alt=tables.alt(
            title,
            only(answers, values, "programme", "initiative", locale=locale),
            text.bar_words(drawn, locale),
            text.unsplit(rows, locale),
            locale=locale,
        ),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=functools.partial(figures.ai, drawn.reset_index(drop=True), locale=locale),
        table=text.ai_table(rows, locale),
        numbers=(say(text.COLUMNS["amount_eur"], locale), say(text.COLUMNS["entries"], locale)),
        sources=tuple(tables.sources(credit, locale)),
        key=key,
        questions=((ask.ai, chosen),),
        taken_off=(ask.removed, chosen),
        values=tuple(_value(chosen, row, locale) for row in frame_rows.records(drawn)),
    )


def _value(chosen: Choice, row: dict[Any, Any], locale: str) -> Value:
    """One bar, with the entries that are counted in it."""
    cells = {"stage": row["stage"], "reading": row["reading"]}
    return Value(
        text.value_label(row, locale),
        formatting.euros(row["amount_eur"], locale=locale),
        provenance.entries_with(ask.behind_ai, chosen, is_removed=False, **cells),
        number=functools.partial(_number, chosen, **cells),
    )


def _number(chosen: Choice, **cells: object) -> Any:
    return provenance.matching_rows(ask.ai(chosen), **cells)


def years(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> pa.Table | None:
    """What is labelled as AI by year, as a table; None if nothing with a year is."""
    rows: pd.DataFrame = answers.read(ask.ai_years, _chosen(answers, values))
    if rows.empty:
        return None
    return as_text(
        text.year_table(rows, locale),
        (say(text.YEAR_COLUMNS["amount_eur"], locale), say(text.YEAR_COLUMNS["entries"], locale)),
    )


def years_csv(answers: ReleaseData, values: Values) -> bytes:
    """What is labelled as AI by year, as a file."""
    return csv_export.csv(answers.read(ask.ai_years, _chosen(answers, values)), answers.release_id)()


def lead(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> tuple[str, str]:
    """What is AI, and what nobody splits: a sentence each."""
    chosen, named = _chosen(answers, values), labels(answers)
    rows = answers.read(ask.ai, chosen)
    of = euros_text.scope_of(chosen, named, locale)
    mixed = text.unsplit(rows, locale) or say(text.NONE_MIXED, locale)
    return text.lead(rows, of, named[chosen.basis], locale), mixed
