"""Amounts beside the size of those they are for: euros per person, share of GDP, always with the denominator.

Pure; the sums come from the queries.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.figure_model import Source
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows
from pipelines.queries.choice import Choice

PER = {
    "country": message("Euros"),
    "person": message("Euros per person"),
    "gdp": message("Share of GDP"),
}
MEASURES = {"country": "amount_eur", "person": "eur_per_person", "gdp": "percent_of_gdp"}
COLUMNS = {
    "country": {},
    "person": {
        "eur_per_person": message("Euros per person"),
        "population": message("Population"),
        "population_year": message("On 1 January"),
    },
    "gdp": {
        "percent_of_gdp": message("% of GDP"),
        "gdp_eur": message("GDP, euros"),
        "gdp_year": message("GDP of"),
    },
}
INDICATORS = {"person": "population", "gdp": "gdp"}

COUNTRY, EUROS, ENTRIES_TITLE = message("Country"), message("Euros"), message("Entries")
SUBTITLES = {
    "country": message("Euros by country, {stage} · {basis}, current prices, counted once."),
    "person": message("Euros per person by country, {stage} · {basis}, current prices, counted once."),
    "gdp": message("Share of GDP by country, {stage} · {basis}, current prices, counted once."),
}
FROM_WHOM = {
    "eu-contribution": message("Money from the EU budget, counted where its recipient has its seat."),
    "national-contribution": message("Money from the budgets of states, regions and cities."),
    "private-contribution": message("Money from companies and investors."),
    "total-cost": message("Money of all payers together: the EU, states and others."),
    "own-financing": message("Financing by the EIB Group."),
}
FROM_OTHERS = message("Counted where its recipient has its seat.")
BODIES = {"out": message("Left out"), "in": message("Included")}
BODIES_OUT = message("EU bodies are left out: {amount} more goes to their seats in {countries}.")
BODIES_IN = message("Of which EU bodies: {amount}, at their seats in {countries}.")
BODIES_UNKNOWN = message(
    "Sums that name no recipient hold EU bodies in Belgium too, which cannot be told apart."
)
BEYOND = message(
    "The sums above are of the EU programmes alone; {amount} here comes through initiatives, from other "
    "programmes or other payers."
)
BIDS = message("Rival bids are listed on the page and never added.")
HATCHES = {
    "country": message("amount not published, length is not to scale"),
    "person": message("amount or population not known, length is not to scale"),
    "gdp": message("amount or GDP not known, length is not to scale"),
}
COUNTRY_MEASURE = message("{country}: {measure}")
MEASURE_DERIVED = message("{measure}: {derivation}")
EVERY_COUNTRY = message("All countries together")
MEDIANS = {
    "country": message("Median of {number}\u00a0countries, euros"),
    "person": message("Median of {number}\u00a0countries, euros per person"),
    "gdp": message("Median of {number}\u00a0countries, share of GDP"),
}
CALCULATED_AS = message("Calculated as")
MIDDLE = message("the middle of the known values of {number}\u00a0countries, in order of size.")
LEFT_OUT = plural(
    "{number}\u00a0country without a value is left out, not taken as zero.",
    "{number}\u00a0countries without a value are left out, not taken as zero.",
)
MORE_COUNTRIES = plural(
    "{number}\u00a0more country is in the table.", "{number}\u00a0more countries are in the table."
)
PER_PERSON = message("{amount} ÷ {people} people on 1 January {year:d}")
OF_GDP = message("{amount} of {gdp}, the GDP of {year:d}")
ENTRIES = plural("{number}\u00a0entry", "{number}\u00a0entries")
MILLIONS = message("{number} million")
UNION_PER_PERSON = plural(
    "{measure} for each of {people} people on 1 January {years} in the {number}\u00a0member state, "
    "{publisher}.",
    "{measure} for each of {people} people on 1 January {years} in the {number}\u00a0member states, "
    "{publisher}.",
)
UNION_OF_GDP = plural(
    "{measure} of {gdp}, the GDP of {years} alone, while the amounts may cover several years, in the "
    "{number}\u00a0member state, {publisher}.",
    "{measure} of {gdp}, the GDP of {years} alone, while the amounts may cover several years, in the "
    "{number}\u00a0member states, {publisher}.",
)
BY_POPULATION = message("Divided by population on 1 January {years}, {publisher}, as published on {day}.")
BY_GDP = message(
    "Divided by GDP at current prices of {years}, {publisher}, as published on {day}. "
    "The amounts may cover several years, the GDP is that of one."
)
LACKING = plural(
    "{number}\u00a0country has no data here, which does not mean zero.",
    "{number}\u00a0countries have no data here, which does not mean zero.",
)
DIVIDED_BY = message("Divided by")
DIVISOR_POPULATION = message(
    "{number} people on 1 January {year:d}. {publisher}, as published on {day}: {address}"
)
DIVISOR_GDP = message(
    "{gdp}, the GDP of {year:d} at current prices. {publisher}, as published on {day}: {address}"
)
DOCUMENT = message("{publisher}, {day}")


def label(per: str, locale: str = ENGLISH) -> str:
    """What is measured for each country. per: a key of PER."""
    return say(PER[per], locale)


def body_labels(locale: str = ENGLISH) -> dict[str, str]:
    """Whether the seats of EU bodies count: code → label."""
    return {code: say(title, locale) for code, title in BODIES.items()}


def labels(locale: str = ENGLISH) -> dict[str, str]:
    """What can be measured for each country: code → label."""
    return {per: say(title, locale) for per, title in PER.items()}


def columns(per: str, locale: str = ENGLISH) -> dict[str, str]:
    """The columns of a measure and of its denominator: name → title. per: a key of PER."""
    return {name: say(title, locale) for name, title in COLUMNS[per].items()}


def table_columns(per: str, locale: str = ENGLISH) -> dict[str, str]:
    """The columns of the table twin: name → title. per: a key of PER."""
    return {
        "country_label": say(COUNTRY, locale),
        "amount_eur": say(EUROS, locale),
        **columns(per, locale),
        "entries": say(ENTRIES_TITLE, locale),
    }


def subtitle(choice: Choice, per: str, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """What is measured for each country, and from whom. per: a key of PER. labels: code → label of stages and
    bases.
    """
    measured = say(SUBTITLES[per], locale, stage=labels[choice.stage], basis=labels[choice.basis])
    return formatting.paragraph(measured, say(FROM_WHOM.get(choice.basis, FROM_OTHERS), locale))


def body_words(bodies: pd.DataFrame, is_included: bool, has_unknown: bool, locale: str = ENGLISH) -> str:
    """How much goes to seats of EU bodies, and whether it is included. bodies: rows of
    queries.euros.countries, of EU bodies alone. has_unknown: some in Belgium cannot be told apart.
    """
    known = bodies[bodies["amount_eur"].notna()]
    amount = sum(known["amount_eur"], Decimal(0))
    words = ""
    if amount:
        words = say(
            BODIES_IN if is_included else BODIES_OUT,
            locale,
            amount=formatting.euros(amount, locale=locale),
            countries=[str(label) for label in known["country_label"]],
        )
    return formatting.paragraph(words, say(BODIES_UNKNOWN, locale) if has_unknown else "")


def beyond_words(net: Decimal | None, locale: str = ENGLISH) -> str:
    """How much of the countries is not of the EU programmes, where none is chosen; "" if nothing."""
    return say(BEYOND, locale, amount=formatting.euros(net, locale=locale)) if net else ""


def country_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The countries in words, for those who cannot see the drawing. rows: country_label, measure_words."""
    return "; ".join(
        say(COUNTRY_MEASURE, locale, country=row.country_label, measure=row.measure_words)
        for row in frame_rows.rows(rows)
    )


