-- participations: one row per participation in a research project (CORDIS). Reads raw_participation_line, import_versions.
-- Only those of the import that gives the projects of a dataset, the newest. Parts of the projects' amounts: never added to them.
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
inner join import_versions as version
    on version.shape = 'project_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
