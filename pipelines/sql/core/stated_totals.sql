-- stated_totals: one row per total over several programmes, beside the sum of its parts. Reads raw_stated_total, raw_stated_total_members, ledger.
with parts as (
    select total.total_key, sum(part.amount_eur) as parts_eur, count(part.entry_id) as parts
    from raw_stated_total as total
    inner join raw_stated_total_members as member
        on total.source_file = member.source_file and total.source_row = member.source_row
    inner join ledger as part on member.item = part.entry_id
    group by total.total_key
)

select
    total.total_key,
    total.title,
    total.initiative,
    total.stage,
    total.basis,
    cast(total.amount_eur as decimal(18, 2)) as stated_eur,
    parts.parts_eur,
    coalesce(cast(total.gap_eur as decimal(18, 2)), cast(0 as decimal(18, 2))) as gap_eur,
    parts.parts,
    cast(total.dated_on as date) as dated_on,
    cast(total.superseded_on as date) as superseded_on,
    total.source_url,
    total.dossier_row,
    total.note,
    cast(total.checked_on as date) as checked_on,
    total.witness_url
from raw_stated_total as total
inner join parts on total.total_key = parts.total_key
