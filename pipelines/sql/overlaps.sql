-- overlaps: one row per pair of entries of which the first includes the second. Reads raw_overlap, raw_overlap_rule, ledger.
with stated as (
    select container as container_entry_id, contained as contained_entry_id, reason, source_url
    from raw_overlap
),

-- one figure that covers all lines of a published list, of one purse and some years
by_rule as (
    select rule.container as container_entry_id, line.entry_id as contained_entry_id, rule.reason, rule.source_url
    from raw_overlap_rule as rule
    inner join ledger as line
        on
            line.level = 'line'
            and line.programme = rule.programme
            and line.dataset like rule.family || '/%'
            and line.year >= cast(rule.from_year as integer)
            and line.year <= cast(rule.to_year as integer)
)

select container_entry_id, contained_entry_id, reason, source_url from stated
union all
select container_entry_id, contained_entry_id, reason, source_url from by_rule
