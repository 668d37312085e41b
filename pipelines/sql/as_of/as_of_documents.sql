-- as_of_documents: one row per document of the release but those that only rows of later days cite. Reads known_documents and, as they
-- are known and as they were on the day, ledger, overlaps, stated_totals, claims, flows, sites, milestones, promises, facts, call_states.
with cited_now as (
    select source_url from known_ledger
    union
    select source_url from known_overlaps
    union
    select source_url from known_stated_totals
    union
    select source_url from known_claims
    union
    select source_url from known_flows
    union
    select source_url from known_sites
    union
    select source_url from known_milestones
    union
    select source_url from known_promises
    union
    select source_url from known_facts
    union
    select source_url from known_call_states
),

cited_then as (
    select source_url from ledger
    union
    select source_url from "overlaps"
    union
    select source_url from stated_totals
    union
    select source_url from claims
    union
    select source_url from flows
    union
    select source_url from sites
    union
    select source_url from milestones
    union
    select source_url from promises
    union
    select source_url from facts
    union
    select source_url from call_states
    union
    select witness_url as source_url from ledger
    union
    select witness_url as source_url from "overlaps"
    union
    select witness_url as source_url from stated_totals
    union
    select witness_url as source_url from claims
    union
    select witness_url as source_url from flows
    union
    select witness_url as source_url from sites
    union
    select witness_url as source_url from milestones
    union
    select witness_url as source_url from promises
    union
    select witness_url as source_url from facts
    union
    select witness_url as source_url from call_states
    union
    select url as source_url from sources
    union
    select source_url from known_rates
    union
    select source_url from known_country_indicators
)

select document.*
from known_documents as document
where
    document.source_url in (select source_url from cited_then where source_url is not null)
    or document.source_url not in (select source_url from cited_now where source_url is not null)
