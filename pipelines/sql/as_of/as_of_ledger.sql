-- as_of_ledger: one row per entry that counted on the day or before; what was replaced later is in force. Reads known_ledger, as_of_entry_days.
select
    entry.* replace (
        case when entry.superseded_on <= getvariable('as_of') then entry.superseded_on end as superseded_on,
        case when entry.superseded_on <= getvariable('as_of') then entry.superseded_by end as superseded_by
    )
from known_ledger as entry
inner join as_of_entry_days as days on entry.entry_id = days.entry_id and days.begins_on <= getvariable('as_of')
