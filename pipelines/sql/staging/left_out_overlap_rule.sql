-- left_out_overlap_rule: one row per rule of overlap that no line of the ledger obeys, with the reason. Reads raw_overlap_rule, ledger.
select
    rule.source_file,
    rule.source_row,
    'The ledger has no published line of this family and programme in these years.' as reason
from raw_overlap_rule as rule
where not exists (
    select 1
    from ledger as line
    where
        line.level = 'line'
        and line.programme = rule.programme
        and line.dataset like rule.family || '/%'
        and line.year >= cast(rule.from_year as integer)
        and line.year <= cast(rule.to_year as integer)
)
