-- overlaps: one row per pair of entries of which the first includes the second. split: the way of dividing the first; - if none is named. Reads raw_overlap, raw_overlap_rule, ledger, corrections.
with stated as (
    select container as container_entry_id, contained as contained_entry_id, reason, source_url, coalesce(split, '-') as split,
        cast(checked_on as date) as checked_on, witness_url
    from raw_overlap
),

-- one figure that covers all lines of a published list, of one programme and some years
by_rule as (
    select rule.container as container_entry_id, line.entry_id as contained_entry_id, rule.reason, rule.source_url, coalesce(rule.split, '-') as split,
        cast(rule.checked_on as date) as checked_on, rule.witness_url
    from raw_overlap_rule as rule
    inner join ledger as line
        on
            line.level = 'line'
            and line.programme = rule.programme
            and line.dataset like rule.family || '/%'
            and line.year >= cast(rule.from_year as integer)
            and line.year <= cast(rule.to_year as integer)
),

known as (
    select container_entry_id, contained_entry_id, reason, source_url, split, checked_on, witness_url from stated
    union all
    select container_entry_id, contained_entry_id, reason, source_url, split, checked_on, witness_url from by_rule
),

-- a corrected figure includes, and is included in, what the old one was
moved as (
    select
        coalesce(container.latest_entry_id, edge.container_entry_id) as container_entry_id,
        coalesce(contained.latest_entry_id, edge.contained_entry_id) as contained_entry_id,
        min(edge.reason) as reason,
        min(edge.source_url) as source_url,
        min(edge.split) as split,
        min(edge.checked_on) as checked_on,
        min(edge.witness_url) as witness_url
    from known as edge
    left join corrections as container on edge.container_entry_id = container.entry_id
    left join corrections as contained on edge.contained_entry_id = contained.entry_id
    where container.entry_id is not null or contained.entry_id is not null
    group by coalesce(container.latest_entry_id, edge.container_entry_id), coalesce(contained.latest_entry_id, edge.contained_entry_id)
)

select container_entry_id, contained_entry_id, reason, source_url, split, checked_on, witness_url from known
union all
select moved.container_entry_id, moved.contained_entry_id, moved.reason, moved.source_url, moved.split, moved.checked_on, moved.witness_url
from moved
left join known as edge on moved.container_entry_id = edge.container_entry_id and moved.contained_entry_id = edge.contained_entry_id
where edge.container_entry_id is null
