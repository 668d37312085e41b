-- law_07_exact: Cents are exact, and conversions show their rate.
-- The rows are totals that are not the sum of their parts and the declared gap, ladder steps that are not the sum of their entries,
-- and conversions whose amount is not original divided by rate, to one part in two hundred. Reads stated_totals, mart_ladder, mart_ladder_entries, ledger.
select total_key as figure, stated_eur as shown_eur, parts_eur + gap_eur as summed_eur
from stated_totals
where stated_eur <> parts_eur + gap_eur
union all
select step.ladder || ' step ' || step.position as figure, max(step.amount_eur) as shown_eur, sum(entry.amount_eur) as summed_eur
from mart_ladder as step
inner join mart_ladder_entries as part on step.ladder = part.ladder and step.position = part.position
inner join ledger as entry on part.entry_id = entry.entry_id
group by step.ladder, step.position
having max(step.amount_eur) <> sum(entry.amount_eur)
union all
select entry_id as figure, amount_eur as shown_eur, cast(amount_original / rate as decimal(18, 2)) as summed_eur
from ledger
where currency is not null and (rate is null or abs(amount_original / rate - amount_eur) * 200 > abs(amount_eur))
