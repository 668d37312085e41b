-- article: one row per statement of the founding article of February 2025, with the same figure read from this release.
-- Reads raw_article_statement, ledger, facts, sites, flows, rates.
with from_ledger as (
    select 'investai-mobilised' as statement_id, entry.amount_eur as found
    from ledger as entry
    where entry.entry_id = 'envelopes:investai-total'
    union all
    select 'gigafactory-fund', entry.amount_eur
    from ledger as entry
    where entry.entry_id = 'envelopes:ai-gigafactories-fund'
    union all
    select 'ai-factories-programme', entry.amount_eur
    from ledger as entry
    where entry.entry_id = 'envelopes:ai-factories-total'
),

from_facts as (
    select
        case fact.fact_id
            when 'gigafactories-planned-2025-02' then 'gigafactories'
            when 'gigafactory-chips' then 'gigafactory-chips'
            when 'ai-factories-expected-2025-02' then 'ai-factories-expected'
            when 'eurohpc-founded' then 'eurohpc-founded'
            when 'eurohpc-countries-2025-02' then 'eurohpc-countries'
            when 'eurohpc-supercomputers-2025-02' then 'eurohpc-supercomputers'
        end as statement_id,
        fact.value as found
    from facts as fact
),

from_sites as (
    select 'ai-factories-selected-2024' as statement_id, count(*) as found
    from sites as site
    where site.kind = 'ai-factory' and site.selected_on >= date '2024-12-01' and site.selected_on <= date '2024-12-31'
    union all
    select 'ai-machines-2026', count(*)
    from sites as site
    where
        site.site_id in ('lumi-ai', 'hammerhai-system', 'it4lia-system', 'meluxina-ai', 'mimer-system')
        and site.country in ('FI', 'DE', 'IT', 'LU', 'SE')
        and least(site.operational_on, site.expected_operational_until) <= date '2026-12-31'
    union all
    select 'marenostrum-upgrade', count(*)
    from sites as site
    where site.site_id = 'mn5-ai-upgrade' and site.country = 'ES'
    union all
    select 'daedalus', count(*)
    from sites as site
    where site.site_id = 'daedalus' and site.country = 'EL'
),

from_flows as (
    select 'investai-sources' as statement_id, count(distinct flow.from_node) as found
    from flows as flow
    where flow.to_node = 'investai' and flow.amount_eur is null
),

found as (
    select statement_id, cast(found as decimal(24, 8)) as found from from_ledger
    union all
    select statement_id, cast(found as decimal(24, 8)) from from_facts where statement_id is not null
    union all
    select statement_id, cast(found as decimal(24, 8)) from from_sites
    union all
    select statement_id, cast(found as decimal(24, 8)) from from_flows
)

select
    stated.statement_id,
    stated.statement,
    stated.unit,
    cast(stated.stated as decimal(24, 8)) as stated,
    found.found,
    cast(stated.usd_quoted as decimal(24, 8)) as usd_quoted,
    case when stated.usd_quoted is not null then cast(found.found * rate.rate as decimal(24, 8)) end as usd_at_ecb_rate,
    cast(stated.rate_on as date) as rate_on,
    stated.reads,
    stated.later,
    cast(stated.checked_on as date) as checked_on,
    stated.witness_url
from raw_article_statement as stated
left join found on stated.statement_id = found.statement_id
left join rates as rate
    on
        rate.rate_type = 'ecb_daily'
        and rate.quote = 'USD'
        and rate.period_start = cast(stated.rate_on as date)
