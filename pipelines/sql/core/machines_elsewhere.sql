-- machines_elsewhere: one row per machine on another continent. Reads raw_machine_elsewhere.
select
    machine_id,
    name,
    place,
    operator,
    chips,
    cast(accelerators as bigint) as accelerators,
    cast(power_mw as decimal(24, 8)) as power_mw,
    cast(cost_usd as decimal(24, 8)) as cost_usd,
    cast(operational as date) as operational_on,
    source_url,
    note
from raw_machine_elsewhere
