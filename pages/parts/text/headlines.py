"""Today's answers in words: frames → sentences.

Pure; every template has its branch for missing, equal and none.

A sentence has a subject and a verb, names the stage of its number, keeps the source's qualifier, and never
says more than the figures do.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from pages.parts import promise_delays
from pages.parts.promise_delays import Slip
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Field, Message, message, plural, say
from pages.parts.text.where_we_looked import Search, no_payment
from pipelines import frame_rows
from pipelines.double_counting import ONLY_SPLIT


class Answer(NamedTuple):
    """The headline of a page, the standfirst that says what it does not cover, and the title of its first
    figure.
    """

    headline: str
    standfirst: str
    title: str


# --- the overview

STAGES = ("announced", "programmed", "committed", "contracted", "paid")
INVESTAI = "investai"  # the ladder whose later steps are no part of what was announced

PAID = message("{what}: {amount} is on record as paid ({basis}).")
NO_AMOUNT = message("{name}: no source gives an amount.")
INVESTAI_HEADLINE = message(
    "Europe announced {announced} for AI, mostly private money. Apart from it, {tied} is programmed for named "
    "sites ({basis})."
)
STAGE_HEADLINES = {
    "announced": message("{name}: {amount} has been announced ({basis})."),
    "programmed": message("{name}: {amount} is programmed ({basis})."),
    "committed": message("{name}: {amount} is committed ({basis})."),
    "contracted": message("{name}: {amount} is under contract ({basis})."),
    "paid": message("{name}: {amount} has been paid ({basis})."),
}
HOPED_FOR = message("{name}: {amount} is hoped for ({basis}).")
INVESTAI_STANDFIRST = message(
    "Most of the {announced} is private money that the EU hopes to attract. None of our sources says how "
    "much is its own."
)
INVESTAI_LAW = message(
    "Most of the {announced} is private money that the EU hopes to attract. None of our sources says how "
    "much is its own. One sum is fixed in law: up to {amount} of EU money for the supercomputing body "
    "EuroHPC until 2027, not all of it for AI."
)
LADDER_STANDFIRST = message("The bars measure different things. Compare them; do not add them up.")
NO_STEP = message("No amount has been published at any stage")
APART = {
    "programmed": message(
        "{first} announced, from all investors; apart from it, {last} programmed ({basis})"
    ),
    "committed": message("{first} announced, from all investors; apart from it, {last} committed ({basis})"),
    "contracted": message(
        "{first} announced, from all investors; apart from it, {last} in signed contracts ({basis})"
    ),
    "paid": message("{first} announced, from all investors; apart from it, {last} paid ({basis})"),
}
FURTHEST_STAGE = {
    "announced": message("{published} of {all} amounts are published, none beyond announcements"),
    "programmed": message("{published} of {all} amounts are published, none beyond laws and plans"),
    "committed": message("{published} of {all} amounts are published, none beyond budget commitments"),
    "contracted": message("{published} of {all} amounts are published, none beyond signed contracts"),
    "paid": message("{published} of {all} amounts are published, down to payments"),
}


def overview(steps: pd.DataFrame, name: str, search: Search, locale: str = ENGLISH) -> Answer:
    """The answer of the Overview. steps: mart_ladder of one ladder, in order.

    name: what the ladder is of, in words. search: how far the release looked for payments.
    """
    rows = frame_rows.records(steps)
    paid = payments(rows, name, search, locale)
    title = ladder_title(rows, locale)
    published = [row for row in rows if row["amount_eur"] is not None]
    if not published:
        standfirst = formatting.paragraph(paid, say(LADDER_STANDFIRST, locale))
        return Answer(say(NO_AMOUNT, locale, name=name), standfirst, title)
    announced, sites, ceiling = (
        _first(rows, "announced", "investment-mobilised"),
        _first(rows, "programmed", "total-cost"),
        _first(rows, "programmed", "eu-contribution"),
    )
    if _is_investai(rows) and announced and sites:
        headline = say(
            INVESTAI_HEADLINE,
            locale,
            announced=_amount(announced, locale),
            tied=_amount(sites, locale),
            basis=sites["basis_label"],
        )
        whole = formatting.euros(announced["amount_eur"], locale=locale)
        standfirst = (
            say(
                INVESTAI_LAW,
                locale,
                announced=whole,
                amount=formatting.euros(ceiling["amount_eur"], "exact", 2, locale),
            )
            if ceiling
            else say(INVESTAI_STANDFIRST, locale, announced=whole)
        )
        return Answer(headline, formatting.paragraph(paid, standfirst), title)
    totals = [row for row in published if not _is_found(row)]
    largest = max(totals or published, key=lambda row: row["amount_eur"])
    headline = say(
        HOPED_FOR if largest["basis"] == "investment-mobilised" else STAGE_HEADLINES[largest["stage"]],
        locale,
        name=name,
        amount=_amount(largest, locale),
        basis=largest["basis_label"],
    )
    return Answer(headline, formatting.paragraph(paid, say(LADDER_STANDFIRST, locale)), title)


def _is_found(row: Mapping[Any, Any]) -> bool:
    """Whether a step is the sum of what was found, which is no total of anything."""
    return bool(row["is_recorded"]) and row["entries"] > 1


def payments(steps: list[dict[Any, Any]], name: str, search: Search, locale: str = ENGLISH) -> str:
    """What the last rung of a ladder says of payments, and nothing else: what was paid, or that nothing was
    found, where and until when.

    steps: of mart_ladder. name: what the ladder is of, in words.
    """
    paid = [row for row in steps if row["stage"] == "paid" and row["amount_eur"] is not None]
    if not paid:
        return no_payment(name, search, locale)
    return " ".join(
        say(PAID, locale, what=row["label"], amount=_amount(row, locale), basis=row["basis_label"])
        for row in paid
    )


def ladder_title(rows: list[dict[Any, Any]], locale: str = ENGLISH) -> str:
    """The title of a ladder: of InvestAI what was announced and, beside it, the most real step, whose payers
    are others; of other ladders, whose steps differ in period, how many steps have an amount.
    """
    published = [row for row in rows if row["amount_eur"] is not None]
    if not published:
        return say(NO_STEP, locale)
    first, last = published[0], max(published, key=lambda row: STAGES.index(row["stage"]))
    if _is_investai(rows) and first["stage"] == "announced" and last["stage"] in APART:
        return say(
            APART[last["stage"]],
            locale,
            first=_amount(first, locale),
            last=_amount(last, locale),
            basis=last["basis_label"],
        )
    return say(
        FURTHEST_STAGE[last["stage"]],
        locale,
        published=formatting.sentence(formatting.number(len(published), locale)),
        all=formatting.number(len(rows), locale),
    )


def _is_investai(rows: list[dict[Any, Any]]) -> bool:
    return bool(rows) and rows[0]["ladder"] == INVESTAI


def _first(rows: list[dict[Any, Any]], stage: str, basis: str) -> dict[Any, Any] | None:
    return next(
        (
            row
            for row in rows
            if row["stage"] == stage and row["basis"] == basis and row["amount_eur"] is not None
        ),
        None,
    )


def _amount(row: Mapping[Any, Any], locale: str) -> str:
    return formatting.euros(row["amount_eur"], row["qualifier"], None, locale)


# --- euros

WHOLE = message("These are totals of whole programmes, in all their fields.")
WHOLE_OF_INITIATIVES = message("These are totals: all that a programme gives to an initiative.")
PIECES = message("Only published amounts are included, so this is not a programme total.")
UNKNOWN = plural(
    "{number}\u00a0entry has no published amount.", "{number}\u00a0entries have no published amount."
)
MOST_OUTSIDE = message("Most of it is not AI money: {outside} is labelled “not AI” in our data.")
NONE_LABELLED = message(
    "No amount added here is AI alone: {mixed} covers AI and other things, and we know of no source that "
    "splits all of it."
)
ALL_LABELLED = message("All of it is labelled as AI.")
READINGS = message("Of this sum, {parts}.")
READING_PARTS = {
    "ai": message("{amount} is labelled as AI"),
    "not-split": message("{amount} covers AI and other things"),
    "outside": message("{amount} is not AI"),
}
WAYS = message("{whole} is divided in more than one way: we count “{counted}” and leave out {left_out}.")
UNNAMED_WAYS = message("{whole} is divided in more than one way: we count one way and leave out {left_out}.")
LEFT_OUT_WAY = message("“{way}” ({amount})")
LEFT_OUT_UNNAMED = message("another ({amount})")
MORE_WAYS = plural(
    "The list of what was removed names {number}\u00a0more budget divided in several ways.",
    "The list of what was removed names {number}\u00a0more budgets divided in several ways.",
)
PAID_STANDFIRST = message(
    "These are payments as the sources report them, of single years or to single beneficiaries. How much of "
    "them was for AI is said only where a source says it."
)
PAID_CEILING = message("Budgeted payments are a limit, not money paid out, so they are not counted here.")
NEVER_ADDED = message("Investment that is only hoped for is never added up here.")
A_TARGET = message("Such figures are targets or claims about all investors, not EU money.")
NO_ENTRY_WHY = message("It may stand at another stage, or be money of another kind.")
NO_ENTRY = message("{scope}: we have no amount that is {stage} ({basis}).")
NOTHING_TO_ADD = message("{scope}: nothing that is {stage} ({basis}) can be added up.")
NOTHING_TO_ADD_WHY = plural(
    "{number}\u00a0amount fits but is never added, such as a rival bid; it is listed below.",
    "{number}\u00a0amounts fit but are never added, such as rival bids; they are listed below.",
)
NOTHING_PUBLISHED = message("{scope}: we found no amount for what is {stage} ({basis}).")
NOTHING_PUBLISHED_TITLE = message("No amount is published")
NO_OVERLAP = message("{scope}: {amount} is {stage} ({basis}). We know of no double counting in it.")
EMPTY_OVERLAP = message(
    "{scope}: {amount} is {stage} ({basis}). What overlaps in it adds nothing to the sum."
)
NO_OVERLAP_TITLES = {
    "announced": message("{amount} has been announced ({basis})"),
    "programmed": message("{amount} is programmed ({basis})"),
    "committed": message("{amount} is committed ({basis})"),
    "contracted": message("{amount} is under contract ({basis})"),
    "paid": message("{amount} is on record as paid ({basis})"),
}
TWICE_TITLE = message("{amount} appears more than once in the published amounts")
GROSS = message(
    "{scope}. Including double counting, {gross} is {stage} ({basis}); counted once, it is {net}."
)
NAMED_INSIDE = plural(
    "{scope}, {stage} ({basis}): {names} is already inside other amounts. Counted once, the sum is {net}, not "
    "{gross}.",
    "{scope}, {stage} ({basis}): {names} are already inside other amounts. Counted once, the sum is {net}, not "
    "{gross}.",
)
INSIDE = plural(
    "{scope}, {stage} ({basis}): {number}\u00a0entry is already inside others. Counted once, the sum is {net}, "
    "not {gross}.",
    "{scope}, {stage} ({basis}): {number}\u00a0entries are already inside others. Counted once, the sum is "
    "{net}, not {gross}.",
)
REPEATED = plural(
    "{scope}, {stage} ({basis}): {number}\u00a0entry repeats money of others or divides it in another way. "
    "Counted once, the sum is {net}, not {gross}.",
    "{scope}, {stage} ({basis}): {number}\u00a0entries repeat money of others or divide it in another way. "
    "Counted once, the sum is {net}, not {gross}.",
)
MOST_NAMES = 3  # that a headline lists


MOST_WAYS = 2  # of dividing wholes, that a standfirst explains


class EurosFound(NamedTuple):
    """What is known of a choice of the Euros page: all of it asked of the same choice.

    total: one row of queries.euros.totals. removed, readings, splits: rows of these questions. set_aside: how
    many amounts fit but are never added.
    """

    total: Mapping[str, Any]
    removed: pd.DataFrame
    readings: pd.DataFrame
    splits: pd.DataFrame
    set_aside: int


def euros(
    found: EurosFound,
    scope: str,
    labels: Mapping[str, str],
    is_gross: bool,
    kind_of_sum: Message,
    is_named: bool,
    unpaid: str,
    locale: str = ENGLISH,
) -> Answer:
    """The answer of the Euros page. scope: what was looked into, in words.

    labels: code → label of stages, programmes, initiatives and bases. is_gross: overlaps are counted.
    kind_of_sum: what is added, a sentence. is_named: what is removed may be called by its initiative.
    unpaid: what to say where no payment of the choice was found.
    """
    total, removed = found.total, found.removed
    gross, net, twice = (total[name] for name in ("gross_eur", "net_eur", "removed_eur"))
    basis = labels.get(total["basis"], total["basis"])
    kind = {"stage": labels.get(total["stage"], total["stage"]), "basis": basis, "scope": scope}
    if total["basis"] == "investment-mobilised":
        return Answer(say(NEVER_ADDED, locale), say(A_TARGET, locale), "")
    if not total["entries"] and found.set_aside:
        why = say(NOTHING_TO_ADD_WHY, locale, number=found.set_aside)
        return Answer(say(NOTHING_TO_ADD, locale, **kind), why, "")
    if total["stage"] == "paid" and not total["entries"]:
        return Answer(unpaid, say(PAID_CEILING, locale), "")
    standfirst = formatting.paragraph(
        say(PAID_STANDFIRST if total["stage"] == "paid" else kind_of_sum, locale),
        reading_words(found.readings, locale),
        split_words(found.splits, locale),
        say(UNKNOWN, locale, number=int(total["entries_unknown"])) if total["entries_unknown"] else "",
    )
    if not total["entries"]:
        return Answer(say(NO_ENTRY, locale, **kind), say(NO_ENTRY_WHY, locale), "")
    if gross is None:
        return Answer(
            say(NOTHING_PUBLISHED, locale, **kind), standfirst, say(NOTHING_PUBLISHED_TITLE, locale)
        )
    if not twice:
        amount = formatting.euros(gross, locale=locale)
        template = EMPTY_OVERLAP if total["entries_removed"] else NO_OVERLAP
        return Answer(
            say(template, locale, amount=amount, **kind),
            standfirst,
            say(NO_OVERLAP_TITLES[total["stage"]], locale, amount=amount, basis=basis),
        )
    title = say(TWICE_TITLE, locale, amount=formatting.euros(twice, locale=locale))
    both = {
        "gross": formatting.euros(gross, decimals=1, locale=locale),
        "net": formatting.euros(net, decimals=1, locale=locale),
    }
    if is_gross:
        return Answer(say(GROSS, locale, **both, **kind), standfirst, title)
    names = list(
        dict.fromkeys(_vehicle(row, labels if is_named else {}) for row in frame_rows.records(removed))
    )
    if removed["split"].notna().any():
        headline = say(REPEATED, locale, number=len(removed), **both, **kind)
    elif len(names) <= MOST_NAMES and not any(mark in name for name in names for mark in ",:"):
        listed = formatting.sentence(formatting.listed(names, "and", locale))
        headline = say(NAMED_INSIDE, locale, number=len(names), names=listed, **both, **kind)
    else:
        headline = say(INSIDE, locale, number=len(removed), **both, **kind)
    return Answer(headline, standfirst, title)


def reading_words(readings: pd.DataFrame, locale: str = ENGLISH) -> str:
    """How much of a net is AI, by the labels of its own entries. readings: rows of queries.euros.readings."""
    known = {row.ai_scope: row.net_eur for row in frame_rows.rows(readings) if row.net_eur}
    parts = {
        "ai": sum((known.get(scope, Decimal(0)) for scope in ("strict", "broad")), Decimal(0)),
        "not-split": known.get("not-split", Decimal(0)),
        "outside": known.get("outside", Decimal(0)),
    }
    words = {
        name: formatting.euros(amount, decimals=1, locale=locale) for name, amount in parts.items() if amount
    }
    if not words:
        return ""
    if 2 * parts["outside"] > sum(parts.values()):
        return say(MOST_OUTSIDE, locale, outside=words["outside"])
    if set(readings["ai_scope"]) == {"not-split"}:
        return say(NONE_LABELLED, locale, mixed=words["not-split"])
    if set(words) == {"ai"}:
        return say(ALL_LABELLED, locale)
    return say(
        READINGS,
        locale,
        parts=[say(READING_PARTS[name], locale, amount=amount) for name, amount in words.items()],
    )


def split_words(splits: pd.DataFrame, locale: str = ENGLISH) -> str:
    """Which way of dividing a whole is counted, and which are left out. splits: rows of
    queries.euros.splits.
    """
    by_whole: dict[tuple[str, str], list[dict[Any, Any]]] = {}
    for row in frame_rows.records(splits):
        if row["removed_eur"]:
            by_whole.setdefault((row["whole_entry_id"], row["counted_split"]), []).append(row)
    wholes = sorted(by_whole.values(), key=lambda rows: -sum(row["removed_eur"] for row in rows))
    sentences = [_ways(rows, locale) for rows in wholes[:MOST_WAYS]]
    if len(wholes) > MOST_WAYS:
        sentences.append(say(MORE_WAYS, locale, number=len(wholes) - MOST_WAYS))
    return formatting.paragraph(*sentences)


def _ways(rows: list[dict[Any, Any]], locale: str) -> str:
    """One whole, and what of it is left out. rows: those of queries.euros.splits."""
    left_out = [
        say(
            LEFT_OUT_UNNAMED,
            locale,
            amount=formatting.euros(row["removed_eur"], locale=locale),
        )
        if row["left_out_split"] == ONLY_SPLIT
        else say(
            LEFT_OUT_WAY,
            locale,
            way=str(row["left_out_split"]),
            amount=formatting.euros(row["removed_eur"], locale=locale),
        )
        for row in rows
    ]
    whole, counted = str(rows[0]["whole"]), str(rows[0]["counted_split"])
    if counted == ONLY_SPLIT:
        return say(UNNAMED_WAYS, locale, whole=whole, left_out=left_out)
    return say(WAYS, locale, whole=whole, counted=counted, left_out=left_out)


def _vehicle(row: dict[Any, Any], labels: Mapping[str, str]) -> str:
    return labels.get(row["initiative"], "") or str(row["heading"])


NO_YEARLY_AMOUNT = message("No annual amount is published in this choice")
ONE_YEARLY = message("{programme}, year by year, {years}")
YEARLY = message("Year by year, {years}")
YEARLY_SHARE = message(
    "{programme} has {share} of {amount} in the years with published amounts for {other} too"
)
YEARLY_SHARE_OF_SEVERAL = message(
    "{programme} has {share} of {amount} in the years with published amounts for several programmes"
)


def years(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The finding over the years in which more than one programme is known.

    rows: queries.euros.years with programme_label.
    """
    published = rows[rows["amount_eur"].notna()]
    if published.empty:
        return say(NO_YEARLY_AMOUNT, locale)
    programmes = published.groupby("year")["programme"].nunique()
    both = published[published["year"].isin(programmes[programmes > 1].index)]
    if both.empty:
        span = formatting.years(int(published["year"].min()), int(published["year"].max()))
        if published["programme"].nunique() == 1:
            return say(ONE_YEARLY, locale, programme=published["programme_label"].iloc[0], years=span)
        return say(YEARLY, locale, years=span)
    sums = {label: sum(own["amount_eur"], Decimal(0)) for label, own in both.groupby("programme_label")}
    whole = sum(sums.values(), Decimal(0))
    largest = max(sums, key=lambda label: sums[label])
    fields = {
        "programme": str(largest),
        "share": formatting.percent(sums[largest], whole, locale),
        "amount": formatting.euros(whole, locale=locale),
    }
    others = [str(label) for label in sums if label != largest]
    if len(others) == 1:
        return say(YEARLY_SHARE, locale, other=others[0], **fields)
    return say(YEARLY_SHARE_OF_SEVERAL, locale, **fields)


