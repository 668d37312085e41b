-- overlap_splits: one row per whole, way of dividing it, and entry inside it by this way, however deep. Reads overlaps, overlap_paths, ledger.
-- A whole can bind if it is in force and has several ways, or if what is inside it at one stage and basis comes to more than the whole.
-- bound_eur: what the parts may come to; nobody knows it of a whole in other prices, or of which only a minimum is stated.
-- height: its place among the wholes that can bind, from 1, each above every one inside it; 0 if it cannot.
with recursive inside as (
    select container_entry_id, split, contained_entry_id from "overlaps"
    union
    select edge.container_entry_id, edge.split, path.contained_entry_id
    from "overlaps" as edge
    inner join overlap_paths as path on edge.contained_entry_id = path.container_entry_id
),

bound as (
    select
        entry_id,
        superseded_on is null as is_in_force,
        case when price_basis = 'current' and qualifier not in ('at-least', 'over') then amount_eur end as bound_eur
    from ledger
    where entry_id in (select container_entry_id from inside)
),

sums as (
    select path.container_entry_id, part.stage, part.basis, sum(greatest(part.amount_eur, 0)) as sum_eur
    from overlap_paths as path
    inner join ledger as part on path.contained_entry_id = part.entry_id
    where part.superseded_on is null and part.price_basis = 'current'
    group by path.container_entry_id, part.stage, part.basis
),

binding as (
    select entry_id
    from bound
    where
        is_in_force
        and (
            entry_id in (select container_entry_id from "overlaps" group by container_entry_id having count(distinct split) > 1)
            or bound_eur < (select max(sums.sum_eur) from sums where sums.container_entry_id = bound.entry_id)
        )
),

above as (
    select path.container_entry_id, path.contained_entry_id
    from overlap_paths as path
    inner join binding as whole on path.container_entry_id = whole.entry_id
    inner join binding as part on path.contained_entry_id = part.entry_id
),

climb as (
    select entry_id, 1 as height from binding
    union
    select above.container_entry_id as entry_id, climb.height + 1 as height
    from climb
    inner join above on climb.entry_id = above.contained_entry_id
    where climb.height < 40
),

place as (
    select entry_id, max(height) as height from climb group by entry_id
)

select
    inside.container_entry_id,
    inside.split,
    inside.contained_entry_id,
    coalesce(place.height, 0) as height,
    bound.is_in_force,
    bound.bound_eur
from inside
inner join bound on inside.container_entry_id = bound.entry_id
left join place on inside.container_entry_id = place.entry_id
