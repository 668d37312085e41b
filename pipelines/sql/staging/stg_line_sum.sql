-- stg_line_sum: one row per sum of published lines whose list is not imported itself, in the columns of the ledger.
-- Reads raw_line_sum, import_versions: once a list is imported, its lines take the place of its sums; the lines of an extract
-- take the place of the sums of their reading of AI.
select
    line.source_id || ':' || line.dataset || '/' || line.programme || '/' || coalesce(line.part, '-') || '/' || coalesce(line.year, '-')
    || '/' || coalesce(line.country, '-') || '/' || line.ai_scope as entry_id,
    line.source_id,
    line.source_file,
    line.source_row,
    line.programme,
    cast(null as varchar) as initiative,
    'eu-budget' as funder,
    line.stage,
    line.basis,
    cast(null as varchar) as instrument,
    'line' as level,
    case when line.lines <> line.lines_unknown then cast(line.amount_eur as decimal(18, 2)) end as amount_eur,
    'exact' as qualifier,
    cast(line.year as integer) as year,
    cast(null as date) as period_start,
    cast(null as date) as period_end,
    line.country,
    cast(null as varchar) as site_id,
    cast(null as varchar) as project_id,
    line.dataset,
    cast(null as varchar) as beneficiary,
    'Sum of ' || line.lines || ' published lines' || coalesce(', ' || line.part, '') as heading,
    line.ai_scope,
    'calculated' as confidence,
    'sum of the published amounts of ' || line.lines || ' lines' as formula,
    'current' as price_basis,
    cast(null as decimal(24, 8)) as amount_original,
    cast(null as varchar) as currency,
    cast(null as decimal(24, 8)) as rate,
    cast(null as date) as superseded_on,
    cast(null as varchar) as superseded_by,
    cast(null as date) as dated_on,
    cast(null as varchar) as dated_precision,
    line.source_url,
    cast(null as varchar) as dossier_row,
    case when line.lines_unknown = '0' then line.note else line.lines_unknown || ' of the lines have no published amount.' end as note
from raw_line_sum as line
where
    not exists (
        select 1
        from import_versions as version
        where
            version.fills_ledger and version.list = line.dataset and version.is_newest
            and (version.is_whole or list_contains(version.ai_scopes, line.ai_scope))
    )