def median_label(number: int, per: str, locale: str = ENGLISH) -> str:
    """What a median is of. number: of countries with a value, two at least. per: a key of
    PER.
    """
    return say(MEDIANS[per], locale, number=number)


def median_facts(number: int, lacking: int, locale: str = ENGLISH) -> tuple[tuple[str, str], ...]:
    """How a median came about, for its card. number, lacking: countries with and without a value."""
    middle = say(MIDDLE, locale, number=number)
    left_out = say(LEFT_OUT, locale, number=lacking) if lacking else ""
    return ((say(CALCULATED_AS, locale), formatting.paragraph(middle, left_out)),)


def derived(words: str, derivation: str, locale: str = ENGLISH) -> str:
    """A measure with how it came about. words, derivation: of the measure, see `measure_words`."""
    return say(MEASURE_DERIVED, locale, measure=words, derivation=derivation)


def worded(value: Decimal | None, per: str, locale: str = ENGLISH) -> str:
    """A measure in words: "€12.4 M", "€3.10", "0.028 %"; "no data" or "not published" if it is missing."""
    match per:
        case "person":
            return formatting.per_person(value, locale)
        case "gdp":
            return formatting.fine_percent(value, locale)
    return formatting.euros(value, locale=locale)


def measure_words(row: Mapping[Any, Any], per: str, locale: str = ENGLISH) -> str:
    """The measure of a country in words: "not published" without amount, "no data" without denominator."""
    is_unpublished = row["amount_eur"] is None
    return formatting.not_published(locale) if is_unpublished else worded(row[MEASURES[per]], per, locale)


