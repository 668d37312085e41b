-- mart_ladder_entries: one row per entry of a step of a funding ladder. Reads raw_ladder_step, raw_ladder_step_entries.
select step.ladder, cast(step.position as bigint) as position, part.item as entry_id
from raw_ladder_step as step
inner join raw_ladder_step_entries as part on step.source_file = part.source_file and step.source_row = part.source_row
