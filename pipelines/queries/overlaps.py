"""Which entry includes which, as questions: what the rule of double counting reads of a release, what is
removed of a sum and why, and every amount of an initiative or programme that is inside another. Pure.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import double_counting, schema
from pipelines.column_factories import EURO

_EDGES, _LEDGER, _SPLITS = schema.overlaps, schema.ledger, schema.overlap_splits
_PATHS = schema.overlap_paths
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


def removed_of(rows: FromClause) -> Select[Any]:
    """One row per entry that is removed, in whole or in part, the largest first: entry_id, heading,
    programme, initiative; contained_in, contained_in_programme (the whole because of which); amount_eur
    (EUR, what is removed); reason; publisher, source_url (who says so); split, counted_split (how the whole
    is divided by this entry, and by what is counted instead); relation; entry_eur, contained_in_eur,
    contained_in_stage, contained_in_basis; tier_label; said_on (of the newest amount in the same document);
    country (of the entry).

    rows: from `supplied_inputs.counted`, of any choices. relation: "inside" where a chosen entry contains
    it, "split" where another way of dividing the whole is counted, "full" where what is counted comes to the
    whole.
    """
    chosen = rows.alias("container")
    nearest = (
        select(
            chosen.c.choice,
            _PATHS.c.contained_entry_id,
            _PATHS.c.container_entry_id,
            _PATHS.c.via_entry_id,
            func.row_number()
            .over(
                partition_by=(chosen.c.choice, _PATHS.c.contained_entry_id),
                order_by=(_PATHS.c.steps, _PATHS.c.container_entry_id),
            )
            .label("place"),
        )
        .join(chosen, chosen.c.entry_id == _PATHS.c.container_entry_id)
        .where(double_counting.removes(chosen.c.amount_eur))
        .cte("nearest")
    )
    ways = ways_inside()
    whole_id = func.coalesce(rows.c.whole_entry_id, nearest.c.container_entry_id)
    via = func.coalesce(ways.c.via_entry_id, nearest.c.via_entry_id)
    other = "Another way of dividing this whole is counted: " + rows.c.counted_split + ". "
    too_much = literal("What is counted of this whole comes to the whole. ")
    because = case(
        (rows.c.whole_entry_id.is_(None), ""),
        (rows.c.counted_split.is_(None), too_much),
        (
            rows.c.counted_split == double_counting.ONLY_SPLIT,
            "Another way of dividing this whole is counted. ",
        ),
        else_=other,
    )
    relation = case(
        (rows.c.whole_entry_id.is_(None), "inside"), (rows.c.counted_split.is_(None), "full"), else_="split"
    )
    entry, whole, said_by = _LEDGER.alias("entry"), _LEDGER.alias("whole"), schema.documents
    tier, said = schema.source_tiers, _said()
    return (
        select(
            rows.c.entry_id,
            entry.c.heading,
            entry.c.programme,
            entry.c.initiative,
            whole.c.heading.label("contained_in"),
            whole.c.programme.label("contained_in_programme"),
            rows.c.removed_eur.label("amount_eur"),
            (because + _EDGES.c.reason).label("reason"),
            said_by.c.publisher,
            _EDGES.c.source_url,
            ways.c.split,
            rows.c.counted_split,
            relation.label("relation"),
            entry.c.stage,
            entry.c.basis,
            entry.c.amount_eur.label("entry_eur"),
            whole.c.entry_id.label("contained_in_id"),
            whole.c.amount_eur.label("contained_in_eur"),
            whole.c.stage.label("contained_in_stage"),
            whole.c.basis.label("contained_in_basis"),
            tier.c.label.label("tier_label"),
            said.c.said_on,
            entry.c.country,
        )
        .join(entry, entry.c.entry_id == rows.c.entry_id)
        .outerjoin(
            nearest,
            and_(
                nearest.c.choice == rows.c.choice,
                nearest.c.contained_entry_id == rows.c.entry_id,
                nearest.c.place == 1,
            ),
        )
        .outerjoin(
            ways,
            and_(
                ways.c.container_entry_id == rows.c.whole_entry_id,
                ways.c.contained_entry_id == rows.c.entry_id,
            ),
        )
        .join(whole, whole.c.entry_id == whole_id)
        .join(
            _EDGES, and_(_EDGES.c.container_entry_id == via, _EDGES.c.contained_entry_id == rows.c.entry_id)
        )
        .join(said_by, said_by.c.source_url == _EDGES.c.source_url)
        .join(tier, tier.c.code == said_by.c.tier)
        .outerjoin(said, said.c.source_url == _EDGES.c.source_url)
        .where(or_(rows.c.is_removed, rows.c.removed_eur != 0))
        .order_by(rows.c.removed_eur.desc().nulls_last(), rows.c.entry_id)
    )


def ways_inside() -> FromClause:
    """One row per whole and entry inside it: container_entry_id, contained_entry_id, split (the first by
    name), via_entry_id (as in overlap_paths).
    """
    return (
        select(
            _SPLITS.c.container_entry_id,
            _SPLITS.c.contained_entry_id,
            func.min(_SPLITS.c.split).label("split"),
            func.min(_PATHS.c.via_entry_id).label("via_entry_id"),
        )
        .join(
            _PATHS,
            and_(
                _PATHS.c.container_entry_id == _SPLITS.c.container_entry_id,
                _PATHS.c.contained_entry_id == _SPLITS.c.contained_entry_id,
            ),
        )
        .group_by(_SPLITS.c.container_entry_id, _SPLITS.c.contained_entry_id)
        .subquery("ways_inside")
    )


def _said() -> FromClause:
    """When a document gave its newest amount: source_url, said_on."""
    return (
        select(_LEDGER.c.source_url, func.max(_LEDGER.c.dated_on).label("said_on"))
        .group_by(_LEDGER.c.source_url)
        .subquery("said")
    )


def nested(of: str) -> Select[Any]:
    """Which amount holds which, of an initiative or a programme: one row per pair of a whole and a part in
    force, the largest wholes first; published lines inside one whole are one row.

    of: code of an initiative, with those that are part of it, or of a programme. A pair belongs to it if the
    part does, or if the whole does and the part is a whole or a part of one. What a ladder of this name shows
    belongs to it.
    Columns: container_entry_id, contained_in, contained_in_eur, contained_in_qualifier, contained_in_stage,
    contained_in_basis; entry_id and heading (missing for lines), amount_eur, qualifier, stage, basis;
    relation ("same" at one stage and basis, so that adding both counts twice; "stage" or "basis" where
    they differ, so that the two are never added); published_lines; reason, publisher, tier_label, source_url,
    said_on, checked_on.
    """
    own = _own(of)
    whole, part, said_by = _LEDGER.alias("whole"), _LEDGER.alias("part"), schema.documents
    tier, said = schema.source_tiers, _said()
    is_line = part.c.level == "line"
    is_own_part = part.c.entry_id.in_(select(own.c.entry_id))
    is_part_of_own = and_(whole.c.entry_id.in_(select(own.c.entry_id)), part.c.level.in_(("whole", "part")))
    relation = case(
        (whole.c.stage != part.c.stage, "stage"), (whole.c.basis != part.c.basis, "basis"), else_="same"
    )
    of_whole: list[ColumnElement[Any]] = [
        whole.c.entry_id.label("container_entry_id"),
        whole.c.heading.label("contained_in"),
        whole.c.amount_eur.label("contained_in_eur"),
        whole.c.qualifier.label("contained_in_qualifier"),
        whole.c.stage.label("contained_in_stage"),
        whole.c.basis.label("contained_in_basis"),
    ]
    who: list[ColumnElement[Any]] = [
        _EDGES.c.reason,
        said_by.c.publisher,
        tier.c.label.label("tier_label"),
        _EDGES.c.source_url,
        said.c.said_on,
        _EDGES.c.checked_on,
    ]
    pairs = (
        select(_EDGES.c.container_entry_id)
        .select_from(_EDGES)
        .join(whole, whole.c.entry_id == _EDGES.c.container_entry_id)
        .join(part, part.c.entry_id == _EDGES.c.contained_entry_id)
        .join(said_by, said_by.c.source_url == _EDGES.c.source_url)
        .join(tier, tier.c.code == said_by.c.tier)
        .outerjoin(said, said.c.source_url == _EDGES.c.source_url)
        .where(
            whole.c.superseded_on.is_(None),
            part.c.superseded_on.is_(None),
            or_(is_own_part, is_part_of_own),
        )
    )
    single = pairs.with_only_columns(
        *of_whole,
        part.c.entry_id,
        part.c.heading,
        part.c.amount_eur,
        part.c.qualifier,
        part.c.stage,
        part.c.basis,
        relation.label("relation"),
        literal(0).label("published_lines"),
        *who,
    ).where(~is_line)
    keys = [column.element if hasattr(column, "element") else column for column in (*of_whole, *who)]
    grouped = (
        pairs.with_only_columns(
            *of_whole,
            cast(null(), String).label("entry_id"),
            cast(null(), String).label("heading"),
            cast(func.sum(part.c.amount_eur), EURO).label("amount_eur"),
            literal("exact").label("qualifier"),
            part.c.stage,
            part.c.basis,
            relation.label("relation"),
            func.count().label("published_lines"),
            *who,
        )
        .where(is_line)
        .group_by(*keys, part.c.stage, part.c.basis)
    )
    both = single.union_all(grouped).subquery("pairs")
    return select(both).order_by(
        both.c.contained_in_eur.desc().nulls_last(),
        both.c.container_entry_id,
        both.c.amount_eur.desc().nulls_last(),
        both.c.entry_id,
        both.c.stage,
        both.c.basis,
    )


def _own(of: str) -> CTE:
    """The entries of an initiative, of those that are part of it, of a programme, and of a ladder of that
    name: entry_id.
    """
    initiative, shown = schema.initiatives, schema.mart_ladder_entries
    inside = select(initiative.c.code).where(initiative.c.code == of).cte("inside", recursive=True)
    below = initiative.alias("below")
    inside = inside.union(select(below.c.code).join(inside, below.c.parent == inside.c.code))
    named = select(_LEDGER.c.entry_id).where(
        or_(_LEDGER.c.initiative.in_(select(inside.c.code)), _LEDGER.c.programme == of)
    )
    return named.union(select(shown.c.entry_id).where(shown.c.ladder == of)).cte("own")
