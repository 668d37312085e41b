-- check_overlap_proposals: one row per new entry that lies inside another entry, or has another inside it, without an overlap that says so.
-- $source: the source folder of the new entries. Two reasons to think so: a part, year, site or award inside a whole envelope of the same programme and basis;
-- a contribution to a site inside what the site costs. The nearest envelope only.
-- split: of a whole that is divided in ways with names, the one in which most entries of the same level stand, else a way named after the level;
-- missing if the whole has no way with a name. Reads ledger, levels, overlaps, overlap_paths.
with entries as (
    select
        entry_id, source_id, level, programme, initiative, funder, basis, level, amount_eur, year, period_start, period_end, country, site_id, heading, source_url,
        case when beneficiary is not null or level = 'award' then 6 when level = 'site' then 5 when level = 'call' then 4
             when level = 'year' then 3 when level = 'part' then 2 else 1 end as depth
    from ledger
    where superseded_on is null and price_basis = 'current' and amount_eur is not null and level in ('whole', 'part', 'year', 'call', 'site', 'award')
),

inside_envelope as (
    select
        whole.entry_id as container, part.entry_id as contained, whole.depth, whole.amount_eur,
        'Inside “' || whole.heading || '”: the same programme and the same kind of euros.' as reason, part.source_url
    from entries as whole
    inner join entries as part
        on
            whole.programme = part.programme
            and whole.basis = part.basis
            and whole.funder = part.funder
            and whole.depth < part.depth
            and whole.amount_eur >= part.amount_eur
    where
        (whole.source_id = $source or part.source_id = $source)
        and whole.level = 'whole'
        and (whole.initiative is null or whole.initiative = part.initiative)
        and (whole.country is null or whole.country = part.country)
        and (whole.site_id is null or whole.site_id = part.site_id)
        and (whole.period_start is null or part.year is null or part.year >= year(whole.period_start))
        and (whole.period_end is null or part.year is null or part.year <= year(whole.period_end))
),

inside_site as (
    select
        whole.entry_id as container, part.entry_id as contained, whole.depth, whole.amount_eur,
        'Part of what the site costs: “' || whole.heading || '”.' as reason, part.source_url
    from entries as whole
    inner join entries as part on whole.site_id = part.site_id and whole.amount_eur >= part.amount_eur
    where
        (whole.source_id = $source or part.source_id = $source)
        and whole.basis = 'total-cost'
        and whole.level = 'site'
        and part.basis in ('eu-contribution', 'national-contribution', 'private-contribution')
),

nearest as (
    select container, contained, reason, source_url,
        row_number() over (partition by contained order by depth desc, amount_eur, container) as place
    from inside_envelope
    union all
    select container, contained, reason, source_url,
        row_number() over (partition by contained order by amount_eur, container) as place
    from inside_site
),

named as (
    select edge.container_entry_id as container, part.level, edge.split, count(*) as parts
    from "overlaps" as edge
    inner join ledger as part on edge.contained_entry_id = part.entry_id
    where edge.split <> '-'
    group by edge.container_entry_id, part.level, edge.split
),

likely as (
    select container, level, split, row_number() over (partition by container, level order by parts desc, split) as place
    from named
)

select
    nearest.container, nearest.contained, nearest.reason, nearest.source_url,
    case when nearest.container in (select container from named) then coalesce(likely.split, levels.label) end as split
from nearest
inner join entries as part on nearest.contained = part.entry_id
inner join levels on part.level = levels.code
left join likely on nearest.container = likely.container and part.level = likely.level and likely.place = 1
left join overlap_paths as known on nearest.container = known.container_entry_id and nearest.contained = known.contained_entry_id
left join overlap_paths as back on nearest.container = back.contained_entry_id and nearest.contained = back.container_entry_id
where nearest.place = 1 and known.container_entry_id is null and back.container_entry_id is null
order by nearest.container, nearest.contained
