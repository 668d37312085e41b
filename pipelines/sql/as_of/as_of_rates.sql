-- as_of_rates: one row per yardstick of the release; of the daily rates those until the day. Reads known_rates.
select rate.*
from known_rates as rate
where rate.rate_type <> 'ecb_daily' or rate.period_start <= getvariable('as_of')
