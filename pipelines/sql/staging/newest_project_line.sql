-- newest_project_line: the lines of raw_project_line (CORDIS) that count. Reads raw_project_line, raw_sources.
-- Of each dataset (framework programme) only the newest import counts: a new list takes the place of the old one.
select
    line.*,
    source.url as list_url
from raw_project_line as line
inner join raw_sources as source on line.source_id = source.source_id
qualify cast(source.import_no as bigint) = max(cast(source.import_no as bigint)) over (partition by line.dataset)
