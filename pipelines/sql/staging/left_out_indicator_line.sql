-- left_out_indicator_line: one row per imported value of a country and year that our own list, or a table published later, has as well,
-- with the reason. Reads raw_indicator_line, raw_indicator, import_versions.
with ranked as (
    select
        line.source_file,
        line.source_row,
        row_number() over (
            partition by line.country, line.indicator, line.year order by line.published_on desc, line.dataset
        ) as place,
        own.country is not null as is_own
    from raw_indicator_line as line
    inner join import_versions as version
        on
            version.shape = 'indicator_line'
            and version.is_newest
            and line.dataset = version.list
            and line.source_id = version.source_id
    left join raw_indicator as own on line.country = own.country and line.indicator = own.indicator and line.year = own.year
)

select
    source_file,
    source_row,
    case when is_own then 'Our own list has the value of this year.' else 'Another table gives the value of this year.' end as reason
from ranked
where is_own or place > 1
