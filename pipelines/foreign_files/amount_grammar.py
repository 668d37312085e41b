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

SPACES = " \u00a0\u2009\u202f\u2007"
APOSTROPHES = "'’´`"

_UNITS: tuple[tuple[str, int], ...] = (
    (
        r"(?:mrd|mia|mld|bn|bln|billion|billions|milliarden?|milliards?|miliard\w*|miljard\w*|miljardi\w*|милиард\w*|млрд|δισ\w*)\.?",
        10**9,
    ),
    (
        r"(?:mio|mln|mill|million|millions|millionen|milioni|millones|milhões|miljoen|miljoner|miljoonaa?|milijon\w*|milion\w*|milión\w*|miljon\w*|mn|mil\.|м(?:лн|илион\w*)|εκατ\w*|m)\.?",
        10**6,
    ),
    (
        r"(?:tsd|tis|tys|thousands?|thousand|tausend|milliers|mila|miles|milhares|duizend|tusen|tusind|tuhat|tuhansia|tisuć\w*|tisíc\w*|tysięcy|ezer|mii|хил\w*|хиляди|χιλ\w*|tūkst\w*|k|t)\.?",
        10**3,
    ),
)
_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "eiro": "EUR", "ευρώ": "EUR", "евро": "EUR", "£": "GBP", "gbp": "GBP", "$": "USD", "usd": "USD",
    "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK", "ft": "HUF", "huf": "HUF", "lei": "RON", "ron": "RON", "лв": "BGN", "лв.": "BGN", "bgn": "BGN",
    "dkk": "DKK", "sek": "SEK", "kr": "kr", "kr.": "kr", "chf": "CHF", "nok": "NOK", "isk": "ISK", "hrk": "HRK", "kn": "HRK", "kuna": "HRK",
    "ltl": "LTL", "lvl": "LVL", "skk": "SKK", "eek": "EEK", "лева": "BGN", "forint": "HUF",
}  # fmt: skip
_CURRENCY = "|".join(re.escape(word) for word in sorted(_CURRENCIES, key=len, reverse=True))
_UNIT = "|".join(f"(?P<u{power}>{pattern})" for power, (pattern, _) in enumerate(_UNITS))
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
    """A cell taken apart: its digits and marks, its sign, the power of a unit behind it, its currency."""

    core: str
    is_negative: bool = False
    unit: int = 1
    currency: str = ""


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


@lru_cache(maxsize=1)
def _cell_pattern() -> re.Pattern[str]:
    """Compiled when it is first needed: a workbook of numbers never needs it."""
    return re.compile(
        rf"(?P<open>\()?\s*(?P<sign1>[-+])?\s*(?P<cur1>{_CURRENCY})?\s*(?P<sign2>[-+])?\s*(?P<core>\d[\d.,'’´` \u00a0\u2009\u202f\u2007]*?(?<=\d)(?:,-|\.-|,--)?)"
        rf"(?P<sign3>-)?\s*(?:{_UNIT})?\s*(?P<cur2>{_CURRENCY})?(?:\s*\.?)(?P<close>\))?",
        re.IGNORECASE,
    )


def take_apart(text: str) -> Parts | None:
    """The parts of a cell that holds an amount; None if it holds none."""
    if _OURS.fullmatch(text):
        return Parts(text.removeprefix("-"), text.startswith("-"))
    value = unicodedata.normalize("NFC", text).strip(SPACES + "\t\n\r")
    value = (
        value.replace("−", "-").replace("–", "-").replace("—", "-").replace("\ufe63", "-").replace("－", "-")
    )
    match = _cell_pattern().fullmatch(value)
    if (
        not match
        or (match["open"] is None) != (match["close"] is None)
        or (not match["core"].isascii() and re.search(r"[^\W\d]", match["core"]))
    ):
        return None
    if any(char.isdigit() and not char.isascii() for char in match["core"]):
        return None
    unit = next((10 ** (9, 6, 3)[power] for power in range(3) if match[f"u{power}"]), 1)
    word = (match["cur1"] or match["cur2"] or "").casefold()
    signs = [
        sign
        for sign in (match["sign1"], match["sign2"], match["sign3"], "-" if match["open"] else None)
        if sign
    ]
    if len(signs) > 1 or (match["cur1"] and match["cur2"]):
        return None
    core = re.sub(r"([,.])-{1,2}$", r"\g<1>00", match["core"])
    return Parts(core, signs == ["-"], unit, _CURRENCIES.get(word, ""))


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


_TITLE_UNITS: tuple[tuple[str, int], ...] = (
    (r"\b(mrd|mia|mld|bn|billions?|milliarden?|milliards|miliard\w*|miljard\w*|млрд)\b", 10**9),
    (r"\b(mio|mln|millions?|millionen|milioni|millones|milhões|miljoen|miljoner|miljoonaa|milion\w*|milijon\w*|mn|млн)\b|\bm\s?[€£$]|[€£$]\s?m\b|\bmeur\b|\be?m ft\b|\beurm\b|\bm\s?eur\b", 10**6),
    (r"\b(tsd|tis|tys|thousands?|tausend|milliers|migliaia|miles de|milhares|duizend\w*|tusen|tusind|tuhansia|tisuć\w*|tisíc\w*|tysiąc\w*|tūkst|хил)\b|\bk\s?[€£$]|\bt\s?€|[€£$]\s?k\b|\beft\b|\bezer\b|\bkeur\b|\bteur\b|\bk\s?eur\b|\bt\s?eur\b|\b(in|en|v|w)\s+1[ .,]?000\b|['’]000\b", 10**3),
)  # fmt: skip


def unit_of(title: str) -> int:
    """The power of ten that a title or a heading line speaks of (in thousands, Mio.

    EUR, T€); 1 if of none.
    """
    text = unicodedata.normalize("NFKC", title).casefold()
    return next((power for pattern, power in _TITLE_UNITS if re.search(pattern, text)), 1)


def currency_of(title: str) -> str:
    """The currency that a title speaks of; empty if of none."""
    text = title.casefold()
    for word, code in _CURRENCIES.items():
        is_named = word in text if not word.isalpha() else re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        if is_named and code != "kr":
            return code
    return ""
