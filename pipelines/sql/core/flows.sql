-- flows: one row per movement between two nodes. Reads raw_flow.
select
    flow_id,
    from_node,
    to_node,
    stage,
    basis,
    cast(amount_eur as decimal(18, 2)) as amount_eur,
    cast(period_start as date) as period_start,
    cast(period_end as date) as period_end,
    cast(is_first_booking as boolean) as is_first_booking,
    confidence,
    cast(superseded_on as date) as superseded_on,
    source_url,
    dossier_row,
    note,
    cast(checked_on as date) as checked_on,
    witness_url
from raw_flow
