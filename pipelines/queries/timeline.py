"""Questions of the Timeline page."""

from typing import Any

from sqlalchemy import Select, select

from pipelines import schema

Rows = Select[Any]


def promises(initiatives: tuple[str, ...] = (), countries: tuple[str, ...] = ()) -> Rows:
    """One row per statement of a promised date, promise by promise: the columns of promises, publisher,
    tier_label, city and country of the site.
    """
    promise, site, document, tier = schema.promises, schema.sites, schema.documents, schema.source_tiers
    found = (
        select(promise, site.c.city, site.c.country, document.c.publisher, tier.c.label.label("tier_label"))
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


def milestones(
    initiatives: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    events: tuple[str, ...] = (),
    only_plans: bool = False,
) -> Rows:
    """One row per event or plan, oldest first: the columns of milestones, event_label, site_name, publisher,
    tier_label.
    """
    event, kind, site = schema.milestones, schema.milestone_events, schema.sites
    document, tier = schema.documents, schema.source_tiers
    found = (
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
    for column, wanted in (
        (event.c.initiative, initiatives),
        (event.c.country, countries),
        (event.c.event, events),
    ):
        if wanted:
            found = found.where(column.in_(wanted))
    return found.where(event.c.is_planned) if only_plans else found
