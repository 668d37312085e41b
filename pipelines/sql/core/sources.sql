-- sources: one row per source folder, with what came of its rows. Reads raw_sources, ledger.
with drawn as (
    select
        source_id,
        count(*) as entries,
        count(*) - count(amount_eur) as entries_unknown,
        sum(amount_eur) as amount_eur
    from ledger
    group by source_id
)

select
    source.source_id,
    source.title,
    source.publisher,
    source.url,
    cast(source.retrieved_on as date) as retrieved_on,
    cast(source.approved_on as date) as approved_on,
    source.approved_by,
    source.sha256,
    source.licence,
    source.shapes,
    source.origin,
    source.note,
    source.extract,
    source.definition,
    cast(source.rows as bigint) as rows,
    coalesce(drawn.entries, 0) as entries,
    coalesce(drawn.entries_unknown, 0) as entries_unknown,
    drawn.amount_eur,
    cast(source.checked_on as date) as checked_on
from raw_sources as source
left join drawn on source.source_id = drawn.source_id
