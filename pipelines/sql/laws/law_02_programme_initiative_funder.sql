-- law_02_programme_initiative_funder: Programme, initiative and funder are three columns.
-- The rows are codes that are both programme and initiative, and entries whose funder is not that of the programme. Reads programmes, initiatives, ledger.
select programme.code as code, cast(null as varchar) as entry_id, 'is a programme and an initiative' as problem
from programmes as programme
inner join initiatives as initiative on programme.code = initiative.code
union all
select entry.funder as code, entry.entry_id, 'does not pay for the programme ' || entry.programme as problem
from ledger as entry
inner join programmes as programme on entry.programme = programme.code
where entry.funder <> programme.funder
