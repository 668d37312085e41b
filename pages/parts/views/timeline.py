"""The Timeline page: what can be chosen, its answer, promises and milestones. Pure."""

import functools
from typing import NamedTuple

import pyarrow as pa

from pages.parts import figures
from pages.parts.figure import Figure, Mark, Value
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text, spoken
from pages.parts.style import TOKENS, Theme
from pages.parts.text import formatting, headlines, timeline
from pages.parts.text.headlines import Answer
from pages.parts.text.promise_delays import slips
from pages.parts.url_state import Parameter, Values
from pipelines.queries import provenance
from pipelines.queries import timeline as ask
from pipelines.queries.release_data import ReleaseData, sql_of


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Timeline page's address."""
    events = answers.read(ask.milestones)
    return [
        Parameter("show", tuple(timeline.SHOW), ("next",)),
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
    ]


def answer(answers: ReleaseData) -> Answer:
    """Headline and standfirst: they speak of all promises, whatever is chosen."""
    return headlines.timeline(slips(timeline.placed(answers.read(ask.promises)), answers.known_on))


class Words(NamedTuple):
    """What the Timeline says beside its figures. numbers: those of the headline, each in one line. options:
    word of the address → code → label.

    promises, milestones: how many are known in all. listed: the chosen milestones as a table.
    """

    answer: Answer
    numbers: list[str]
    options: dict[str, dict[str, str]]
    promises: int
    milestones: int
    listed: pa.Table


def words(answers: ReleaseData, values: Values) -> Words:
    """Everything that the page says beside its figures."""
    shown = milestones(answers, values)
    return Words(
        answer(answers),
        spoken(answer_values(answers)),
        {
            "initiative": answers.labels("initiatives"),
            "country": answers.labels("countries"),
            "event": answers.labels("milestone_events"),
        },
        len(answers.read(ask.promises)),
        len(answers.read(ask.milestones)),
        as_text(shown.table) if shown else pa.table({}),
    )


def answer_values(answers: ReleaseData, _values: Values | None = None) -> list[Value]:
    """The numbers of the headline."""
    rows = timeline.placed(answers.read(ask.promises))
    return timeline.answer_values(rows, slips(rows, answers.known_on)) if len(rows) else []


def promises(answers: ReleaseData, values: Values) -> Figure | None:
    """Promised dates as they were stated against what came of them. None if no promise fits."""
    question = (ask.promises, tuple(values["initiative"]), tuple(values["country"]))
    rows, today = timeline.placed(answers.read(*question)), answers.known_on
    found = slips(rows, today) if len(rows) else []
    if not found:
        return None
    title, limits = headlines.timeline(found).title, only(answers, values, "initiative", "country")

    def key(theme: Theme) -> list[Mark]:
        tokens = TOKENS[theme]
        return [
            Mark("circle", "promised earlier", tokens.context, is_filled=False),
            Mark("circle", "promised now, line = the stated period", tokens.text),
            Mark("diamond", "happened", tokens.accent),
            Mark("hatch", "due, not confirmed"),
        ]

    return Figure(
        name="promises",
        title=title,
        subtitle=f"{formatting.count(len(found), 'promise')}. Months are counted from the first promise found to the present one. "
        f"A date given only as a year or quarter is drawn as a line over that period.{limits}",
        alt=f"{title}.{limits} " + "; ".join(f"{slip.title}: {slip.word}" for slip in found),
        source=timeline.promise_sources(rows, today),
        rows=rows,
        draw=functools.partial(figures.timeline, found, today),
        table=timeline.promise_table(rows, found),
        sources=tuple(timeline.documents(rows)),
        key=key,
        sql=(sql_of(*question),),
        values=timeline.promise_values(rows, found, answers.read(provenance.read_from, "promise")),
    )


def milestones(answers: ReleaseData, values: Values) -> Figure | None:
    """Events and plans by kind and date. None if no milestone fits."""
    initiatives, countries, events = (tuple(values[name]) for name in ("initiative", "country", "event"))
    question = (ask.milestones, initiatives, countries, events, values["show"] == ("next",))
    rows, today, every = answers.read(*question), answers.known_on, len(answers.read(ask.milestones))
    if rows.empty:
        return None
    title, limits = (
        timeline.milestones_title(rows, today),
        only(answers, values, "initiative", "country", "event"),
    )

    def key(theme: Theme) -> list[Mark]:
        return [
            Mark("circle", "happened", TOKENS[theme].accent),
            Mark("circle", "planned", is_filled=False),
            Mark("hatch", "crossed: planned, its date has passed; due, not confirmed"),
        ]

    return Figure(
        name="milestones",
        title=title,
        subtitle=f"{formatting.count(len(rows), 'milestone')} of {every}, {timeline.span(rows)}. Known on {formatting.day(today)}.{limits}",
        alt=f"{title}.{limits} {timeline.milestone_words(rows)}",
        source=timeline.milestone_sources(rows),
        rows=rows,
        draw=functools.partial(figures.milestones, rows, today),
        table=timeline.milestone_table(rows, today),
        sources=tuple(timeline.documents(rows)),
        key=key,
        sql=(sql_of(*question),),
        values=timeline.milestone_values(rows, today, answers.read(provenance.read_from, "milestone")),
    )
