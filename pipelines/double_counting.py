"""Which part of a choice is counted, so that no euro counts twice and no net exceeds a whole that contains
it.

The one home of this rule. Gives SQL and runs nothing: the questions of pages and API, the marts and law 11
all stand on `counted`. `pipelines/double_counting_without_sql.py` follows the same rule over rows in memory.

The rule, for the chosen entries of one stage and basis:

1. A chosen entry inside another chosen entry that has an amount is removed. A whole without a published
   amount removes nothing.
2. Every other whole, from the lowest to the highest: if it is divided in several ways, the way with the
   largest sum is counted, of equal sums the first by name. What is inside the whole in no counted way is
   removed.
3. If what is left inside a whole comes to more than the whole, it is cut to it, the largest entries first
   kept. A whole in other prices, or of which only a minimum is stated (over, at least), cuts nothing.
   Replaced wholes count for nothing at all.

A release from before version 0.3 has no table `overlap_splits`; there rule 1 alone holds, for every
container.
"""

from functools import lru_cache
from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO

LEDGER, PATHS, SPLITS = schema.ledger, schema.overlap_paths, schema.overlap_splits
ONLY_SPLIT = "-"  # the way of splitting a whole that has only one
_BETWEEN = func.chr(31)  # no cell can hold it


@lru_cache(maxsize=8)  # a question may read what is counted of one choice twice
def counted(chosen: FromClause) -> CTE:
    """The entries of some choices, each with what of it is counted.

    chosen: columns choice (text; entries of different choices never meet), entry_id, amount_eur, and others.
    Columns: those of chosen; is_removed (nothing of it is counted); counted_eur, removed_eur (EUR; missing
    where the amount is); whole_entry_id (of what is removed without a chosen entry that contains it, the
    whole that says so); counted_split (how this whole is split in what is counted; missing if the whole is
    too small).
    """
    inside = _inside_chosen(chosen)
    left = _left(chosen, inside)
    amount = chosen.c.amount_eur
    is_out = or_(inside.c.entry_id.is_not(None), and_(left.c.entry_id.is_not(None), ~left.c.is_kept))
    is_left = and_(left.c.entry_id.is_not(None), amount.is_not(None))
    remains = case((is_out, null()), (is_left, left.c.left_eur), else_=amount)
    removed = case((is_out, amount), else_=amount - remains)
    return (
        select(
            chosen,
            is_out.label("is_removed"),
            cast(remains, EURO).label("counted_eur"),
            cast(removed, EURO).label("removed_eur"),
            func.nullif(func.split_part(left.c.cause, _BETWEEN, 1), "").label("whole_entry_id"),
            func.nullif(func.split_part(left.c.cause, _BETWEEN, 2), "").label("counted_split"),
        )
        .select_from(chosen)
        .outerjoin(inside, and_(inside.c.choice == chosen.c.choice, inside.c.entry_id == chosen.c.entry_id))
        .outerjoin(left, and_(left.c.choice == chosen.c.choice, left.c.entry_id == chosen.c.entry_id))
        .cte("counted")
    )


