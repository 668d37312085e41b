-- calls: one row per call of the Funding & Tenders portal, over all imported lists. Reads raw_call_line, raw_sources.
-- The newest list that has a call gives its values (within one day, the newest import). What was once listed stays.
with lines as (
    select
        line.*,
        row_number() over (
            partition by line.topic, line.title
            order by line.listed_on desc, cast(source.import_no as bigint) desc, cast(line.source_row as bigint)
        ) as place,
        min(cast(line.listed_on as date)) over (partition by line.topic, line.title) as first_listed_on,
        max(cast(line.listed_on as date)) over (partition by line.topic, line.title) as last_listed_on
    from raw_call_line as line
    inner join raw_sources as source on line.source_id = source.source_id
),

titles as (
    select
        raw_call_line.topic,
        count(distinct raw_call_line.title) as titles
    from raw_call_line
    group by raw_call_line.topic
)

select
    case when titles.titles = 1 then lines.topic else lines.topic || ': ' || lines.title end as call_id,
    lines.source_id,
    lines.topic,
    lines.title,
    lines.programme,
    cast(lines.opens_on as date) as opens_on,
    cast(lines.closes_on as date) as closes_on,
    cast(lines.budget_eur as decimal(18, 2)) as budget_eur,
    lines.first_listed_on,
    lines.last_listed_on,
    lines.ai_scope,
    lines.ai_rule,
    lines.link
from lines
inner join titles on lines.topic = titles.topic
where lines.place = 1
