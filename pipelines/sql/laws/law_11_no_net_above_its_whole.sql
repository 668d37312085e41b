-- law_11_no_net_above_its_whole: No net exceeds a whole that contains it.
-- The rows are wholes of which more is counted than they are, in some choice of one stage and basis. A whole of which only a
-- minimum is stated (over, at least) bounds nothing. Reads counted_choices, overlap_paths, ledger.
select
    choice.view,
    choice.stage,
    choice.basis,
    whole.entry_id as whole,
    whole.amount_eur as whole_eur,
    sum(choice.counted_eur) as counted_eur,
    'counts more than the whole' as problem
from counted_choices as choice
inner join overlap_paths as path on choice.entry_id = path.contained_entry_id
inner join ledger as whole on path.container_entry_id = whole.entry_id
where
    not choice.is_removed
    and whole.superseded_on is null
    and whole.price_basis = 'current'
    and whole.qualifier not in ('at-least', 'over')
    and whole.amount_eur is not null
group by choice.view, choice.stage, choice.basis, whole.entry_id, whole.amount_eur
having sum(choice.counted_eur) > whole.amount_eur
