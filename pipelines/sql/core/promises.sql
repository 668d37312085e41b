-- promises: one row per statement of a promised date. Reads raw_promise.
select
    promise_id,
    cast(statement as bigint) as statement,
    title,
    site_id,
    initiative,
    cast(said_on as date) as said_on,
    cast(said_until as date) as said_until,
    said_precision,
    cast(promised_on as date) as promised_on,
    cast(promised_until as date) as promised_until,
    promised_precision,
    cast(happened_on as date) as happened_on,
    cast(happened_until as date) as happened_until,
    happened_precision,
    source_url,
    note,
    source_id,
    cast(checked_on as date) as checked_on,
    witness_url
from raw_promise
