"""The Compare page: a few countries, programmes, initiatives or sites side by side, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say

WHAT = {
    "country": message("Countries"),
    "programme": message("Programmes"),
    "initiative": message("Initiatives"),
    "site": message("Sites"),
}
"""What can be compared: code of the address, which is also the word of the address that holds the chosen."""

COUNTRY_PANELS = ("amount_eur", "eur_per_person", "percent_of_gdp", "percent_of_eu")
OTHER_PANELS = ("amount_eur", "percent_of_all")
PANELS: Mapping[str, Message] = {
    "amount_eur": message("Euros"),
    "eur_per_person": message("Euros per person"),
    "percent_of_gdp": message("% of GDP"),
    "percent_of_eu": message("% of the EU’s total"),
    "percent_of_all": message("% of the total"),
    "constant_eur": message("Euros in prices of 2018"),
    "currency_amount": message("In {currency}"),
}
"""Measure → the title of its panel and of its column."""

PRICES = {
    "current": message("Current"),
    "constant-2018": message("2018, EU budget’s 2 %"),
    "gdp-2018": message("2018, EU GDP deflator"),
}
DEFLATED = {
    "constant-2018": message(
        "Prices of 2018 by the fixed 2 % a year of the EU budget, set by Article 4(2) of Regulation 2020/2093 "
        "({publisher}), here until {year:d}."
    ),
    "gdp-2018": message(
        "Prices of 2018 by the GDP deflator of the European Union ({publisher}), known until {year:d}."
    ),
}
NO_DEFLATOR = message("This release does not hold this deflator, so there are no prices of 2018.")
DATELESS = message("{name}: {amount} has no year that the deflator knows, so there is no sum in 2018 prices.")
CONVERTED = message("{currency} at the ECB rate of {day}: €1 = {rate} {currency}.")
IN_CURRENCY = message("{amount} {currency}")

THING = {
    "country": message("Country"),
    "programme": message("Programme"),
    "initiative": message("Initiative"),
    "site": message("Site"),
}
COLUMNS: Mapping[str, Message] = {
    "population": message("Population"),
    "gdp_eur": message("GDP, euros"),
    "entries": message("Entries"),
    "entries_unknown": message("Without amount"),
}
COMPARE = message("Compare")
CHOOSE = {
    "country": message("Countries, two to six"),
    "programme": message("Programmes, two to six"),
    "initiative": message("Initiatives, two to six"),
    "site": message("Sites, two to six"),
}
TITLES = {
    "country": message("{first}: {amount}, {share} of what all member states have"),
    "programme": message("{first}: {amount}, {share} of all that is counted at this stage"),
    "initiative": message("{first}: {amount}, {share} of all that is counted at this stage"),
    "site": message("{first}: {amount}, {share} of what is counted for all sites"),
}
TITLE_ALONE = message("{first}: {amount}, the most of those compared")
TITLE_BID = message("{first}: {amount}, named in a bid; nothing is granted")
TITLE_NONE = message("No published amount for {names}")
BIDS_ALONE = message("Bids name several amounts for {names}, which are never added")
HEADLINE_BIDS = message("Bids name several amounts for {names}, which are never added.")
HEADLINE = message("Of what is published, {first} has {most} per person, {last} {least}.")
HEADLINE_ONE = message("Among {names}, amounts per person are known of {first} alone.")
HEADLINE_NO_SIZE = message("Of what is published, {first} has {most}. Its population is not known here.")
HEADLINE_NONE = message("No amount is published for {names}.")
HEADLINE_THINGS = message("Of what is {stage} ({basis}), {amounts}.")
NAMED_AMOUNT = message("{name} has {amount}")
NAMED_NONE = message("nothing is known of {name}")
STANDFIRSTS = {
    "country": message(
        "The lists hold some years and programmes only, so this is no measure of all that a country gets. "
        "Money counts where its recipient has its seat; EU bodies are left out. “No data” does not mean zero."
    ),
    "programme": message(
        "Each programme is counted once by itself. Programmes may hold the same euros, so never add what stands "
        "side by side. “No data” does not mean zero."
    ),
    "initiative": message(
        "Each initiative is counted once by itself. One may hold the euros of another, so never add what stands "
        "side by side. “No data” does not mean zero."
    ),
    "site": message(
        "A site counts with the machines inside it. Bids compete for the same money: they are shown one by one "
        "and never added. “No data” does not mean zero."
    ),
}
SUBTITLE = message(
    "{names} · {stage} · {basis} · current prices, counted once. Each panel has one scale of its own."
)
COUNTRIES_ALONE = message("Euros per person and shares of GDP are worked out for countries alone.")
SHARES = {
    "country": message("The EU’s total is {amount}, what all member states have together."),
    "programme": message(
        "The total is {amount}: all amounts of this stage and kind, in all programmes, counted once."
    ),
    "initiative": message(
        "The total is {amount}: all amounts of this stage and kind, in all programmes, counted once."
    ),
    "site": message("The total is {amount}: all amounts of this stage and kind for sites, counted once."),
}
TOO_FEW = {
    "country": message("Choose two to six countries."),
    "programme": message("Choose two to six programmes."),
    "initiative": message("Choose two to six initiatives."),
    "site": message("Choose two to six sites."),
}
TOO_FEW_WHY = plural("One is chosen now.", "{number} are chosen now.")
NOTHING = message("Nothing {stage} ({basis}) is published for {names}.")
NOTHING_WHY = plural(
    "This does not mean zero. The button leads to a stage and a kind of euro with amounts for one of them.",
    "This does not mean zero. Each button leads to a stage and a kind of euro with amounts for some of them.",
)
NOTHING_AT_ALL = message("This does not mean zero: none of our sources gives an amount that can be compared.")
KIND_OF_EURO = message("{stage} · {basis}")
RESET = message("Italy and France")
ALT = message("{name}: {measures}")
HATCH = message("no data, length is not to scale")
SEVERAL = message("several amounts, never added")


def names(rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    """The names of the compared."""
    return [str(row["name"]) for row in rows]


def is_several(row: Mapping[Any, Any]) -> bool:
    """Whether a row is of a bid with several amounts, which are never added."""
    return bool(row.get("is_bid")) and row["entries"] - row["entries_unknown"] > 1


def panel_title(measure: str, rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """The title of a panel. rows: with the currency, where amounts are in one."""
    currency = next((row["currency"] for row in rows), "")
    return say(PANELS[measure], locale, **({"currency": currency} if measure == "currency_amount" else {}))


def worded(row: Mapping[Any, Any], measure: str, locale: str = ENGLISH) -> str:
    """A measure of a row in words; "no data" where it is missing."""
    value: Decimal | None = row[measure]
    if value is None:
        has_several = measure == "amount_eur" and is_several(row)
        return say(SEVERAL, locale) if has_several else formatting.no_data(locale)
    match measure:
        case "amount_eur" | "constant_eur":
            return formatting.euros(value, locale=locale)
        case "eur_per_person":
            return formatting.per_person(value, locale)
        case "currency_amount":
            amount = formatting.short_amount(value, locale=locale)
            return say(IN_CURRENCY, locale, amount=amount, currency=row["currency"])
    return formatting.fine_percent(value, locale)


def headline(
    what: str, rows: Sequence[Mapping[Any, Any]], stage: str, basis: str, locale: str = ENGLISH
) -> str:
    """The answer of the page. what: a key of WHAT. stage, basis: their labels."""
    known = [row for row in rows if row["amount_eur"] is not None]
    if not known:
        several = names([row for row in rows if is_several(row)])
        return say(HEADLINE_BIDS if several else HEADLINE_NONE, locale, names=several or names(rows))
    if what == "country":
        return _headline_of_countries(rows, locale)
    amounts = [
        say(NAMED_NONE, locale, name=row["name"])
        if row["amount_eur"] is None
        else say(NAMED_AMOUNT, locale, name=row["name"], amount=worded(row, "amount_eur", locale))
        for row in sorted(rows, key=lambda row: -(row["amount_eur"] or Decimal(-1)))
    ]
    return say(HEADLINE_THINGS, locale, stage=stage, basis=basis, amounts=amounts)


def _headline_of_countries(rows: Sequence[Mapping[Any, Any]], locale: str) -> str:
    """Which country has most per person, beside the one with the least that is known."""
    known = [row for row in rows if row["eur_per_person"] is not None and row["eur_per_person"] > 0]
    known.sort(key=lambda row: -row["eur_per_person"])
    if not known:
        top = max((row for row in rows if row["amount_eur"] is not None), key=lambda row: row["amount_eur"])
        most = formatting.euros(top["amount_eur"], locale=locale)
        return say(HEADLINE_NO_SIZE, locale, first=top["name"], most=most)
    first, last = known[0], known[-1]
    if first is last:
        return say(HEADLINE_ONE, locale, names=names(rows), first=first["name"])
    most, least = (formatting.per_person(row["eur_per_person"], locale) for row in (first, last))
    return say(HEADLINE, locale, most=most, least=least, first=str(first["name"]), last=str(last["name"]))


def title(what: str, rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """The finding of the figure: the largest amount, and its part of the total. what: a key of WHAT."""
    known = [row for row in rows if row["amount_eur"] is not None]
    if not known:
        several = names([row for row in rows if is_several(row)])
        return say(BIDS_ALONE if several else TITLE_NONE, locale, names=several or names(rows))
    first = max(known, key=lambda row: row["amount_eur"])
    fields = {"first": first["name"], "amount": formatting.euros(first["amount_eur"], locale=locale)}
    share = "percent_of_eu" if what == "country" else "percent_of_all"
    if first.get("is_bid"):
        return say(TITLE_BID, locale, **fields)
    if first[share] is None:
        return say(TITLE_ALONE, locale, **fields)
    return say(TITLES[what], locale, share=worded(first, share, locale), **fields)


def other_money(
    rows: Sequence[Mapping[Any, Any]],
    prices: str,
    deflators: Sequence[Mapping[Any, Any]],
    locale: str = ENGLISH,
) -> str:
    """By what amounts are deflated and converted, and what cannot be; "" for current euros alone.

    prices: a key of PRICES. deflators: rows of queries.euros.deflators; none for current prices.
    """
    said = []
    if prices in DEFLATED and not deflators:
        said.append(say(NO_DEFLATOR, locale))
    elif prices in DEFLATED:
        last = deflators[-1]
        said.append(say(DEFLATED[prices], locale, publisher=last["publisher"], year=int(last["year"])))
        said += [
            say(
                DATELESS,
                locale,
                name=row["name"],
                amount=formatting.euros(row["dateless_eur"], locale=locale),
            )
            for row in rows
            if row["dateless_eur"] is not None
        ]
    rate = next((row for row in rows if row["rate"] is not None), None)
    if rate is not None:
        words = formatting.exact(rate["rate"], locale)
        said.append(say(CONVERTED, locale, currency=rate["currency"], day=rate["rate_day"], rate=words))
    return formatting.paragraph(*said)


def whole(what: str, rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """Of what the shares are; "" if nothing is known. what: a key of WHAT."""
    column = "eu_eur" if what == "country" else "all_eur"
    amount = next((row[column] for row in rows if row[column] is not None), None)
    return "" if amount is None else say(SHARES[what], locale, amount=formatting.euros(amount, locale=locale))


def alt(rows: Sequence[Mapping[Any, Any]], panels: Sequence[str], locale: str = ENGLISH) -> list[str]:
    """The measures of each row, for those who cannot see the drawing."""
    return [
        say(ALT, locale, name=row["name"], measures=[worded(row, measure, locale) for measure in panels])
        for row in rows
    ]


def cell(row: Mapping[Any, Any], column: str, locale: str = ENGLISH) -> str:
    """A cell of the table: euros in full, all else as on the figure; "no data" where it is missing."""
    if column in ("amount_eur", "gdp_eur", "constant_eur") and row[column] is not None:
        return formatting.plain_euros(row[column], locale)
    if column in PANELS:
        return worded(row, column, locale)
    return formatting.no_data(locale) if row[column] is None else formatting.whole(row[column], locale)
