-- as_of_raw_funder_total: one row per total of a funder of which an amount was there on the day. Reads known_mart_purses, raw_funder_total_entries.
select
    total.funder,
    total.stage,
    total.basis,
    total.position,
    total.basis_label,
    total.limits,
    total.funder as source_file,
    1 as source_row
from known_mart_purses as total
semi join raw_funder_total_entries as part on total.funder = part.source_file