def cell(value: Decimal | None, per: str, locale: str = ENGLISH) -> str:
    """A measure as a table shows it: plain, without its unit, which stands over the column."""
    if value is None:
        return formatting.no_data(locale)
    return formatting.fixed(value, 2 if per == "person" else 6, locale)


def derivation_words(row: Mapping[Any, Any], per: str, locale: str = ENGLISH) -> str:
    """How a measure of one country came about, with its denominator."""
    amount = formatting.euros(row["amount_eur"], locale=locale)
    if per == "person" and row["population"] is not None:
        return say(
            PER_PERSON,
            locale,
            amount=amount,
            people=people(row["population"], locale),
            year=int(row["population_year"]),
        )
    if per == "gdp" and row["gdp_eur"] is not None:
        gdp = formatting.euros(row["gdp_eur"], locale=locale)
        return say(OF_GDP, locale, amount=amount, gdp=gdp, year=int(row["gdp_year"]))
    return amount if per != "country" else say(ENTRIES, locale, number=int(row["entries"]))


def people(number: Decimal, locale: str = ENGLISH) -> str:
    """A population in words: "83.5 million", "588,000"."""
    if number < 10**6:
        return formatting.whole(number, locale)
    return say(MILLIONS, locale, number=formatting.fixed(Decimal(number) / 10**6, 1, locale))


def of_union(net: Decimal | None, union: pd.DataFrame, per: str, locale: str = ENGLISH) -> str:
    """The net beside the size of the whole Union, a sentence; nothing if no measure is chosen or no amount is
    published.

    union: rows of queries.euros.union_size.
    """
    size = _size(union, per)
    if net is None or size is None:
        return ""
    fields: dict[str, Any] = {
        "years": formatting.years(size["first_year"], size["last_year"]),
        "number": int(size["members"]),
        "publisher": size["publisher"],
    }
    if per == "person":
        measure = formatting.per_person(net / size["value"], locale)
        return say(UNION_PER_PERSON, locale, measure=measure, people=people(size["value"], locale), **fields)
    measure = formatting.fine_percent(100 * net / size["value"], locale)
    return say(
        UNION_OF_GDP, locale, measure=measure, gdp=formatting.euros(size["value"], locale=locale), **fields
    )


def denominators(rows: pd.DataFrame, union: pd.DataFrame, per: str, locale: str = ENGLISH) -> str:
    """What the countries are divided by, from when, by whom, and how many have no such figure; nothing for
    plain euros.
    """
    size = _size(union, per)
    if size is None:
        return ""
    lacking = int((rows["amount_eur"].notna() & rows[MEASURES[per]].isna()).sum())
    divided = say(
        BY_POPULATION if per == "person" else BY_GDP,
        locale,
        years=formatting.years(size["first_year"], size["last_year"]),
        publisher=size["publisher"],
        day=size["published_on"],
    )
    return f"{divided} {say(LACKING, locale, number=lacking)}" if lacking else divided


def divisor(
    row: Mapping[Any, Any], union: pd.DataFrame, per: str, locale: str = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """What one country is divided by and which document says so, for its card; nothing for plain euros or
    where it is not known.
    """
    size = _size(union, per)
    if size is None or row[MEASURES[per]] is None:
        return ()
    document: dict[str, Any] = {
        "publisher": size["publisher"],
        "day": size["published_on"],
        "address": size["source_url"],
    }
    if per == "person":
        number, year = int(row["population"]), int(row["population_year"])
        sentence = say(DIVISOR_POPULATION, locale, number=number, year=year, **document)
    else:
        gdp = formatting.euros_in_full(row["gdp_eur"], locale)
        sentence = say(DIVISOR_GDP, locale, gdp=gdp, year=int(row["gdp_year"]), **document)
    return ((say(DIVIDED_BY, locale), sentence),)


def sources(union: pd.DataFrame, per: str, locale: str = ENGLISH) -> list[Source]:
    """The document of the denominators."""
    size = _size(union, per)
    if size is None:
        return []
    words = say(DOCUMENT, locale, publisher=size["publisher"], day=size["published_on"])
    return [Source("", words, size["tier_label"], size["source_url"])]


def _size(union: pd.DataFrame, per: str) -> dict[Any, Any] | None:
    """The row of the Union for a measure; None for plain euros. union: rows of queries.euros.union_size."""
    rows = (row for row in frame_rows.records(union) if row["indicator"] == INDICATORS.get(per))
    return next(rows, None)
