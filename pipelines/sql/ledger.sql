-- ledger: one row per published amount. The union of the stagings.
with everything as (
    select * from stg_entry
    union all
    select * from stg_budget_line
    union all
    select * from stg_line_sum
    union all
    select * from stg_commitment_line
    union all
    select * from stg_project_line
)

select
    entry_id, source_id, source_file, source_row, programme, initiative, funder, stage, basis, instrument, level, amount_eur, qualifier, year,
    period_start, period_end, country, site_id, project_id, dataset, beneficiary, heading, ai_scope, confidence, formula, price_basis,
    amount_original, currency, rate, superseded_on, superseded_by, dated_on, dated_precision, source_url, dossier_row, note
from everything
