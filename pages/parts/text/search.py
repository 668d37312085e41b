"""The search: what was found, what each result is and how much, and what may be written of a number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say
from pipelines.queries.claim_check import TOTAL, Claim, Nearest
from pipelines.queries.search import Thing

BOX = message("Search everything, or check a number")
PLACEHOLDER = message("Search, or check a number")
RESULTS, NUMBERS = message("Results"), message("The nearest published amounts")
KIND = message("Kinds")
OPEN_NUMBER = message("Where this number comes from")
OPEN_DOCUMENT = message("Open the document")
SAY_SO = message("What may be written")
NO_NUMBER = message("No amount of this release has this identity.")
BACK = message("Back to the results")
START = message("Find a site, a country, a programme, a company, a project, a call, or check a number")
START_WHY = message(
    "Names are found in spite of typing errors, accents and other languages. A number with its unit finds the "
    "published amounts nearest to it, each with its stage, its source and a sentence that may be written."
)
EXAMPLES = message("Try one of these")
EXAMPLE_QUESTIONS = ("LUMI", "Allemagne", "Lodsch", "20 bn gigafactories", "4.1 Mrd.", "Fraunhofer")
FOUND = plural("{number}\u00a0result for “{question}”", "{number}\u00a0results for “{question}”")
NOTHING = message("Nothing here is called “{question}”")
NOTHING_WHY = message(
    "We looked through the names of sites, countries, programmes, initiatives, beneficiaries, projects, calls, "
    "amounts and documents of this release. Try fewer words, or another spelling."
)
NOTHING_OF_KIND = message("No result of the chosen kind. There are results of other kinds.")
ALL_KINDS = message("All kinds")
BEST = message("The {number} best are listed. Choose a kind, or add a word.")
FOUND_WHY = message("The best match comes first. Amounts of different stages are never added.")
CLAIM_SAME = plural(
    "{amount}: one published amount rounds to this",
    "{amount}: {number} published amounts round to this",
)
CLAIM_SAME_WHY = message(
    "The same number can mean different money: compare stage, funder and date before you write."
)
CLAIM_OTHER = message("{amount}: no published amount rounds to this")
CLAIM_OTHER_WHY = message(
    "These are the nearest. That we have no such number does not prove that it is wrong."
)
CLAIM_CURRENCY = message("{currency}: our amounts are in euros")
CLAIM_CURRENCY_WHY = message("Convert the number at a dated rate and search for it in euros.")
EITHER = message("{first} or {second}")
KINDS: Mapping[str, Message] = {
    "site": message("Site"),
    "country": message("Country"),
    "programme": message("Programme"),
    "initiative": message("Initiative"),
    "beneficiary": message("Beneficiary"),
    "project": message("Project"),
    "call": message("Call"),
    "number": message("Published amount"),
    "document": message("Document"),
}
KINDS_COUNTED: Mapping[str, Message] = {
    "site": message("Sites {count}"),
    "country": message("Countries {count}"),
    "programme": message("Programmes {count}"),
    "initiative": message("Initiatives {count}"),
    "beneficiary": message("Beneficiaries {count}"),
    "project": message("Projects {count}"),
    "call": message("Calls {count}"),
    "number": message("Amounts {count}"),
    "document": message("Documents {count}"),
}
WHAT_IN = message("{what}, {country}")
HOW_MUCH = message("{amount} {stage} ({basis})")
HOW_MUCH_IN = plural(
    "{amount} {stage} ({basis}), {number}\u00a0line", "{amount} {stage} ({basis}), {number}\u00a0lines"
)
BUDGET = message("budget {amount}")
BUDGET_CLOSES = message("budget {amount}, closes {day}")
CLOSES = message("closes {day}")
CITED = plural("cited by {number}\u00a0amount", "cited by {number}\u00a0amounts")
CITED_OTHERWISE = message("cited for dates and facts")
NO_AMOUNT = message("amount not published")
NO_MONEY = message("no money found")
SAID_BY = message("{publisher}, {day}")
PARTS = message("{what} · {more}")
REPLACED = message("Replaced on {day}: write the newer number.")
NUMBER_LABEL = message("{amount}: {heading}")
STAGE_BASIS = message("{stage} · {basis}")
WRITE: Mapping[str, Message] = {
    "announced": message(
        "{heading}: {amount} ({basis}) has been announced, which does not mean budgeted ({source})."
    ),
    "programmed": message(
        "{heading}: {amount} ({basis}) is programmed in a law, plan or budget, which does not mean committed "
        "({source})."
    ),
    "committed": message(
        "{heading}: {amount} ({basis}) has been committed, which does not mean paid ({source})."
    ),
    "contracted": message(
        "{heading}: {amount} ({basis}) is under contract, which does not mean paid ({source})."
    ),
    "paid": message("{heading}: {amount} ({basis}) has been paid ({source})."),
}
"""The sentence that may be written of an amount, by its stage."""

WRITE_BASIS: Mapping[str, Message] = {
    "total-cost": message("It is the whole cost, whoever pays."),
    "guarantee-cover": message("A guarantee covers losses and is not spending."),
    "provisioning": message("It is set aside for a guarantee and is not spending."),
    "investment-mobilised": message("Most of it is other people’s money, not money of the EU budget."),
    "own-financing": message("Most of it is lent and comes back."),
}
"""What must be said beside it, by what the euros are."""

WRITE_LEVEL: Mapping[str, Message] = {
    "bid": message("It is what a bid asks for or would cost; nothing of it is granted."),
    "per-year": message("It is an ambition for each year, not a sum."),
    "payments": message("It is a ceiling for payments of one year, not money paid."),
    "difference": message("It is the difference between two other amounts."),
    TOTAL: message("It is paid out of several programmes, whose budgets hold it already."),
}
"""What must be said beside it, by the level of the amount."""


class Labels(NamedTuple):
    """Code → label of the vocabularies that results name."""

    stages: Mapping[str, str]
    bases: Mapping[str, str]
    programmes: Mapping[str, str]
    site_kinds: Mapping[str, str]
    countries: Mapping[str, str]
    tiers: Mapping[str, str]


def what(thing: Thing, labels: Labels, locale: str = ENGLISH) -> str:
    """What a thing is, and in which country or programme: "AI factory, Finland"."""
    kind = say(KINDS[thing.kind], locale)
    if thing.kind == "site":
        kind = formatting.sentence(labels.site_kinds.get(thing.detail, kind))
    where = ""
    if thing.country and thing.kind != "country":
        where = formatting.country(thing.country, labels.countries.get(thing.country, thing.country), locale)
    elif thing.programme:
        where = labels.programmes.get(thing.programme, thing.programme)
    elif thing.kind == "document":
        where = labels.tiers.get(thing.detail, thing.detail)
    return say(WHAT_IN, locale, what=kind, country=where) if where else kind


def how_much(thing: Thing, labels: Labels, locale: str = ENGLISH) -> str:
    """How much a thing is or got, with its stage and basis, or that no amount is published."""
    if thing.kind == "document":
        return say(CITED, locale, number=thing.entries) if thing.entries else say(CITED_OTHERWISE, locale)
    if thing.kind == "call":
        return _call(thing, locale)
    if thing.amount_eur is None:
        return say(NO_MONEY if thing.kind == "country" else NO_AMOUNT, locale)
    amount = formatting.euros(thing.amount_eur, thing.qualifier or "exact", locale=locale)
    if not thing.stage:
        return amount
    fields = {"amount": amount, "stage": labels.stages[thing.stage], "basis": labels.bases[thing.basis]}
    if thing.kind in ("beneficiary", "country"):
        return say(HOW_MUCH_IN, locale, number=thing.entries, **fields)
    return say(HOW_MUCH, locale, **fields)


def _call(thing: Thing, locale: str) -> str:
    if thing.amount_eur is None:
        return say(CLOSES, locale, day=thing.dated_on) if thing.dated_on else say(NO_AMOUNT, locale)
    amount = formatting.euros(thing.amount_eur, locale=locale)
    if thing.dated_on is None:
        return say(BUDGET, locale, amount=amount)
    return say(BUDGET_CLOSES, locale, amount=amount, day=thing.dated_on)


def line(thing: Thing, labels: Labels, locale: str = ENGLISH) -> str:
    """What a thing is and how much, in one line."""
    return say(PARTS, locale, what=what(thing, labels, locale), more=how_much(thing, labels, locale))


def claimed(claim: Claim, locale: str = ENGLISH) -> str:
    """The claimed number as we write it: "€20 bn", or both of its readings."""
    if claim.currency != "EUR":
        return say(CLAIM_CURRENCY, locale, currency=claim.currency)
    shown = [formatting.euros(reading.amount, locale=locale) for reading in claim.readings]
    return shown[0] if len(shown) == 1 else say(EITHER, locale, first=shown[0], second=shown[1])


def verdict(claim: Claim, nearest: Sequence[Nearest], locale: str = ENGLISH) -> tuple[str, str]:
    """Whether the claimed number is published, as a headline and what must be known of it."""
    if claim.currency != "EUR":
        return claimed(claim, locale), say(CLAIM_CURRENCY_WHY, locale)
    same = sum(amount.is_same for amount in nearest)
    if not same:
        return say(CLAIM_OTHER, locale, amount=claimed(claim, locale)), say(CLAIM_OTHER_WHY, locale)
    title = say(CLAIM_SAME, locale, number=same, amount=claimed(claim, locale))
    return title, say(CLAIM_SAME_WHY, locale)


def source(amount: Nearest, locale: str = ENGLISH) -> str:
    """Who published an amount, and when."""
    if amount.dated_on is None or not amount.dated_precision:
        return amount.publisher
    when = formatting.moment(amount.dated_on, amount.dated_precision, locale)
    return say(SAID_BY, locale, publisher=amount.publisher, day=when)


def said(amount: Nearest, locale: str = ENGLISH) -> str:
    """An amount with its qualifier."""
    return formatting.euros(amount.amount_eur, amount.qualifier or "exact", locale=locale)


def may_be_written(amount: Nearest, labels: Labels, locale: str = ENGLISH) -> str:
    """The sentence that may be written of an amount, with what must be said beside it."""
    sentences = [
        say(
            WRITE[amount.stage],
            locale,
            source=source(amount, locale),
            amount=said(amount, locale),
            basis=labels.bases[amount.basis],
            heading=amount.heading.rstrip("."),
        )
    ]
    sentences += [say(WRITE_BASIS[amount.basis], locale)] if amount.basis in WRITE_BASIS else []
    sentences += [say(WRITE_LEVEL[amount.level], locale)] if amount.level in WRITE_LEVEL else []
    if isinstance(amount.superseded_on, date):
        sentences.append(say(REPLACED, locale, day=amount.superseded_on))
    return formatting.paragraph(*sentences)
