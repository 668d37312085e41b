-- row_outcomes: one row per file, table that it fills, outcome of its rows and reason. Reads source_rows.
select source_file, target, outcome, because, source_id, shape, count(*) as rows
from source_rows
group by source_file, target, outcome, because, source_id, shape
