-- law_10_nothing_vanishes: A release is immutable, and holds every row that went in, once.
-- The rows are files of which rows are not in a table that their shape fills, although no newer import replaced them and no reason
-- for leaving them out is given, or are there twice, or are there although they were replaced or left out. Reads source_rows.
select
    source_file,
    min(source_row) as source_row,
    array_to_string(list(distinct source_row order by source_row)[1:8], ', ') as rows,
    case outcome
        when 'missing' then count(*) || ' rows of the shape ' || shape || ' are not in the table ' || target
        when 'doubled' then count(*) || ' rows of the shape ' || shape || ' are in the table ' || target || ' more than once'
        else count(*) || ' rows of the shape ' || shape || ' are in the table ' || target || ', although they were left out or replaced: ' || min(because)
    end as problem,
    'Look in pipelines/sql for where they are lost, or state the reason in pipelines/sql/staging/left_out_' || shape || '.sql.' as remedy
from source_rows
where outcome not in ('in-release', 'replaced', 'left-out')
group by source_file, shape, target, outcome
order by source_file, source_row, target
