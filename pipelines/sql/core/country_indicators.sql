-- country_indicators: one row per country, indicator and year. Reads raw_indicator.
select
    country,
    indicator,
    cast(year as integer) as year,
    cast(value as decimal(24, 8)) as value,
    cast(published_on as date) as published_on,
    source_url,
    note
from raw_indicator
