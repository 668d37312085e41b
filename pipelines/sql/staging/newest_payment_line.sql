-- newest_payment_line: the lines of raw_payment_line (recovery plans) that count. Reads raw_payment_line, raw_sources, import_versions.
-- Of each list only the newest day counts, and of one day the newest import: payments are given from the beginning on, not by year.
select
    line.*,
    line.measure || '/' || coalesce(line.project_id, '-') || '/' || coalesce(line.local_id, '-') as project,
    source.url as list_url
from raw_payment_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on
        version.shape = 'payment_line'
        and version.is_newest
        and line.dataset = version.list
        and line.source_id = version.source_id
        and line.extracted_on = version.dated_on
