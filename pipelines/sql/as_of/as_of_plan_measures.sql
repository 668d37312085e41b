-- as_of_plan_measures: one row per measure of a recovery plan whose table had been published by the day. Reads known_plan_measures, known_sources.
select measure.*
from known_plan_measures as measure
inner join known_sources as source on measure.source_id = source.source_id
where least(coalesce(measure.extracted_on, source.retrieved_on), source.retrieved_on) <= getvariable('as_of')
