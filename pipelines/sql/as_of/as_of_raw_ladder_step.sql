-- as_of_raw_ladder_step: one row per step of a ladder that a source names and that was there on the day. Reads known_mart_ladder,
-- known_mart_ladder_entries, raw_ladder_step_entries, overlap_paths. Other steps are made anew of the ledger.
-- A step whose amounts came later is left out, and a part whose whole did; one of which no amount is published stays as long as its
-- ladder has another.
with named as (
    select step.*
    from known_mart_ladder as step
    where not coalesce(step.is_recorded, false)
),

there as (
    select step.*
    from named as step
    semi join raw_ladder_step_entries as part on step.ladder = part.source_file and step.position = part.source_row
),

inside as (
    select distinct part.ladder, part.position, whole.position as whole_position, part_entry.item
    from there as part
    inner join there as whole on part.ladder = whole.ladder and part.stage = whole.stage and whole.position < part.position
    inner join raw_ladder_step_entries as part_entry on part.ladder = part_entry.source_file and part.position = part_entry.source_row
    inner join raw_ladder_step_entries as whole_entry on whole.ladder = whole_entry.source_file and whole.position = whole_entry.source_row
    inner join overlap_paths as path on whole_entry.item = path.container_entry_id and part_entry.item = path.contained_entry_id
    where part.is_of_which
),

sizes as (
    select source_file as ladder, source_row as position, count(*) as entries
    from raw_ladder_step_entries
    group by source_file, source_row
),

held as (
    select inside.ladder, inside.position
    from inside
    inner join sizes on inside.ladder = sizes.ladder and inside.position = sizes.position
    group by inside.ladder, inside.position, inside.whole_position, sizes.entries
    having count(*) = sizes.entries
),

unpublished as (
    select step.*
    from named as step
    semi join there as other on step.ladder = other.ladder
    anti join known_mart_ladder_entries as part on step.ladder = part.ladder and step.position = part.position
),

stays as (
    select there.*
    from there
    where not there.is_of_which
    union all
    select there.*
    from there
    semi join held on there.ladder = held.ladder and there.position = held.position
    union all
    select unpublished.*
    from unpublished
)

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
from stays as step
