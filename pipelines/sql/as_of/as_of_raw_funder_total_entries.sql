-- as_of_raw_funder_total_entries: one row per entry that stood in a total of a funder on the day. Reads known_mart_purse_entries, as_of_stand_ins.
select distinct part.funder as source_file, 1 as source_row, standing.entry_id as item
from known_mart_purse_entries as part
inner join as_of_stand_ins as standing on part.entry_id = standing.named_id
