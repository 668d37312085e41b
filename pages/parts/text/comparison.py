"""The Compare page: a few countries side by side, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say

PANELS: Mapping[str, Message] = {
    "amount_eur": message("Euros"),
    "eur_per_person": message("Euros per person"),
    "percent_of_gdp": message("% of GDP"),
    "percent_of_countries": message("% of all countries"),
}
"""Measure → the title of its panel, in their order."""

COLUMNS: Mapping[str, Message] = {
    "country_label": message("Country"),
    "amount_eur": message("Euros"),
    "eur_per_person": message("Euros per person"),
    "percent_of_gdp": message("% of GDP"),
    "percent_of_countries": message("% of all countries"),
    "population": message("Population"),
    "gdp_eur": message("GDP, euros"),
    "entries": message("Entries"),
}
CHOOSE = message("Countries, two to six")
TITLE = message("{first}: {amount}, {share} of what all countries have")
TITLE_NONE = message("No published amount for {countries}")
HEADLINE = message("Of what is published, {first} has {most} per person, {last} {least}.")
HEADLINE_ONE = message("Among {countries}, amounts per person are known of {first} alone.")
HEADLINE_NO_SIZE = message("Of what is published, {first} has {most}. Its population is not known here.")
HEADLINE_NONE = message("No amount is published for {countries}.")
STANDFIRST = message(
    "The lists hold some years and programmes only, so this is no measure of all that a country gets. Money counts "
    "where its recipient has its seat; EU bodies are left out. “No data” does not mean zero."
)
SUBTITLE = message(
    "{countries} · {stage} · {basis} · current prices, counted once. Each panel has one scale of its own."
)
TOO_FEW = message("Choose two to six countries.")
TOO_FEW_WHY = plural("One is chosen now.", "{number} are chosen now.")
RESET = message("Italy and France")
ALT = message("{country}: {measures}")
HATCH = message("no data, length is not to scale")


def worded(value: Decimal | None, measure: str, locale: str = ENGLISH) -> str:
    """A measure in words; "no data" where it is missing."""
    if value is None:
        return formatting.no_data(locale)
    match measure:
        case "amount_eur":
            return formatting.euros(value, locale=locale)
        case "eur_per_person":
            return formatting.per_person(value, locale)
    return formatting.fine_percent(value, locale)


def headline(rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """Which country has most per person, beside the one with the least that is known."""
    countries = [str(row["country_label"]) for row in rows]
    known = [row for row in rows if row["eur_per_person"] is not None and row["eur_per_person"] > 0]
    known.sort(key=lambda row: -row["eur_per_person"])
    if not known:
        amounts = [row for row in rows if row["amount_eur"] is not None]
        if not amounts:
            return say(HEADLINE_NONE, locale, countries=countries)
        top = max(amounts, key=lambda row: row["amount_eur"])
        most = formatting.euros(top["amount_eur"], locale=locale)
        return say(HEADLINE_NO_SIZE, locale, first=top["country_label"], most=most)
    first, last = known[0], known[-1]
    if first is last:
        return say(HEADLINE_ONE, locale, countries=countries, first=first["country_label"])
    most, least = (formatting.per_person(row["eur_per_person"], locale) for row in (first, last))
    names = {"first": str(first["country_label"]), "last": str(last["country_label"])}
    return say(HEADLINE, locale, most=most, least=least, **names)


def title(rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """The finding of the figure: the largest amount, and its part of all."""
    known = [row for row in rows if row["amount_eur"] is not None]
    if not known:
        return say(TITLE_NONE, locale, countries=[str(row["country_label"]) for row in rows])
    first = max(known, key=lambda row: row["amount_eur"])
    return say(
        TITLE,
        locale,
        first=first["country_label"],
        amount=formatting.euros(first["amount_eur"], locale=locale),
        share=worded(first["percent_of_countries"], "percent_of_countries", locale),
    )


def alt(rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> list[str]:
    """The measures of each country, for those who cannot see the drawing."""
    return [
        say(
            ALT,
            locale,
            country=row["country_label"],
            measures=[worded(row[measure], measure, locale) for measure in PANELS],
        )
        for row in rows
    ]
