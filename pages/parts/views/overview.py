"""The Overview: what can be chosen, its answer, and the funding ladder. Pure."""

import functools
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures
from pages.parts.design_tokens import TOKENS, Theme, funder_colour
from pages.parts.figure_model import Figure, Item, Mark, Total, Value
from pages.parts.finished_figure import as_text, spoken
from pages.parts.text import formatting, headlines, ladder_steps, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.text.where_we_looked import no_payment
from pages.parts.url_state import Parameter, Values
from pages.parts.views import timeline
from pages.parts.views.searched_sources import search
from pipelines import frame_rows
from pipelines.queries import overview as ask
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData

LISTED = 3  # lines of each list


FIRST = "investai"
"""The ladder that the page begins with, as soon as there is one."""


def names(answers: ReleaseData) -> dict[str, str]:
    """Code → name of everything that can have a ladder."""
    return {**answers.labels("programmes"), **answers.labels("initiatives")}


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Overview's address."""
    ladders = set(answers.read(ask.ladders)["ladder"])
    known = tuple(code for code in names(answers) if code in ladders)
    known = known or (FIRST,)
    return [Parameter("ladder", known, (FIRST,) if FIRST in known else known[:1])]


def answer(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Answer:
    """Headline and standfirst."""
    code = values["ladder"][0]
    steps = ladder_steps.named(answers.read(ask.ladder, code), locale)
    return headlines.overview(steps, names(answers)[code], search(answers), locale)


def ladder(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """From announced to paid: one bar per step, compared and never added. None before the first step."""
    code = values["ladder"][0]
    rows, entries = answers.read(ask.ladder, code), answers.read(ask.ladder_entries, code)
    if rows.empty:
        return None
    steps = ladder_steps.named(rows, locale)
    numbered, sources = tables.numbered(steps, entries, locale)
    name = names(answers)[code]
    is_paid = bool(steps[steps["stage"] == "paid"]["amount_eur"].notna().any())
    unpaid = "" if is_paid else no_payment(name, search(answers), locale)
    payments = unpaid or ladder_steps.paid_for_what(steps, locale)
    has_unpublished = bool(steps["amount_eur"].isna().any())

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(tables.LADDER_HATCH, locale))] if has_unpublished else []

    return Figure(
        name="ladder",
        title=headlines.ladder_title(frame_rows.records(steps), locale),
        subtitle=formatting.paragraph(tables.ladder_subtitle(name, locale), payments),
        alt=tables.alt(tables.ladder_alt(name, numbered, locale), payments, locale=locale),
        source=tables.source_line(sources, entries, locale),
        rows=rows,
        draw=functools.partial(figures.ladder, numbered, locale=locale),
        table=ladder_steps.step_table(
            steps, entries, name, answers.labels("ai_scopes"), search(answers), locale
        ),
        numbers=(say(ladder_steps.COLUMNS["amount_eur"], locale),),
        sources=tuple(sources),
        key=key,
        questions=((ask.ladder, code), (ask.ladder_entries, code)),
        values=tuple(
            Value(
                row["label"],
                tables.step_amount(row, locale),
                functools.partial(provenance.of_step, code, row["position"]),
            )
            for row in frame_rows.records(numbered)
        ),
    )


def steps(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> pa.Table:
    """The steps of the ladder one by one, in sentences; no row before the first step."""
    columns = [say(ladder_steps.COLUMNS[name], locale) for name in ladder_steps.READ]
    figure = ladder(answers, values, locale)
    rows = figure.table[columns] if figure else pd.DataFrame(columns=columns, dtype=object)
    return as_text(rows, columns[1:2])


class Changes(NamedTuple):
    """The newest lines of the change log, of one kind. since: the day of the oldest of them, in words."""

    lines: list[Item]
    since: str


class Words(NamedTuple):
    """What the Overview says beside its ladder.

    totals, total_numbers: the four totals, and each in one line. due, upcoming, newest: lists. changes,
    corrections: what happened in the world, and in our figures.
    milestones: how many there are.
    """

    answer: Answer
    names: dict[str, str]
    totals: list[Total]
    total_numbers: list[str]
    due: list[Item]
    upcoming: list[Item]
    newest: list[Item]
    changes: Changes
    corrections: Changes
    milestones: int


def words(answers: ReleaseData, values: Values, theme: Theme, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its ladder."""
    plans = timeline.plans(answers)
    totals = tables.funder_totals(
        answers.read(ask.funder_totals),
        lambda funder: funder_colour(funder, theme) or TOKENS[theme].text,
        locale,
    )
    return Words(
        answer(answers, values, locale),
        names(answers),
        totals,
        spoken(funder_values(answers, locale=locale)),
        tables.due(plans[plans["state"] == "due"].iloc[::-1].head(LISTED), locale),
        tables.events(plans[plans["state"] == "planned"].head(LISTED), locale),
        tables.events(answers.read(ask.newest, LISTED), locale),
        _changes(answers, False, locale),
        _changes(answers, True, locale),
        len(answers.read(*timeline.every_date(answers))),
    )


def _changes(answers: ReleaseData, is_own: bool, locale: str) -> Changes:
    rows = answers.read(ask.changes, LISTED, is_own)
    if rows.empty:
        return Changes([], "")
    return Changes(tables.changes(rows, locale), tables.changes_since(rows, locale))


def funder_values(answers: ReleaseData, _values: Values | None = None, locale: str = ENGLISH) -> list[Value]:
    """The four totals side by side, with the entries behind each."""
    return [
        Value(
            tables.funder_name(row),
            tables.funder_amount(row, locale),
            functools.partial(provenance.of_funder, row["funder"]),
        )
        for row in frame_rows.records(answers.read(ask.funder_totals))
    ]
