-- documents: one row per document that anything cites, with its publisher and tier. Reads raw_documents.
select source_url, publisher, tier
from raw_documents
