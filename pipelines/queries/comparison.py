"""Questions of the Compare page."""

from typing import Any

from sqlalchemy import BigInteger, Numeric, Select, case, cast, func, literal, select

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import euros
from pipelines.queries.choice import Choice

Rows = Select[Any]


def countries(choice: Choice, codes: tuple[str, ...]) -> Rows:
    """One row per chosen country, in the order of the protocol: country, country_label, stage, basis,
    amount_eur, entries, population, population_year, eur_per_person, gdp_eur, gdp_year, percent_of_gdp, and
    percent_of_countries, its part of what all countries of the choice have. Missing where nothing is known.
    """
    country = schema.countries
    found = euros.countries(choice).order_by(None).subquery("found")
    people, output = euros.newest_indicator("population"), euros.newest_indicator("gdp")
    whole = select(func.sum(found.c.amount_eur)).scalar_subquery()
    return (
        select(
            country.c.code.label("country"),
            country.c.label.label("country_label"),
            literal(choice.stage).label("stage"),
            literal(choice.basis).label("basis"),
            found.c.amount_eur,
            func.coalesce(found.c.entries, 0).label("entries"),
            cast(people.c.value, BigInteger).label("population"),
            people.c.year.label("population_year"),
            found.c.eur_per_person,
            cast(output.c.value, EURO).label("gdp_eur"),
            output.c.year.label("gdp_year"),
            found.c.percent_of_gdp,
            cast(case((whole != 0, 100 * found.c.amount_eur / whole)), Numeric(24, 8)).label(
                "percent_of_countries"
            ),
        )
        .select_from(
            country.outerjoin(found, found.c.country == country.c.code)
            .outerjoin(people, people.c.country == country.c.code)
            .outerjoin(output, output.c.country == country.c.code)
        )
        .where(country.c.code.in_(codes))
        .order_by(country.c.position)
    )


def removed(choice: Choice, codes: tuple[str, ...]) -> Rows:
    """What is removed of a choice and belongs to these countries, and why: as `overlaps.removed_of`."""
    rows = euros.removed(choice).order_by(None).subquery("removed")
    return (
        select(rows)
        .where(rows.c.country.in_(codes))
        .order_by(rows.c.amount_eur.desc().nulls_last(), rows.c.entry_id)
    )
