-- as_of_machines_elsewhere: one row per machine on another continent that worked by the day. Reads known_machines_elsewhere.
select machine.*
from known_machines_elsewhere as machine
where machine.operational_on <= getvariable('as_of')
