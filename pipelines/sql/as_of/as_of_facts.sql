-- as_of_facts: one row per published number that is not euros and had been said by the day. Reads known_facts.
select fact.*
from known_facts as fact
where least(fact.dated_on, fact.checked_on, getvariable('known_on')) <= getvariable('as_of')
