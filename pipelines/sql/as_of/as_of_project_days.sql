-- as_of_project_days: one row per project or commitment, with the day from which it counts. Reads known_projects, known_sources.
-- The day of signature; else the last day of the budget year, or of the year of the call that the topic names; else the first
-- day of the project. Never later than the day of the list that has it.
select
    project.project_id,
    least(
        coalesce(
            project.signed_on,
            make_date(coalesce(project.year, cast(nullif(regexp_extract(project.topic, '-(20[0-9][0-9])(-|$)', 1), '') as integer)), 12, 31),
            project.period_start,
            source.retrieved_on
        ),
        source.retrieved_on
    ) as begins_on
from known_projects as project
inner join known_sources as source on project.source_id = source.source_id
