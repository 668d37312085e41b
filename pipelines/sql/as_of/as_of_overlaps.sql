-- as_of_overlaps: one row per pair of entries of which the first includes the second, as it was on the day. Reads known_overlaps, as_of_stand_ins, ledger.
-- What stood in the place of an entry includes, and is included in, what that entry is; unless the part would be the larger,
-- or the two would include one another.
with recursive stated as (
    select edge.container_entry_id, edge.contained_entry_id, edge.reason, edge.source_url, edge.split, edge.checked_on, edge.witness_url
    from known_overlaps as edge
    inner join ledger as whole on edge.container_entry_id = whole.entry_id
    inner join ledger as part on edge.contained_entry_id = part.entry_id
),

stood_in as (
    select
        whole.entry_id as container_entry_id,
        part.entry_id as contained_entry_id,
        min(edge.reason) as reason,
        min(edge.source_url) as source_url,
        min(edge.split) as split,
        min(edge.checked_on) as checked_on,
        min(edge.witness_url) as witness_url
    from known_overlaps as edge
    inner join as_of_stand_ins as whole on edge.container_entry_id = whole.named_id
    inner join as_of_stand_ins as part on edge.contained_entry_id = part.named_id
    inner join ledger as whole_amount on whole.entry_id = whole_amount.entry_id
    inner join ledger as part_amount on part.entry_id = part_amount.entry_id
    anti join stated as known on whole.entry_id = known.container_entry_id and part.entry_id = known.contained_entry_id
    where
        whole.entry_id <> part.entry_id
        and not coalesce(
            whole_amount.basis = part_amount.basis and whole_amount.price_basis = part_amount.price_basis and part_amount.amount_eur > whole_amount.amount_eur,
            false
        )
    group by whole.entry_id, part.entry_id
),

path as (
    select container_entry_id, contained_entry_id, 1 as steps from stated
    union
    select container_entry_id, contained_entry_id, 1 as steps from stood_in
    union
    select path.container_entry_id, edge.contained_entry_id, path.steps + 1 as steps
    from path
    inner join (
        select container_entry_id, contained_entry_id from stated
        union
        select container_entry_id, contained_entry_id from stood_in
    ) as edge on path.contained_entry_id = edge.container_entry_id
    where path.steps < 40
)

select container_entry_id, contained_entry_id, reason, source_url, split, checked_on, witness_url
from stated
union all
select edge.container_entry_id, edge.contained_entry_id, edge.reason, edge.source_url, edge.split, edge.checked_on, edge.witness_url
from stood_in as edge
where
    not exists (
        select 1
        from path
        where path.container_entry_id = edge.contained_entry_id and path.contained_entry_id = edge.container_entry_id
    )
