-- law_08_every_number_can_be_opened: Every number can be opened.
-- The rows are entries whose document, source or file is not known. Reads ledger, documents, sources.
select entry.entry_id, entry.source_url, entry.source_id
from ledger as entry
left join documents as document on entry.source_url = document.source_url
left join sources as source on entry.source_id = source.source_id
where document.source_url is null or source.source_id is null or entry.source_row < 2
