-- stated_total_parts: one row per part of a stated total. Reads raw_stated_total, raw_stated_total_members.
select total.total_key, member.item as entry_id
from raw_stated_total as total
inner join raw_stated_total_members as member
    on total.source_file = member.source_file and total.source_row = member.source_row
