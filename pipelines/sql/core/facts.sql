-- facts: one row per published number that is not euros. Reads raw_fact.
select
    fact_id,
    subject,
    cast(value as decimal(24, 8)) as value,
    unit,
    cast(dated_on as date) as dated_on,
    source_url,
    note,
    cast(checked_on as date) as checked_on,
    witness_url
from raw_fact
