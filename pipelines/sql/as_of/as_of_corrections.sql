-- as_of_corrections: one row per figure that had been corrected by the day, and what stood in its place then. Reads known_corrections, ledger.
select
    correction.entry_id,
    correction.replaced_by,
    coalesce(latest.entry_id, correction.replaced_by) as latest_entry_id,
    correction.replaced_on,
    correction.reason
from known_corrections as correction
inner join ledger as successor on correction.replaced_by = successor.entry_id
left join ledger as latest on correction.latest_entry_id = latest.entry_id
where correction.replaced_on <= getvariable('as_of')
