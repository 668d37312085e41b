-- projects: one row per research project (CORDIS), budgetary commitment (FTS) or project of a recovery plan.
-- Reads newest_project_line, newest_commitment_line, raw_payment_line, raw_sources, import_versions.
-- A commitment that several years or departments list keeps the year it was first listed for.
with commitment_lines as (
    select
        line.*,
        case line.ai_scope when 'strict' then 1 when 'broad' then 2 else 3 end as ai_order
    from newest_commitment_line as line
),

-- the line that speaks for its commitment: the first year, there the strictest AI reading, there the first line
commitment_heads as (
    select
        commitment_lines.*,
        row_number() over (
            partition by commitment_lines.project_id
            order by
                commitment_lines.year,
                commitment_lines.ai_order,
                commitment_lines.source_id,
                commitment_lines.dataset,
                cast(commitment_lines.source_row as bigint)
        ) as place
    from commitment_lines
),

commitments as (
    select
        commitment_lines.project_id,
        sum(cast(commitment_lines.amount_eur as decimal(18, 2))) as eu_contribution_eur,
        count(*) as beneficiaries
    from commitment_lines
    group by commitment_lines.project_id
)

select
    'cordis:' || line.project_id as project_id,
    line.source_id,
    line.programme,
    line.programme_part,
    line.acronym,
    line.title,
    line.status,
    cast(line.year as integer) as year,
    cast(line.signed_on as date) as signed_on,
    cast(line.period_start as date) as period_start,
    cast(line.period_end as date) as period_end,
    line.topic,
    line.country,
    cast(line.eu_contribution_eur as decimal(18, 2)) as eu_contribution_eur,
    cast(line.total_cost_eur as decimal(18, 2)) as total_cost_eur,
    cast(line.beneficiaries as bigint) as beneficiaries,
    line.ai_scope,
    line.ai_rule,
    'https://cordis.europa.eu/project/id/' || line.project_id as source_url
from newest_project_line as line
union all
select
    'fts:' || head.project_id as project_id,
    head.source_id,
    head.programme,
    head.programme_name as programme_part,
    cast(null as varchar) as acronym,
    head.title,
    cast(null as varchar) as status,
    cast(head.year as integer) as year,
    cast(null as date) as signed_on,
    cast(head.period_start as date) as period_start,
    cast(head.period_end as date) as period_end,
    cast(null as varchar) as topic,
    cast(null as varchar) as country,
    cast(commitments.eu_contribution_eur as decimal(18, 2)) as eu_contribution_eur,
    cast(null as decimal(18, 2)) as total_cost_eur,
    commitments.beneficiaries,
    head.ai_scope,
    head.ai_rule,
    'https://ec.europa.eu/budget/financial-transparency-system/' as source_url
from commitment_heads as head
inner join commitments on head.project_id = commitments.project_id
where head.place = 1
union all
select
    line.dataset || ':' || line.measure || '/' || coalesce(line.project_id, '-') || '/' || coalesce(line.local_id, '-') as project_id,
    line.source_id,
    line.programme,
    line.measure || ' ' || coalesce(line.measure_title, '') as programme_part,
    cast(null as varchar) as acronym,
    cast(null as varchar) as title,
    cast(null as varchar) as status,
    cast(null as integer) as year,
    cast(null as date) as signed_on,
    cast(null as date) as period_start,
    cast(null as date) as period_end,
    cast(null as varchar) as topic,
    line.country,
    cast(line.granted_eur as decimal(18, 2)) as eu_contribution_eur,
    cast(line.total_eur as decimal(18, 2)) as total_cost_eur,
    cast(null as bigint) as beneficiaries,
    line.ai_scope,
    line.ai_rule,
    source.url as source_url
from raw_payment_line as line
inner join raw_sources as source on line.source_id = source.source_id
inner join import_versions as version
    on
        version.shape = 'payment_line'
        and version.is_newest
        and line.dataset = version.list
        and line.source_id = version.source_id
        and line.extracted_on = version.dated_on
