-- as_of_sites: one row per site of which something was known on the day, as far as it had come. Reads known_sites, known_milestones, known_claims,
-- known_sources, ledger, promises, site_statuses.
-- What its newest document says is left out before the day of that document; how far it had come then is read from what had happened.
with events as (
    select
        event.site_id,
        least(event.dated_until, event.checked_on, source.retrieved_on, getvariable('known_on')) as known_on,
        case
            when event.is_planned then 'announced'
            when event.event = 'selection' then 'selected'
            when event.event = 'agreement' then 'hosting-agreement'
            when event.event in ('procurement', 'contract') then 'procurement'
            when event.event = 'construction-start' then 'under-construction'
            when event.event in ('inauguration', 'operational') then 'operational'
            else 'announced'
        end as status,
        event.source_url
    from known_milestones as event
    left join known_sources as source on event.source_id = source.source_id
    where event.site_id is not null
),

happened as (
    select
        event.site_id,
        max(status.position) as position,
        arg_max(event.source_url, event.known_on) as source_url
    from events as event
    inner join site_statuses as status on event.status = status.code
    where event.known_on <= getvariable('as_of')
    group by event.site_id
),

heard_of as (
    select site_id from events where known_on <= getvariable('as_of')
    union
    select site_id from ledger where site_id is not null
    union
    select site_id from promises where site_id is not null
    union
    select site_id from known_claims where site_id is not null and dated_on <= getvariable('as_of')
    union
    select site_id from known_sites
    where least(selected_until, operational_until, coalesce(dated_on, checked_on), getvariable('known_on')) <= getvariable('as_of')
),

promised as (
    select
        promise.site_id,
        arg_max(promise.promised_on, promise.statement) as promised_on,
        arg_max(promise.promised_until, promise.statement) as promised_until,
        arg_max(promise.promised_precision, promise.statement) as promised_precision
    from promises as promise
    where promise.promise_id = promise.site_id
    group by promise.site_id
),

as_known as (
    select
        site.*,
        least(coalesce(site.dated_on, site.checked_on), getvariable('known_on')) <= getvariable('as_of') as is_known,
        coalesce(site.selected_on is not null and least(site.selected_until, site.checked_on, getvariable('known_on')) <= getvariable('as_of'), false) as is_selected,
        coalesce(site.operational_on is not null and least(site.operational_until, site.checked_on, getvariable('known_on')) <= getvariable('as_of'), false) as is_operational
    from known_sites as site
    semi join heard_of as there on site.site_id = there.site_id
),

ranked as (
    select
        site.*,
        happened.source_url as event_url,
        now.position as position_now,
        greatest(
            coalesce(happened.position, 1),
            case when site.is_operational then operational.position when site.is_selected then selected.position else 1 end
        ) as position_then
    from as_known as site
    inner join site_statuses as now on site.status = now.code
    inner join site_statuses as operational on operational.code = 'operational'
    inner join site_statuses as selected on selected.code = 'selected'
    left join happened on site.site_id = happened.site_id
)

select
    site.* exclude (is_known, is_selected, is_operational, event_url, position_now, position_then) replace (
        case
            when site.is_known and (site.operational_on is null or site.is_operational) then site.status
            else status_then.code
        end as status,
        case when site.is_selected or site.is_known then site.wave end as wave,
        case when site.is_selected then site.selected_on end as selected_on,
        case when site.is_selected then site.selected_until end as selected_until,
        case when site.is_selected then site.selected_precision end as selected_precision,
        case when site.is_operational then site.operational_on end as operational_on,
        case when site.is_operational then site.operational_until end as operational_until,
        case when site.is_operational then site.operational_precision end as operational_precision,
        case when site.is_known then site.expected_operational_on else promised.promised_on end as expected_operational_on,
        case when site.is_known then site.expected_operational_until else promised.promised_until end as expected_operational_until,
        case when site.is_known then site.expected_operational_precision else promised.promised_precision end as expected_operational_precision,
        case when site.is_known or site.is_operational then site.accelerators end as accelerators,
        case when site.is_known or site.is_operational then site.peak_pflops end as peak_pflops,
        case when site.is_known or site.is_operational then site.power_mw end as power_mw,
        case when site.is_known then site.source_url else coalesce(site.event_url, site.source_url) end as source_url,
        case when site.is_known then site.dated_on end as dated_on,
        case when site.is_known then site.note end as note
    )
from ranked as site
inner join site_statuses as status_then on status_then.position = least(site.position_now, site.position_then)
left join promised on site.site_id = promised.site_id
