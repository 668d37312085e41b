"""A number that somebody claims, such as “20 bn gigafactories”: reading it, and the published amounts nearest
to it.

Pure but for `nearest`, which asks a release and keeps the index of its amounts.
"""

import math
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, select

from pipelines import frame_rows, schema
from pipelines.foreign_files.amount_grammar import evidence, number_of, take_apart
from pipelines.queries import search
from pipelines.queries.release_answers import ReleaseData
from pipelines.queries.search_index import Index, Name

MOST = 6
TOTAL = "total"  # level of a total over several programmes, which is no entry of the ledger
LONGEST_UNIT = 3  # words: mil millones de
SMALLEST = Decimal(1000)  # a bare number below is a year or a count
_YEARS = range(1990, 2060)
_EUROS = re.compile(
    r"(?<![^\W\d_])(?:d['’]|de |di |of |do )?(?:euros?|eur|evro|eura|евро|ευρώ)(?![^\W\d_])", re.I
)
_ENGLISH = re.compile(r"(?<=\d)\s?(?:b|B)(?![^\W\d_])")
_NARROW = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d)")
_SPACED = re.compile(r"(?<![\d.,])(\d{1,3}(?: \d{3})+)(?![\d])")
LARGEST = Decimal(10**13)  # more than all that is ever claimed
MOST_ROUNDED = Decimal("0.05")
FAR = 0.35  # how far apart, as a logarithm, two amounts are that have little to do with each other
LEAST_FIT = 0.5  # of what the words of a claim name best
WORDS_COUNT = 0.6  # how much the words of a claim count beside its number


class Reading(NamedTuple):
    """An amount that a claim can mean, and how far another one may be from it to be written like it: half of
    its last digit, so that 4.1 bn is also 4,122.3 M, but never more than a twentieth.
    """

    amount: Decimal
    tolerance: Decimal

    def covers(self, amount: Decimal) -> bool:
        """Whether an amount would be written like this one."""
        return abs(amount - self.amount) <= self.tolerance


class Claim(NamedTuple):
    """A number with its unit as somebody typed it.

    readings: what it can mean; two where a mark may stand before decimals or thousands. currency: EUR, or
    that of a number in other money. words: what else was typed.
    """

    readings: tuple[Reading, ...]
    currency: str
    words: str

    def covers(self, amount: Decimal) -> bool:
        """Whether an amount would be written like the claimed one."""
        return any(reading.covers(amount) for reading in self.readings)


class Nearest(NamedTuple):
    """A published amount near to a claim.

    is_same: rounds to the claimed number. Others are as columns of the ledger; superseded_on is the day on
    which a newer figure took its place, None where it is in force.
    """

    entry_id: str
    heading: str
    stage: str
    basis: str
    level: str
    amount_eur: Decimal
    qualifier: str
    programme: str
    initiative: str
    site_id: str
    publisher: str
    tier: str
    source_url: str
    dated_on: date | None
    dated_precision: str
    superseded_on: date | None
    confidence: str
    price_basis: str
    is_same: bool = False
    score: float = 0.0


def read(text: str) -> Claim | None:
    """The first number with a unit or a currency in a text, and what else it says; None if there is none."""
    plain = _SPACED.sub(lambda match: match[0].replace(" ", ""), _NARROW.sub("", text))
    plain = _EUROS.sub(" € ", _ENGLISH.sub(" bn", plain)).replace("€", " € ")
    tokens = plain.split()
    for at, token in enumerate(tokens):
        if not any(char.isdigit() for char in token):
            continue
        starts = (at - 1, at) if at and not any(char.isdigit() for char in tokens[at - 1]) else (at,)
        ends = range(min(len(tokens), at + LONGEST_UNIT + 2), at, -1)
        for first, last in sorted(product(starts, ends), key=lambda span: span[0] - span[1]):
            found = _claim(" ".join(tokens[first:last]))
            if found:
                while last - 1 > at and _claim(" ".join(tokens[first : last - 1])) == found:
                    last -= 1  # a word such as “for”, which stands beside units and is none
                rest = [*tokens[:first], *tokens[last:]]
                return found._replace(words=" ".join(word for word in rest if word != "€"))
    return None


def _claim(text: str) -> Claim | None:
    part = take_apart(text.strip(" ,;:"))
    style = evidence(part.core) if part else None
    if part is None or style is None or part.is_negative:
        return None
    marks = (".", ",") if style.decimal == "?" else (style.decimal or ".",)
    readings = []
    for mark in marks:
        amount = number_of(part, mark)
        if amount and amount <= LARGEST:
            is_fraction = mark in (style.thousands if style.decimal == "?" else style.decimal)
            decimals = len(part.core.rsplit(mark, 1)[1]) if is_fraction and mark in part.core else 0
            half_unit = part.unit * Decimal(5).scaleb(-decimals - 1)
            readings.append(Reading(amount, min(half_unit, amount * MOST_ROUNDED)))
    is_money = part.unit > 1 or part.currency
    if not readings or not (
        is_money or (readings[0].amount >= SMALLEST and readings[0].amount not in _YEARS)
    ):
        return None
    return Claim(tuple(readings), part.currency or "EUR", "")


