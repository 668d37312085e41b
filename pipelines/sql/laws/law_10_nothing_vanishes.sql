-- law_10_nothing_vanishes: A release is immutable, and holds every row that went in, once.
-- The rows are files whose rows are not all in the release: rows of figures against the ledger, sites, milestones. Reads the raw tables and ledger.
with counted as (
    select 'curated figures' as kind, count(*) as went_in, (select count(*) from ledger as entry inner join raw_entry as raw on entry.entry_id = raw.source_id || ':' || raw.entry_key) as came_out
    from raw_entry
    union all
    select 'budget lines', count(*), (select count(*) from ledger as entry inner join raw_budget_line as raw on entry.entry_id = raw.source_id || ':' || raw.source_row)
    from raw_budget_line
    union all
    select 'sites', count(*), (select count(*) from sites)
    from raw_site
    union all
    select 'milestones', count(*), (select count(*) from milestones)
    from raw_milestone
    union all
    select 'overlaps', count(*), (select count(*) from "overlaps" as edge inner join raw_overlap as raw on edge.container_entry_id = raw.container and edge.contained_entry_id = raw.contained)
    from raw_overlap
    union all
    select 'dossier rows', count(*), (select count(*) from dossier_rows)
    from raw_dossier_row
)

select kind, went_in, came_out
from counted
where went_in <> came_out
