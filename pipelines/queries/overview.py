"""Questions of the Overview page."""

from typing import Any

from sqlalchemy import Select, select

from pipelines import schema

Rows = Select[Any]


def ladders() -> Rows:
    """Which ladders there are: initiative or programme code as `ladder`, in order of their first entry in the
    vocabularies.
    """
    return select(schema.mart_ladder.c.ladder).distinct().order_by(schema.mart_ladder.c.ladder)


def ladder(code: str) -> Rows:
    """The steps of one funding ladder, in order: the columns of mart_ladder, what and how much first, and
    stage_label.
    """
    step, stage = schema.mart_ladder, schema.stages
    first = (step.c.label, step.c.amount_eur, step.c.qualifier)
    others = (column for column in step.c if column.name not in {found.name for found in first})
    return (
        select(*first, *others, stage.c.label.label("stage_label"))
        .join(stage, stage.c.code == step.c.stage)
        .where(step.c.ladder == code)
        .order_by(step.c.position)
    )


def ladder_entries(code: str) -> Rows:
    """The entries behind each step of one ladder: position, heading, amount_eur, qualifier, confidence,
    formula, dated_on, publisher, tier, source_url.
    """
    part, entry, document, tier = (
        schema.mart_ladder_entries,
        schema.ledger,
        schema.documents,
        schema.source_tiers,
    )
    return (
        select(
            part.c.position,
            entry.c.entry_id,
            entry.c.heading,
            entry.c.stage,
            entry.c.basis,
            entry.c.amount_eur,
            entry.c.qualifier,
            entry.c.confidence,
            entry.c.formula,
            entry.c.dated_on,
            entry.c.dated_precision,
            document.c.publisher,
            tier.c.label.label("tier_label"),
            entry.c.source_url,
            entry.c.note,
        )
        .join(entry, entry.c.entry_id == part.c.entry_id)
        .join(document, document.c.source_url == entry.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .where(part.c.ladder == code)
        .order_by(part.c.position, entry.c.amount_eur.desc().nulls_last(), entry.c.entry_id)
    )


def funder_totals() -> Rows:
    """The totals of the four funders, in order: the columns of mart_purses, funder_label and stage_label."""
    total, funder, stage = schema.mart_purses, schema.funders, schema.stages
    return (
        select(total, funder.c.label.label("funder_label"), stage.c.label.label("stage_label"))
        .join(funder, funder.c.code == total.c.funder)
        .join(stage, stage.c.code == total.c.stage)
        .order_by(total.c.position)
    )


def newest(limit: int) -> Rows:
    """What happened last, the newest first; money and agreements before remarks of the same day."""
    event = schema.milestones
    order = (event.c.dated_on.desc(), event.c.event == "other", event.c.milestone_id)
    return select(event).where(~event.c.is_planned).order_by(*order).limit(limit)


OWN_KINDS = ("corrected", "completed", "replaced", "kept")
"""Kinds of changes in our figures; all others tell what happened in the world."""


def changes(limit: int | None = None, is_own: bool | None = None) -> Rows:
    """What changed for a reader, the newest first.

    is_own: only our own corrections, or only what happened in the world.
    """
    change = schema.changes
    found = select(change).order_by(change.c.changed_on.desc(), change.c.change_id)
    if is_own is not None:
        found = found.where(change.c.kind.in_(OWN_KINDS) if is_own else change.c.kind.not_in(OWN_KINDS))
    return found.limit(limit) if limit else found
