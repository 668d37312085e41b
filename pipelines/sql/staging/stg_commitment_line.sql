-- stg_commitment_line: one row per beneficiary of a commitment (FTS), in the columns of the ledger. Reads newest_commitment_line.
-- The key is the reference of the commitment and the place of the line among those of the commitment.
with lines as (
    select
        line.*,
        row_number() over (partition by line.source_id, line.dataset, line.project_id order by cast(line.source_row as bigint)) as place
    from newest_commitment_line as line
)

select
    lines.source_id || ':' || lines.year || '-' || lines.project_id || '-' || cast(lines.place as varchar) as entry_id,
    lines.source_id,
    lines.source_file,
    cast(lines.source_row as bigint) as source_row,
    lines.programme,
    cast(null as varchar) as initiative,
    'eu-budget' as funder,
    'committed' as stage,
    'eu-contribution' as basis,
    cast(null as varchar) as instrument,
    'line' as level,
    cast(lines.amount_eur as decimal(18, 2)) as amount_eur,
    'exact' as qualifier,
    cast(lines.year as integer) as year,
    cast(lines.period_start as date) as period_start,
    cast(lines.period_end as date) as period_end,
    lines.country,
    cast(null as varchar) as site_id,
    'fts:' || lines.project_id as project_id,
    lines.dataset,
    lines.beneficiary,
    coalesce(lines.title, lines.programme_name) as heading,
    lines.ai_scope,
    'stated' as confidence,
    cast(null as varchar) as formula,
    'current' as price_basis,
    cast(null as decimal(24, 8)) as amount_original,
    cast(null as varchar) as currency,
    cast(null as decimal(24, 8)) as rate,
    cast(null as date) as superseded_on,
    cast(null as varchar) as superseded_by,
    cast(null as date) as dated_on,
    cast(null as varchar) as dated_precision,
    lines.list_url as source_url,
    cast(null as varchar) as dossier_row,
    lines.programme_name as note
from lines
