-- as_of_changes: one row per line of the change log until the day. Reads known_changes.
select change.*
from known_changes as change
where change.changed_on <= getvariable('as_of')
