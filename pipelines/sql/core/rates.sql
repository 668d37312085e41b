-- rates: one row per exchange rate or deflator. Reads raw_rate, raw_rate_line, raw_sources, import_versions, left_out_rate_line.
-- Of an imported list of daily rates the newest import counts; a day and currency of our own list stay as they are there.
select
    rate_id,
    rate_type,
    cast(year as integer) as year,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    base,
    quote,
    cast(rate as decimal(24, 8)) as rate,
    source_url,
    dossier_row,
    note
from raw_rate
union all
select
    line.dataset || '/' || line.day || '/' || line.currency as rate_id,
    'ecb_daily' as rate_type,
    year(cast(line.day as date)) as year,
    cast(line.day as date) as period_start,
    cast(line.day as date) as period_end,
    'EUR' as base,
    line.currency as quote,
    cast(line.rate as decimal(24, 8)) as rate,
    source.url as source_url,
    cast(null as varchar) as dossier_row,
    cast(null as varchar) as note
from raw_rate_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on version.shape = 'rate_line' and version.is_newest and line.dataset = version.list and line.source_id = version.source_id
left join left_out_rate_line as known on line.source_file = known.source_file and line.source_row = known.source_row
where known.source_file is null
