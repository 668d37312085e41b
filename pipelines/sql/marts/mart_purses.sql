-- mart_purses: one row per funder, totals shown side by side. EUR, current prices. Reads raw_funder_total, raw_funder_total_entries, corrections, ledger, qualifiers.
-- The column purse says the same as funder, under its old name.
with summed as (
    select
        total.funder,
        sum(entry.amount_eur) as amount_eur,
        count(*) as entries,
        max(qualifier.position) as vaguest
    from raw_funder_total as total
    inner join raw_funder_total_entries as part on total.source_file = part.source_file and total.source_row = part.source_row
    left join corrections as correction on part.item = correction.entry_id
    inner join ledger as entry on coalesce(correction.latest_entry_id, part.item) = entry.entry_id and total.stage = entry.stage and total.basis = entry.basis
    inner join qualifiers as qualifier on entry.qualifier = qualifier.code
    group by total.funder
)

select
    total.funder as purse,
    total.funder,
    total.stage,
    total.basis,
    cast(total.position as bigint) as position,
    total.basis_label,
    summed.amount_eur,
    coalesce(qualifier.code, 'exact') as qualifier,
    coalesce(summed.entries, 0) as entries,
    total.limits
from raw_funder_total as total
left join summed on total.funder = summed.funder
left join qualifiers as qualifier on summed.vaguest = qualifier.position
