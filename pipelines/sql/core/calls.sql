-- calls: one row per call of the Funding & Tenders portal, over all imported lists. Reads raw_call_line, raw_sources.
-- The newest list that has a call gives its values (within one day, the newest import). What was once listed stays.
-- Topics of one call that give the same budget may share one budget line: budget_once_eur has it on the first topic only.
with dated as (
    select
        line.*,
        coalesce(cast(source.import_no as bigint), 0) as import_no  -- of an extract none
    from raw_call_line as line
    inner join raw_sources as source on line.source_id = source.source_id
),

lines as (
    select
        dated.*,
        row_number() over (
            partition by dated.topic, dated.title
            order by dated.listed_on desc, dated.import_no desc, cast(dated.source_row as bigint)
        ) as place,
        min(cast(coalesce(dated.first_listed_on, dated.listed_on) as date)) over (partition by dated.topic, dated.title) as first_day,
        max(cast(dated.listed_on as date)) over (partition by dated.topic, dated.title) as last_day
    from dated
),

-- what changed from one day to the next, where no list brings the history itself
days as (
    select
        dated.topic,
        dated.title,
        dated.listed_on,
        arg_max(dated.status, dated.import_no) as status,
        arg_max(dated.closes_on, dated.import_no) as closes_on,
        arg_max(dated.budget_eur, dated.import_no) as budget_eur
    from dated
    group by dated.topic, dated.title, dated.listed_on
),

steps as (
    select
        days.*,
        lag(days.status) over (partition by days.topic, days.title order by days.listed_on) as status_before,
        lag(days.closes_on) over (partition by days.topic, days.title order by days.listed_on) as closes_before,
        lag(days.budget_eur) over (partition by days.topic, days.title order by days.listed_on) as budget_before
    from days
),

histories as (
    select
        steps.topic,
        steps.title,
        string_agg(steps.status, ' > ' order by steps.listed_on) filter (where steps.status is distinct from steps.status_before) as status_history,
        string_agg(steps.closes_on, ' > ' order by steps.listed_on)
            filter (where steps.closes_on is distinct from steps.closes_before) as closes_history,
        string_agg(steps.budget_eur, ' > ' order by steps.listed_on)
            filter (where steps.budget_eur is distinct from steps.budget_before) as budget_history
    from steps
    group by steps.topic, steps.title
),

titles as (
    select
        raw_call_line.topic,
        count(distinct raw_call_line.title) as titles
    from raw_call_line
    group by raw_call_line.topic
),

newest as (
    select
        case when titles.titles = 1 then lines.topic else lines.topic || ': ' || lines.title end as call_id,
        lines.*,
        cast(lines.budget_eur as decimal(18, 2)) as euros
    from lines
    inner join titles on lines.topic = titles.topic
    where lines.place = 1
)

select
    newest.call_id,
    newest.source_id,
    newest.topic,
    newest.title,
    newest.programme,
    cast(newest.opens_on as date) as opens_on,
    cast(newest.closes_on as date) as closes_on,
    newest.euros as budget_eur,
    newest.first_day as first_listed_on,
    newest.last_day as last_listed_on,
    newest.ai_scope,
    newest.ai_rule,
    newest.link,
    newest.reference,
    newest.kind,
    newest."call",
    newest.call_title,
    newest.status,
    coalesce(newest.status_history, histories.status_history) as status_history,
    coalesce(newest.closes_history, histories.closes_history) as closes_history,
    coalesce(newest.budget_history, histories.budget_history) as budget_history,
    case when newest.euros is not null then count(*) over budget_line end as budget_topics,
    case when row_number() over (budget_line order by newest.topic, newest.title) = 1 then newest.euros end as budget_once_eur
from newest
left join histories on newest.topic = histories.topic and newest.title = histories.title
window budget_line as (partition by coalesce(newest."call", newest.call_id), newest.euros)
