-- as_of_participations: one row per participation in a project that was there on the day, or in one that no list gives. Reads
-- known_participations, known_projects, known_sources, projects.
select part.*
from known_participations as part
inner join known_sources as source on part.source_id = source.source_id
where
    part.project_id in (select project_id from projects)
    or (source.retrieved_on <= getvariable('as_of') and part.project_id not in (select project_id from known_projects))
