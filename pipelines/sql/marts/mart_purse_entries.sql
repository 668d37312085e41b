-- mart_purse_entries: one row per entry of a total of a funder, corrections followed. Reads raw_funder_total, raw_funder_total_entries, corrections.
-- The column purse says the same as funder, under its old name.
select total.funder as purse, total.funder, coalesce(correction.latest_entry_id, part.item) as entry_id
from raw_funder_total as total
inner join raw_funder_total_entries as part on total.source_file = part.source_file and total.source_row = part.source_row
left join corrections as correction on part.item = correction.entry_id
