-- law_01_one_stage_one_basis: A figure never mixes stages or bases.
-- The rows are parts of a shown sum whose stage or basis is not that of the sum. Reads mart_ladder, mart_ladder_entries, stated_totals, ledger.
select step.ladder || ' step ' || step.position as figure, entry.entry_id, entry.stage, entry.basis
from mart_ladder as step
inner join mart_ladder_entries as part on step.ladder = part.ladder and step.position = part.position
inner join ledger as entry on part.entry_id = entry.entry_id
where entry.stage <> step.stage or entry.basis <> step.basis
union all
select total.total_key as figure, entry.entry_id, entry.stage, entry.basis
from stated_totals as total
inner join stated_total_parts as part on total.total_key = part.total_key
inner join ledger as entry on part.entry_id = entry.entry_id
where entry.stage <> total.stage or entry.basis <> total.basis
union all
select 'total of ' || total.funder as figure, entry.entry_id, entry.stage, entry.basis
from raw_funder_total as total
inner join raw_funder_total_entries as part on total.source_file = part.source_file and total.source_row = part.source_row
inner join ledger as entry on part.item = entry.entry_id
where entry.stage <> total.stage or entry.basis <> total.basis
