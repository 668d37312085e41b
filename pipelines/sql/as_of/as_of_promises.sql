-- as_of_promises: one row per statement of a promised date that had been made by the day. Reads known_promises.
-- A statement without a day was made before the next one, before the date that it promises, and before it came true.
with made as (
    select
        promise.*,
        least(
            coalesce(
                promise.said_until,
                least(
                    promise.promised_until,
                    promise.happened_until,
                    promise.checked_on,
                    min(promise.said_until) over (
                        partition by promise.promise_id order by promise.statement rows between 1 following and unbounded following
                    )
                )
            ),
            promise.checked_on,
            getvariable('known_on')
        ) as begins_on
    from known_promises as promise
)

select
    made.* exclude (begins_on) replace (
        case when made.happened_until <= getvariable('as_of') then made.happened_on end as happened_on,
        case when made.happened_until <= getvariable('as_of') then made.happened_until end as happened_until,
        case when made.happened_until <= getvariable('as_of') then made.happened_precision end as happened_precision
    )
from made
where made.begins_on <= getvariable('as_of')
