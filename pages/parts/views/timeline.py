"""The Timeline page: what can be chosen, its answer, promises and milestones. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import TOKENS, Theme
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.finished_figure import as_text, spoken
from pages.parts.promise_delays import Slip, slips
from pages.parts.text import formatting, headlines, promise_league, tables
from pages.parts.text import timeline as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views.searched_sources import search
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries import timeline as ask
from pipelines.queries.compiled_sql import Codes
from pipelines.queries.release_answers import ReleaseData


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Timeline page's address."""
    events = answers.read(*every_date(answers))
    return [
        Parameter("show", tuple(text.SHOW), ("next",)),
        Parameter(
            "initiative",
            tuple(code for code in answers.labels("initiatives") if code in set(events["initiative"])),
            several=True,
        ),
        Parameter(
            "country",
            tuple(code for code in answers.labels("countries") if code in set(events["country"])),
            several=True,
        ),
        Parameter("event", tuple(answers.labels("milestone_events")), several=True),
        Parameter("year", _years(answers)),
        Parameter("year_of", tuple(promise_league.YEAR_OF), ("for",)),
        Parameter("by", tuple(promise_league.BY), ("promise",)),
    ]


def _years(answers: ReleaseData) -> tuple[str, ...]:
    """The years for which something was promised, or in which it was."""
    rows = answers.read(ask.promises)
    days = [
        day for name in ("promised_until", "said_on") for day in rows[name] if not formatting.is_missing(day)
    ]
    return tuple(sorted({str(day.year) for day in days}))


