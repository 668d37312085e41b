-- mart_ladder_entries: one row per entry of a step of a funding ladder, corrections followed. Reads raw_ladder_step, raw_ladder_step_entries, corrections.
select step.ladder, cast(step.position as bigint) as position, coalesce(correction.latest_entry_id, part.item) as entry_id
from raw_ladder_step as step
inner join raw_ladder_step_entries as part on step.source_file = part.source_file and step.source_row = part.source_row
left join corrections as correction on part.item = correction.entry_id
