-- left_out_rate_line: one row per imported daily rate that our own list has as well, with the reason. Reads raw_rate_line, raw_rate.
select
    line.source_file,
    line.source_row,
    'Our own list has the rate of this day and currency.' as reason
from raw_rate_line as line
where exists (
    select 1
    from raw_rate as rate
    where rate.rate_type = 'ecb_daily' and rate.base = 'EUR' and rate.quote = line.currency and rate.period_start = line.day
)
