-- mart_euros: one row per view, stage, basis, programme and initiative. EUR, current prices, figures in force. Reads counted_choices.
-- counted_choices is what is counted of each choice, and stands in pipelines/double_counting.py.
select
    view,
    stage,
    basis,
    programme,
    coalesce(initiative, '-') as initiative,
    sum(amount_eur) as gross_eur,
    sum(case when amount_eur is not null then removed_eur else cast(0 as decimal(18, 2)) end) as removed_eur,
    case
        when bool_and(is_removed) then cast(0 as decimal(18, 2))
        else sum(counted_eur)
    end as net_eur,
    count(*) as entries,
    count(*) - count(amount_eur) as entries_unknown
from counted_choices
where view in ('all', 'whole')
group by view, stage, basis, programme, coalesce(initiative, '-')
