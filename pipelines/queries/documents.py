"""What several questions ask of the documents that amounts and events cite."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.sql.selectable import FromClause

from pipelines import schema

PRECISIONS = schema.date_precisions


def newest_date(dated_on: ColumnElement[Any], precision: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The newest of several dates of one document, as dated_on and dated_precision.

    Of two that begin on the same day the less exact one counts: it claims less. The question must be joined
    to PRECISIONS by `precision`, also where there is none.
    """
    order = func.row(dated_on, PRECISIONS.c.position)
    return [
        func.max(dated_on).label("dated_on"),
        func.arg_max(precision, order).filter(dated_on.is_not(None)).label("dated_precision"),
    ]


def credit_of_rows(rows: FromClause) -> Select[Any]:
    """The documents behind some rows of the ledger: publisher, tier, tier_label, source_url, dated_on
    (newest), entries; best supported first.
    """
    document, tier = schema.documents, schema.source_tiers
    return (
        select(
            document.c.publisher,
            document.c.tier,
            tier.c.label.label("tier_label"),
            rows.c.source_url,
            *newest_date(rows.c.dated_on, rows.c.dated_precision),
            func.count().label("entries"),
        )
        .select_from(rows)
        .join(document, document.c.source_url == rows.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .outerjoin(PRECISIONS, PRECISIONS.c.code == rows.c.dated_precision)
        .group_by(document.c.publisher, document.c.tier, tier.c.label, tier.c.position, rows.c.source_url)
        .order_by(tier.c.position, document.c.publisher, rows.c.source_url)
    )
