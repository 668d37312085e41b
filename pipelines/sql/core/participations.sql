-- participations: one row per participation in a research project (CORDIS). Reads raw_participation_line, raw_partner_line, import_versions.
-- Parts of the projects' amounts: never added to them.
-- Of a list of projects only those of the import that gives its projects, the newest; of a list of partners those of its newest import,
-- without the projects whose participations the other list has in full (left_out_partner_line.sql).
with of_projects as (
    select line.*
    from raw_participation_line as line
    inner join import_versions as version
        on version.shape = 'project_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
),

lines as (
    select * from of_projects
    union all by name
    select line.*
    from raw_partner_line as line
    inner join import_versions as version
        on version.shape = 'partner_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
    where line.project_id not in (select project_id from of_projects)
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
from lines as line
