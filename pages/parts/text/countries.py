"""What the Countries page says of one state, and of all. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.parts.promise_delays import Slip
from pages.parts.text import euros_by_country, formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows

# --- all states

HEADLINE_ALL = plural(
    "{number}\u00a0country has an AI factory, an antenna, a machine or a bid; {leading}.",
    "{number}\u00a0countries have an AI factory, an antenna, a machine or a bid; {leading}.",
)
HEADLINE_OF_KINDS = plural(
    "{kinds}: {number}\u00a0country has a site; {leading}.",
    "{kinds}: {number}\u00a0countries have a site; {leading}.",
)
LEADING, LEADING_TOGETHER = (
    message("{first} has the most, {most}"),
    message("{first} have the most, {most} each"),
)
NONE_LEADING = message("none has more than {most}")
MOST_LEADING = 3  # countries that a headline names
HEADLINE_NO_SITES = message("No country hosts a site in this release.")
HEADLINE_NONE_OF_KINDS = message("{kinds}: no country hosts a site in this release.")
STANDFIRST_ALL = message(
    "Choose a country to see what it gets, from whom, what it pays and what was promised there. We add only "
    "amounts of one stage and one kind."
)
LIST = message("Countries with sites, recipients or pledges")
LIST_COLUMNS = {
    "country_label": message("Country"),
    "sites": message("Sites"),
    "open_sites": message("Open"),
    "bids": message("Bids"),
    "population": message("Population"),
    "gdp": message("GDP, € bn"),
}
ALL_COUNTRIES = message("All countries")
COUNTRY, KIND, STAGE, BASIS, PER, BESIDE = (
    message("Country"),
    message("Kind of site"),
    message("Stage of the comparison"),
    message("Euros of the comparison"),
    message("Compare by"),
    message("Beside"),
)
ALL_KINDS, NEIGHBOURS = message("All kinds"), message("Its neighbours")

# --- one state

HEADLINE = message("{country}: {sums}.")
SUM = message("{amount} {stage} ({basis})")
HEADLINE_NONE = plural(
    "{country} hosts {number}\u00a0site, and no source gives an amount for it.",
    "{country} hosts {number}\u00a0sites, and no source gives an amount for them.",
)
HEADLINE_NO_SITE = message("{country} hosts no AI factory, machine or bid that our sources name.")
HEADLINE_NO_SUCH_SITE = message("{country} hosts no site of the kinds chosen here that our sources name.")
STANDFIRST = plural(
    "{number}\u00a0site, {open} open, {bids} only bids. Euros at different stages may be the same money.",
    "{number}\u00a0sites, {open} open, {bids} only bids. Euros at different stages may be the same money.",
)
STANDFIRST_NONE = message(
    "That does not mean zero: recipients, pledges and promises that are known stand below."
)
FACTS = {
    "population": message("Population"),
    "gdp": message("GDP"),
    "member": message("In the EU"),
    "eurohpc": message("In EuroHPC"),
    "pays": message("Pays into EuroHPC"),
    "sites": message("Sites"),
}
PEOPLE = message("{number} on 1 January {year:d} (Eurostat, {day})")
GDP = message("{amount} in {year:d}, current prices (Eurostat, {day})")
YES, NO = message("member state"), message("not a member state")
PARTICIPATES, PARTICIPATES_NOT = message("participating state"), message("not a participating state")
PAYS = message("not published by state; all participating states together: {amount} in 2021–27 ({publisher})")
PAYS_UNKNOWN = message("not published by state")
PAYS_NOTHING = message("no: it does not take part")
KIND_NUMBER = message("{kind}: {number}")
NO_EURO = message("No source gives an amount for a site in {country}.")
NO_EURO_OF_KIND = message("No source gives an amount for a site of the kinds chosen here in {country}.")
NO_EURO_ALL = message("No source gives an amount for these sites.")
NO_EURO_WHY = message("This does not mean zero. Sites without amounts are listed below with what is known.")
SITES = message("Factories, machines and bids")
SITE_COLUMNS = {
    "name": message("Site"),
    "kind_label": message("Kind"),
    "status_label": message("Status"),
    "since": message("Date"),
    "system": message("Machine"),
    "total": message("Total"),
    "stage": message("Stage of the total"),
}
SINCE, DUE, SELECTED = message("open since {when}"), message("due {when}"), message("selected {when}")
PLEDGES = message("What the state itself puts up")
NO_PLEDGE = message("No source names an amount that {country} itself puts up.")
RECIPIENTS = message("Largest recipients of AI money in EU lists")
RECIPIENTS_WHY = message(
    "EU contribution by the broad reading of AI; EU bodies are left out. The lists are extracts: commitments "
    "of one department in 2020 and 2021, contracts for machines, and partners outside the EU."
)
NO_RECIPIENT = message("The lists read here name no recipient in {country}.")
ALL_RECIPIENTS = message("All its recipients and projects")
PROMISES = message("Promises: kept, moved, due")
NO_PROMISE = message("No promised date is known for a site in {country}.")
PROMISE_COLUMNS = {
    "title": message("Promise"),
    "state": message("State"),
    "now": message("Date now or done"),
    "first": message("First stated"),
    "word": message("Difference"),
}
STATES = {
    "due": message("date passed, not confirmed"),
    "unseen": message("date passed, not looked at yet"),
    "moved": message("moved"),
    "kept": message("date unchanged, still to come"),
    "alone": message("one date only, still to come"),
    "done": message("happened"),
    "withdrawn": message("withdrawn"),
}
BESIDE_TITLE = message("{country}: {measure}; of {number} shown, {first} has the most, {most}")
BESIDE_FIRST = message("{country} has the most of {number} shown: {measure}")
NOT_SHOWN = plural(
    "{names}: nothing at this stage and of this kind names it.",
    "{names}: nothing at this stage and of this kind names them.",
)
NO_COMPARISON = message("Nothing at this stage and of this kind of euro names these countries.")
NO_COMPARISON_WHY = message("This does not mean zero. Choose another stage or kind of euro.")
MOST_SUMS = 3  # in a headline


def headline(
    country: str, sites: pd.DataFrame, payers: pd.DataFrame, is_narrowed: bool = False, locale: str = ENGLISH
) -> str:
    """What a state gets: the largest sums at the furthest stages. sites: of queries.sites.sites. payers: of
    queries.site_money.payers. is_narrowed: of some kinds of site only.
    """
    if sites.empty:
        return say(HEADLINE_NO_SUCH_SITE if is_narrowed else HEADLINE_NO_SITE, locale, country=country)
    known = [
        row
        for row in frame_rows.records(payers)
        if not row["is_bid"] and row["amount_eur"] is not None and row["basis"] != "total-cost"
    ] or [row for row in frame_rows.records(payers) if not row["is_bid"] and row["amount_eur"] is not None]
    if not known:
        return say(HEADLINE_NONE, locale, country=country, number=len(sites))
    largest = sorted(known, key=lambda row: row["amount_eur"], reverse=True)[:MOST_SUMS]
    sums = [
        say(
            SUM,
            locale,
            amount=formatting.euros(row["amount_eur"], locale=locale),
            stage=row["stage_label"],
            basis=row["basis_label"],
        )
        for row in largest
    ]
    return say(HEADLINE, locale, country=country, sums=formatting.listed(sums, "and", locale))


def standfirst(sites: pd.DataFrame, locale: str = ENGLISH) -> str:
    """How many sites a state hosts, and how far they have come."""
    if sites.empty:
        return say(STANDFIRST_NONE, locale)
    bids = (sites["kind"] == "gigafactory") & (sites["status"] == "announced")
    opened = int(sites["is_open"].astype(bool).sum())
    return say(STANDFIRST, locale, number=len(sites), open=opened, bids=int(bids.sum()))


def facts(
    row: Mapping[Any, Any], sites: pd.DataFrame, eurohpc: pd.DataFrame, locale: str = ENGLISH
) -> list[tuple[str, str]]:
    """Names and values of a state. row: of queries.site_money.country. eurohpc: of states_to_eurohpc."""
    unknown = formatting.no_data(locale)
    people = gdp = unknown
    if row["population"] is not None:
        people = say(
            PEOPLE,
            locale,
            number=euros_by_country.people(row["population"], locale),
            year=int(row["population_year"]),
            day=row["published_on"],
        )
    if row["gdp_eur"] is not None:
        amount = formatting.euros(row["gdp_eur"], locale=locale)
        gdp = say(GDP, locale, amount=amount, year=int(row["gdp_year"]), day=row["gdp_published_on"])
    kinds = [
        say(KIND_NUMBER, locale, number=len(of_kind), kind=formatting.sentence(str(kind)))
        for kind, of_kind in sites.groupby("kind_label", sort=False)
    ]
    values = {
        "population": people,
        "gdp": gdp,
        "member": say(YES if row["is_member"] else NO, locale),
        "eurohpc": say(PARTICIPATES if row["is_eurohpc"] else PARTICIPATES_NOT, locale),
        "pays": _pays(row, eurohpc, locale),
        "sites": "; ".join(kinds) if kinds else formatting.number(0, locale),
    }
    return [(say(title, locale), values[name]) for name, title in FACTS.items()]


def _pays(row: Mapping[Any, Any], eurohpc: pd.DataFrame, locale: str) -> str:
    if not row["is_eurohpc"]:
        return say(PAYS_NOTHING, locale)
    if eurohpc.empty:
        return say(PAYS_UNKNOWN, locale)
    newest = frame_rows.records(eurohpc)[0]
    amount = formatting.euros(newest["amount_eur"], newest["qualifier"], 2, locale)
    return say(PAYS, locale, amount=amount, publisher=newest["publisher"])


def beside_title(
    rows: pd.DataFrame, own: str, per: str, labels: Mapping[str, str], locale: str = ENGLISH
) -> str:
    """A country beside the one with the most. rows: of queries.euros.countries, the largest first."""
    words = {
        row["country"]: euros_by_country.measure_words(row, per, locale) for row in frame_rows.records(rows)
    }
    first = next(iter(words))
    fields: dict[str, Any] = {"country": labels[own], "measure": words[own], "number": len(words)}
    if first == own:
        return say(BESIDE_FIRST, locale, **fields)
    return say(BESIDE_TITLE, locale, first=labels[first], most=words[first], **fields)


def site_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The sites of a state. rows: of queries.sites.sites, with stage labels as total_stage_label."""
    records = frame_rows.records(rows)
    named = rows.assign(
        since=[_date(row, locale) for row in records],
        system=[row["system_name"] or "" for row in records],
        total=[
            formatting.euros(row["total_eur"], row["total_qualifier"] or "exact", locale=locale)
            for row in records
        ],
        stage=[row["total_stage_label"] or "" for row in records],
    )
    return table(named, SITE_COLUMNS, locale=locale)


