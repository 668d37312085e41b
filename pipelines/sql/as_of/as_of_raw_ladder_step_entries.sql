-- as_of_raw_ladder_step_entries: one row per entry that stood in a step of a ladder on the day. Reads known_mart_ladder_entries, known_mart_ladder, as_of_stand_ins.
select distinct part.ladder as source_file, part.position as source_row, standing.entry_id as item
from known_mart_ladder_entries as part
inner join known_mart_ladder as step
    on part.ladder = step.ladder and part.position = step.position and not coalesce(step.is_recorded, false)
inner join as_of_stand_ins as standing on part.entry_id = standing.named_id