NO_COUNTRY = message("No amount is published that can be traced to a country")
NO_MEASURE = message("No country here has a known population and GDP")
MOST = {
    "country": plural(
        "{country} has all that can be traced to a country: {most}",
        "{country} has the most: {most} of {amount}; the median of {number}\u00a0countries is {median}",
    ),
    "person": plural(
        "{country} alone is known: {most} per person",
        "{country} has the most per person: {most}; the median of {number}\u00a0countries is {median}",
    ),
    "gdp": plural(
        "{country} alone is known: {most} of its GDP",
        "{country} has the most for its size: {most} of its GDP; the median of {number}\u00a0countries is "
        "{median}",
    ),
}


def countries(rows: pd.DataFrame, per: str, median: str, locale: str = ENGLISH) -> str:
    """Which country has the most, beside the median. rows: queries.euros.countries with `measure` and
    `measure_words`, the largest first.

    median: of the measure, in words.
    """
    measured = rows[rows["measure"].notna()]
    if measured.empty:
        return say(NO_COUNTRY if per == "country" else NO_MEASURE, locale)
    fields: dict[str, Field] = {
        "country": str(measured["country_label"].iloc[0]),
        "most": str(measured["measure_words"].iloc[0]),
        "number": len(measured),
        "median": median,
    }
    if per == "country":
        amount = sum(measured["amount_eur"], Decimal(0))
        fields["amount"] = formatting.euros(amount, decimals=1, locale=locale)
    return say(MOST[per], locale, **fields)


