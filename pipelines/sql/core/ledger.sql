-- ledger: one row per published amount. The union of the stagings, corrections applied. Reads the stagings, raw_correction.
-- A figure that an upload corrects stays, with the day and the entry that took its place.
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
    entry.entry_id, entry.source_id, entry.source_file, entry.source_row, entry.programme, entry.initiative, entry.funder, entry.stage, entry.basis,
    entry.instrument, entry.level, entry.amount_eur, entry.qualifier, entry.year, entry.period_start, entry.period_end, entry.country, entry.site_id,
    entry.project_id, entry.dataset, entry.beneficiary, entry.heading, entry.ai_scope, entry.confidence, entry.formula, entry.price_basis,
    entry.amount_original, entry.currency, entry.rate,
    coalesce(cast(correction.replaced_on as date), entry.superseded_on) as superseded_on,
    coalesce(correction.replaced_by, entry.superseded_by) as superseded_by,
    entry.dated_on, entry.dated_precision, entry.source_url, entry.dossier_row, entry.note
from everything as entry
left join raw_correction as correction on entry.entry_id = correction.entry_id
