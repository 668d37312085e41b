-- as_of_flows: one row per movement that counted on the day or before. Reads known_flows.
-- A movement has no date of its own: what is planned counts from the first day of its time, what was spent from the last.
select
    flow.* replace (case when flow.superseded_on <= getvariable('as_of') then flow.superseded_on end as superseded_on)
from known_flows as flow
where
    least(
        case when flow.stage in ('announced', 'programmed') then coalesce(flow.period_start, flow.period_end, flow.checked_on) else coalesce(flow.period_end, flow.checked_on) end,
        flow.checked_on,
        getvariable('known_on')
    ) <= getvariable('as_of')
