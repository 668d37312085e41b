-- law_09_shares_show_their_whole: Every share shows its denominator.
-- The rows are amounts made from a percentage or a half whose formula does not say of what. Reads ledger.
select entry_id, formula
from ledger
where
    (formula like '%\%%' escape '\' or lower(formula) like '%half%' or lower(formula) like '%share%')
    and formula not like '% of %'
