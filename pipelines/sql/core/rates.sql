-- rates: one row per exchange rate or deflator. Reads raw_rate.
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
