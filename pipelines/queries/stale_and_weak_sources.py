"""Questions about how fresh a release is: what nobody has looked at for long, which promised dates have
passed, and which figures that readers see first rest on press or weaker documents.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, or_, select, union_all

from pipelines import schema
from pipelines.queries import timeline

Rows = Select[Any]

DAYS = 90
"""How long a row may go without being looked at."""
FIRST_TIERS = ("law-or-institution", "host-or-government")
"""The tiers of primary documents."""
CURATED = {
    "sources": ("source_id", "title"),
    "ledger": ("entry_id", "heading"),
    "stated_totals": ("total_key", "title"),
    "claims": ("claim_id", "subject"),
    "flows": ("flow_id", "to_node"),
    "sites": ("site_id", "name"),
    "milestones": ("milestone_id", "title"),
    "promises": ("promise_id", "title"),
    "article": ("statement_id", "statement"),
    "facts": ("fact_id", "subject"),
    "call_states": ("call", "country"),
}
"""Table → its key and its words. Published lines are as fresh as their source."""


def unchecked(before: date) -> Rows:
    """Curated rows and sources that nobody has looked at since a day, the longest ago first: table_name, key,
    words, checked_on (none if no day is known).
    """
    parts = []
    for name, (key, words) in CURATED.items():
        table = schema.metadata.tables[name]
        is_old = or_(table.c.checked_on.is_(None), table.c.checked_on < before)
        row = select(
            literal(name).label("table_name"),
            table.c[key].label("key"),
            table.c[words].label("words"),
            table.c.checked_on,
        ).where(is_old)
        parts.append(row.where(table.c.level != "line") if name == "ledger" else row)
    edge = schema.overlaps
    parts.append(
        select(
            literal("overlaps"), edge.c.container_entry_id, edge.c.contained_entry_id, edge.c.checked_on
        ).where(edge.c.checked_on < before)
    )
    found = union_all(*parts).subquery("unchecked")
    return select(found).order_by(found.c.checked_on.nulls_first(), found.c.table_name, found.c.key)


def passed_promises(day: date) -> Rows:
    """Plans whose last stated date lies before a day, and of which no source says that they came true: the
    columns of queries.timeline.dates.
    """
    plans = timeline.dates(only_plans=True).subquery("plans")
    return (
        select(plans)
        .where(plans.c.dated_until < day, plans.c.promise_id.is_not(None))
        .order_by(plans.c.dated_until, plans.c.milestone_id)
    )


def _headline_entries() -> Subquery:
    """The entries in ladders that a source names, in totals and on the cards of sites that are in force and
    have an amount: entry_id.
    """
    step, behind = schema.mart_ladder, schema.mart_ladder_entries
    entry, total, member = schema.ledger, schema.stated_totals, schema.stated_total_parts
    shown = union_all(
        select(behind.c.entry_id)
        .join(step, (step.c.ladder == behind.c.ladder) & (step.c.position == behind.c.position))
        .where(step.c.is_recorded.is_not(True)),
        select(schema.mart_purse_entries.c.entry_id),
        select(member.c.entry_id)
        .join(total, total.c.total_key == member.c.total_key)
        .where(total.c.superseded_on.is_(None)),
        select(entry.c.entry_id).where(entry.c.site_id.is_not(None)),
    ).subquery("shown")
    return (
        select(entry.c.entry_id)
        .where(
            entry.c.entry_id.in_(select(shown.c.entry_id)),
            entry.c.superseded_on.is_(None),
            entry.c.amount_eur.is_not(None),
            entry.c.level != "line",
        )
        .subquery("headline")
    )


def weak_headlines() -> Rows:
    """Figures in ladders, totals and on the cards of sites that rest on no primary document: entry_id,
    heading, amount_eur, qualifier, tier, tier_label, publisher, source_url; the largest first.
    """
    entry, document, tier = schema.ledger, schema.documents, schema.source_tiers
    return (
        select(
            entry.c.entry_id,
            entry.c.heading,
            entry.c.amount_eur,
            entry.c.qualifier,
            document.c.tier,
            tier.c.label.label("tier_label"),
            document.c.publisher,
            entry.c.source_url,
        )
        .join(document, document.c.source_url == entry.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .where(
            entry.c.entry_id.in_(select(_headline_entries().c.entry_id)),
            document.c.tier.not_in(FIRST_TIERS),
        )
        .order_by(entry.c.amount_eur.desc(), entry.c.entry_id)
    )


def primary_share() -> Rows:
    """One row: how many figures are in force, how many of them rest on primary documents, and the same for
    those in ladders, totals and on the cards of sites: figures, figures_primary, headlines,
    headlines_primary.
    """
    entry, document = schema.ledger, schema.documents
    is_shown = entry.c.entry_id.in_(select(_headline_entries().c.entry_id))
    is_primary = document.c.tier.in_(FIRST_TIERS)

    def number(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.count().filter(*conditions) if conditions else func.count()

    return (
        select(
            number().label("figures"),
            number(is_primary).label("figures_primary"),
            number(is_shown).label("headlines"),
            number(is_shown, is_primary).label("headlines_primary"),
        )
        .select_from(entry)
        .join(document, document.c.source_url == entry.c.source_url)
        .where(
            entry.c.level != "line",
            entry.c.superseded_on.is_(None),
            entry.c.amount_eur.is_not(None),
        )
    )


def cited() -> Rows:
    """Every document that something cites: source_url, publisher, tier."""
    document = schema.documents
    return select(document.c.source_url, document.c.publisher, document.c.tier).order_by(
        document.c.source_url
    )
