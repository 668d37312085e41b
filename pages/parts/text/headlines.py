"""Today's answers in words: frames → sentences. Pure; every template has its branch for missing, equal and none.

A sentence has a subject and a verb, names the stage of its number, keeps the source's qualifier, and never says more than the figures do.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from pages.parts.text import formatting, promise_delays
from pages.parts.text.promise_delays import Slip


class Answer(NamedTuple):
    """The headline of a page, the standfirst that says what it does not cover, and the title of its first figure."""

    headline: str
    standfirst: str
    title: str


STAGES = ("announced", "programmed", "committed", "contracted", "paid")
IN_WORDS = {
    "announced": "announced",
    "programmed": "programmed",
    "committed": "committed",
    "contracted": "in signed contracts",
    "paid": "paid",
}


def overview(steps: pd.DataFrame, payments: int, name: str) -> Answer:
    """steps: mart_ladder of one ladder, in order. payments: entries with stage paid in the release. name: what the ladder is of."""
    rows = steps.to_dict("records")
    known = [row for row in rows if row["amount_eur"] is not None]
    paid = (
        "No payment has been published."
        if not payments
        else f"{formatting.count(payments, 'payment has', 'payments have')} been published."
    )
    if not known:
        return Answer(f"{name}: no source gives an amount. {paid}", LADDER, ladder_title(rows, name))
    announced, sites, ceiling = (
        _first(rows, "announced", "investment-mobilised"),
        _first(rows, "programmed", "total-cost"),
        _first(rows, "programmed", "eu-contribution"),
    )
    if name == "InvestAI" and announced and sites:
        law = (
            f" What is law: EuroHPC may use up to {formatting.euros(ceiling['amount_eur'], decimals=2)} of EU money until 2027, for AI and other computing."
            if ceiling
            else ""
        )
        headline = f"Europe announced {_said(announced)} for AI. {_sentence(_said(sites))} is tied to named sites. {paid}"
        return Answer(headline, INVESTAI + law, ladder_title(rows, name))
    largest = max(known, key=lambda row: row["amount_eur"])
    return Answer(
        f"{name}: {_said(largest)} is {largest['stage']}, as {largest['basis_label']}. {paid}",
        LADDER,
        ladder_title(rows, name),
    )


INVESTAI = "Most of the headline is other people’s money that the EU hopes to attract. Its own share was never published."
LADDER = "Each bar has its own stage, basis and period. The bars are compared and never added."


def ladder_title(rows: list[dict[Any, Any]], name: str) -> str:
    """From the headline to the most real step of InvestAI; of other ladders, whose steps differ in period, how many have an amount."""
    known = [row for row in rows if row["amount_eur"] is not None]
    if not known:
        return "No step of this ladder has a published amount"
    last = max(known, key=lambda row: STAGES.index(row["stage"]))
    if name == "InvestAI" and last["stage"] != known[0]["stage"]:
        return (
            f"From {_said(known[0])} {IN_WORDS[known[0]['stage']]} to {_said(last)} {IN_WORDS[last['stage']]}"
        )
    return f"{_sentence(formatting.number(len(known)))} of {formatting.number(len(rows))} steps have a published amount; the furthest is {last['stage']}"


WHOLE = "These are whole programmes. How much of them is AI has never been published; where a source files a line under AI, the data say so."
PIECES = "These are the amounts that sources publish. Years and programmes without a figure are missing, so the sum is not a programme’s total."


def euros(
    total: Mapping[str, Any], removed: pd.DataFrame, labels: Mapping[str, str], is_gross: bool, is_whole: bool
) -> Answer:
    """total: one row of queries.euros.totals. removed: rows of queries.euros.removed. labels: code → label of purses, umbrellas and bases."""
    gross, net, gone = (total[name] for name in ("gross_eur", "net_eur", "removed_eur"))
    kind = f"{total['stage']} as {labels.get(total['basis'], total['basis'])}"
    unknown = (
        f" {formatting.count(total['entries_unknown'], 'entry has', 'entries have')} no published amount."
        if total["entries_unknown"]
        else ""
    )
    standfirst = (WHOLE if is_whole else PIECES) + unknown
    if total["stage"] == "paid" and not total["entries"]:
        return Answer(
            "No payment has been published.",
            "Payment appropriations are a ceiling, so they are not shown as paid.",
            "",
        )
    if total["basis"] == "investment-mobilised":
        return Answer(
            "Investment to be mobilised is never added up here.",
            "It is a target or a claim about all investors, not money of the EU.",
            "",
        )
    if not total["entries"]:
        return Answer(f"No entry is {kind} in this choice.", standfirst, "")
    if gross is None:
        return Answer(
            f"No amount is published of what is {kind} in this choice.", standfirst, "No amount is published"
        )
    if not gone:
        return Answer(
            f"{formatting.euros(gross)} is {kind}, and no overlap is recorded in it.",
            standfirst,
            f"{formatting.euros(gross)} is {kind}",
        )
    title = f"{formatting.euros(gone)} would be counted twice without the overlap ledger"
    both = formatting.euros(gross, decimals=1), formatting.euros(net, decimals=1)
    if is_gross:
        return Answer(
            f"{both[0]} is {kind} if overlaps are counted more than once; {both[1]} if not.",
            standfirst,
            title,
        )
    names = list(dict.fromkeys(_vehicle(row, labels) for row in removed.to_dict("records")))
    is_short = len(names) <= 3 and not any(mark in name for name in names for mark in ",:")
    who = formatting.listed(names) if is_short else f"{formatting.count(len(removed), 'entry', 'entries')}"
    verb = "sits" if len(names if is_short else removed) == 1 else "sit"
    where = "other envelopes" if is_whole else "other amounts"
    return Answer(
        f"{_sentence(who)} {verb} inside {where}. Counted once, {both[1]} remains of {both[0]}.",
        standfirst,
        title,
    )


def _vehicle(row: dict[Any, Any], labels: Mapping[str, str]) -> str:
    return labels.get(row["initiative"], "") or str(row["heading"])


def years(rows: pd.DataFrame) -> str:
    """rows: queries.euros.years with programme_label. The finding over the years in which more than one programme is known."""
    known = rows[rows["amount_eur"].notna()]
    if known.empty:
        return "No yearly amount is published in this choice"
    programmes = known.groupby("year")["programme"].nunique()
    both = known[known["year"].isin(programmes[programmes > 1].index)]
    if both.empty:
        span = formatting.years(int(known["year"].min()), int(known["year"].max()))
        return (
            f"{known['programme_label'].iloc[0]}, year by year, {span}"
            if known["programme"].nunique() == 1
            else f"Year by year, {span}"
        )
    sums = {label: sum(own["amount_eur"], Decimal(0)) for label, own in both.groupby("programme_label")}
    whole = sum(sums.values(), Decimal(0))
    largest = max(sums, key=lambda label: sums[label])
    others = formatting.listed([str(label) for label in sums if label != largest])
    return f"{largest} has {formatting.percent(sums[largest], whole)} of {formatting.euros(whole)}, beside {others}, in years with both"


def countries(rows: pd.DataFrame, per: str, median: str) -> str:
    """rows: queries.euros.countries with `measure`. median: of the measure, in words.

    How much names a country, and the median. No country is named as the first: seats of EU bodies lead such lists.
    """
    known = rows[rows["measure"].notna()]
    if known.empty:
        return (
            "No amount that names a country is published"
            if per == "country"
            else "No country here has a known population and GDP"
        )
    of = {"country": "", "person": " per person", "gdp": " of GDP"}[per]
    middle = f"the median of {formatting.count(len(known), 'country', 'countries')} is {median}{of}"
    here = sum(known["amount_eur"], Decimal(0))
    return (
        f"{formatting.euros(here, decimals=1)} names a country; {middle}"
        if per == "country"
        else _sentence(middle)
    )


def sites(rows: pd.DataFrame, newest: date | None) -> Answer:
    """rows: queries.sites.sites of the whole release, one row a site. newest: the day of the newest event that was found."""
    evidence = f" The newest event found is of {formatting.day(newest)}." if newest else ""
    factories, bids = rows[rows["kind"] == "ai-factory"], rows[rows["kind"] == "gigafactory"]
    is_open = int(factories["is_open"].astype(bool).sum())
    chosen = int((bids["status"] != "announced").sum())
    first = f"{_sentence(formatting.number(is_open))} of {len(factories)} AI factories {'offers' if is_open == 1 else 'offer'} services."
    second = (
        "No gigafactory site has been chosen."
        if not chosen
        else f"{formatting.count(chosen, 'gigafactory site has', 'gigafactory sites have')} been chosen."
    )
    return Answer(
        f"{first} {second}",
        "An open factory means staff and support; its new machine usually follows later and has its own line."
        + evidence,
        "",
    )


def sites_title(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """What the map shows: kinds and their numbers."""
    counts = rows["kind"].value_counts()
    plural = {
        "ai-factory": "AI factories",
        "antenna": "antennas",
        "gigafactory": "gigafactory bids",
        "supercomputer": "supercomputers",
    }
    parts = [
        f"{counts[kind]} {plural.get(kind, 'quantum computers') if counts[kind] > 1 else labels[kind]}"
        for kind in labels
        if kind in counts
    ]
    return _sentence(formatting.listed(parts)) if parts else "No site fits the choice"


def timeline(found: list[Slip]) -> Answer:
    """found: all slips of the release. Says how many promises moved and are due; never “late” without evidence."""
    standfirst = (
        "Each promise is kept as it was worded at the time. A date that has passed without evidence is shown as due, not confirmed. "
        "It is not counted as late or as done."
    )
    if not found:
        return Answer("No promised date is known in this choice.", standfirst, "")
    restated, due = promise_delays.restated(found), promise_delays.due(found)
    later = [slip for slip in restated if slip.is_later]
    first = (
        f"{_sentence(formatting.number(len(later)))} of {formatting.number(len(restated))} open promises that were restated now name a later date."
        if later
        else "No open promise that was restated names a later date."
    )
    second = (
        f" {_sentence(formatting.number(len(due)))} {'is' if len(due) == 1 else 'are'} due and not confirmed."
        if due
        else ""
    )
    furthest = max(later, key=lambda slip: slip.most or 0, default=None)
    many = formatting.count(len(found), "promised date")
    title = (
        f"{furthest.title} has moved furthest: {furthest.word}"
        if furthest
        else f"{many} and what came of them"
    )
    return Answer(first + second, standfirst, title)


def _first(rows: list[dict[Any, Any]], stage: str, basis: str) -> dict[Any, Any] | None:
    return next(
        (
            row
            for row in rows
            if row["stage"] == stage and row["basis"] == basis and row["amount_eur"] is not None
        ),
        None,
    )


def _said(row: Mapping[Any, Any]) -> str:
    return formatting.euros(row["amount_eur"], row["qualifier"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
