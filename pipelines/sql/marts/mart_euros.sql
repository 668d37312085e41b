-- mart_euros: one row per view, stage, basis, programme and initiative. EUR, current prices, figures in force. Reads ledger, overlap_paths, levels, bases, programmes.
with in_force as (
    select
        entry.entry_id,
        entry.stage,
        entry.basis,
        entry.level,
        entry.programme,
        coalesce(entry.initiative, '-') as initiative,
        entry.amount_eur
    from ledger as entry
    inner join levels as level on entry.level = level.code
    inner join bases as basis on entry.basis = basis.code
    inner join programmes as programme on entry.programme = programme.code
    where entry.superseded_on is null and entry.price_basis = 'current' and level.is_summable and basis.is_summable and programme.is_tracked
),

viewed as (
    select 'all' as view, in_force.entry_id, in_force.stage, in_force.basis, in_force.programme, in_force.initiative, in_force.amount_eur
    from in_force
    union all
    select 'whole' as view, in_force.entry_id, in_force.stage, in_force.basis, in_force.programme, in_force.initiative, in_force.amount_eur
    from in_force
    where in_force.level = 'whole'
),

inside as (
    select distinct part.view, part.entry_id
    from viewed as part
    inner join overlap_paths as path on part.entry_id = path.contained_entry_id
    inner join viewed as whole
        on
            path.container_entry_id = whole.entry_id
            and part.view = whole.view
            and part.stage = whole.stage
            and part.basis = whole.basis
)

select
    viewed.view,
    viewed.stage,
    viewed.basis,
    viewed.programme,
    viewed.initiative,
    sum(viewed.amount_eur) as gross_eur,
    sum(case when inside.entry_id is not null then viewed.amount_eur else cast(0 as decimal(18, 2)) end) as removed_eur,
    case
        when count(*) = count(inside.entry_id) then cast(0 as decimal(18, 2))
        else sum(case when inside.entry_id is null then viewed.amount_eur end)
    end as net_eur,
    count(*) as entries,
    count(*) - count(viewed.amount_eur) as entries_unknown
from viewed
left join inside on viewed.view = inside.view and viewed.entry_id = inside.entry_id
group by viewed.view, viewed.stage, viewed.basis, viewed.programme, viewed.initiative
