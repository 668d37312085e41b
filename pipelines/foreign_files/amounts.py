"""Amounts as people write them → digits, exact. One way of writing per column; where two readings are possible, both are given."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.checks import Fault
from pipelines.findings import shown
from pipelines.foreign_files.grid import mask

# Stands before a cell that cannot be read. No text may hold it: it is no character.
UNREAD = "\ufdd0"

SPACES = " \u00a0\u2009\u202f\u2007"
APOSTROPHES = "'’´`"
_PLAIN = r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"
_COMMA = r"^-?[0-9]{1,16}(,[0-9]{1,2})?$"

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
_CELL = re.compile(
    rf"(?P<open>\()?\s*(?P<sign1>[-+])?\s*(?P<cur1>{_CURRENCY})?\s*(?P<sign2>[-+])?\s*(?P<core>\d[\d.,'’´` \u00a0\u2009\u202f\u2007]*?(?<=\d)(?:,-|\.-|,--)?)"
    rf"(?P<sign3>-)?\s*(?:{_UNIT})?\s*(?P<cur2>{_CURRENCY})?(?:\s*\.?)(?P<close>\))?",
    re.IGNORECASE,
)
_OURS = re.compile(r"-?\d{1,16}(\.\d{1,2})?", re.ASCII)
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
NOTHING = frozenset(
    (
        "-",
        "–",
        "—",
        "n/a",
        "na",
        "n.a.",
        "n. a.",
        "n.v.t.",
        "tbc",
        "tbd",
        "k.a.",
        "nil",
        "none",
        "null",
        "#n/a",
        "..",
        "...",
        "x",
        "?",
        "nan",
        "inf",
        "-inf",
        "infinity",
    )
)
NOT_EUROS = Fault(
    "not-euros", "cannot be read as euros.", "Write digits only, with a point before the cents: 1200000.00."
)
NO_AMOUNT = Fault(
    "amount-word",
    "stands where an amount should be.",
    "Leave the cell empty and say in `note` why there is no amount.",
)
TOO_FINE = Fault(
    "third-decimal",
    "has more than two decimals; euros end at the cent.",
    "Write what the source states, to the cent.",
)
MIXED = Fault(
    "mixed-decimals",
    "is not written like the other amounts of its column.",
    "Write all amounts of the column in one way.",
)
AMBIGUOUS = Fault(
    "ambiguous-number", "can be read in two ways.", "Say which mark parts the decimals of this column."
)
PERCENT = Fault("not-euros", "is a percentage, not an amount.", "Choose the column that holds the amount.")
SCIENTIFIC = Fault(
    "not-euros",
    "is in scientific notation: a spreadsheet shortened it, and its digits are lost.",
    "Save the column as a number with two decimals.",
)
FOREIGN = Fault(
    "foreign-currency",
    "is not in the currency of its column.",
    "Give it in euros, or name the currency and its rate in the recipe.",
)


@dataclass(frozen=True)
class Style:
    """How a column writes its numbers: the mark before the decimals, and the marks between thousands. Empty: none was seen."""

    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True)
class Parts:
    """A cell taken apart: its digits and marks, its sign, the power of a unit behind it, its currency."""

    core: str
    is_negative: bool = False
    unit: int = 1
    currency: str = ""


@dataclass
class Amounts:
    """A column of amounts, read. values: plain digits; a cell that cannot be read stands as written behind UNREAD and has its fault.

    choices: where two readings are possible, decimal mark → the sum of the column so read. changed: values written otherwise than we write
    them, some of them; changes: how many. too_fine: the sum of the cells that are refused for a third decimal.
    """

    values: pa.ChunkedArray
    style: Style
    faults: dict[str, Fault] = field(default_factory=dict)
    choices: dict[str, Decimal] = field(default_factory=dict)
    changed: list[tuple[str, str]] = field(default_factory=list)
    changes: int = 0
    currencies: Counter[str] = field(default_factory=Counter)
    units: Counter[int] = field(default_factory=Counter)
    too_fine: Decimal = Decimal(0)


def take_apart(text: str) -> Parts | None:
    """The parts of a cell that holds an amount; None if it holds none."""
    if _OURS.fullmatch(text):
        return Parts(text.removeprefix("-"), text.startswith("-"))
    value = unicodedata.normalize("NFC", text).strip(SPACES + "\t\n\r")
    value = (
        value.replace("−", "-").replace("–", "-").replace("—", "-").replace("\ufe63", "-").replace("－", "-")
    )
    match = _CELL.fullmatch(value)
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
    """What a number says of its way of writing. A Style with an empty decimal says nothing of decimals. None: it is no number in any way."""
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


def read_amounts(
    column: pa.ChunkedArray,
    native: pa.ChunkedArray | None = None,
    decimal: str = "",
    thousands: str = "",
    nothing: Iterable[str] = (),
) -> Amounts:
    """Read a column of amounts. native: which cells are numbers of a spreadsheet, exact as they stand. decimal: known from recipe or answer.

    nothing: words that mean that there is no amount.
    """
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    empty = mask(pc.fill_null(pc.equal(column, ""), True))
    if decimal in ("", "."):
        plain = mask(pc.match_substring_regex(column, _PLAIN)) | empty
        if plain.all() and not thousands:
            return Amounts(
                pa.chunked_array([_blank_to_null(column)]), Style("." if _any(column, ".") else "")
            )
    if decimal in ("", ",") and native is None:
        comma = mask(pc.match_substring_regex(column, _COMMA)) | empty
        if comma.all() and (decimal or _any(column, ",")):
            return _all_commas(column)
    counts = {row["values"]: row["counts"] for row in pc.value_counts(column).to_pylist() if row["values"]}
    own: set[str] = set()
    if native is not None:
        own = set(pc.unique(column.filter(native.combine_chunks())).to_pylist())
        texts = set(pc.unique(column.filter(pc.invert(native.combine_chunks()))).to_pylist())
        own -= texts
    return _read_values(
        column, counts, own, decimal, thousands, frozenset(word.casefold() for word in nothing)
    )


def _any(column: pa.Array, mark: str) -> bool:
    return bool(pc.any(pc.match_substring(column, mark)).as_py())


def _blank_to_null(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _all_commas(column: pa.Array) -> Amounts:
    values = _blank_to_null(pc.replace_substring(column, ",", "."))
    with_mark = column.filter(pc.fill_null(pc.match_substring(column, ","), False))
    changed = [(text, text.replace(",", ".")) for text in with_mark.slice(0, 3).to_pylist()]
    return Amounts(pa.chunked_array([values]), Style(","), changed=changed, changes=len(with_mark))


def _read_values(
    column: pa.Array,
    counts: Mapping[str, int],
    own: set[str],
    decimal: str,
    thousands: str,
    nothing: frozenset[str],
) -> Amounts:
    parts = {text: take_apart(text) for text in counts if text not in own}
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
    chosen = decimal or _decide(votes, ambiguous, groups)
    if chosen != "?":
        return _with_decimal(column, counts, parts, own, chosen, thousands, nothing)
    unsure = _with_decimal(column, counts, parts, own, "?", "", nothing)
    unsure.choices = {mark: _sum(counts, parts, mark) for mark in (",", ".")}
    return unsure


def _sum(counts: Mapping[str, int], parts: Mapping[str, Parts | None], decimal: str) -> Decimal:
    """What the column sums to with a mark before the decimals, thirds of a cent and all."""
    return sum(
        (
            number * times
            for text, times in counts.items()
            if (number := _number(parts.get(text), decimal)) is not None
        ),
        Decimal(0),
    )


def _decide(votes: Counter[str], ambiguous: Counter[str], groups: Counter[str]) -> str:
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


def _with_decimal(
    column: pa.Array,
    counts: Mapping[str, int],
    parts: Mapping[str, Parts | None],
    own: set[str],
    decimal: str,
    thousands: str,
    nothing: frozenset[str],
) -> Amounts:
    """The column read with a known mark before the decimals; with ? the cells that depend on it stay unread."""
    read = Amounts(pa.chunked_array([column]), Style("" if decimal == "?" else decimal, thousands))
    texts: dict[str, str | None] = {}
    for text, number in counts.items():
        part = parts.get(text)
        if text in own:
            texts[text] = text
            continue
        if not text.strip(SPACES + "\t\n\r"):
            texts[text] = None
            continue
        if text.strip().casefold() in nothing:
            texts[text] = None
            read.changed.append((text, ""))
            read.changes += number
            continue
        value, fault = _value(text, part, decimal)
        if fault:
            if fault is NOT_EUROS and text.strip().casefold() in NOTHING:
                fault = NO_AMOUNT
            if fault is MIXED:
                fault = _mixed(text, decimal)
            read.faults[text] = fault
            texts[text] = UNREAD + text
            if fault.code == "third-decimal":
                read.too_fine += (_number(part, decimal) or Decimal(0)) * number
            continue
        assert part is not None
        read.currencies[part.currency] += number
        read.units[part.unit] += number
        if value != text:
            read.changes += number
            if len(read.changed) < 3:
                read.changed.append((text, value))
        texts[text] = value
    keys = pa.array(list(texts), pa.string())
    values = pa.array([texts[key] for key in texts], pa.string())
    places = pc.index_in(column, keys)
    read.values = pa.chunked_array([values.take(places)])
    return read


def _mixed(text: str, decimal: str) -> Fault:
    name = {".": "a point", ",": "a comma"}.get(decimal, "another mark")
    return Fault(
        "mixed-decimals",
        f"does not fit: the other amounts of this column have {name} before the decimals.",
        MIXED.remedy,
    )


def _value(text: str, part: Parts | None, decimal: str) -> tuple[str, Fault | None]:
    """A cell in plain digits, or what is wrong with it."""
    if part is None and SHORTENED.fullmatch(text.strip()):
        return "", SCIENTIFIC
    if part is None:
        return "", PERCENT if text.rstrip().endswith("%") and take_apart(text.rstrip()[:-1]) else NOT_EUROS
    style = evidence(part.core)
    if style is None:
        return "", NOT_EUROS
    if style.decimal == "?" and decimal == "?":
        whole, cents = re.sub(r"[.,]", "", part.core), part.core.replace(",", ".")
        return "", Fault("ambiguous-number", f"can be {whole} or {cents}.", AMBIGUOUS.remedy)
    number = _number(part, decimal)
    if number is None:
        return "", MIXED
    if _decimals(number) > 2:
        if _decimals(number.normalize()) > 2:
            return "", _third(part, number)
        number = number.normalize()
    return f"{number:f}", None


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _number(part: Parts | None, decimal: str) -> Decimal | None:
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


def _third(part: Parts, number: Decimal) -> Fault:
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", part.core):
        whole = re.sub(r"\D", "", part.core)
        return Fault(
            "third-decimal",
            f"has three decimals: is it {whole} or {number:f}?",
            "Write it without a mark between thousands, and to the cent.",
        )
    return TOO_FINE


def holds_amounts(values: pa.ChunkedArray) -> bool:
    """Whether any cell of a column could be read as an amount."""
    return bool(pc.any(pc.match_substring_regex(values, r"^-?[0-9]")).as_py())


def total(values: pa.ChunkedArray) -> Decimal:
    """The exact sum of the cells that could be read."""
    good = values.filter(
        pc.fill_null(pc.match_substring_regex(values, r"^-?[0-9]{1,20}(\.[0-9]{1,8})?$"), False)
    )
    if not len(good):
        return Decimal(0)
    return pc.sum(good.cast(pa.decimal128(38, 8))).as_py() or Decimal(0)


def largest(values: pa.ChunkedArray) -> Decimal:
    """The largest of the cells that could be read, whatever its sign; 0 if none could."""
    good = values.filter(
        pc.fill_null(pc.match_substring_regex(values, r"^-?[0-9]{1,20}(\.[0-9]{1,8})?$"), False)
    )
    return pc.max(pc.abs(good.cast(pa.decimal128(38, 8)))).as_py() if len(good) else Decimal(0)


_TITLE_UNITS: tuple[tuple[str, int], ...] = (
    (r"\b(mrd|mia|mld|bn|billions?|milliarden?|milliards|miliard\w*|miljard\w*|млрд)\b", 10**9),
    (r"\b(mio|mln|millions?|millionen|milioni|millones|milhões|miljoen|miljoner|miljoonaa|milion\w*|milijon\w*|mn|млн)\b|\bm\s?[€£$]|[€£$]\s?m\b|\bmeur\b|\be?m ft\b|\beurm\b|\bm\s?eur\b", 10**6),
    (r"\b(tsd|tis|tys|thousands?|tausend|milliers|migliaia|miles de|milhares|duizend\w*|tusen|tusind|tuhansia|tisuć\w*|tisíc\w*|tysiąc\w*|tūkst|хил)\b|\bk\s?[€£$]|\bt\s?€|[€£$]\s?k\b|\beft\b|\bezer\b|\bkeur\b|\bteur\b|\bk\s?eur\b|\bt\s?eur\b|\b(in|en|v|w)\s+1[ .,]?000\b|['’]000\b", 10**3),
)  # fmt: skip


def unit_of(title: str) -> int:
    """The power of ten that a title or a heading line speaks of (in thousands, Mio. EUR, T€); 1 if of none."""
    text = unicodedata.normalize("NFKC", title).casefold()
    return next((power for pattern, power in _TITLE_UNITS if re.search(pattern, text)), 1)


def currency_of(title: str) -> str:
    """The currency that a title speaks of; empty if of none."""
    text = title.casefold()
    for word, code in _CURRENCIES.items():
        found = word in text if not word.isalpha() else re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
        if found and code != "kr":
            return code
    return ""


def example(changed: Iterable[tuple[str, str]]) -> str:
    """How a few cells were read, for a message."""
    return ", ".join(f"{shown(before)} as {after or 'empty'}" for before, after in list(changed)[:3])
