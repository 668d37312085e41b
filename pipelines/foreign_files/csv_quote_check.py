"""Tells from the bytes of a text whether its quotation marks are all regular.

Then any reader of CSV finds the same cells in it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

BLOCK = 8 << 20
_QUOTE, _LF, _CR = 0x22, 0x0A, 0x0D

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """What the bytes of a regular file say.

    width: cells of the first line. lines: as an editor counts them. inner: line breaks in cells.
    """

    width: int
    lines: int
    inner: int
    has_quotes: bool


def count_lines(path: Path, delimiter: str, max_columns: int) -> Counted | None:
    """Count the lines of a file in an encoding that keeps ASCII bytes for ASCII letters.

    delimiter: one ASCII character.

    None if a quotation mark stands where it neither begins nor ends a cell nor is doubled inside one, if
    one is never closed, or if a line ends in a lone CR; such a file has more than one reading.
    """
    mark = ord(delimiter)
    carry, opened, last, lines, inner, width, quote_count = b"", False, _LF, 0, 0, -1, 0
    with path.open("rb") as stream:
        if stream.read(3) != b"\xef\xbb\xbf":
            stream.seek(0)
        while True:
            block = stream.read(BLOCK)
            part = carry + block
            # cut after a line break, so that no run of quotation marks is torn
            end = part.rfind(b"\n") + 1 if block else len(part)
            if len(part) - end > BLOCK:
                return None
            carry, part = part[end:], part[:end]
            if part:
                if b"\r" in part and part.count(b"\r") != part.count(b"\r\n"):
                    return None
                data = np.frombuffer(part, dtype=np.uint8)
                if width < 0:
                    width = _first_width(part, delimiter, max_columns)
                quotes = np.flatnonzero(data == _QUOTE) if b'"' in part else np.zeros(0, dtype=np.int64)
                if len(quotes) and not _regular(data, quotes, opened, mark):
                    return None
                inner += _inner_breaks(data, quotes, opened)
                lines, quote_count, last = lines + part.count(b"\n"), quote_count + len(quotes), part[-1]
                opened = (len(quotes) + opened) % 2 == 1
            if not block:
                break
    return None if opened else Counted(width, lines + (last != _LF), inner, quote_count > 0)


def _inner_breaks(data: Bytes, quotes: Places, opened: bool) -> int:
    """How many line breaks stand inside cells. opened: whether the bytes begin inside a cell."""
    if not len(quotes):
        return int(np.count_nonzero(data == _LF)) if opened else 0
    is_empty = not opened and len(quotes) % 2 == 0 and bool((quotes[1::2] - quotes[::2] == 1).all())
    if is_empty:
        return 0  # every quoted cell is empty
    return int(np.count_nonzero((np.searchsorted(quotes, np.flatnonzero(data == _LF)) + opened) % 2))


def _regular(data: Bytes, quotes: Places, opened: bool, mark: int) -> bool:
    """Whether every run of quotation marks opens a cell, closes one, or is doubled inside one.

    The bytes begin after a line break and end with one, or with the file. quotes: where the marks stand.
    opened: whether the bytes begin inside a cell.
    """
    is_start = np.diff(quotes, prepend=-2) != 1
    starts = np.flatnonzero(is_start)
    firsts = quotes[starts]
    lengths = np.diff(starts, append=len(quotes))
    before = data[np.maximum(firsts - 1, 0)]
    opens = (firsts == 0) | (before == mark) | (before == _LF)
    behind = firsts + lengths
    after = data[np.minimum(behind, len(data) - 1)]
    ends = (behind >= len(data)) | (after == mark) | (after == _LF) | (after == _CR)
    is_inside = (starts + opened) % 2 == 1
    is_odd = lengths % 2 == 1
    # outside, a run opens a cell, and if it is even closes it too; inside, an odd run closes the cell,
    # an even one is part of its text
    return bool(np.where(is_inside, ~is_odd | ends, opens & (is_odd | ends)).all())


def _first_width(part: bytes, delimiter: str, max_columns: int) -> int:
    """How many cells the first line has; 0 if a cell goes on in the next line, or if there are too many."""
    line = part[: part.find(b"\n") + 1 or len(part)]
    pieces = line.split(b'"')
    width = sum(piece.count(delimiter.encode()) for piece in pieces[::2]) + 1
    return width if len(pieces) % 2 and width <= max_columns else 0
