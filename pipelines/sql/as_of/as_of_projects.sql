-- as_of_projects: one row per project or commitment that was there on the day. Reads known_projects, as_of_project_days.
select project.*
from known_projects as project
inner join as_of_project_days as days on project.project_id = days.project_id and days.begins_on <= getvariable('as_of')
