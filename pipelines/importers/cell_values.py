"""Cells of published files → our text: clean words, exact amounts, days. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pipelines.foreign_files import amount_grammar

Cell = str | float | int | bool | date | datetime | None

CENT = Decimal("0.01")
_EXCEL_EPOCH = date(1899, 12, 30)
_SPACES = re.compile(r"\s+")
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")
_NOTHING = frozenset({"", "-", "–", "n/a", "null", "none", "nan"})


def words(cell: Cell) -> str:
    """A cell as one line of text.

    Line breaks, control, zero-width and direction characters and outer spaces are taken out.
    """
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable() and "  " not in cell:
            return cell.strip()
        spaced = _SPACES.sub(" ", cell)
        return unicodedata.normalize(
            "NFC", "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf"))
        ).strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def is_masked(text: str) -> bool:
    """Whether the publisher put stars in place of what it does not publish."""
    return text.startswith("*") and not text.strip("*")


def is_missing(text: str) -> bool:
    """Whether the publisher says that there is nothing: an empty cell, a dash, stars."""
    return (len(text) < 5 and text.lower() in _NOTHING) or is_masked(text)


def day(cell: Cell) -> str | None:
    """A day as YYYY-MM-DD; empty text where the cell holds none; None where it cannot be read as a day."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float | int):
        return (_EXCEL_EPOCH + timedelta(days=int(cell))).isoformat() if 1 <= cell < 200_000 else None
    text = words(cell)
    if is_missing(text):
        return ""
    for pattern in _DAY_FORMATS:
        try:
            return datetime.strptime(re.split(r"[T ]", text)[0], pattern).date().isoformat()
        except ValueError:
            continue
    return None


def read_amount(cell: Cell, decimal: str = "") -> Decimal | None:
    """An amount of euros with all its decimals, or None if the cell holds none.

    decimal: the mark before the decimals of the column; see `amount_grammar.read_amount`.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, float | int):
        return amount_grammar.read_amount(amount_grammar.number_text(cell), ".")
    return amount_grammar.read_amount(words(cell), decimal)


def decimal_mark(cells: Iterable[Cell], usual: str) -> str:
    """How a column writes the decimals of its text amounts; see `amount_grammar.find_decimal_mark`."""
    return amount_grammar.find_decimal_mark((cell for cell in cells if isinstance(cell, str)), usual)


def euros(amount: Decimal | None) -> str | None:
    """An amount as we write it, to the cent.

    The caller has made sure that there is nothing below the cent.
    """
    return None if amount is None else str(amount.quantize(CENT, ROUND_HALF_UP))


def is_finer_than_cents(amount: Decimal) -> bool:
    """Whether something stands below the cent, zeros aside."""
    return amount != amount.quantize(CENT, ROUND_HALF_UP)


def rounded_together(amounts: Iterable[Decimal], how: str = ROUND_HALF_UP) -> list[Decimal]:
    """The amounts in cents, so that the sum of every beginning of the list is the exact sum, rounded once.

    Each amount moves by less than a cent. Rounding each by itself would move the sum of ten thousand
    shares by half a euro.
    """
    total = Decimal(0)
    before = Decimal(0)
    result = []
    for amount in amounts:
        total += amount
        after = total.quantize(CENT, how)
        result.append(after - before)
        before = after
    return result
