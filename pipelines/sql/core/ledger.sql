-- ledger: one row per published amount, from every staging, corrections applied. Reads staged_entries, raw_correction, raw_entry.
-- staged_entries is the union of the stagings, made from the shapes that fill the ledger (pipelines/file_schemas.py).
-- A figure that an upload corrects stays, with the day and the entry that took its place.
select
    entry.entry_id, entry.source_id, entry.source_file, entry.source_row, entry.programme, entry.initiative, entry.funder, entry.stage, entry.basis,
    entry.instrument, entry.level, entry.amount_eur, entry.qualifier, entry.year, entry.period_start, entry.period_end, entry.country, entry.site_id,
    entry.project_id, entry.dataset, entry.beneficiary, entry.heading, entry.ai_scope, entry.confidence, entry.formula, entry.price_basis,
    entry.amount_original, entry.currency, entry.rate,
    coalesce(cast(correction.replaced_on as date), entry.superseded_on) as superseded_on,
    coalesce(correction.replaced_by, entry.superseded_by) as superseded_by,
    entry.dated_on, entry.dated_precision, entry.source_url, entry.dossier_row, entry.note,
    cast(curated.checked_on as date) as checked_on, curated.witness_url
from staged_entries as entry
left join raw_correction as correction on entry.entry_id = correction.entry_id
left join raw_entry as curated on entry.source_file = curated.source_file and entry.source_row = curated.source_row
