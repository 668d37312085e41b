-- as_of_stand_ins: one row per entry of the release that lists and overlaps may name, and what stood in its place on the day. Reads known_ledger, ledger.
-- An entry that was there stands for itself. One that was not yet there is stood for by what was in force then and gave way to it
-- later, if that is the same kind of amount.
with recursive chain as (
    select entry_id, superseded_by as later_id, 1 as steps
    from known_ledger
    where superseded_by is not null
    union
    select chain.entry_id, next.superseded_by as later_id, chain.steps + 1 as steps
    from chain
    inner join known_ledger as next on chain.later_id = next.entry_id
    where next.superseded_by is not null and chain.steps < 40
)

select entry_id as named_id, entry_id
from ledger
union all
select distinct named.entry_id as named_id, standing.entry_id
from chain
inner join known_ledger as named on chain.later_id = named.entry_id
inner join ledger as standing
    on
        chain.entry_id = standing.entry_id
        and standing.superseded_on is null
        and standing.stage = named.stage
        and standing.basis = named.basis
        and standing.programme = named.programme
        and standing.level = named.level
anti join ledger as there on named.entry_id = there.entry_id
