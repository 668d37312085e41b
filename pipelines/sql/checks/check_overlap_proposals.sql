-- check_overlap_proposals: one row per new entry that lies inside another entry, or has another inside it, without an overlap that says so.
-- $source: the source folder of the new entries. Two reasons to think so: a part, year, site or award inside a whole envelope of the same programme and basis;
-- a contribution to a site inside what the site costs. The nearest envelope only. Reads ledger, overlap_paths.
with entries as (
    select
        entry_id, source_id, programme, initiative, funder, basis, level, amount_eur, year, period_start, period_end, country, site_id, heading, source_url,
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
)

select nearest.container, nearest.contained, nearest.reason, nearest.source_url
from nearest
left join overlap_paths as known on nearest.container = known.container_entry_id and nearest.contained = known.contained_entry_id
left join overlap_paths as back on nearest.container = back.contained_entry_id and nearest.contained = back.container_entry_id
where nearest.place = 1 and known.container_entry_id is null and back.container_entry_id is null
order by nearest.container, nearest.contained