# --- sites

OPEN_NONE_CHOSEN = plural(
    "{open} of {all} AI factories offers services. No gigafactory site has been chosen.",
    "{open} of {all} AI factories offer services. No gigafactory site has been chosen.",
)
OPEN_FACTORIES = plural(
    "{open} of {all} AI factories offers services.", "{open} of {all} AI factories offer services."
)
CHOSEN_GIGAFACTORIES = plural(
    "{number}\u00a0gigafactory site has been chosen.",
    "{number}\u00a0gigafactory sites have been chosen.",
)
SITES_STANDFIRST_DATED = message(
    "“Open” means that staff and support are available. The new computer usually comes later and is listed "
    "separately. {dates}"
)


def sites(rows: pd.DataFrame, dates: str, locale: str = ENGLISH) -> Answer:
    """The answer of the Sites page. rows: queries.sites.sites of the whole release, one row a site.

    dates: of the newest source and of the release, in words.
    """
    factories, bids = rows[rows["kind"] == "ai-factory"], rows[rows["kind"] == "gigafactory"]
    is_open = int(factories["is_open"].astype(bool).sum())
    chosen = int((bids["status"] != "announced").sum())
    fields = {
        "open": formatting.sentence(formatting.number(is_open, locale)),
        "all": formatting.whole(len(factories), locale),
    }
    if chosen:
        first = say(OPEN_FACTORIES, locale, number=is_open, **fields)
        headline = f"{first} {say(CHOSEN_GIGAFACTORIES, locale, number=chosen)}"
    else:
        headline = say(OPEN_NONE_CHOSEN, locale, number=is_open, **fields)
    standfirst = say(SITES_STANDFIRST_DATED, locale, dates=dates)
    return Answer(headline, standfirst, "")


