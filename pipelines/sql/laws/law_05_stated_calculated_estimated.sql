-- law_05_stated_calculated_estimated: Stated, calculated and estimated are kept apart.
-- The rows are calculated amounts without their formula, and formulas of amounts that were not calculated. Reads ledger.
select entry_id, confidence, formula
from ledger
where (confidence = 'calculated' and formula is null) or (confidence = 'stated' and formula is not null)
