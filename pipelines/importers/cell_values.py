"""Foreign cells → our text: clean words, exact amounts, days. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

Cell = str | float | int | bool | date | datetime | None

CENT = Decimal("0.01")
_EXCEL_EPOCH = date(1899, 12, 30)
_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"-?\d{1,16}(\.\d+)?", re.ASCII)
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")
_MASKED = re.compile(r"\*+")
_NOTHING = frozenset({"", "-", "–", "n/a", "null", "none", "nan"})


def words(cell: Cell) -> str:
    """A cell as one line of text: no line breaks, no control, zero-width or direction characters, no spaces at the ends."""
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
    return bool(_MASKED.fullmatch(text))


def is_missing(text: str) -> bool:
    """Whether the publisher says that there is nothing: an empty cell, a dash, stars."""
    return text.lower() in _NOTHING or is_masked(text)


def day(cell: Cell) -> str | None:
    """A day as YYYY-MM-DD; empty text where the cell holds none; None where the cell cannot be read as a day."""
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


def exact(cell: Cell) -> Decimal | None:
    """A number as the file writes it, or None if it is none.

    Text may have a decimal point or a decimal comma, not both: `1234.5`, `1234,5`. A float is taken as the shortest text that means it.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    text = (
        format(Decimal(repr(cell)), "f") if isinstance(cell, float | int) else words(cell).replace(",", ".")
    )
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def comma_is_decimal(cells: Iterable[Cell]) -> bool | None:
    """How a column writes its text amounts: True `1.234,56`, False `1,234.56` or `1,234,567`, None where its cells contradict each other.

    A column that gives no sign (`1,234`) is read with the thousands comma, as the publisher's English tables do.
    """
    decimal = thousands = False
    for cell in cells:
        if not isinstance(cell, str) or "," not in cell:
            continue
        text = cell.strip()
        decimal |= bool(re.fullmatch(r"-?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}|-?\d{4,},\d+|-?\d+,\d{4,}", text))
        thousands |= bool(re.fullmatch(r"-?\d{1,3}((,\d{3})+\.\d+|(,\d{3}){2,})", text))
    return None if decimal and thousands else decimal


def published(cell: Cell, comma_decimal: bool) -> Decimal | None:
    """An amount that may have separators between thousands, or None if the cell is none."""
    if not isinstance(cell, str):
        return exact(cell)
    text = _SPACES.sub("", cell)
    grouped, point = (
        (r"-?\d{1,3}(\.\d{3})+(,\d+)?", ",") if comma_decimal else (r"-?\d{1,3}(,\d{3})+(\.\d+)?", ".")
    )
    if re.fullmatch(grouped, text):
        text = text.replace("." if comma_decimal else ",", "")
    elif point == "." and "," in text:
        return None
    return exact(text.replace(",", "."))


def euros(amount: Decimal | None) -> str | None:
    """An amount as we write it, to the cent. The caller has made sure that there is nothing below the cent."""
    return None if amount is None else str(amount.quantize(CENT, ROUND_HALF_UP))


def is_finer_than_cents(amount: Decimal) -> bool:
    """Whether something stands below the cent, zeros aside."""
    return amount != amount.quantize(CENT, ROUND_HALF_UP)


def rounded_together(amounts: Iterable[Decimal]) -> list[Decimal]:
    """The amounts in cents, so that the sum of every beginning of the list is the exact sum, rounded once.

    Each amount moves by less than a cent. Rounding each by itself would move the sum of ten thousand shares by half a euro.
    """
    total = Decimal(0)
    before = Decimal(0)
    result = []
    for amount in amounts:
        total += amount
        after = total.quantize(CENT, ROUND_HALF_UP)
        result.append(after - before)
        before = after
    return result
