"""Calls for proposals: budgets by state and programme, and the list. Pure."""

import functools
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.figure_model import Figure, Source, Value
from pages.parts.finished_figure import as_text
from pages.parts.sharing import csv_export
from pages.parts.text import calls as text
from pages.parts.text import formatting, projects, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import bars
from pipelines import frame_rows
from pipelines.queries import calls as ask
from pipelines.queries.release_answers import ReleaseData


def _question(answers: ReleaseData, values: Values) -> tuple[object, ...]:
    return answers.today, tuple(values["programme"]), tuple(values["state"])


def calls(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Budgets of calls for AI by state and programme. None if the programmes that are chosen have none."""
    asked = _question(answers, values)
    rows = answers.read(ask.calls, *asked)
    if rows.empty:
        return None
    records = frame_rows.records(rows)
    newest = answers.row(ask.lists)["last_listed_on"]
    drawn = pd.DataFrame(
        {
            "group": [text.state(row["state"], locale) for row in records],
            "name": rows["programme_label"],
            "amount": [0 if not row["ai_calls"] else row["budget_once_eur"] for row in records],
            "inner": [row["strict_eur"] or 0 for row in records],
            "said": [text.said(row, locale) for row in records],
            "more": [text.state(row["state"], locale) for row in records],
            "colour": "",
        },
        dtype=object,
    )
    title = text.title(rows, locale)
    limits = formatting.paragraph(
        filter_labels.only(answers, values, "programme", locale=locale),
        filter_labels.only(answers, values, "state", locale=locale),
    )
    in_words = "; ".join(
        say(projects.NAMED_AMOUNT, locale, name=bars.full_name(row, locale), amount=row["said"])
        for row in frame_rows.records(drawn)
    )
    sources = frame_rows.records(answers.read(ask.list_sources))
    line = formatting.paragraph(
        *(say(text.SOURCE, locale, publisher=row["publisher"], title=row["title"]) for row in sources)
    )
    documents = tuple(
        Source("", row["title"], row["publisher"], row["url"] or text.PORTAL) for row in sources
    ) or (Source("", say(text.NO_SOURCE, locale), "", text.PORTAL),)
    return Figure(
        name="calls",
        title=title,
        subtitle=formatting.paragraph(text.subtitle(answers.today, newest, locale), limits),
        alt=tables.alt(title, limits, in_words, locale=locale),
        source=line or say(text.NO_SOURCE, locale),
        rows=rows,
        draw=functools.partial(figures.bars, drawn, locale=locale),
        table=text.call_table(rows, locale),
        numbers=tuple(
            say(text.COLUMNS[name], locale)
            for name in ("budget_once_eur", "strict_eur", "ai_calls", "ai_calls_unknown", "calls")
        ),
        sources=documents,
        key=bars.key(rows.assign(amount_eur=drawn["amount"]), locale),
        questions=((ask.calls, *asked),),
        values=tuple(
            Value(
                bars.full_name(bar, locale),
                text.said(row, locale)
                if row["budget_once_eur"] is None
                else formatting.euros(row["budget_once_eur"], locale=locale),
                facts=text.facts(row, locale),
                sources=documents,
            )
            for row, bar in zip(records, frame_rows.records(drawn), strict=True)
        ),
    )


class Listed(NamedTuple):
    """The calls of a choice one by one. known: how many the lists have in all."""

    rows: pa.Table
    known: int
    number: str


def listed(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Listed:
    """The list of calls as readers see it."""
    rows = answers.read(ask.listed, *_question(answers, values))
    budget = say(text.LIST_COLUMNS["budget_eur"], locale)
    known = int(answers.row(ask.lists)["calls"])
    return Listed(as_text(text.call_list(rows, locale), (budget,)), known, budget)


def list_csv(answers: ReleaseData, values: Values) -> bytes:
    """The list as a file."""
    return csv_export.csv(answers.read(ask.listed, *_question(answers, values)), answers.release_id)()