def removes(amount_eur: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a chosen entry with this amount removes what is inside it."""
    return or_(amount_eur.is_not(None), ~exists(select(SPLITS.c.split)))


def _inside_chosen(chosen: FromClause) -> CTE:
    """What a chosen entry with an amount contains: choice, entry_id."""
    whole, part = chosen.alias("chosen_whole"), chosen.alias("chosen_part")
    return (
        select(part.c.choice, part.c.entry_id)
        .join(PATHS, PATHS.c.contained_entry_id == part.c.entry_id)
        .join(whole, and_(whole.c.entry_id == PATHS.c.container_entry_id, whole.c.choice == part.c.choice))
        .where(removes(whole.c.amount_eur))
        .distinct()
        .cte("inside")
    )


def _left(chosen: FromClause, inside: CTE) -> FromClause:
    """What is left of the entries inside wholes, after the wholes of every height: choice, entry_id,
    left_eur, is_kept, cause.
    """
    highest = select(func.max(SPLITS.c.height)).scalar_subquery()
    first = (
        select(
            chosen.c.choice,
            chosen.c.entry_id,
            func.coalesce(cast(chosen.c.amount_eur, EURO), cast(literal(0), EURO)).label("left_eur"),
            literal(True).label("is_kept"),
            cast(null(), String).label("cause"),
            cast(literal(0), Integer).label("height"),
        )
        .outerjoin(inside, and_(inside.c.choice == chosen.c.choice, inside.c.entry_id == chosen.c.entry_id))
        .where(inside.c.entry_id.is_(None))
        .where(chosen.c.entry_id.in_(select(SPLITS.c.contained_entry_id).where(SPLITS.c.height > 0)))
    )
    state = first.cte("state", recursive=True)
    state = state.union_all(_next(state, highest))
    last = state.alias("last")
    return select(last).where(last.c.height == highest).subquery("left_over")


def _next(state: CTE, highest: Any) -> Select[Any]:
    """The entries after the wholes of the next height have spoken; all of one height speak at once."""
    ways = _ways(state, highest)
    nothing = cast(literal(0), EURO)
    room = func.greatest(nothing, ways.c.bound_eur - func.coalesce(ways.c.before_eur, 0))
    fits = case((ways.c.sum_eur > ways.c.bound_eur, func.least(ways.c.left_eur, room)), else_=ways.c.left_eur)
    is_counted = or_(ways.c.whole.is_(None), ways.c.split == ways.c.best)
    is_of_no_counted_way = ~func.bool_and(ways.c.is_counted_here)
    least = func.min(case((is_counted, fits)))
    is_changed = and_(ways.c.is_kept, or_(~ways.c.is_counted_here, and_(is_counted, fits < ways.c.left_eur)))
    says = ways.c.whole + _BETWEEN + case((ways.c.is_counted_here, ""), else_=ways.c.best)
    is_kept = and_(ways.c.is_kept, or_(ways.c.left_eur <= 0, ~is_counted, fits > 0))
    return select(
        ways.c.choice,
        ways.c.entry_id,
        cast(case((is_of_no_counted_way, nothing), else_=least), EURO),
        and_(~is_of_no_counted_way, func.bool_and(is_kept)),
        func.coalesce(func.min(case((is_changed, says))), func.min(ways.c.cause)),
        cast(func.max(ways.c.height) + 1, Integer),
    ).group_by(ways.c.choice, ways.c.entry_id)


def _ways(state: CTE, highest: Any) -> FromClause:
    """Each entry with each whole of the next height that it is inside, and each way in which it is: the sum
    of the way, what of it comes before the entry, the way that counts, and whether the entry is in that way
    too.
    """
    way = [state.c.choice, SPLITS.c.container_entry_id, SPLITS.c.split]
    largest_first = (state.c.left_eur.desc(), state.c.entry_id)
    is_inside = and_(
        SPLITS.c.contained_entry_id == state.c.entry_id,
        SPLITS.c.height == state.c.height + 1,
    )
    rows = (
        select(
            state,
            SPLITS.c.container_entry_id.label("whole"),
            SPLITS.c.split,
            SPLITS.c.bound_eur,
            func.sum(state.c.left_eur).over(partition_by=way).label("sum_eur"),
            func.bool_or(state.c.is_kept).over(partition_by=way).label("has_kept"),
            func.sum(state.c.left_eur)
            .over(partition_by=way, order_by=largest_first, rows=(None, -1))
            .label("before_eur"),
        )
        .outerjoin(SPLITS, is_inside)
        .where(state.c.height < highest)
        .subquery("rows_of_ways")
    )
    of_whole = (rows.c.choice, rows.c.whole)
    best = func.first_value(rows.c.split).over(
        partition_by=of_whole,
        order_by=(rows.c.has_kept.desc(), rows.c.sum_eur.desc(), rows.c.split),
    )
    ranked = select(rows, best.label("best")).subquery("ranked")
    of_entry = (ranked.c.choice, ranked.c.whole, ranked.c.entry_id)
    is_here = func.bool_or(or_(ranked.c.whole.is_(None), ranked.c.split == ranked.c.best))
    return select(ranked, is_here.over(partition_by=of_entry).label("is_counted_here")).subquery("ways")


# --- the choices of every release


def counted_choices() -> str:
    """Select of what is counted of the choices that marts and law 11 read, in SQL: view, stage, basis,
    programme, initiative, entry_id, amount_eur, is_removed, counted_eur, removed_eur.

    view: whole and all are the programmes that the initiatives draw on, whole envelopes or everything that
    may be added; every is all programmes; every whole, every part and so on are one level of all programmes.
    """
    level, basis, programme = schema.levels, schema.bases, schema.programmes
    in_force = (
        select(LEDGER, programme.c.is_tracked)
        .join(level, level.c.code == LEDGER.c.level)
        .join(basis, basis.c.code == LEDGER.c.basis)
        .join(programme, programme.c.code == LEDGER.c.programme)
        .where(
            LEDGER.c.superseded_on.is_(None),
            LEDGER.c.price_basis == "current",
            level.c.is_summable,
            basis.c.is_summable,
        )
        .cte("in_force")
    )
    views = [
        select(literal("all").label("view"), in_force).where(in_force.c.is_tracked),
        select(literal("whole"), in_force).where(in_force.c.is_tracked, in_force.c.level == "whole"),
        select(literal("every"), in_force),
        select("every " + in_force.c.level, in_force),
    ]
    rows = views[0].union_all(*views[1:]).subquery("rows_of_views")
    wanted = ("view", "stage", "basis", "programme", "initiative", "entry_id", "amount_eur")
    of = (rows.c.view + "/" + rows.c.stage + "/" + rows.c.basis).label("choice")
    found = counted(select(*(rows.c[name] for name in wanted), of).cte("entries"))
    columns = [found.c[name] for name in (*wanted, "is_removed", "counted_eur", "removed_eur")]
    return str(select(*columns).compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
