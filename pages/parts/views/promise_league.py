"""Which promises were kept: the league table of slips, and every statement judged. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.figure_model import Figure, Value
from pages.parts.finished_figure import as_text
from pages.parts.promise_delays import by_promise, days_moved, judged, stated
from pages.parts.text import formatting, tables
from pages.parts.text import promise_league as text
from pages.parts.text import timeline as timeline_text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.promise_league import Judged
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import timeline
from pages.parts.views.bars import MOST_VALUES
from pages.parts.views.searched_sources import search
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries import timeline as ask
from pipelines.queries.compiled_sql import Codes
from pipelines.queries.release_answers import ReleaseData

GROUPED = {"site": "", "country": "country", "kind": "kind"}
"""What promises are grouped by: code → the word whose labels its groups have."""


def _question(values: Values) -> tuple[Any, ...]:
    return ask.promises, Codes(values["initiative"]), Codes(values["country"])


def every_statement(
    answers: ReleaseData, values: Values, slips: list[Any], locale: str = ENGLISH
) -> list[Judged]:
    """Each stated date of the chosen year and what became of it, promise by promise in the order of the
    slips, the oldest statement first.
    """
    rows = timeline_text.placed(answers.read(*_question(values)), locale)
    today, until = answers.known_on, search(answers).until
    statements, year = by_promise(rows), next(iter(values["year"]), "")
    column = "promised_until" if values["year_of"] == ("for",) else "said_on"
    found = []
    for slip in slips:
        now = slip.happened or slip.now
        for row in statements[slip.promise_id]:
            date = stated(row, "promised")
            if date is None or (year and _year(row[column]) != year):
                continue
            has_other = slip.happened is not None or len(slip.earlier) > 0
            least, most = days_moved(date, now) if has_other else (None, None)
            outcome = judged(date, slip, today, until)
            found.append(Judged(slip, date, int(row["statement"]), outcome, least, most, row))
    return found


def _year(day: Any) -> str:
    return "" if formatting.is_missing(day) else str(pd.Timestamp(str(day)).year)


def first_of_each(statements: list[Judged]) -> list[Judged]:
    """The first of the statements of each promise, by which it is judged."""
    first: dict[str, Judged] = {}
    for one in statements:
        first.setdefault(one.slip.promise_id, one)
    return list(first.values())


class _Chosen(NamedTuple):
    statements: list[Judged]
    promises: list[Judged]
    by: str
    year: str
    year_of: str


def _chosen(answers: ReleaseData, values: Values, slips: list[Any], locale: str) -> _Chosen:
    statements = every_statement(answers, values, slips, locale)
    year = next(iter(values["year"]), "")
    return _Chosen(statements, first_of_each(statements), values["by"][0], year, values["year_of"][0])


def rows_of(chosen: _Chosen, labels: dict[str, str], locale: str = ENGLISH) -> pd.DataFrame:
    """The rows of the league: those with more than one date first, the most days first."""
    if chosen.by in GROUPED:
        groups: dict[str, list[Judged]] = {}
        for one in chosen.promises:
            groups.setdefault(text.group_name(one, chosen.by, labels, locale), []).append(one)
        lines = [text.group(name, members, locale) for name, members in groups.items()]
    else:
        members = chosen.promises if chosen.by == "promise" else chosen.statements
        lines = [text.line(one, chosen.by, locale) for one in members]
    order = sorted(
        range(len(lines)),
        key=lambda place: (
            lines[place]["days_most"] is None,
            -(lines[place]["days_most"] or 0),
            -(lines[place]["days_least"] or 0),
            lines[place]["name"],
        ),
    )
    return pd.DataFrame([lines[place] for place in order], dtype=object)


def slips(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Promises by how far they slipped, or their sites, countries or kinds. None if no promise fits."""
    _, every = timeline.kept_or_slipped(answers, _question(values), locale)
    chosen = _chosen(answers, values, every, locale)
    if not chosen.promises:
        return None
    word = GROUPED.get(chosen.by, "")
    labels = filter_labels.labels(answers, word, locale) if word else {}
    rows = rows_of(chosen, labels, locale)
    title = text.title(chosen.promises, chosen.year, chosen.year_of, locale)
    limits = filter_labels.only(answers, values, "initiative", "country", locale=locale)
    used = pd.DataFrame([dict(one.statement) for one in chosen.statements])
    publishers = tables.publishers(used["publisher"], locale)
    return Figure(
        name="slips",
        title=title,
        subtitle=formatting.paragraph(text.subtitle(chosen.promises, locale), limits),
        alt=tables.alt(title, limits, "; ".join(_named(row, locale) for row in _first(rows)), locale=locale),
        source=text.sources(publishers, search(answers).until, answers.known_on, locale),
        rows=rows.drop(columns=[name for name in text.WORDS if name in rows.columns]),
        draw=functools.partial(figures.bars, text.drawn(rows, locale), locale=locale),
        table=text.league_table(rows, chosen.by, locale),
        numbers=tuple(
            say(text.COLUMNS[name], locale) for name in text.NUMBERS if name in _columns(chosen.by)
        ),
        sources=tuple(timeline_text.documents(used)),
        questions=(_question(values),),
        values=_values(chosen, locale),
    )


def _columns(by: str) -> tuple[str, ...]:
    return {"promise": text.OF_ONE, "statement": text.OF_STATEMENT}.get(by, text.OF_GROUP)


def _first(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame_rows.records(rows.head(MOST_VALUES))


def _named(row: dict[Any, Any], locale: str) -> str:
    return say(timeline_text.PROMISE_WORD, locale, promise=row["name"], word=row["shown"])


def _values(chosen: _Chosen, locale: str) -> tuple[Value, ...]:
    """The promises, each with every statement that is judged, its day and its document."""
    by_id: dict[str, list[Judged]] = {}
    for one in chosen.statements:
        by_id.setdefault(one.slip.promise_id, []).append(one)
    return tuple(
        Value(
            one.slip.title,
            text.line(one, "promise", locale)["shown"],
            facts=tuple(
                timeline_text.statement(dict(other.statement), locale) for other in by_id[one.slip.promise_id]
            ),
            sources=tuple(
                timeline_text.statement_source(dict(other.statement), locale)
                for other in by_id[one.slip.promise_id]
            ),
            number=functools.partial(
                provenance.matching_rows, ask.promises(), promise_id=one.slip.promise_id
            ),
        )
        for one in chosen.promises
    )


def statements(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> pa.Table:
    """Every statement of the choice with its day and document, as a table of words."""
    figure = slips(answers, {**values, "by": ("statement",)}, locale)
    return as_text(figure.table) if figure else pa.table({})
