-- claims: one row per rival claim. Reads raw_claim.
select
    claim_id,
    entry_id,
    site_id,
    subject,
    said,
    cast(amount_eur as decimal(18, 2)) as amount_eur,
    qualifier,
    source_url,
    cast(dated_on as date) as dated_on,
    resolution,
    cast(checked_on as date) as checked_on,
    witness_url
from raw_claim
