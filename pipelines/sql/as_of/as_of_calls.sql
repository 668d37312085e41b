-- as_of_calls: one row per call that was listed or open on the day, in the state that its own days give it. Reads known_calls.
-- How status, closing day and budget changed is known of the whole time of the lists only, and is left out before their end.
select
    call.* replace (
        least(call.first_listed_on, getvariable('as_of')) as first_listed_on,
        least(call.last_listed_on, getvariable('as_of')) as last_listed_on,
        case
            when call.last_listed_on <= getvariable('as_of') then call.status
            when call.opens_on > getvariable('as_of') then 'Forthcoming'
            when call.opens_on <= getvariable('as_of') then 'Open for submission'
            else call.status
        end as status,
        case when call.last_listed_on <= getvariable('as_of') then call.status_history end as status_history,
        case when call.last_listed_on <= getvariable('as_of') then call.closes_history end as closes_history,
        case when call.last_listed_on <= getvariable('as_of') then call.budget_history end as budget_history
    )
from known_calls as call
where least(call.first_listed_on, call.opens_on) <= getvariable('as_of')
