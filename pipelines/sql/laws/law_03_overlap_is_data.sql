-- law_03_overlap_is_data: Overlap is data, and nothing contains itself.
-- The rows are entries inside themselves, and parts larger than what contains them. Reads overlap_paths, overlaps, ledger.
select container_entry_id, contained_entry_id, 'is inside itself' as problem
from overlap_paths
where container_entry_id = contained_entry_id
union all
select edge.container_entry_id, edge.contained_entry_id, 'is larger than what contains it' as problem
from "overlaps" as edge
inner join ledger as whole on edge.container_entry_id = whole.entry_id
inner join ledger as part on edge.contained_entry_id = part.entry_id
where
    whole.basis = part.basis
    and whole.price_basis = part.price_basis
    and whole.superseded_on is null
    and part.superseded_on is null
    and part.amount_eur > whole.amount_eur
