-- newest_intermediary_line: the lines of raw_intermediary_line (EIF) that count, with the rate of the day of their list.
-- Reads raw_intermediary_line, raw_sources, import_versions, raw_rate, raw_rate_line. Of each list only the newest import counts.
-- Banks are closed on some days: then the last rate before counts; of a list without a day the newest.
with lines as (
    select
        line.*,
        source.url as list_url
    from raw_intermediary_line as line
    inner join raw_sources as source on line.source_id = source.source_id
    inner join import_versions as version
        on
            version.shape = 'intermediary_line'
            and version.is_newest
            and line.dataset = version.list
            and line.source_id = version.source_id
),

daily as (
    select
        quote as currency,
        cast(period_start as date) as rated_on,
        rate
    from raw_rate
    where rate_type = 'ecb_daily' and base = 'EUR'
    union all
    select
        rate.currency,
        cast(rate.day as date) as rated_on,
        rate.rate
    from raw_rate_line as rate
    inner join import_versions as version
        on version.shape = 'rate_line' and version.is_newest and rate.dataset = version.list and rate.source_id = version.source_id
),

dated as (
    select
        lines.source_file,
        lines.source_row,
        cast(arg_max(daily.rate, daily.rated_on) as decimal(24, 8)) as rate,
        max(daily.rated_on) as rated_on
    from lines
    inner join daily
        on
            lines.currency = daily.currency
            and (
                lines.listed_on is null
                or daily.rated_on between cast(lines.listed_on as date) - interval 10 day and cast(lines.listed_on as date)
            )
    group by lines.source_file, lines.source_row
)

select
    lines.*,
    dated.rate,
    dated.rated_on
from lines
left join dated on lines.source_file = dated.source_file and lines.source_row = dated.source_row
