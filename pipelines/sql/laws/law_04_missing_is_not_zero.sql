-- law_04_missing_is_not_zero: Missing is not zero.
-- The rows are curated figures of zero, unknown amounts without a word why, and sums that show zero where nothing is known. Reads ledger, mart_ladder.
select entry_id as figure, amount_eur, 'zero or missing without a note' as problem
from ledger
where (amount_eur is null and note is null and level <> 'line') or (amount_eur = 0 and note is null and level <> 'line')
union all
select ladder || ' step ' || position as figure, amount_eur, 'zero where nothing is known' as problem
from mart_ladder
where entries = entries_unknown and amount_eur is not null
