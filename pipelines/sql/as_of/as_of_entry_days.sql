-- as_of_entry_days: one row per entry of the release, with the day from which it counts. Reads known_ledger, known_sources, as_of_project_days.
-- An entry that took the place of another counts from that day. Else from the last day of the date that its document gives; without
-- one a plan counts from the first day or year that it is for, a line from the day of its project, what was spent from the end of its time.
-- Never later than the day on which somebody looked at it, or its list was made.
with replaced as (
    select superseded_by as entry_id, min(superseded_on) as begins_on
    from known_ledger
    where superseded_by is not null
    group by superseded_by
),

dated as (
    select
        entry.entry_id,
        entry.checked_on,
        source.retrieved_on,
        case entry.dated_precision
            when 'month' then last_day(entry.dated_on)
            when 'quarter' then last_day(entry.dated_on + interval 2 month)
            when 'half' then last_day(entry.dated_on + interval 5 month)
            when 'year' then make_date(year(entry.dated_on), 12, 31)
            else entry.dated_on
        end as dated_until,
        case
            when entry.project_id is not null then project.begins_on
            when entry.stage in ('announced', 'programmed') then coalesce(entry.period_start, make_date(entry.year, 1, 1), entry.period_end)
            else coalesce(make_date(entry.year, 12, 31), entry.period_end)
        end as undated_from
    from known_ledger as entry
    inner join known_sources as source on entry.source_id = source.source_id
    left join as_of_project_days as project on entry.project_id = project.project_id
)

select
    dated.entry_id,
    cast(
        coalesce(
            replaced.begins_on,
            least(coalesce(dated.dated_until, dated.undated_from), dated.checked_on, dated.retrieved_on, getvariable('known_on'))
        ) as date
    ) as begins_on
from dated
left join replaced on dated.entry_id = replaced.entry_id
