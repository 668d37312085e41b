-- as_of_country_totals: one row per total that another publisher had given for a country by the day. Reads known_country_totals, known_sources.
select total.*
from known_country_totals as total
inner join known_sources as source on total.source_id = source.source_id
where source.retrieved_on <= getvariable('as_of')
