"""Questions about how far a release looked: the date of its newest source, and where payments and news were
looked for.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Table, func, select, union_all

from pipelines import schema

Rows = Select[Any]

NO_SEARCH = "upload-"
"""How the source of an upload begins: it brings one document, and nobody looked for others."""


def newest_source() -> Rows:
    """When the newest document of the release was published, as far as its date is known: newest_source."""
    return select(func.max(_dated(False).c.dated_on).label("newest_source"))


def first_amount() -> Rows:
    """The day of the first amount that is dated to a day: first_amount."""
    entry = schema.ledger
    first = func.min(entry.c.dated_on).filter(entry.c.dated_precision == "day")
    return select(first.label("first_amount"))


def searched_until() -> Rows:
    """When the newest document was published that our own search found: searched_until.

    Nothing that came later can be known. Uploads and published lists do not move it.
    """
    return select(func.max(_dated(True).c.dated_on).label("searched_until"))


def searched_tiers() -> Rows:
    """What kinds of documents our own search found, the best first: tier."""
    document, tier = schema.documents, schema.source_tiers
    return (
        select(document.c.tier)
        .join(tier, tier.c.code == document.c.tier)
        .where(document.c.source_url.in_(select(_dated(True).c.source_url)))
        .group_by(document.c.tier, tier.c.position)
        .order_by(tier.c.position)
    )


def _dated(is_own_search: bool) -> Subquery:
    """Documents and their known dates, from amounts, events that happened, and statements: source_url,
    dated_on.
    """
    entry, event, promise = schema.ledger, schema.milestones, schema.promises
    amounts = select(entry.c.source_url, entry.c.dated_on)
    events = select(event.c.source_url, event.c.dated_on).where(~event.c.is_planned)
    stated = select(promise.c.source_url, promise.c.said_on)
    fulfilled = select(promise.c.source_url, promise.c.happened_on)
    if is_own_search:
        amounts = amounts.where(entry.c.level != "line", ~_is_uploaded(entry))
        events = events.where(~_is_uploaded(event))
        stated, fulfilled = (rows.where(~_is_uploaded(promise)) for rows in (stated, fulfilled))
    return union_all(amounts, events, stated, fulfilled).subquery("dated")


def _is_uploaded(table: Table) -> ColumnElement[bool]:
    """Whether a row came as an upload. Older releases do not say it of events and promises."""
    return func.coalesce(table.c.source_id, "").startswith(NO_SEARCH)
