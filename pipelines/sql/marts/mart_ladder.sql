-- mart_ladder: one row per step of a funding ladder. EUR, current prices. Reads raw_ladder_step, mart_ladder_entries, ledger, qualifiers.
with summed as (
    select
        step.ladder,
        step.position,
        sum(entry.amount_eur) as amount_eur,
        count(*) as entries,
        count(*) - count(entry.amount_eur) as entries_unknown,
        max(qualifier.position) as vaguest
    from mart_ladder_entries as step
    inner join ledger as entry on step.entry_id = entry.entry_id
    inner join qualifiers as qualifier on entry.qualifier = qualifier.code
    group by step.ladder, step.position
)

select
    step.ladder,
    cast(step.position as bigint) as position,
    step.stage,
    step.basis,
    step.label,
    step.basis_label,
    summed.amount_eur,
    case when summed.amount_eur is not null then qualifier.code end as qualifier,
    coalesce(summed.entries, 0) as entries,
    coalesce(summed.entries_unknown, 0) as entries_unknown,
    cast(step.is_of_which as boolean) as is_of_which,
    step.note
from raw_ladder_step as step
left join summed on step.ladder = summed.ladder and cast(step.position as bigint) = summed.position
left join qualifiers as qualifier on summed.vaguest = qualifier.position
