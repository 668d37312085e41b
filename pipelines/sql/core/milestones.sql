-- milestones: one row per event or plan. Reads raw_milestone, sites.
select
    event.milestone_id,
    cast(event.dated_on as date) as dated_on,
    cast(event.dated_until as date) as dated_until,
    event.dated_precision as date_precision,
    event.event,
    event.title,
    event.site_id,
    event.initiative,
    event.programme,
    site.country,
    cast(event.amount_eur as decimal(18, 2)) as amount_eur,
    cast(event.is_planned as boolean) as is_planned,
    event.source_url,
    event.dossier_row,
    event.note,
    event.source_id,
    cast(event.checked_on as date) as checked_on,
    event.witness_url
from raw_milestone as event
left join sites as site on event.site_id = site.site_id
