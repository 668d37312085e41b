"""Amounts beside the size of those they are for: euros per person, share of GDP, always with the denominator. Pure; the sums come from the queries."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.figure import Source
from pages.parts.text import formatting

PER = {"country": "Euros", "person": "Euros per person", "gdp": "Share of GDP"}
MEASURES = {"country": "amount_eur", "person": "eur_per_person", "gdp": "percent_of_gdp"}
COLUMNS = {
    "country": {},
    "person": {
        "eur_per_person": "Euros per person",
        "population": "Population",
        "population_year": "On 1 January",
    },
    "gdp": {"percent_of_gdp": "% of GDP", "gdp_eur": "GDP, euros", "gdp_year": "GDP of"},
}
INDICATORS = {"person": "population", "gdp": "gdp"}


def worded(value: Decimal | None, per: str) -> str:
    """A measure in words: "€12.4 M", "€3.10", "0.028 %"; missing is “no data”, for an amount “not published”."""
    return (
        formatting.per_person(value)
        if per == "person"
        else formatting.fine_percent(value)
        if per == "gdp"
        else formatting.euros(value)
    )


def said(row: Mapping[Any, Any], per: str) -> str:
    """The measure of one country in words; “not published” without amount, “no data” without denominator."""
    return formatting.NOT_PUBLISHED if row["amount_eur"] is None else worded(row[MEASURES[per]], per)


def cell(value: Decimal | None, per: str) -> str:
    """A measure as a table shows it: plain, without its unit, which stands over the column."""
    if value is None:
        return formatting.NO_DATA
    return f"{value:,.2f}" if per == "person" else f"{value:.6f}"


def told(row: Mapping[Any, Any], per: str) -> str:
    """How a measure of one country came about, with its denominator."""
    amount = formatting.euros(row["amount_eur"])
    if per == "person" and row["population"] is not None:
        return f"{amount} ÷ {people(row['population'])} people on 1 January {row['population_year']}"
    if per == "gdp" and row["gdp_eur"] is not None:
        return f"{amount} of {formatting.euros(row['gdp_eur'])}, the GDP of {row['gdp_year']}"
    return amount if per != "country" else formatting.count(int(row["entries"]), "entry", "entries")


def people(number: Decimal) -> str:
    """A population in words: "83.5 million", "588,000"."""
    return f"{number / 10**6:.1f} million" if number >= 10**6 else f"{number:,.0f}"


def of_union(net: Decimal | None, union: pd.DataFrame, per: str) -> str:
    """The net beside the size of the whole Union, as the end of the line of sums; nothing if no measure is chosen or no amount is published.

    union: rows of queries.euros.union_size.
    """
    found = [row for row in union.to_dict("records") if row["indicator"] == INDICATORS.get(per)]
    if net is None or not found:
        return ""
    whole = found[0]
    if per == "person":
        when = f"on 1 January {formatting.years(whole['first_year'], whole['last_year'])}"
        share = f"{formatting.per_person(net / whole['value'])} for each of {people(whole['value'])} people {when}"
    else:
        share = f"{formatting.fine_percent(100 * net / whole['value'])} of {formatting.euros(whole['value'])}, the GDP of {formatting.years(whole['first_year'], whole['last_year'])} alone, while the amounts may cover several years,"
    return (
        f". {share} in the {formatting.count(int(whole['members']), 'member state')}, {whole['publisher']}."
    )


def denominators(rows: pd.DataFrame, union: pd.DataFrame, per: str) -> str:
    """What the countries are divided by, from when, by whom, and how many have no such figure; nothing for plain euros."""
    found = [row for row in union.to_dict("records") if row["indicator"] == INDICATORS.get(per)]
    if not found:
        return ""
    lacking = int((rows["amount_eur"].notna() & rows[MEASURES[per]].isna()).sum())
    none = (
        f" {formatting.count(lacking, 'country has', 'countries have')} no data here, which does not mean zero."
        if lacking
        else ""
    )
    by = "population on 1 January" if per == "person" else "GDP at current prices of"
    years = formatting.years(found[0]["first_year"], found[0]["last_year"])
    alone = "" if per == "person" else " The amounts may cover several years, the GDP is that of one."
    return f"Divided by {by} {years}, {found[0]['publisher']}, as published on {formatting.day(found[0]['published_on'])}.{alone}{none}"


def divisor(row: Mapping[Any, Any], union: pd.DataFrame, per: str) -> tuple[tuple[str, str], ...]:
    """What one country is divided by and which document says so, for its card; nothing for plain euros or where it is not known."""
    found = [whole for whole in union.to_dict("records") if whole["indicator"] == INDICATORS.get(per)]
    if not found or row[MEASURES[per]] is None:
        return ()
    people = f"{row['population']:,} people on 1 January {row['population_year']}"
    number = (
        people
        if per == "person"
        else f"€{formatting.plain_euros(row['gdp_eur'])}, the GDP of {row['gdp_year']} at current prices"
    )
    return (
        (
            "Divided by",
            f"{number}. {found[0]['publisher']}, as published on {formatting.day(found[0]['published_on'])}: {found[0]['source_url']}",
        ),
    )


def sources(union: pd.DataFrame, per: str) -> list[Source]:
    """The document of the denominators."""
    return [
        Source(
            "",
            f"{row['publisher']}, {formatting.day(row['published_on'])}",
            row["tier_label"],
            row["source_url"],
        )
        for row in union.to_dict("records")
        if row["indicator"] == INDICATORS.get(per)
    ]
