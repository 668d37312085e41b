-- check_references: one row per cell that names something which is not there. Reads the raw tables; run before anything is built.
with entries as (
    select source_id || ':' || entry_key as entry_id from raw_entry
    union all
    select source_id || ':' || source_row as entry_id from raw_budget_line
),

totals as (
    select total_key from raw_stated_total
),

named as (
    select source_file, source_row, 'site_id' as column_name, site_id as value, 'site' as wanted from raw_entry
    union all
    select source_file, source_row, 'site', site, 'site' from raw_budget_line
    union all
    select source_file, source_row, 'site_id', site_id, 'site' from raw_milestone
    union all
    select source_file, source_row, 'site_id', site_id, 'site' from raw_promise
    union all
    select source_file, source_row, 'site_id', site_id, 'site' from raw_claim
    union all
    select source_file, source_row, 'part_of', part_of, 'site' from raw_site
    union all
    select source_file, source_row, 'container', container, 'entry' from raw_overlap
    union all
    select source_file, source_row, 'entry_id', entry_id, 'entry' from raw_correction
    union all
    select source_file, source_row, 'replaced_by', replaced_by, 'entry' from raw_correction
    union all
    select source_file, source_row, 'contained', contained, 'entry' from raw_overlap
    union all
    select source_file, source_row, 'container', container, 'entry' from raw_overlap_rule
    union all
    select source_file, source_row, 'entry_id', entry_id, 'entry' from raw_claim
    union all
    select source_file, source_row, 'entries', item, 'entry' from raw_ladder_step_entries
    union all
    select source_file, source_row, 'entries', item, 'entry' from raw_purse_total_entries
    union all
    select source_file, source_row, 'members', item, 'entry' from raw_stated_total_members
    union all
    select source_file, source_row, 'superseded_by', superseded_by, 'entry or stated total' from raw_entry
)

select
    named.source_file,
    named.source_row,
    named.column_name,
    named.value,
    'names no ' || named.wanted || ' that we have.' as problem,
    'Correct the name, or add what it names.' as remedy
from named
left join entries on named.wanted <> 'site' and named.value = entries.entry_id
left join totals on named.wanted = 'entry or stated total' and named.value = totals.total_key
left join raw_site as site on named.wanted = 'site' and named.value = site.site_id
where
    named.value is not null
    and entries.entry_id is null
    and totals.total_key is null
    and site.site_id is null
order by named.source_file, named.source_row, named.column_name
