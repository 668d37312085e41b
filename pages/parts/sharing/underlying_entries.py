"""All ledger entries behind a figure as one question: what a reader needs to add its values up again.

Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, func, select, text, union_all

from pages.parts.figure_model import Figure
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData, sql_of
from pipelines.schema import ledger

_MANY = 3


def of_figure(figure: Figure, answers: ReleaseData) -> Select[Any] | None:
    """The entries behind all values of a figure, in the order of their keys; None if no euros stand behind
    it.

    Of a figure with many values the question names the entries: asked for all at once, their sums would need
    as much memory as all of them together.
    """
    behind_each = [behind for value in figure.values if (behind := value.known or value.question) is not None]
    if not behind_each:
        return None
    if len(behind_each) > _MANY:
        wanted = provenance.by_ids(*sorted(_identities(behind_each, answers))).subquery()
    else:
        parts = [behind().subquery() for behind in behind_each]
        wanted = together([select(part.c.entry_id) for part in parts]).subquery()
    return select(ledger).where(ledger.c.entry_id.in_(select(wanted.c.entry_id))).order_by(ledger.c.entry_id)


def _identities(behind_each: Sequence[Callable[[], Select[Any]]], answers: ReleaseData) -> set[str]:
    """The entries behind some values. A question that several of them narrow is asked once."""
    found: set[str] = set()
    wanted: defaultdict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
    for behind in behind_each:
        if isinstance(behind, provenance.EntriesWith):
            wanted[behind.question, behind.given, tuple(behind.cells)].add(tuple(behind.cells.values()))
        else:
            found.update(answers.read(select(behind().subquery().c.entry_id))["entry_id"])
    for (question, given, columns), cells in wanted.items():
        found.update(
            row["entry_id"]
            for row in frame_rows.records(answers.read(question, *given))
            if tuple(row[column] for column in columns) in cells
        )
    return found


def number(figure: Figure, answers: ReleaseData) -> int:
    """How many entries stand behind a figure."""
    question = of_figure(figure, answers)
    if question is None:
        return 0
    return int(
        answers.row(select(func.count().label("entries")).select_from(question.order_by(None).subquery()))[
            "entries"
        ]
    )


def together(questions: Sequence[Select[Any]], *order: str) -> Select[Any]:
    """Several questions with the same columns as one.

    Each goes in as text: the steps inside them have the same names.
    """
    if len(questions) == 1:
        return questions[0]
    parts = [
        text(sql_of(question.order_by(None)).replace(":", r"\:")).columns(*question.selected_columns)
        for question in questions
    ]
    rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(rows).order_by(*(rows.c[name] for name in order))
