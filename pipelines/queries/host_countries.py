"""Questions about countries side by side: how many sites each hosts, and how large it is."""

from typing import Any

from sqlalchemy import CTE, BigInteger, Select, case, cast, func, select

from pipelines import schema
from pipelines.column_factories import EURO


def states(kinds: tuple[str, ...] = ()) -> Select[Any]:
    """One row per country that hosts a site, the most sites first: country, label, sites, open_sites, bids,
    population, gdp_eur (newest; missing where no source gives them).

    kinds: of the sites that count; none means all.
    """
    site, status, country = schema.sites, schema.site_statuses, schema.countries
    is_bid = (site.c.kind == "gigafactory") & (site.c.status == "announced")
    people, output = _newest("population"), _newest("gdp")
    number = func.count(site.c.site_id)
    return (
        select(
            site.c.country,
            country.c.label,
            number.label("sites"),
            func.count(case((status.c.is_open, 1))).label("open_sites"),
            func.count(case((is_bid, 1))).label("bids"),
            cast(func.max(people.c.value), BigInteger).label("population"),
            cast(func.max(output.c.value), EURO).label("gdp_eur"),
        )
        .join(status, status.c.code == site.c.status)
        .join(country, country.c.code == site.c.country)
        .outerjoin(people, people.c.country == site.c.country)
        .outerjoin(output, output.c.country == site.c.country)
        .where(*([site.c.kind.in_(kinds)] if kinds else []))
        .group_by(site.c.country, country.c.label, country.c.position)
        .order_by(number.desc(), country.c.position)
    )


def _newest(indicator: str) -> CTE:
    """The newest value of an indicator for each country: country, value."""
    known = schema.country_indicators
    value = func.arg_max(known.c.value, known.c.year).label("value")
    return (
        select(known.c.country, value)
        .where(known.c.indicator == indicator)
        .group_by(known.c.country)
        .cte(f"size_{indicator}")
    )
