-- mart_ladder_entries: one row per entry of a step of a funding ladder, corrections followed. Reads raw_ladder_step, raw_ladder_step_entries, recorded_ladder_steps, corrections, initiatives, levels, ledger, overlaps.
-- A step of payments that names no entry holds the payments of what its ladder is of: in force, addable, and in no other payment of the same step.
with recursive named as (
    select step.ladder, cast(step.position as bigint) as position, coalesce(correction.latest_entry_id, part.item) as entry_id
    from raw_ladder_step as step
    inner join raw_ladder_step_entries as part on step.source_file = part.source_file and step.source_row = part.source_row
    left join corrections as correction on part.item = correction.entry_id
),

-- an initiative and those that are part of it
inside as (
    select code as ladder, code from initiatives
    union
    select inside.ladder, part.code
    from inside
    inner join initiatives as part on inside.code = part.parent
),

payments as (
    select step.ladder, cast(step.position as bigint) as position, entry.entry_id, entry.amount_eur
    from raw_ladder_step as step
    inner join ledger as entry on step.stage = entry.stage and step.basis = entry.basis
    inner join levels as level on entry.level = level.code and level.is_summable
    left join named on step.ladder = named.ladder and cast(step.position as bigint) = named.position
    where
        step.stage = 'paid'
        and named.entry_id is null
        and entry.superseded_on is null
        and entry.price_basis = 'current'
        and (
            entry.programme = step.ladder
            or exists (select 1 from inside where inside.ladder = step.ladder and inside.code = entry.initiative)
        )
),

contained as (
    select part.ladder, part.position, part.entry_id
    from payments as part
    inner join "overlaps" as edge on part.entry_id = edge.contained_entry_id
    inner join payments as whole on edge.container_entry_id = whole.entry_id and part.ladder = whole.ladder and part.position = whole.position
    where whole.amount_eur is not null
)

select ladder, position, entry_id from named
union all
select payment.ladder, payment.position, payment.entry_id
from payments as payment
anti join contained on payment.ladder = contained.ladder and payment.position = contained.position and payment.entry_id = contained.entry_id
union all
select ladder, position, entry_id from recorded_ladder_steps where entry_id is not null
