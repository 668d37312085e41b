-- country_totals: one row per country or group, framework programme, stage, and year of call or part, as another publisher gives it.
-- Reads raw_country_total, import_versions. Of each list only the newest import counts. A cross-check: never in the ledger.
select
    line.source_id,
    cast(line.source_row as bigint) as source_row,
    line.dataset,
    line.framework,
    line.part,
    cast(line.year as integer) as year,
    line.stage,
    line.country,
    line.group_name,
    cast(line.eu_contribution_eur as decimal(18, 2)) as eu_contribution_eur,
    cast(line.projects as bigint) as projects,
    cast(line.participations as bigint) as participations,
    cast(line.coordinations as bigint) as coordinations
from raw_country_total as line
inner join import_versions as version
    on
        version.shape = 'country_total'
        and version.is_newest
        and line.dataset = version.list
        and line.source_id = version.source_id
