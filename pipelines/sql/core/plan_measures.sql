-- plan_measures: one row per measure of a national recovery plan, or part of one with a tag of its own, and published table.
-- Reads raw_measure_line, import_versions. Of each list only the newest import counts. Never in the ledger: the projects of the measures are.
select
    line.source_id,
    cast(line.source_row as bigint) as source_row,
    line.dataset,
    line.measure,
    line.measure_title,
    line.programme,
    line.country,
    line.support,
    cast(line.total_eur as decimal(18, 2)) as total_eur,
    cast(line.declared_eur as decimal(18, 2)) as declared_eur,
    cast(line.digital_eur as decimal(18, 2)) as digital_eur,
    cast(line.climate_eur as decimal(18, 2)) as climate_eur,
    cast(line.extracted_on as date) as extracted_on
from raw_measure_line as line
inner join import_versions as version
    on
        version.shape = 'measure_line'
        and version.is_newest
        and line.dataset = version.list
        and line.source_id = version.source_id
