-- recorded_ladder_steps: one row per step and entry of the ladders that no source names: of every other initiative, and of every other programme with a budget period. Reads initiatives, programmes, stages, bases, levels, ledger, overlaps, overlap_paths, raw_ladder_step.
-- At one stage and basis, each amount in no other of them is a step, with the three largest that it includes; where more than four stand side by side, they are one step.
-- A stage after the announcement without any amount is a step without an entry.
with recursive inside as (
    select code as ladder, code from initiatives
    union
    select inside.ladder, part.code
    from inside
    inner join initiatives as part on inside.code = part.parent
),

belongs as (
    select inside.ladder, entry.entry_id
    from inside
    inner join ledger as entry on inside.code = entry.initiative
    union
    select programme.code as ladder, entry.entry_id
    from programmes as programme
    inner join ledger as entry on programme.code = entry.programme
    where programme.period is not null
),

fitting as (
    select belongs.ladder, entry.entry_id, entry.stage, entry.basis, entry.level, entry.amount_eur
    from belongs
    inner join ledger as entry on belongs.entry_id = entry.entry_id
    inner join levels as level on entry.level = level.code and level.is_summable
    anti join raw_ladder_step as named on belongs.ladder = named.ladder
    where entry.superseded_on is null and entry.price_basis = 'current'
),

contained as (
    select distinct part.ladder, part.entry_id
    from fitting as part
    inner join overlap_paths as path on part.entry_id = path.contained_entry_id
    inner join fitting as whole
        on
            path.container_entry_id = whole.entry_id
            and part.ladder = whole.ladder
            and part.stage = whole.stage
            and part.basis = whole.basis
    where whole.amount_eur is not null
),

outermost as (
    select entry.*, count(*) over (partition by entry.ladder, entry.stage, entry.basis) as beside
    from fitting as entry
    anti join contained on entry.ladder = contained.ladder and entry.entry_id = contained.entry_id
),

parts as (
    select
        whole.ladder,
        whole.entry_id as step,
        part.entry_id,
        part.amount_eur,
        row_number() over (partition by whole.ladder, whole.entry_id order by part.amount_eur desc, part.entry_id) as place
    from outermost as whole
    inner join "overlaps" as edge on whole.entry_id = edge.container_entry_id
    inner join fitting as part
        on
            edge.contained_entry_id = part.entry_id
            and whole.ladder = part.ladder
            and whole.stage = part.stage
            and whole.basis = part.basis
    where whole.beside <= 4 and part.level <> 'line' and part.amount_eur is not null
),

filled as (
    select
        ladder,
        stage,
        basis,
        case when beside <= 4 then entry_id else '' end as step,
        case when beside <= 4 then amount_eur else sum(amount_eur) over (partition by ladder, stage, basis) end as step_eur,
        0 as place,
        entry_id
    from outermost
    union all
    select parts.ladder, whole.stage, whole.basis, parts.step, whole.amount_eur as step_eur, parts.place, parts.entry_id
    from parts
    inner join outermost as whole on parts.ladder = whole.ladder and parts.step = whole.entry_id
    where parts.place <= 3
),

-- what the steps without an amount would be: the kind of euros that the ladder has most of, but for those of other people
kinds as (
    select
        ladder,
        basis,
        row_number() over (partition by ladder order by count(*) desc, basis) as place
    from filled
    where basis <> 'investment-mobilised'
    group by ladder, basis
),

empty as (
    select known.ladder, stage.code as stage, coalesce(kinds.basis, 'eu-contribution') as basis, '' as step, null as step_eur, 0 as place, null as entry_id
    from (select distinct ladder from filled) as known
    inner join stages as stage on stage.code <> 'announced'
    left join kinds on known.ladder = kinds.ladder and kinds.place = 1
    anti join filled on known.ladder = filled.ladder and stage.code = filled.stage
),

every as (
    select * from filled
    union all
    select * from empty
)

select
    every.ladder,
    dense_rank() over (
        partition by every.ladder
        order by stage.position, every.step_eur desc nulls last, basis.position, every.step, every.place
    ) as position,
    every.stage,
    every.basis,
    every.place > 0 as is_of_which,
    every.entry_id
from every
inner join stages as stage on every.stage = stage.code
inner join bases as basis on every.basis = basis.code