def answer(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Answer:
    """Headline and standfirst: they speak of the promises that are chosen, and say which."""
    _, shown = _slips(answers, values, locale)
    names = [
        label
        for word in ("initiative", "country")
        for code, label in filter_labels.labels(answers, word, locale).items()
        if code in values[word]
    ]
    scope = formatting.listed(names, "and", locale) if names else ""
    return headlines.timeline(shown, search(answers).until, scope, locale)


def is_apart(answers: ReleaseData) -> bool:
    """Whether a release is of the time in which promises and milestones were two lists: its links still give
    what they gave.
    """
    return "overlap_splits" not in answers.manifest["tables"]


def every_date(
    answers: ReleaseData, sites: tuple[str, ...] = (), only_plans: bool = False
) -> tuple[Any, ...]:
    """The question for all events and plans, or those of some sites, and what it takes."""
    return ask.dates, (), (), (), only_plans, sites, is_apart(answers)


def plans(answers: ReleaseData) -> pd.DataFrame:
    """The open promises at the date that was stated last, with `state`, the nearest end first: rows of
    queries.timeline.dates.
    """
    rows = answers.read(*every_date(answers, only_plans=True))
    rows = rows[rows["promise_id"].notna()]
    until = search(answers).until
    states = [text.state(row, answers.today, until) for row in frame_rows.records(rows)]
    return rows.assign(state=pd.Series(states, index=rows.index, dtype=object)).sort_values(
        ["dated_until", "milestone_id"], kind="stable"
    )


def _question(values: Values) -> tuple[Any, ...]:
    """The question for the promises that are chosen, and what it takes."""
    return ask.promises, Codes(values["initiative"]), Codes(values["country"])


def _slips(answers: ReleaseData, values: Values, locale: str) -> tuple[pd.DataFrame, list[Slip]]:
    return kept_or_slipped(answers, _question(values), locale)


def kept_or_slipped(
    answers: ReleaseData, question: tuple[Any, ...], locale: str = ENGLISH
) -> tuple[pd.DataFrame, list[Slip]]:
    """The statements of a question, and what became of each promise. question: of queries.timeline.promises,
    with what it takes.
    """
    rows = text.placed(answers.read(*question), locale)
    return rows, slips(rows, answers.today, locale, search(answers).until) if len(rows) else []


class Words(NamedTuple):
    """What the Timeline says beside its figures.

    numbers: those of the headline, each in one line. options: word of the address → code → label. promises,
    milestones: how many are known in all. listed: the chosen milestones as a table. promises_chosen: how
    many promises fit.
    """

    answer: Answer
    numbers: list[str]
    options: dict[str, dict[str, str]]
    promises: int
    milestones: int
    listed: pa.Table
    promises_chosen: int


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figures."""
    shown = milestones(answers, values, locale)
    return Words(
        answer(answers, values, locale),
        spoken(answer_values(answers, values, locale)),
        {
            "initiative": answers.labels("initiatives"),
            "country": filter_labels.labels(answers, "country", locale),
            "event": answers.labels("milestone_events"),
            "year": {year: year for year in _years(answers)},
            **promise_league.labels(locale),
        },
        len(answers.read(ask.promises)),
        len(answers.read(*every_date(answers))),
        as_text(shown.table) if shown else pa.table({}),
        len(_slips(answers, values, locale)[1]),
    )


def answer_values(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> list[Value]:
    """The numbers of the headline."""
    rows, shown = _slips(answers, values, locale)
    return text.answer_values(rows, shown, locale) if shown else []


def promises(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Promised dates as they were stated against what came of them. None if no promise fits."""
    limits = filter_labels.only(answers, values, "initiative", "country", locale=locale)
    return of_promises("promises", answers, _question(values), limits, locale)


def of_promises(
    name: str, answers: ReleaseData, question: tuple[Any, ...], limits: str, locale: str = ENGLISH
) -> Figure | None:
    """The promises of a question, under the name of a figure. limits: what narrows them, in words."""
    today, until = answers.today, search(answers).until
    rows, shown = kept_or_slipped(answers, question, locale)
    if not shown:
        return None
    title = headlines.timeline(shown, until, locale=locale).title

    def key(theme: Theme) -> list[Mark]:
        tokens = TOKENS[theme]
        meanings = {name: say(meaning, locale) for name, meaning in text.PROMISE_KEY.items()}
        return [
            Mark("circle", meanings["earlier"], tokens.context, is_filled=False),
            Mark("circle", meanings["now"], tokens.text),
            Mark("diamond", meanings["happened"], tokens.accent),
            Mark("hatch", meanings["due"]),
        ]

    return Figure(
        name=name,
        title=title,
        subtitle=formatting.paragraph(text.promises_subtitle(shown, locale), limits),
        alt=tables.alt(title, limits, text.promise_words(shown, locale), locale=locale),
        source=text.promise_sources(rows, answers.known_on, until, locale),
        rows=rows,
        draw=functools.partial(figures.timeline, shown, today, until=until, locale=locale),
        table=text.promise_table(shown, locale),
        sources=tuple(text.documents(rows)),
        key=key,
        questions=(question,),
        values=text.promise_values(rows, shown, answers.read(provenance.read_from, "promise"), locale),
    )


def milestones(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Events and plans by kind and date. None if no milestone fits."""
    initiatives, countries, events = (Codes(values[name]) for name in ("initiative", "country", "event"))
    only_plans = values["show"] == ("next",)
    question = (ask.dates, initiatives, countries, events, only_plans, (), is_apart(answers))
    rows, today, every = answers.read(*question), answers.today, len(answers.read(*every_date(answers)))
    if rows.empty:
        return None
    until = search(answers).until
    title = text.milestones_title(rows, today, until, locale)
    limits = filter_labels.only(answers, values, "initiative", "country", "event", locale=locale)

    def key(theme: Theme) -> list[Mark]:
        meanings = {name: say(meaning, locale) for name, meaning in text.MILESTONE_KEY.items()}
        happened = Mark("circle", meanings["happened"], TOKENS[theme].accent)
        return [
            *([] if only_plans else [happened]),
            Mark("circle", meanings["planned"], is_filled=False),
            Mark("hatch", meanings["due"]),
        ]

    return Figure(
        name="milestones",
        title=title,
        subtitle=formatting.paragraph(text.milestones_subtitle(rows, every, today, until, locale), limits),
        alt=tables.alt(title, limits, text.milestone_words(rows, locale), locale=locale),
        source=text.milestone_sources(rows, locale),
        rows=rows,
        draw=functools.partial(figures.milestones, rows, today, until=until, locale=locale),
        table=text.milestone_table(rows, today, until, locale),
        sources=tuple(text.documents(rows)),
        key=key,
        questions=(question,),
        values=text.milestone_values(
            rows,
            today,
            until,
            ask.dates(is_apart=is_apart(answers)),
            answers.read(provenance.read_from, "milestone"),
            locale,
        ),
    )