KINDS = {
    "ai-factory": plural("{number} AI factory", "{number} AI factories"),
    "antenna": plural("{number} antenna", "{number} antennas"),
    "gigafactory": plural("{number} gigafactory bid", "{number} gigafactory bids"),
    "supercomputer": plural("{number} supercomputer", "{number} supercomputers"),
    "quantum-computer": plural("{number} quantum computer", "{number} quantum computers"),
}
OTHER_KIND = message("{number} {kind}")
NO_SITE = message("No site fits the choice")


def sites_title(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """The kinds that a map shows, with the number of each.

    labels: code → label of every kind, in the order of the title.
    """
    numbers = {str(kind): int(number) for kind, number in rows["kind"].value_counts().items()}
    parts = [
        say(KINDS[kind], locale, number=numbers[kind])
        if kind in KINDS
        else say(OTHER_KIND, locale, number=numbers[kind], kind=labels[kind])
        for kind in labels
        if kind in numbers
    ]
    if not parts:
        return say(NO_SITE, locale)
    return formatting.sentence(formatting.listed(parts, "and", locale))


# --- the timeline

TIMELINE_STANDFIRST = message(
    "We keep every date as it was stated at the time. Where a date has passed without evidence, we say “not "
    "confirmed” and count it as neither late nor done."
)
NO_PROMISE = message("No promised date is known in this choice.")
LATER = plural(
    "{later} of {restated} open promises with more than one published date has slipped.",
    "{later} of {restated} open promises with more than one published date have slipped.",
)
NONE_LATER = message("No open promise is known to have slipped.")
DUE = plural(
    "{due} of all {open} open promises has passed its date without confirmation.",
    "{due} of all {open} open promises have passed their date without confirmation.",
)
ALL_DUE = plural(
    "The only open promise has passed its date without confirmation.",
    "All {due} open promises have passed their date without confirmation.",
)
UNSEEN = plural(
    "{unseen} more date passed after our newest source of {day}; we have not looked at it yet.",
    "{unseen} more dates passed after our newest source of {day}; we have not looked at them yet.",
)
SCOPED = message("{scope}: {text}")
FURTHEST = message("Longest delay: {promise}, {moved}")
PROMISED_DATES = plural(
    "{count} promised date and what became of it",
    "{count} promised dates and what became of them",
)


def timeline(slips: list[Slip], until: date | None = None, scope: str = "", locale: str = ENGLISH) -> Answer:
    """The answer of the Timeline: how many promises moved and are due; never “late” without evidence.

    slips: those that are chosen. until: the day of the newest source. scope: what is chosen, in words.
    """
    standfirst = say(TIMELINE_STANDFIRST, locale)

    def scoped(text: str) -> str:
        return say(SCOPED, locale, scope=scope, text=text) if scope else text

    if not slips:
        return Answer(scoped(say(NO_PROMISE, locale)), standfirst, "")
    restated, due = promise_delays.restated(slips), promise_delays.due(slips)
    later = [slip for slip in restated if slip.is_later]
    sentences = [
        say(
            LATER,
            locale,
            number=len(later),
            later=formatting.sentence(formatting.number(len(later), locale)),
            restated=formatting.number(len(restated), locale),
        )
        if later
        else say(NONE_LATER, locale)
    ]
    if due:
        is_open = sum(slip.state not in promise_delays.CLOSED for slip in slips)
        number = formatting.number(len(due), locale)
        sentences.append(
            say(ALL_DUE, locale, number=len(due), due=number)
            if len(due) == is_open
            else say(
                DUE,
                locale,
                number=len(due),
                due=formatting.sentence(number),
                open=formatting.number(is_open, locale),
            )
        )
    unseen = promise_delays.unseen(slips)
    if unseen and until:
        number = formatting.sentence(formatting.number(len(unseen), locale))
        sentences.append(say(UNSEEN, locale, number=len(unseen), unseen=number, day=until))
    furthest = max(later, key=lambda slip: slip.most or 0, default=None)
    title = (
        say(FURTHEST, locale, promise=furthest.title, moved=furthest.word)
        if furthest
        else say(
            PROMISED_DATES,
            locale,
            number=len(slips),
            count=formatting.sentence(formatting.number(len(slips), locale)),
        )
    )
    return Answer(scoped(" ".join(sentences)), standfirst, title)
