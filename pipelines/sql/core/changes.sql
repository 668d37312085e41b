-- changes: one row per line that a published upload adds to the change log of data/reference/changes.csv. Reads raw_change.
select cast(changed_on as date) as changed_on, change_id, kind, subject, before, after, reason, source_url
from raw_change
