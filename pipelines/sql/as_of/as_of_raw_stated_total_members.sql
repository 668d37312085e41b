-- as_of_raw_stated_total_members: one row per part of a stated total. Reads known_stated_total_parts.
select total_key as source_file, 1 as source_row, entry_id as item
from known_stated_total_parts
