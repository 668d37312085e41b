"""Who pays for sites: the words of the figure, and of the amounts one by one. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows

TITLE = plural(
    "Largest known payer for {of}: {payers}, {amount} {stage}",
    "Largest known payers for {of}: {payers}, {amount} {stage} each",
)
TITLE_TOGETHER = message("{amount} is {stage} for {of}; none of our sources says who pays how much of it")
TITLE_NONE = message("Who pays for {of}: no amount is published")
TITLE_BIDS = message("{of}: nothing is granted, bids alone name amounts")
SITES, SITES_IN = message("these sites"), message("sites in {country}")
SUBTITLE = message(
    "Euros by who pays in the end, current prices, counted once inside each stage and kind of euro. Stages "
    "follow one another with the same money, and total costs hold the shares of all payers: never add them."
)
BIDS = message("Rival bids stand one by one and are never added.")
BID_GROUP = message("Asked for in rival bids, never added")
BID = message("{heading}, {basis}")
NOT_SPLIT = message("{funder}, not split")
OF_BASIS = message("{funder}, {basis}")
OWN = {  # what each funder gives by itself
    "eu-budget": "eu-contribution",
    "member-states": "national-contribution",
    "private": "private-contribution",
    "eib-group": "own-financing",
}
SAID_LACKING = plural(
    "{amount}, {number}\u00a0amount not published", "{amount}, {number}\u00a0amounts not published"
)
HATCH = message("not published (not the same as zero)")
TOGETHER = ("eu-and-states", "several")  # funders of amounts that nobody splits
COLUMNS = {
    "payer": message("From whom"),
    "stage_label": message("Stage"),
    "basis_label": message("What the euros are"),
    "amount_eur": message("Euros"),
    "entries": message("Entries"),
    "entries_unknown": message("Without amount"),
}
AMOUNTS = message("Every amount, and from whom")
AMOUNTS_WHY = message("Of one site the total holds the shares. Never add stages or kinds of euro.")
AMOUNT_COLUMNS = {
    "site_name": message("Site"),
    "payer": message("From whom"),
    "what": message("For"),
    "stage_label": message("Stage"),
    "basis_label": message("What the euros are"),
    "amount": message("Euros"),
    "publisher": message("Publisher"),
    "source_url": message("Source"),
}
PLEDGE_COLUMNS = {
    "heading": message("For"),
    "stage_label": message("Stage"),
    "amount": message("Euros"),
    "dated": message("Said"),
    "publisher": message("Publisher"),
    "source_url": message("Source"),
}


def payer(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """From whom an amount comes; of what several pay and nobody splits, both. row: funder, funder_label."""
    label = formatting.sentence(str(row["funder_label"]))
    return say(NOT_SPLIT, locale, funder=label) if row["funder"] in TOGETHER else label


def group(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The heading over a bar. row: of queries.site_money.payers."""
    if row["is_bid"]:
        return say(BID_GROUP, locale)
    return formatting.sentence(str(row["stage_label"]))


def name(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The name of a bar: the payer, or what a bid asks for."""
    if row["is_bid"]:
        return say(BID, locale, heading=row["heading"], basis=row["basis_label"])
    if row["basis"] == OWN.get(row["funder"]):
        return payer(row, locale)
    return say(
        OF_BASIS, locale, funder=formatting.sentence(str(row["funder_label"])), basis=row["basis_label"]
    )


def said(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """An amount at the end of a bar, with how many more are not published."""
    amount = formatting.euros(row["amount_eur"], row["qualifier"], locale=locale)
    if row["amount_eur"] is None or not row["entries_unknown"]:
        return amount
    return say(SAID_LACKING, locale, amount=amount, number=int(row["entries_unknown"]))


def title(rows: pd.DataFrame, of: str, locale: str = ENGLISH) -> str:
    """The largest payer at the furthest stage that names payers. of: what the money is for, in words."""
    records = [row for row in frame_rows.records(rows) if not row["is_bid"]]
    known = [row for row in records if row["amount_eur"] is not None]
    single = [row for row in known if row["funder"] not in TOGETHER]
    if not records:
        return say(TITLE_BIDS, locale, of=formatting.sentence(of))
    if not known:
        return say(TITLE_NONE, locale, of=of)
    top = max(single or known, key=lambda row: row["amount_eur"])
    fields = {
        "amount": formatting.euros(top["amount_eur"], locale=locale),
        "stage": top["stage_label"],
        "of": of,
    }
    if not single:
        return say(TITLE_TOGETHER, locale, **fields)
    equal = [
        str(row["funder_label"])
        for row in single
        if (row["amount_eur"], row["stage"]) == (top["amount_eur"], top["stage"])
    ]
    payers = formatting.listed(list(dict.fromkeys(equal)), "and", locale)
    return say(TITLE, locale, number=len(set(equal)), payers=payers, **fields)


def payer_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin."""
    named = rows.assign(payer=[name(row, locale) for row in frame_rows.records(rows)])
    return table(named, COLUMNS, euros=("amount_eur",), locale=locale)


def amount(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The amount of an entry in full; where its source says that there is none, so, with the date."""
    if row["qualifier"] == formatting.NONE:
        return formatting.denied(row["dated_on"], locale)
    return formatting.euros(row["amount_eur"], row["qualifier"], locale=locale)


def amount_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Every amount of the chosen sites. rows: of queries.site_money.amounts."""
    records = frame_rows.records(rows)
    named = rows.assign(
        payer=[payer(row, locale) for row in records],
        what=[formatting.sentence(str(row["heading"]).split(": ", 1)[-1]) for row in records],
        amount=[amount(row, locale) for row in records],
    )
    return table(named, AMOUNT_COLUMNS, locale=locale)


def pledge_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """What a state puts up. rows: of queries.site_money.pledges."""
    records = frame_rows.records(rows)
    named = rows.assign(
        amount=[amount(row, locale) for row in records],
        dated=[formatting.day(row["dated_on"], locale) if row["dated_on"] else "" for row in records],
    )
    return table(named, PLEDGE_COLUMNS, locale=locale)
