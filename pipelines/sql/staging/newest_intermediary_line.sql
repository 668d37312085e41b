-- newest_intermediary_line: the lines of raw_intermediary_line (EIF) that count, with the rate of the day of their list.
-- Reads raw_intermediary_line, raw_sources, import_versions, rates. Of each list only the newest day counts, of one day the newest import.
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
            and line.listed_on is not distinct from version.dated_on
),

dated as (
    select
        lines.source_id,
        lines.source_file,
        lines.source_row,
        arg_max(rate.rate, rate.period_start) as rate,
        max(rate.period_start) as rated_on
    from lines
    inner join rates as rate
        on
            rate.rate_type = 'ecb_daily'
            and rate.base = 'EUR'
            and lines.currency = rate.quote
            and (
                lines.listed_on is null
                or rate.period_start between cast(lines.listed_on as date) - interval 10 day and cast(lines.listed_on as date)
            )
    group by lines.source_id, lines.source_file, lines.source_row
)

select
    lines.*,
    dated.rate,
    dated.rated_on
from lines
left join dated on lines.source_file = dated.source_file and lines.source_row = dated.source_row