# --- the published amounts


def amounts() -> Select[Any]:
    """Every published amount but lines of lists, with those that were replaced: the columns of `Nearest`, and
    words_beside.
    """
    entry, document, site = schema.ledger, schema.documents, schema.sites
    programme, initiative, basis = schema.programmes, schema.initiatives, schema.bases
    beside = func.concat_ws(
        " ", programme.c.label, initiative.c.label, site.c.name, site.c.city, basis.c.label, entry.c.year
    )
    own = (name for name in Nearest._fields if name in entry.c)
    return (
        select(
            *(entry.c[name] for name in own),
            document.c.publisher,
            document.c.tier,
            beside.label("words_beside"),
        )
        .join(document, document.c.source_url == entry.c.source_url)
        .join(programme, programme.c.code == entry.c.programme)
        .join(basis, basis.c.code == entry.c.basis)
        .outerjoin(initiative, initiative.c.code == entry.c.initiative)
        .outerjoin(site, site.c.site_id == entry.c.site_id)
        .where(entry.c.level != "line", entry.c.amount_eur > 0, entry.c.heading.is_not(None))
        .order_by(entry.c.entry_id)
    )


def stated_totals() -> Select[Any]:
    """Totals over several programmes as their documents state them, which are no entries: the columns of
    `amounts`.
    """
    total, document, initiative = schema.stated_totals, schema.documents, schema.initiatives
    empty = literal("")
    of = {
        "entry_id": total.c.total_key,
        "heading": total.c.title,
        "level": literal(TOTAL),
        "amount_eur": total.c.stated_eur,
        "qualifier": literal("exact"),
        "programme": empty,
        "initiative": total.c.initiative,
        "site_id": empty,
        "dated_precision": literal("day"),
        "confidence": literal("stated"),
        "price_basis": literal("current"),
        "publisher": document.c.publisher,
        "tier": document.c.tier,
        "words_beside": initiative.c.label,
    }
    names = (*(name for name in Nearest._fields if name not in ("is_same", "score")), "words_beside")
    return (
        select(*((of[name] if name in of else total.c[name]).label(name) for name in names))
        .join(document, document.c.source_url == total.c.source_url)
        .outerjoin(initiative, initiative.c.code == total.c.initiative)
        .where(total.c.stated_eur > 0)
        .order_by(total.c.total_key)
    )


class _Known(NamedTuple):
    amounts: tuple[Nearest, ...]
    names: Index


@lru_cache(maxsize=4)
def _known(answers: ReleaseData) -> _Known:
    rows = [
        row for question in (amounts, stated_totals) for row in frame_rows.records(answers.read(question))
    ]
    names = [Name(row["heading"], row.pop("words_beside") or "") for row in rows]
    return _Known(
        tuple(map(_amount, rows)), Index(names, search.translations(), search.translations("place"))
    )


def _amount(row: dict[Any, Any]) -> Nearest:
    cells: dict[str, Any] = {
        name: "" if value is None and name not in _DAYS else value for name, value in row.items()
    }
    return Nearest(**cells)


_DAYS = ("dated_on", "superseded_on")


def amount(answers: ReleaseData, entry_id: str) -> Nearest | None:
    """One published amount; None if there is none with this identity, or if it names no amount."""
    return next((known for known in _known(answers).amounts if known.entry_id == entry_id), None)


def nearest(answers: ReleaseData, claim: Claim, most: int = MOST) -> list[Nearest]:
    """The published amounts nearest to a claim, the best first: those that round to it, then those near to it
    by size and words. Empty for other money than euros.
    """
    if claim.currency != "EUR":
        return []
    known = _known(answers)
    fits = {name.place: name.score for name in known.names.find(claim.words, len(known.amounts))}
    best = max(fits.values(), default=0.0)
    found, elsewhere = [], []
    for place, amount in enumerate(known.amounts):
        fit = fits.get(place, 0.0) / best if best else 1.0
        near = max(_near(amount.amount_eur, reading.amount) for reading in claim.readings)
        score = WORDS_COUNT * fit + (1 - WORDS_COUNT) * near
        judged = amount._replace(is_same=claim.covers(amount.amount_eur), score=round(score, 4))
        if fit >= LEAST_FIT:
            found.append(judged)
        elif judged.is_same:
            elsewhere.append(judged)
    if not any(amount.is_same for amount in found):
        found.extend(elsewhere)
    return sorted(found, key=_order)[:most]


def _order(amount: Nearest) -> tuple[bool, bool, float, str]:
    return (not amount.is_same, amount.superseded_on is not None, -amount.score, amount.entry_id)


def _near(amount: Decimal, claimed: Decimal) -> float:
    return math.exp(-abs(math.log(amount / claimed)) / FAR)
