-- overlap_splits: one row per whole, way of splitting it, and entry inside it by this way, however deep. Reads overlaps, overlap_paths.
-- height: edges on the longest way down from the whole, so that a whole is higher than every whole inside it.
with recursive way as (
    select distinct container_entry_id, 1 as edges from "overlaps"
    union
    select edge.container_entry_id, way.edges + 1 as edges
    from way
    inner join "overlaps" as edge on way.container_entry_id = edge.contained_entry_id
    where way.edges < 40
),

height as (
    select container_entry_id, max(edges) as height
    from way
    group by container_entry_id
),

inside as (
    select container_entry_id, split, contained_entry_id from "overlaps"
    union
    select edge.container_entry_id, edge.split, path.contained_entry_id
    from "overlaps" as edge
    inner join overlap_paths as path on edge.contained_entry_id = path.container_entry_id
)

select inside.container_entry_id, inside.split, inside.contained_entry_id, height.height
from inside
inner join height on inside.container_entry_id = height.container_entry_id
