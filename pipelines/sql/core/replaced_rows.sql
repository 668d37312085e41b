-- replaced_rows: one row per curated row that a published upload replaced, with what it said. Reads raw_replacement, raw_replaced_row.
select
    replacement.shape,
    replacement.row_key,
    replacement.of_source as source_id,
    old.source_file,
    old.source_row,
    replacement.replaced_by,
    replacement.source_id as replaced_by_source,
    cast(replacement.replaced_on as date) as replaced_on,
    replacement.reason,
    old.cells
from raw_replacement as replacement
inner join raw_replaced_row as old
    on replacement.shape = old.shape and replacement.row_key = old.row_key and replacement.of_source = old.source_id
