-- law_06_history_is_not_edited: A figure that was replaced stays, and names what took its place.
-- The rows are replaced figures without a day or a successor, and successors that are not there. Reads ledger, stated_totals.
select entry.entry_id, entry.superseded_on, entry.superseded_by
from ledger as entry
left join ledger as successor on entry.superseded_by = successor.entry_id
left join stated_totals as total on entry.superseded_by = total.total_key
where
    (entry.superseded_on is null and entry.superseded_by is not null)
    or (entry.superseded_on is not null and entry.superseded_by is null)
    or (entry.superseded_by is not null and successor.entry_id is null and total.total_key is null)
    or entry.superseded_by = entry.entry_id
