"""What several questions ask of the documents that amounts and events cite."""

from typing import Any

from sqlalchemy import ColumnElement, func

from pipelines import schema

PRECISIONS = schema.date_precisions


def newest_date(dated_on: ColumnElement[Any], precision: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The newest of several dates of one document, as dated_on and dated_precision.

    Of two that begin on the same day the less exact one counts: it claims less. The question must be joined
    to
    PRECISIONS by `precision`, also where there is none.
    """
    order = func.row(dated_on, PRECISIONS.c.position)
    return [
        func.max(dated_on).label("dated_on"),
        func.arg_max(precision, order).filter(dated_on.is_not(None)).label("dated_precision"),
    ]
