-- as_of_raw_stated_total: one row per stated total of which every part counted on the day. Reads known_stated_totals, known_stated_total_parts, as_of_entry_days.
with parts as (
    select part.total_key, max(days.begins_on) as begins_on
    from known_stated_total_parts as part
    inner join as_of_entry_days as days on part.entry_id = days.entry_id
    group by part.total_key
)

select
    total.total_key,
    total.title,
    total.initiative,
    total.stage,
    total.basis,
    total.stated_eur as amount_eur,
    total.gap_eur,
    total.dated_on,
    case when total.superseded_on <= getvariable('as_of') then total.superseded_on end as superseded_on,
    total.source_url,
    total.dossier_row,
    total.note,
    total.checked_on,
    total.witness_url,
    total.total_key as source_file,
    1 as source_row
from known_stated_totals as total
inner join parts on total.total_key = parts.total_key and parts.begins_on <= getvariable('as_of')
