-- country_indicators: one row per country, indicator and year. Reads raw_indicator, raw_indicator_line, raw_sources, import_versions,
-- left_out_indicator_line. Of each imported table only the newest import counts.
select
    country,
    indicator,
    cast(year as integer) as year,
    cast(value as decimal(24, 8)) as value,
    cast(published_on as date) as published_on,
    source_url,
    note
from raw_indicator
union all
select
    line.country,
    line.indicator,
    cast(line.year as integer) as year,
    cast(line.value as decimal(24, 8)) as value,
    cast(line.published_on as date) as published_on,
    source.url as source_url,
    cast(null as varchar) as note
from raw_indicator_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on
        version.shape = 'indicator_line'
        and version.is_newest
        and line.dataset = version.list
        and line.source_id = version.source_id
left join left_out_indicator_line as known on line.source_file = known.source_file and line.source_row = known.source_row
where known.source_file is null
