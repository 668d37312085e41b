-- newest_commitment_line: the lines of raw_commitment_line (FTS) that count. Reads raw_commitment_line, raw_sources, import_versions.
-- Of each dataset (year and department) only the newest import counts: a new list takes the place of the old one.
select
    line.*,
    source.url as list_url
from raw_commitment_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on version.shape = 'commitment_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
