-- publishers: one row per address that a published upload adds to those of data/reference/publishers.csv. Reads raw_publisher.
select host, publisher, tier
from raw_publisher
