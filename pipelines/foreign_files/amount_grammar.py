"""How people write amounts: the one grammar for uploads and for published files. Pure text → exact numbers.

A cell has a sign, digits with marks between thousands and before decimals, a unit, a currency. Where a cell
can be read in two ways, the other cells of its column decide.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.foreign_files.limits import MAX_DIGITS
from pipelines.foreign_files.money_words import MoneyWords, read_cell

SPACES = " \u00a0\u2009\u202f\u2007"
APOSTROPHES = "'’´`"

_OURS = re.compile(r"-?\d{1,16}(\.\d{1,2})?", re.ASCII)
_POINTED = re.compile(rf"-?\d{{1,{MAX_DIGITS}}}(\.\d+)?", re.ASCII)
_SPACED = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:([.,])(\d+))?")
_QUOTED = re.compile(rf"\d{{1,3}}(?:[{APOSTROPHES}]\d{{3}})+(?:([.,])(\d+))?")
_GROUPED = tuple(
    (
        decimal,
        thousands,
        re.compile(rf"\d{{1,3}}(?:(?:{mark}\d{{3}})+{re.escape(decimal)}\d+|(?:{mark}\d{{3}}){{2,}})"),
    )
    for decimal, thousands, mark in ((".", ",", ","), (",", ".", r"\."))
)
_DIGITS = re.compile(r"\d+")
_PARTED = re.compile(r"(\d+)([.,])(\d+)")
# 2,86157E+11: what a spreadsheet makes of a long number when it saves what it shows.
SHORTENED = re.compile(r"[-+]?\d+([.,]\d+)?[eE][+-]?\d+")


@dataclass(frozen=True)
class Style:
    """How a column writes its numbers: the mark before the decimals, and the marks between thousands.

    Empty: none was seen.
    """

    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True)
class Parts:
    """A cell taken apart: its digits and marks, its sign, the unit beside it, its currency.

    others: what else its unit can mean, where the word means different things in different languages.
    """

    core: str
    is_negative: bool = False
    unit: Decimal = Decimal(1)
    currency: str = ""
    others: tuple[Decimal, ...] = ()


def number_text(value: float) -> str:
    """A number of a spreadsheet in digits.

    The noise of binary numbers (0.30000000000000004) is left out: less than a millionth of a cent.
    """
    text = repr(value)
    whole, _, decimals = text.partition(".")
    if len(text) <= 16 and len(decimals) <= 7 and "e" not in text and "n" not in text:
        # short enough to be what was written; its noise, if it has any, is more than the least that counts
        return whole if decimals in ("", "0") else text
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    exact = Decimal(text)
    cents = exact.quantize(Decimal("0.01")) if abs(exact) < Decimal(10) ** 20 else exact
    near = abs(exact - cents)
    if exact != cents and (near < Decimal("0.00000001") or near <= abs(exact) * Decimal("4e-16")):
        exact = cents
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_CELL = re.compile(
    r"(?P<open>\()?\s*(?P<sign1>[-+])?\s*(?P<head>[^\d()+\-]*?)\s*(?P<sign2>[-+])?\s*(?P<core>\d[\d.,'’´` \u00a0\u2009\u202f\u2007]*?(?<=\d)(?:,-|\.-|,--)?)"
    r"(?P<sign3>-)?\s*(?P<tail>[^\d()+\-]*?)\s*(?P<close>\))?",
)


# EUR (1,234.50) and (1,234.50) EUR: brackets around the digits alone say that it is negative
_ENCLOSED = re.compile(r"([^\d()+\-]*)\(\s*(\d[^()+\-]*)\)([^\d()+\-]*)")


@lru_cache(maxsize=1 << 12)
def _beside(text: str) -> MoneyWords | None:
    """What stands beside the digits of an amount; None where it is more than a unit and a currency."""
    if not text.strip(". "):
        return MoneyWords()
    # a sign that is neither a letter nor a currency, such as a star, says more than unit and currency
    if len(text) > 40 or any(not (char.isalpha() or char in " .'’\u00a0" or unicodedata.category(char) in ("Sc", "Mn")) for char in text):  # fmt: skip
        return None
    said = read_cell(text)
    return (
        said
        if said.is_only and not said.is_rate and len(said.units) <= 1 and len(said.currencies) <= 1
        else None
    )


def take_apart(text: str) -> Parts | None:
    """The parts of a cell that holds an amount; None if it holds none."""
    if _OURS.fullmatch(text):
        return Parts(text.removeprefix("-"), text.startswith("-"))
    value = unicodedata.normalize("NFC", text).strip(SPACES + "\t\n\r")
    value = (
        value.replace("−", "-").replace("–", "-").replace("—", "-").replace("\ufe63", "-").replace("－", "-")
    )
    # what protects digits from a spreadsheet: ="1002" and '1002
    if protected := re.fullmatch(r"=\s*[\"“]([^\"]+)[\"”]|'(\d[^']*)", value):
        value = protected[1] or protected[2]
    if enclosed := _ENCLOSED.fullmatch(value):
        value = f"{enclosed[1]}-{enclosed[2]}{enclosed[3]}"
    match = _CELL.fullmatch(value)
    if (
        not match
        or (match["open"] is None) != (match["close"] is None)
        or (not match["core"].isascii() and re.search(r"[^\W\d]", match["core"]))
    ):
        return None
    if any(char.isdigit() and not char.isascii() for char in match["core"]):
        return None
    head, tail = _beside(match["head"]), _beside(match["tail"])
    signs = [
        sign
        for sign in (match["sign1"], match["sign2"], match["sign3"], "-" if match["open"] else None)
        if sign
    ]
    if head is None or tail is None or len(signs) > 1:
        return None
    if (head.units and (tail.units or not head.currencies)) or (head.currencies and tail.currencies):
        return None
    factors = sorted((head.units or tail.units or (frozenset({Decimal(1)}),))[0])
    currency = next(iter(head.currencies | tail.currencies), "")
    core = re.sub(r"([,.])-{1,2}$", r"\g<1>00", match["core"])
    return Parts(core, signs == ["-"], factors[0], currency, tuple(factors[1:]))


@lru_cache(maxsize=1 << 16)
def evidence(core: str) -> Style | None:
    """What a number says of its way of writing.

    A Style with an empty decimal says nothing of decimals. None: it is no number in any way.
    """
    for parted, thousands in ((_SPACED, " "), (_QUOTED, "'")):
        if match := parted.fullmatch(core):
            return Style(match[1] or "", thousands)
    for decimal, thousands, grouped in _GROUPED:
        if grouped.fullmatch(core):
            return Style(decimal, thousands)
    if _DIGITS.fullmatch(core):
        return Style()
    match = _PARTED.fullmatch(core)
    if not match:
        return None
    if len(match[3]) == 3 and len(match[1]) <= 3 and not match[1].startswith("0"):
        return Style("?", match[2])
    return Style(match[2])


def weigh(
    parts: Mapping[str, Parts | None], counts: Mapping[str, int]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Count the cells that show the mark before decimals, are ambiguous, or group thousands."""
    votes: Counter[str] = Counter()
    ambiguous: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for text, part in parts.items():
        style = evidence(part.core) if part and "%" not in text else None
        if not style:
            continue
        if style.decimal == "?":
            ambiguous[style.thousands] += counts[text]
        elif style.decimal:
            votes[style.decimal] += counts[text]
        if style.thousands and style.decimal != "?":
            groups[style.thousands] += counts[text]
    return votes, ambiguous, groups