def _date(row: Mapping[Any, Any], locale: str) -> str:
    """The date that says most of a site: since when it is open, else when it is due, else when selected."""
    for name, words in (("operational", SINCE), ("expected_operational", DUE), ("selected", SELECTED)):
        if row[f"{name}_on"] is not None and (name != "operational" or row["is_open"]):
            when = formatting.moment(row[f"{name}_on"], row[f"{name}_precision"], locale)
            return say(words, locale, when=when)
    return ""


def promise_table(slips: Sequence[Slip], locale: str = ENGLISH) -> pd.DataFrame:
    """Promises with their state, what was said first, and what is said now."""
    rows = pd.DataFrame(
        [
            {
                "title": slip.title,
                "state": say(STATES[slip.state], locale),
                "now": _moment(slip.happened or slip.now, locale),
                "first": _moment(slip.earlier[0] if slip.earlier else slip.now, locale),
                "word": slip.word,
            }
            for slip in slips
        ],
        columns=list(PROMISE_COLUMNS),
    )
    return table(rows, PROMISE_COLUMNS, locale=locale)


def _moment(stated: Any, locale: str) -> str:
    return formatting.moment(stated.first, stated.precision, locale)


def headline_of_all(states: pd.DataFrame, kinds: list[str], locale: str = ENGLISH) -> str:
    """How many countries have sites, and which have the most. states: of queries.host_countries.states, with
    country_label in words. kinds: those that are chosen, in words; none for all.
    """
    chosen = formatting.sentence(formatting.listed(kinds, "or", locale)) if kinds else ""
    if states.empty:
        return say(HEADLINE_NONE_OF_KINDS, locale, kinds=chosen) if kinds else say(HEADLINE_NO_SITES, locale)
    most = int(states["sites"].max())
    names = [str(name) for name in states[states["sites"] == most]["country_label"]]
    fields = {"first": formatting.listed(names, "and", locale), "most": formatting.number(most, locale)}
    if len(names) > MOST_LEADING:
        leading = say(NONE_LEADING, locale, most=fields["most"])
    else:
        leading = say(LEADING if len(names) == 1 else LEADING_TOGETHER, locale, **fields)
    if kinds:
        return say(HEADLINE_OF_KINDS, locale, number=len(states), kinds=chosen, leading=leading)
    return say(HEADLINE_ALL, locale, number=len(states), leading=leading)


def list_of_states(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """All states with sites. rows: of queries.states.states, with country_label in words."""
    records = frame_rows.records(rows)
    unknown = formatting.no_data(locale)
    named = rows.assign(
        population=[
            unknown if row["population"] is None else formatting.whole(row["population"], locale)
            for row in records
        ],
        gdp=[
            unknown if row["gdp_eur"] is None else formatting.whole(round(row["gdp_eur"] / 10**9), locale)
            for row in records
        ],
    )
    return table(named, LIST_COLUMNS, locale=locale)
