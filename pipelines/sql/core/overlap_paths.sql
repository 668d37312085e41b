-- overlap_paths: one row per entry and everything inside it, however deep, by the shortest way. Reads overlaps.
-- More than forty steps deep can only be a circle; it then shows up as an entry inside itself, which breaks law 3.
with recursive path as (
    select container_entry_id, contained_entry_id, container_entry_id as via_entry_id, 1 as steps
    from "overlaps"
    union
    select path.container_entry_id, edge.contained_entry_id, edge.container_entry_id as via_entry_id, path.steps + 1 as steps
    from path
    inner join "overlaps" as edge on path.contained_entry_id = edge.container_entry_id
    where path.steps < 40
),

ranked as (
    select
        container_entry_id,
        contained_entry_id,
        via_entry_id,
        steps,
        row_number() over (partition by container_entry_id, contained_entry_id order by steps, via_entry_id) as place
    from path
)

select container_entry_id, contained_entry_id, via_entry_id, steps
from ranked
where place = 1
