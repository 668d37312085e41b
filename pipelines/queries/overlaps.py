"""Which entry includes which: what the rule of double counting reads of a release, as questions. Pure."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from pipelines import schema

_EDGES, _LEDGER, _SPLITS = schema.overlaps, schema.ledger, schema.overlap_splits
MINIMA = ("at-least", "over")  # qualifiers of which a source states only the least


def sizes() -> Select[Any]:
    """One row: overlaps, and splits, of which a release from before wholes had several ways has none."""
    splits = select(func.count()).select_from(_SPLITS).scalar_subquery()
    return select(func.count().label("overlaps"), splits.label("splits")).select_from(_EDGES)


def edges() -> Select[Any]:
    """One row per overlap: container, contained (keys of entries), split."""
    return select(
        _EDGES.c.container_entry_id.label("container"),
        _EDGES.c.contained_entry_id.label("contained"),
        func.coalesce(_EDGES.c.split, "").label("split"),
    )


def figures() -> Select[Any]:
    """One row per entry in any overlap: entry_id, and what the rule must know of it."""
    inside = or_(
        _LEDGER.c.entry_id.in_(select(_EDGES.c.container_entry_id)),
        _LEDGER.c.entry_id.in_(select(_EDGES.c.contained_entry_id)),
    )
    return select(
        _LEDGER.c.entry_id,
        _LEDGER.c.amount_eur.label("amount"),
        _LEDGER.c.stage,
        _LEDGER.c.basis,
        (_LEDGER.c.price_basis == "current").label("is_current"),
        _LEDGER.c.superseded_on.is_(None).label("is_in_force"),
        func.coalesce(_LEDGER.c.qualifier.in_(MINIMA), False).label("is_minimum"),
    ).where(inside)
