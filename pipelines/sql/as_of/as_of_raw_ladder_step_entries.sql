-- as_of_raw_ladder_step_entries: one row per entry that stood in a step of a ladder on the day. Reads known_mart_ladder_entries, as_of_stand_ins.
select distinct part.ladder as source_file, part.position as source_row, standing.entry_id as item
from known_mart_ladder_entries as part
inner join as_of_stand_ins as standing on part.entry_id = standing.named_id
