-- as_of_raw_sources: one row per source folder of the release, which the build counts anew. Reads known_sources.
select * exclude (entries, entries_unknown, amount_eur)
from known_sources
