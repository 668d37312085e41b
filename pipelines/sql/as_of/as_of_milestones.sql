-- as_of_milestones: one row per event that had happened by the day, and per plan that had been made by then. Reads known_milestones, known_sources, sites.
-- Nobody gives the day on which a plan was made: before the date that it is for, and before somebody looked at it.
select event.* replace (site.country as country)
from known_milestones as event
left join known_sources as source on event.source_id = source.source_id
left join sites as site on event.site_id = site.site_id
where least(event.dated_until, event.checked_on, source.retrieved_on, getvariable('known_on')) <= getvariable('as_of')
