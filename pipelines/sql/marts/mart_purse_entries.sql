-- mart_purse_entries: one row per entry of a purse shown side by side, corrections followed. Reads raw_purse_total, raw_purse_total_entries, corrections.
select total.purse, coalesce(correction.latest_entry_id, part.item) as entry_id
from raw_purse_total as total
inner join raw_purse_total_entries as part on total.source_file = part.source_file and total.source_row = part.source_row
left join corrections as correction on part.item = correction.entry_id
