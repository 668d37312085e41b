-- call_states: one row per call for sites and state, with whether the state signed for it. Reads raw_call_state.
select
    call,
    country,
    cast(has_signed as boolean) as has_signed,
    source_url,
    note,
    cast(checked_on as date) as checked_on,
    witness_url
from raw_call_state
