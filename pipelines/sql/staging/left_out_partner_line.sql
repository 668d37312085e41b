-- left_out_partner_line: one row per listed partner whose project has all its participations in an imported list, with the reason.
-- Reads raw_partner_line, raw_participation_line, import_versions.
select
    line.source_file,
    line.source_row,
    'The list of the projects gives all participations of this one.' as reason
from raw_partner_line as line
where line.project_id in (
    select whole.project_id
    from raw_participation_line as whole
    inner join import_versions as version
        on version.shape = 'project_line' and version.is_newest and whole.dataset = version.list and whole.source_id = version.source_id
)
