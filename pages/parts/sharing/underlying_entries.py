"""All ledger entries behind a figure as one question: what a reader needs to add its values up again.

Pure.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, text, union_all

from pages.parts.figure import Figure
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData, sql_of
from pipelines.schema import ledger

_MANY = 3


def of_figure(figure: Figure, answers: ReleaseData) -> Select[Any] | None:
    """The entries behind all values of a figure, in the order of their keys; None if no euros stand behind
    it.

    Of a figure with many values those of each are asked for one by one: as one question they would need as
    many readers of files, and the memory of as many sums, at once.
    """
    behind_each = [value.known or value.question for value in figure.values]
    questions = [question().subquery() for question in behind_each if question is not None]
    parts = [select(question.c.entry_id) for question in questions]
    if not parts:
        return None
    if len(parts) > _MANY:
        wanted = provenance.by_ids(
            *sorted({entry_id for part in parts for entry_id in answers.read(part)["entry_id"]})
        ).subquery()
    else:
        wanted = together(parts).subquery()
    return select(ledger).where(ledger.c.entry_id.in_(select(wanted.c.entry_id))).order_by(ledger.c.entry_id)


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
