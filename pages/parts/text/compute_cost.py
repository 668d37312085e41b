"""What machines cost per accelerator, petaflop and megawatt, in words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import message, plural, say

UNIT = message("Euros per")
UNITS = {
    "accelerator": message("Accelerator"),
    "petaflop": message("Petaflop"),
    "megawatt": message("Megawatt"),
}
TITLES = {
    "accelerator": message(
        "Per accelerator, {stage} machines cost from {least} ({last}) to {most} ({first})"
    ),
    "petaflop": message("Per petaflop, {stage} machines cost from {least} ({last}) to {most} ({first})"),
    "megawatt": message("Per megawatt, {stage} sites cost from {least} ({last}) to {most} ({first})"),
}
TITLES_ONE = {
    "accelerator": message("{first}: {most} per accelerator ({stage})"),
    "petaflop": message("{first}: {most} per petaflop ({stage})"),
    "megawatt": message("{first}: {most} per megawatt ({stage})"),
}
TITLES_NONE = {
    "accelerator": message("No source gives both the euros and the accelerators of a machine"),
    "petaflop": message("No source gives both the euros and the petaflops of a machine"),
    "megawatt": message("No source gives both the euros and the megawatts of a site"),
}
SUBTITLES = {
    "accelerator": message(
        "Total cost as published ÷ accelerators as stated, current prices. Chips of different years and makers "
        "do different work, and some totals hold years of operation."
    ),
    "petaflop": message(
        "Total cost as published ÷ peak petaflops as stated, current prices. Petaflops for science and for AI are "
        "counted in different ways, and some totals hold years of operation."
    ),
    "megawatt": message(
        "Total cost as published ÷ electric power as stated, current prices. Some totals hold years of operation, "
        "some the building."
    ),
}
STAGES = message("Stages stand one under another and are never added.")
COVERAGE = plural(
    "Both are published for {known} of {number}\u00a0machine or bid; {no_euros} lacks the euros, {no_units} the "
    "number.",
    "Both are published for {known} of {number}\u00a0machines and bids; {no_euros} lack the euros, {no_units} "
    "the number.",
)
BOTH = {
    "accelerator": plural("{amount} ÷ {units}\u00a0accelerator", "{amount} ÷ {units}\u00a0accelerators"),
    "petaflop": plural("{amount} ÷ {units}\u00a0petaflop", "{amount} ÷ {units}\u00a0petaflops"),
    "megawatt": plural("{amount} ÷ {units}\u00a0megawatt", "{amount} ÷ {units}\u00a0megawatts"),
}
ELSEWHERE = message("Other continents, for comparison")
ELSEWHERE_WHY = plural(
    "{number}\u00a0machine of other continents is from {publisher} ({licence}): its reported cost in dollars, at the "
    "ECB’s mean rate of the year in which it began to work.",
    "{number}\u00a0machines of other continents are from {publisher} ({licence}): their reported cost in dollars, at "
    "the ECB’s mean rate of the year in which each began to work.",
)
CONVERTED = message("{amount} at €1 = {rate} USD, the ECB’s mean of {year:d}")
UNDER, ABOUT, RANGE = message("under {amount}"), message("about {amount}"), message("{low} to {high}")
CALCULATED_AS = message("Calculated as")
COLUMNS = {
    "site_name": message("Machine or bid"),
    "where": message("Where"),
    "stage_label": message("Stage"),
    "amount": message("Total cost"),
    "units": message("Number"),
    "cost": message("Euros per unit"),
}
NOTHING_WHY = message("This does not mean that they cost nothing: the table names what is missing of each.")


def units(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """How many units a machine has, as its source writes it; "not published" if it has none."""
    if row["units"] is None:
        return formatting.not_published(locale)
    return str(row["units_said"]) if row["units_said"] else formatting.exact(row["units"], locale)


def cost(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """Euros per unit in words: "€58,900", "under €36,250", "€71,400 to €76,900"; "no data" if one of the two
    is missing.
    """
    if row["eur_per_unit"] is None:
        return formatting.no_data(locale)
    amount = formatting.euros(row["eur_per_unit"], locale=locale)
    if row["eur_per_unit_low"] is not None:
        low = formatting.euros(row["eur_per_unit_low"], locale=locale)
        return say(RANGE, locale, low=low, high=amount)
    words = (row["units_said"] or "").split()
    is_more, is_less = "over" in words, row["qualifier"] in ("up-to", "nearly")
    is_open = row["qualifier"] in ("over", "at-least")
    if (is_more or is_less) and not is_open:
        return say(UNDER, locale, amount=amount)
    is_rough = is_more or is_open or row["qualifier"] == "about" or "about" in words
    return say(ABOUT, locale, amount=amount) if is_rough else amount


def derivation(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """How the cost of a unit came about."""
    amount = formatting.euros(row["amount_eur"], row["qualifier"] or "exact", locale=locale)
    if row["cost_usd"] is not None:
        dollars, rate = formatting.dollars(row["cost_usd"], locale), formatting.exact(row["rate"], locale)
        converted = say(CONVERTED, locale, amount=dollars, rate=rate, year=int(row["rate_year"]))
        return formatting.listed([_both(row, amount, locale), converted], locale=locale)
    return _both(row, amount, locale)


def _both(row: Mapping[Any, Any], amount: str, locale: str) -> str:
    return say(BOTH[row["unit"]], locale, number=int(row["units"]), amount=amount, units=units(row, locale))


def title(unit: str, known: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """The dearest and the cheapest of the stage with most of them. known: rows with both numbers."""
    if not known:
        return say(TITLES_NONE[unit], locale)
    stages = [row["stage"] for row in known]
    most_common = max(dict.fromkeys(stages), key=stages.count)
    among = [row for row in known if row["stage"] == most_common]
    first, last = among[0], among[-1]
    fields = {"first": first["site_name"], "most": cost(first, locale), "stage": first["stage_label"]}
    if first is last:
        return say(TITLES_ONE[unit], locale, **fields)
    return say(TITLES[unit], locale, last=last["site_name"], least=cost(last, locale), **fields)


def elsewhere(credit: Sequence[Mapping[Any, Any]], number: int, locale: str = ENGLISH) -> str:
    """Where the machines of other continents are from; "" if none is shown. credit: of
    queries.compute_cost.elsewhere_credit.
    """
    if not number or not credit:
        return ""
    fields = {"publisher": credit[0]["publisher"], "licence": credit[0]["licence"]}
    return say(ELSEWHERE_WHY, locale, number=number, **fields)


def subtitle(unit: str, rows: Sequence[Mapping[Any, Any]], locale: str = ENGLISH) -> str:
    """What is divided by what, and of how many machines both are known."""
    rows = [row for row in rows if row["site_id"] is not None]
    known = sum(row["eur_per_unit"] is not None for row in rows)
    coverage = say(
        COVERAGE,
        locale,
        number=len(rows),
        known=formatting.number(known, locale),
        no_euros=formatting.number(sum(row["amount_eur"] is None for row in rows), locale),
        no_units=formatting.number(sum(row["units"] is None for row in rows), locale),
    )
    return formatting.paragraph(say(SUBTITLES[unit], locale), say(STAGES, locale), coverage)
