-- as_of_call_states: one row per call for sites and state, once somebody had looked. Reads known_call_states.
select state.*
from known_call_states as state
where least(state.checked_on, getvariable('known_on')) <= getvariable('as_of')
