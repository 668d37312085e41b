-- mart_purses: one row per purse shown side by side. EUR, current prices. Reads raw_purse_total, raw_purse_total_entries, corrections, ledger, qualifiers.
with summed as (
    select
        total.purse,
        sum(entry.amount_eur) as amount_eur,
        count(*) as entries,
        max(qualifier.position) as vaguest
    from raw_purse_total as total
    inner join raw_purse_total_entries as part on total.source_file = part.source_file and total.source_row = part.source_row
    left join corrections as correction on part.item = correction.entry_id
    inner join ledger as entry on coalesce(correction.latest_entry_id, part.item) = entry.entry_id and total.stage = entry.stage and total.basis = entry.basis
    inner join qualifiers as qualifier on entry.qualifier = qualifier.code
    group by total.purse
)

select
    total.purse,
    total.stage,
    total.basis,
    cast(total.position as bigint) as position,
    total.basis_label,
    summed.amount_eur,
    qualifier.code as qualifier,
    summed.entries,
    total.limits
from raw_purse_total as total
inner join summed on total.purse = summed.purse
inner join qualifiers as qualifier on summed.vaguest = qualifier.position
