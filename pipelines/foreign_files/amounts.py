"""Columns of amounts → plain digits, exact.

One way of writing per column; where two are possible, both are given.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.findings import shown
from pipelines.foreign_files.amount_grammar import (
    SHORTENED,
    SPACES,
    Parts,
    Style,
    decide,
    evidence,
    number_of,
    take_apart,
    weigh,
)
from pipelines.foreign_files.grid import mask
from pipelines.foreign_files.spreadsheet_number_formats import RAISED_SIGNS, STRUCK
from pipelines.row_checks import Fault

# Stands before a cell that cannot be read. No text may hold it: it is no character.
UNREAD = "\ufdd0"

_PLAIN = r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"
_COMMA = r"^-?[0-9]{1,16}(,[0-9]{1,2})?$"

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
    "Write what the source states, to the cent; or write round = true at this [[amount]] of the recipe: then "
    "the column is rounded together and keeps its sum.",
)
UNIT_REMEDY = "Write the unit out in the recipe, as [units] “mil.” = “million”, or give the amounts in euros."
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


@dataclass
class Amounts:
    """A column of amounts, read.

    values: plain digits; a cell that cannot be read stands as written behind UNREAD and has its fault.

    choices: where two readings are possible, decimal mark → the sum of the column so read. changed:
    values written otherwise than we write them, some of them; changes: how many. finer: cells with more than
    two decimals, which stand in `values` as written, and what is wrong with them if they are single euros.
    """

    values: pa.ChunkedArray
    style: Style
    faults: dict[str, Fault] = field(default_factory=dict)
    choices: dict[str, Decimal] = field(default_factory=dict)
    changed: list[tuple[str, str]] = field(default_factory=list)
    changes: int = 0
    currencies: Counter[str] = field(default_factory=Counter)
    units: Counter[Decimal] = field(default_factory=Counter)
    finer: dict[str, Fault] = field(default_factory=dict)


def read_amounts(
    column: pa.ChunkedArray,
    native: pa.ChunkedArray | None = None,
    decimal: str = "",
    thousands: str = "",
    nothing: Iterable[str] = (),
    footnotes: Iterable[str] = (),
) -> Amounts:
    """Read a column of amounts.

    native: which cells are numbers of a spreadsheet, exact as they stand. decimal: known from recipe or
    answer.

    nothing: words that mean that there is no amount. footnotes: marks behind an amount that are left off.
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
        column, counts, own, decimal,
        Habits(thousands, frozenset(word.casefold() for word in nothing), tuple(footnotes), bool(decimal)),
    )  # fmt: skip


def _any(column: pa.Array, mark: str) -> bool:
    return bool(pc.any(pc.match_substring(column, mark)).as_py())


