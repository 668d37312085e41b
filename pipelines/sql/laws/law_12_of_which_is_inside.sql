-- law_12_of_which_is_inside: What is called “of which” is inside its whole, and no more than it.
-- The rows are steps of a ladder that are called a part of the step before them, and that no overlaps put into one, or that come to more.
-- A whole of which only a minimum is stated (over, at least) bounds nothing. Reads mart_ladder.
select
    part.ladder || ' step ' || part.position as figure,
    part.label,
    part.amount_eur,
    whole.label as whole,
    whole.amount_eur as whole_eur,
    case when whole.position is null then 'no step before it contains it' else 'comes to more than the step that contains it' end as problem
from mart_ladder as part
left join mart_ladder as whole on part.ladder = whole.ladder and part.inside_position = whole.position
where
    part.is_of_which
    and part.entries > 0
    and (
        whole.position is null
        or part.stage <> whole.stage
        or (part.basis = whole.basis and whole.qualifier not in ('at-least', 'over') and part.amount_eur > whole.amount_eur)
    )
