-- as_of_raw_ladder_step: one row per step of a ladder that was there on the day. Reads known_mart_ladder, known_mart_ladder_entries, raw_ladder_step_entries.
-- A step whose amounts came later is left out; one of which no amount is published stays as long as its ladder has another.
select
    step.ladder,
    step.position,
    step.stage,
    step.basis,
    step.label,
    step.basis_label,
    step.is_of_which,
    step.note,
    step.ladder as source_file,
    step.position as source_row
from known_mart_ladder as step
semi join raw_ladder_step_entries as known on step.ladder = known.source_file
where
    exists (
        select 1
        from raw_ladder_step_entries as part
        where part.source_file = step.ladder and part.source_row = step.position
    )
    or not exists (
        select 1
        from known_mart_ladder_entries as part
        where part.ladder = step.ladder and part.position = step.position
    )