def decide(votes: Counter[str], ambiguous: Counter[str], groups: Counter[str]) -> str:
    """The mark before the decimals, as the column itself shows it; ? if it does not."""
    if votes:
        # both marks part decimals in the column, so that nothing decides what its 1.234 are
        is_torn = ambiguous and min(votes["."], votes[","]) * 20 >= sum(votes.values())
        return "?" if is_torn else votes.most_common(1)[0][0]
    if not ambiguous:
        return "."
    if groups["."] or groups[","]:
        return "," if groups["."] else "."
    return "?"


def number_of(part: Parts | None, decimal: str) -> Decimal | None:
    """The exact number, read with a mark before the decimals; None if it is not written with that mark."""
    style = evidence(part.core) if part else None
    if (
        part is None
        or style is None
        or (style.decimal in (".", ",") and decimal != "?" and style.decimal != decimal)
    ):
        return None
    core = re.sub(rf"[{SPACES}{APOSTROPHES}]", "", part.core)
    if style.decimal == "?":
        core = core.replace(style.thousands, "." if style.thousands == decimal else "")
    elif style.decimal:
        core = core.replace("," if style.decimal == "." else ".", "").replace(style.decimal, ".")
    return Decimal(core) * part.unit * (-1 if part.is_negative else 1)


def find_decimal_mark(texts: Iterable[str], usual: str) -> str:
    """The mark before the decimals of a published column: a point or a comma.

    Empty where its cells contradict each other. usual: what the publisher writes where no cell shows it.
    """
    counts = Counter(text for text in texts if "," in text or "." in text)
    votes, ambiguous, groups = weigh({text: take_apart(text) for text in counts}, counts)
    if votes["."] and votes[","]:
        return ""
    chosen = decide(votes, ambiguous, groups)
    return usual if chosen == "?" or not (votes or groups) else chosen


def read_amount(text: str, decimal: str = "") -> Decimal | None:
    """One published amount of euros with all its decimals; None if the text is none.

    decimal: the mark before the decimals of its column. Empty: the publisher writes no marks between
    thousands, so that a single mark stands before decimals, whichever it is.
    """
    if _POINTED.fullmatch(text) and decimal != ",":
        return Decimal(text)
    part = take_apart(text)
    style = evidence(part.core) if part else None
    if part is None or style is None or part.currency not in ("", "EUR"):
        return None
    if not decimal and style.thousands and style.decimal != "?":
        return None
    number = number_of(part, decimal or (style.thousands if style.decimal == "?" else style.decimal) or ".")
    return number if number is not None and abs(number) < 10**MAX_DIGITS else None
