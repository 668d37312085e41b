-- as_of_claims: one row per rival claim that had been made by the day about something that was there. Reads known_claims, ledger, sites.
select claim.*
from known_claims as claim
where
    least(claim.dated_on, claim.checked_on, getvariable('known_on')) <= getvariable('as_of')
    and (claim.entry_id is null or claim.entry_id in (select entry_id from ledger))
    and (claim.site_id is null or claim.site_id in (select site_id from sites))
