-- mart_ladder: one row per step of a funding ladder. EUR, current prices. Reads raw_ladder_step, recorded_ladder_steps, mart_ladder_entries, overlap_paths, ledger, qualifiers, bases.
with steps as (
    select
        ladder,
        cast(position as bigint) as position,
        stage,
        basis,
        label,
        basis_label,
        cast(is_of_which as boolean) as is_of_which,
        note,
        false as is_recorded
    from raw_ladder_step
    union all
    select
        step.ladder,
        step.position,
        step.stage,
        step.basis,
        case count(step.entry_id) when 0 then 'No amount found' when 1 then min(entry.heading) else 'Amounts found, not a total' end as label,
        min(basis.label) as basis_label,
        bool_or(step.is_of_which) as is_of_which,
        case when count(step.entry_id) = 1 then min(entry.note) end as note,
        true as is_recorded
    from recorded_ladder_steps as step
    inner join bases as basis on step.basis = basis.code
    left join ledger as entry on step.entry_id = entry.entry_id
    group by step.ladder, step.position, step.stage, step.basis
),

summed as (
    select
        step.ladder,
        step.position,
        sum(entry.amount_eur) as amount_eur,
        count(*) as entries,
        count(*) - count(entry.amount_eur) as entries_unknown,
        max(qualifier.position) as vaguest,
        case when count(distinct entry.ai_scope) = 1 then min(entry.ai_scope) end as ai_scope
    from mart_ladder_entries as step
    inner join ledger as entry on step.entry_id = entry.entry_id
    inner join qualifiers as qualifier on entry.qualifier = qualifier.code
    group by step.ladder, step.position
),

-- the steps before a step of which each contains some entry of it
held as (
    select part.ladder, part.position, whole.position as inside_position, count(distinct part.entry_id) as entries
    from mart_ladder_entries as part
    inner join overlap_paths as path on part.entry_id = path.contained_entry_id
    inner join mart_ladder_entries as whole
        on path.container_entry_id = whole.entry_id and part.ladder = whole.ladder and whole.position < part.position
    group by part.ladder, part.position, whole.position
),

nearest as (
    select held.ladder, held.position, max(held.inside_position) as inside_position
    from held
    inner join summed on held.ladder = summed.ladder and held.position = summed.position and held.entries = summed.entries
    group by held.ladder, held.position
)

select
    step.ladder,
    step.position,
    step.stage,
    step.basis,
    step.label,
    step.basis_label,
    summed.amount_eur,
    case when summed.amount_eur is not null then qualifier.code end as qualifier,
    coalesce(summed.entries, 0) as entries,
    coalesce(summed.entries_unknown, 0) as entries_unknown,
    step.is_of_which,
    step.note,
    nearest.inside_position,
    summed.ai_scope,
    step.is_recorded
from steps as step
left join summed on step.ladder = summed.ladder and step.position = summed.position
left join nearest on step.ladder = nearest.ladder and step.position = nearest.position
left join qualifiers as qualifier on summed.vaguest = qualifier.position
