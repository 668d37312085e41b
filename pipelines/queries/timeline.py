"""Questions of the Timeline page, and of every list that says what became of a planned date.

A plan stands in one of two tables: promises, statement by statement, or milestones. Both questions take it
from one list, in which a milestone that repeats a promise is not there a second time.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from pipelines import schema

Rows = Select[Any]

PROMISE, EVENT = schema.promises, schema.milestones
TERMS = ("budget", "other")
"""Kinds of milestones that come by themselves, as the end of a mandate: nobody promised them."""
OF_MILESTONE, OF_PROMISE = "milestone:", "promise:"
"""How the identity of a plan begins that only the other table has."""


def promises(initiatives: tuple[str, ...] = (), countries: tuple[str, ...] = ()) -> Rows:
    """One row per statement of a promised date, promise by promise: the columns of promises, publisher,
    tier_label; city, country, site_name and kind of the site.

    A planned milestone that repeats no promise is a promise with one statement.
    """
    promise, site, document, tier = _statements(), schema.sites, schema.documents, schema.source_tiers
    found = (
        select(
            promise,
            site.c.city,
            site.c.country,
            document.c.publisher,
            tier.c.label.label("tier_label"),
            site.c.name.label("site_name"),
            site.c.kind,
        )
        .join(document, document.c.source_url == promise.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .outerjoin(site, site.c.site_id == promise.c.site_id)
        .order_by(promise.c.promise_id, promise.c.statement)
    )
    if initiatives:
        found = found.where(promise.c.initiative.in_(initiatives))
    if countries:
        found = found.where(site.c.country.in_(countries))
    return found


def promises_of_sites(
    kinds: tuple[str, ...] = (),
    statuses: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    site: str = "",
) -> Rows:
    """As `promises`, of the chosen sites and the machines inside them. site: one site instead."""
    own, place = schema.sites, promises().subquery("own_promises")
    wanted = (own.c.site_id == site) | (own.c.part_of == site) if site else true()
    chosen = select(own.c.site_id).where(wanted)
    if not site:
        for column, codes in ((own.c.kind, kinds), (own.c.status, statuses), (own.c.country, countries)):
            if codes:
                chosen = chosen.where(column.in_(codes))
    return select(place).where(place.c.site_id.in_(chosen)).order_by(place.c.promise_id, place.c.statement)


def milestones() -> Rows:
    """One row per event or plan as its document has it, oldest first: the columns of milestones, event_label,
    site_name, publisher, tier_label.
    """
    return _described(EVENT)


def dates(
    initiatives: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    events: tuple[str, ...] = (),
    only_plans: bool = False,
    sites: tuple[str, ...] = (),
    is_apart: bool = False,
) -> Rows:
    """One row per event or plan, oldest first: the columns of milestones, promise_id, event_label, site_name,
    publisher, tier_label.

    A plan has the date that was stated last. promise_id: of `promises`; none if it happened, or comes by
    itself. is_apart: promises stay out, as in the releases of old.
    """
    event = _apart() if is_apart else _events()
    found = _described(event)
    for column, wanted in (
        (event.c.initiative, initiatives),
        (event.c.country, countries),
        (event.c.event, events),
        (event.c.site_id, sites),
    ):
        if wanted:
            found = found.where(column.in_(wanted))
    return found.where(event.c.is_planned) if only_plans else found


def _described(event: FromClause) -> Rows:
    """Events with the words for their kind, site and document. event: has the columns of milestones."""
    kind, site = schema.milestone_events, schema.sites
    document, tier = schema.documents, schema.source_tiers
    return (
        select(
            event,
            kind.c.label.label("event_label"),
            site.c.name.label("site_name"),
            document.c.publisher,
            tier.c.label.label("tier_label"),
        )
        .join(kind, kind.c.code == event.c.event)
        .join(document, document.c.source_url == event.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .outerjoin(site, site.c.site_id == event.c.site_id)
        .order_by(event.c.dated_on, event.c.milestone_id)
    )


def _repeats() -> ColumnElement[bool]:
    """Whether a planned milestone repeats a statement of a promise: the same site, or none, the same
    initiative, and periods that touch.
    """
    return and_(
        EVENT.c.is_planned,
        EVENT.c.event.not_in(TERMS),
        EVENT.c.site_id.is_not_distinct_from(PROMISE.c.site_id),
        EVENT.c.initiative.is_not_distinct_from(PROMISE.c.initiative),
        EVENT.c.dated_on <= PROMISE.c.promised_until,
        EVENT.c.dated_until >= PROMISE.c.promised_on,
    )


def _statements() -> Subquery:
    """The statements of promises, and each plan that repeats none as a promise of one statement."""
    is_alone = and_(
        EVENT.c.is_planned, EVENT.c.event.not_in(TERMS), ~exists().where(_repeats()).correlate(EVENT)
    )
    plans = select(
        (literal(OF_MILESTONE) + EVENT.c.milestone_id).label("promise_id"),
        literal(1).label("statement"),
        EVENT.c.title,
        EVENT.c.site_id,
        EVENT.c.initiative,
        *_nothing("said"),
        EVENT.c.dated_on,
        EVENT.c.dated_until,
        EVENT.c.date_precision,
        *_nothing("happened"),
        EVENT.c.source_url,
        EVENT.c.note,
        EVENT.c.source_id,
        EVENT.c.checked_on,
        EVENT.c.witness_url,
    ).where(is_alone)
    return union_all(select(*PROMISE.c), plans).subquery("statements")


def _nothing(name: str) -> list[ColumnElement[Any]]:
    """A date that is not known, as three columns."""
    ends = [cast(null(), Date).label(f"{name}_{end}") for end in ("on", "until")]
    return [*ends, cast(null(), String).label(f"{name}_precision")]


def _withdrawn(statement: FromClause) -> Rows:
    """The promises whose last statement names no date any more: promise_id."""
    is_dated = statement.c.promised_on.is_not(None)
    last_dated = func.max(case((is_dated, statement.c.statement)))
    return (
        select(statement.c.promise_id)
        .group_by(statement.c.promise_id)
        .having(func.max(statement.c.statement) > last_dated)
    )


def _apart() -> Subquery:
    """The milestones alone; each plan is a promise of its own."""
    promise_id = case((EVENT.c.is_planned, literal(OF_MILESTONE) + EVENT.c.milestone_id))
    return select(*EVENT.c, promise_id.label("promise_id")).subquery("events")


def _events() -> Subquery:
    """What happened, what comes by itself, and each open promise at the date that was stated last."""
    own = select(*EVENT.c, cast(null(), String).label("promise_id")).where(
        ~EVENT.c.is_planned | EVENT.c.event.in_(TERMS)
    )
    statement = _statements()
    place = func.row_number().over(partition_by=statement.c.promise_id, order_by=statement.c.statement.desc())
    latest = (
        select(statement, place.label("place")).where(statement.c.promised_on.is_not(None)).subquery("latest")
    )
    closed = (
        select(statement.c.promise_id)
        .where(statement.c.happened_on.is_not(None))
        .union(_withdrawn(statement))
    )
    kinds = (
        select(
            PROMISE.c.promise_id,
            func.min(EVENT.c.event).label("event"),
            func.max(EVENT.c.dossier_row).label("dossier_row"),
        )
        .select_from(PROMISE.join(EVENT, _repeats()))
        .group_by(PROMISE.c.promise_id)
        .subquery("kinds")
    )
    plan, site = EVENT.alias("plan"), schema.sites.alias("place")
    is_plan = latest.c.promise_id == literal(OF_MILESTONE) + plan.c.milestone_id
    stated = {
        "milestone_id": case(
            (plan.c.milestone_id.is_not(None), plan.c.milestone_id),
            else_=literal(OF_PROMISE) + latest.c.promise_id,
        ),
        "dated_on": latest.c.promised_on,
        "dated_until": latest.c.promised_until,
        "date_precision": latest.c.promised_precision,
        "event": func.coalesce(plan.c.event, kinds.c.event, "other"),
        "title": latest.c.title,
        "site_id": latest.c.site_id,
        "initiative": latest.c.initiative,
        "country": site.c.country,
        "is_planned": true(),
        "source_url": latest.c.source_url,
        "dossier_row": func.coalesce(plan.c.dossier_row, kinds.c.dossier_row),
        "note": latest.c.note,
        "source_id": latest.c.source_id,
        "checked_on": latest.c.checked_on,
        "witness_url": latest.c.witness_url,
    }
    cells = [stated.get(column.name, plan.c[column.name]).label(column.name) for column in EVENT.c]
    open_dates = (
        select(*cells, latest.c.promise_id)
        .select_from(
            latest.outerjoin(plan, is_plan)
            .outerjoin(kinds, kinds.c.promise_id == latest.c.promise_id)
            .outerjoin(site, site.c.site_id == latest.c.site_id)
        )
        .where(latest.c.place == 1, latest.c.promise_id.not_in(closed))
    )
    return union_all(own, open_dates).subquery("events")
