"""Which countries a country is shown beside: its neighbours by land, and across the nearest sea.

From data/reference/neighbours.csv, which holds no figures; borders are those of Natural Earth.
"""

from functools import lru_cache

from pipelines import reference


@lru_cache(maxsize=1)
def _by_country() -> dict[str, tuple[str, ...]]:
    return {row["country"]: tuple(row["neighbours"].split(";")) for row in reference.read_rows("neighbours")}


def neighbours(country: str) -> tuple[str, ...]:
    """The neighbours of a country, EU codes in the order of the file; none for a country outside it."""
    return _by_country().get(country, ())
