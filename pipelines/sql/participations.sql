-- participations: one row per participation in a research project (CORDIS). Reads raw_participation_line, raw_project_line, raw_sources.
-- Only those of the import that gives the projects of a dataset, the newest. Parts of the projects' amounts: never added to them.
with newest as (
    select
        line.dataset,
        max(cast(source.import_no as bigint)) as import_no
    from raw_project_line as line
    inner join raw_sources as source on line.source_id = source.source_id
    group by line.dataset
)

select
    line.source_id,
    cast(line.source_row as bigint) as source_row,
    'cordis:' || line.project_id as project_id,
    line.organisation_id,
    line.name,
    line.role,
    line.country,
    line.city,
    line.nuts,
    cast(line.net_eu_contribution_eur as decimal(18, 2)) as net_eu_contribution_eur
from raw_participation_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join newest on line.dataset = newest.dataset and cast(source.import_no as bigint) = newest.import_no
