-- stg_project_line: one row per research project (CORDIS), in the columns of the ledger. Reads raw_project_line, raw_sources.
-- Of each dataset (framework programme) only the newest import counts: a new list takes the place of the old one.
with newest as (
    select
        line.dataset,
        max(cast(source.import_no as bigint)) as import_no
    from raw_project_line as line
    inner join raw_sources as source on line.source_id = source.source_id
    group by line.dataset
),

lines as (
    select
        line.*,
        source.url as list_url
    from raw_project_line as line
    inner join raw_sources as source on line.source_id = source.source_id
    inner join newest on line.dataset = newest.dataset and cast(source.import_no as bigint) = newest.import_no
)

select
    lines.source_id || ':' || lines.project_id as entry_id,
    lines.source_id,
    lines.source_file,
    cast(lines.source_row as bigint) as source_row,
    lines.programme,
    cast(null as varchar) as initiative,
    'eu-budget' as funder,
    'contracted' as stage,
    'eu-contribution' as basis,
    'grant' as instrument,
    'line' as level,
    cast(lines.eu_contribution_eur as decimal(18, 2)) as amount_eur,
    'exact' as qualifier,
    cast(lines.year as integer) as year,
    cast(lines.period_start as date) as period_start,
    cast(lines.period_end as date) as period_end,
    lines.country,
    cast(null as varchar) as site_id,
    'cordis:' || lines.project_id as project_id,
    lines.dataset,
    cast(null as varchar) as beneficiary,
    coalesce(lines.title, lines.acronym, 'Project ' || lines.project_id) as heading,
    lines.ai_scope,
    'stated' as confidence,
    cast(null as varchar) as formula,
    'current' as price_basis,
    cast(null as decimal(24, 8)) as amount_original,
    cast(null as varchar) as currency,
    cast(null as decimal(24, 8)) as rate,
    cast(null as date) as superseded_on,
    cast(null as varchar) as superseded_by,
    cast(lines.signed_on as date) as dated_on,
    case when lines.signed_on is not null then 'day' end as dated_precision,
    lines.list_url as source_url,
    cast(null as varchar) as dossier_row,
    lines.programme_part as note
from lines
