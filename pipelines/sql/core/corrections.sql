-- corrections: one row per figure that a published upload corrected, and what stands in its place now. Reads raw_correction.
-- More than forty corrections of one figure can only be a circle; it then breaks the keys of the ledger or law 6.
with recursive chain as (
    select entry_id, replaced_by as latest_entry_id, 1 as steps
    from raw_correction
    union
    select chain.entry_id, next.replaced_by as latest_entry_id, chain.steps + 1 as steps
    from chain
    inner join raw_correction as next on chain.latest_entry_id = next.entry_id
    where chain.steps < 40
),

ranked as (
    select entry_id, latest_entry_id, row_number() over (partition by entry_id order by steps desc) as place
    from chain
)

select correction.entry_id, correction.replaced_by, ranked.latest_entry_id, cast(correction.replaced_on as date) as replaced_on, correction.reason
from raw_correction as correction
inner join ranked on correction.entry_id = ranked.entry_id and ranked.place = 1
