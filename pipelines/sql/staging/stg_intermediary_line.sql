-- stg_intermediary_line: one row per commitment of the EIF to a fund, in the columns of the ledger. Reads newest_intermediary_line.
-- What is not in euros is divided by the rate of its day; without a rate its euros are not known.
select
    line.source_id || ':' || line.source_row as entry_id,
    line.source_id,
    line.source_file,
    cast(line.source_row as bigint) as source_row,
    'eib-group' as programme,
    cast(null as varchar) as initiative,
    'eib-group' as funder,
    'committed' as stage,
    'own-financing' as basis,
    'equity' as instrument,
    'line' as level,
    case
        when line.currency = 'EUR' then cast(line.amount_original as decimal(18, 2))
        else cast(cast(line.amount_original as decimal(24, 8)) / line.rate as decimal(18, 2))
    end as amount_eur,
    case when line.currency = 'EUR' then 'exact' else 'about' end as qualifier,
    cast(null as integer) as year,
    cast(null as date) as period_start,
    cast(null as date) as period_end,
    line.country,
    cast(null as varchar) as site_id,
    cast(null as varchar) as project_id,
    line.dataset,
    line.fund as beneficiary,
    'InvestEU equity: ' || line.fund || coalesce(' (' || line.product || ')', '') as heading,
    line.ai_scope,
    case when line.rate is null or line.currency = 'EUR' then 'stated' else 'calculated' end as confidence,
    case
        when line.currency <> 'EUR' and line.rate is not null
            then line.amount_original || ' ' || line.currency || ' / ' || rtrim(rtrim(cast(line.rate as varchar), '0'), '.') || ', the ECB rate of ' || line.rated_on
    end as formula,
    'current' as price_basis,
    case when line.currency <> 'EUR' and line.rate is not null then cast(line.amount_original as decimal(24, 8)) end as amount_original,
    case when line.currency <> 'EUR' and line.rate is not null then line.currency end as currency,
    case when line.currency <> 'EUR' then line.rate end as rate,
    cast(null as date) as superseded_on,
    cast(null as varchar) as superseded_by,
    cast(line.listed_on as date) as dated_on,
    case when line.listed_on is not null then 'day' end as dated_precision,
    line.list_url as source_url,
    cast(null as varchar) as dossier_row,
    'The EIF commits it to the fund, with the guarantee of InvestEU behind it. Not a grant.'
    || case when line.currency <> 'EUR' and line.rate is null then ' Stated in ' || line.currency || '; no rate of that day is in the release.' else '' end as note
from newest_intermediary_line as line