def _blank_to_null(column: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _all_commas(column: pa.Array) -> Amounts:
    values = _blank_to_null(pc.replace_substring(column, ",", "."))
    with_mark = column.filter(pc.fill_null(pc.match_substring(column, ","), False))
    changed = [(text, text.replace(",", ".")) for text in with_mark.slice(0, 3).to_pylist()]
    return Amounts(pa.chunked_array([values]), Style(","), changed=changed, changes=len(with_mark))


@dataclass(frozen=True)
class Habits:
    """How a publisher writes amounts, beside the mark before the decimals; see read_amounts.

    is_told: that mark is known from the recipe or from an answer, so that three decimals are no thousands.
    """

    thousands: str = ""
    nothing: frozenset[str] = frozenset()
    footnotes: tuple[str, ...] = ()
    is_told: bool = False


def _read_values(
    column: pa.Array, counts: Mapping[str, int], own: set[str], decimal: str, habits: Habits
) -> Amounts:
    parts = {text: take_apart(_bare(text, habits.footnotes)) for text in counts if text not in own}
    chosen = decimal or decide(*weigh(parts, counts))
    if chosen != "?":
        return _with_decimal(column, counts, parts, own, chosen, habits)
    unsure = _with_decimal(column, counts, parts, own, "?", replace(habits, thousands=""))
    unsure.choices = {mark: _sum(counts, parts, mark) for mark in (",", ".")}
    return unsure


def _bare(text: str, footnotes: tuple[str, ...]) -> str:
    """A cell without the marks of footnotes behind it."""
    bare = text.strip()
    while mark := next((mark for mark in footnotes if mark and bare.endswith(mark) and bare != mark), ""):
        bare = bare.removesuffix(mark).rstrip()
    return bare


def _sum(counts: Mapping[str, int], parts: Mapping[str, Parts | None], decimal: str) -> Decimal:
    """What the column sums to with a mark before the decimals, thirds of a cent and all."""
    return sum(
        (
            number * times
            for text, times in counts.items()
            if (number := number_of(parts.get(text), decimal)) is not None
        ),
        Decimal(0),
    )


def _with_decimal(
    column: pa.Array,
    counts: Mapping[str, int],
    parts: Mapping[str, Parts | None],
    own: set[str],
    decimal: str,
    habits: Habits,
) -> Amounts:
    """The column read with a known mark before the decimals; with ?

    the cells that depend on it stay unread.
    """
    thousands, nothing = habits.thousands, habits.nothing
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
            if fault is NOT_EUROS:
                fault = NO_AMOUNT if text.strip().casefold() in NOTHING else footnote_fault(text)
            if fault is MIXED:
                fault = _mixed(text, decimal)
            read.faults[text] = fault
            texts[text] = UNREAD + text
            continue
        assert part is not None
        if _decimals(Decimal(value)) > 2:
            read.finer[text] = TOO_FINE if habits.is_told else _finer(part, value)
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


# Marks of a footnote behind an amount: *, †, a), (1), [2], a raised digit or letter, or the letter of a flag.
_FOOTNOTE = re.compile(
    r"(?P<amount>.*?(?:[\d.,€\-]|[^\W\d_](?=\s*[*†‡§#°^~¤º⁰¹²³⁴-⁹⁽⁾ᵃ-ᶻ₀-₉ᵢⁿ˒·]+$)))\s*(?P<mark>[*†‡§#°^~¤º]+|[⁰¹²³⁴-⁹⁽⁾ᵃ-ᶻ₀-₉ᵢⁿʰʲʳʷʸ˒·]+|\(?\w{1,2}\)|\[\w{1,2}\]|[a-z])"
)


def without_mark(text: str) -> str:
    """A cell without the mark of a footnote behind it, if it has one."""
    match = _FOOTNOTE.fullmatch(text.strip())
    return match["amount"].strip() if match and take_apart(match["amount"].strip()) else text


def footnote_fault(text: str) -> Fault:
    """What is wrong with a cell that is no amount: a mark behind its digits, or something else."""
    if STRUCK in text:
        return Fault(
            "not-euros", "is struck through: does it still hold?", "Delete it, or take the line off."
        )
    match = _FOOTNOTE.fullmatch(text.strip())
    if not match or not take_apart(match["amount"].strip()):
        return NOT_EUROS
    mark = match["mark"]
    return Fault(
        "not-euros",
        f"carries the mark {shown(mark)} behind its digits, like a footnote{' (it stands raised)' if mark in RAISED_SIGNS or mark[0] in RAISED_SIGNS else ''}.",
        f'Delete the mark {shown(mark)} if it is a footnote, or write footnotes = ["{mark}"] in the recipe; '
        "then it is left off.",
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
    if part.others:
        meanings = " or ".join(f"{factor:,f}" for factor in (part.unit, *part.others))
        return "", Fault(
            "unit-unclear", f"carries a unit that means {meanings}, by the language.", UNIT_REMEDY
        )
    number = number_of(part, decimal)
    if number is None:
        return "", MIXED
    return f"{number.normalize() if _decimals(number) > 2 else number:f}", None


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _finer(part: Parts, value: str) -> Fault:
    """What is wrong with euros that have more than two decimals."""
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", part.core):
        whole = re.sub(r"\D", "", part.core)
        return Fault(
            "third-decimal",
            f"has three decimals: is it {whole} or {value}?",
            "Write it without a mark between thousands, and to the cent; or name the mark before the decimals in the "
            f'recipe (decimal = "{part.core[-4]}") and round the column there (round = true).',
        )
    return TOO_FINE


def holds_amounts(values: pa.ChunkedArray) -> bool:
    """Whether any cell of a column could be read as an amount."""
    return bool(pc.any(pc.match_substring_regex(values, r"^-?[0-9]")).as_py())


def total(values: pa.ChunkedArray) -> Decimal:
    """The exact sum of the cells that could be read."""
    return pc.sum(_numbers(values)).as_py() or Decimal(0)


def largest(values: pa.ChunkedArray) -> Decimal:
    """The largest of the cells that could be read, whatever its sign; 0 if none could."""
    return pc.max(pc.abs(_numbers(values))).as_py() or Decimal(0)


def _numbers(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells that could be read, as numbers."""
    is_good = pc.match_substring_regex(values, r"^-?[0-9]{1,20}(\.[0-9]{1,8})?$")
    good = values if pc.all(is_good).as_py() else values.filter(pc.fill_null(is_good, False))
    return good.cast(pa.decimal128(38, 8))


def example(changed: Iterable[tuple[str, str]]) -> str:
    """How a few cells were read, for a message."""
    return ", ".join(f"{shown(before)} as {after or 'empty'}" for before, after in list(changed)[:3])
