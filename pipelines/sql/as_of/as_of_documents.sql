-- as_of_documents: one row per document that something of the day cites. Reads known_documents, ledger, overlaps, stated_totals, claims, flows, sites,
-- milestones, promises, facts, call_states, sources.
with cited as (
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
    select url as source_url from sources
    union
    select source_url from known_country_indicators
)

select document.*
from known_documents as document
semi join cited on document.source_url = cited.source_url
