-- newest_project_line: the lines of raw_project_line (CORDIS) that count. Reads raw_project_line, raw_sources, import_versions.
-- Of each dataset (framework programme) only the newest import counts: a new list takes the place of the old one.
select
    line.*,
    source.url as list_url
from raw_project_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on version.shape = 'project_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
