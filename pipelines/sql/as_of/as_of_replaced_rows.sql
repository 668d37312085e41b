-- as_of_replaced_rows: one row per curated row that an upload had replaced by the day. Reads known_replaced_rows.
select old.*
from known_replaced_rows as old
where old.replaced_on <= getvariable('as_of')
