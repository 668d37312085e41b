"""Tells from the bytes of a text whether its quotation marks are all regular.

Then any reader of CSV finds the same cells in it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

BLOCK = 8 << 20
_QUOTE, _LF = 0x22, 0x0A


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
    carry, opened, last, lines, inner, width, quotes = b"", False, _LF, 0, 0, -1, 0
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
                if part.count(b"\r") != part.count(b"\r\n"):
                    return None
                data = np.frombuffer(part, dtype=np.uint8)
                if width < 0:
                    width = _first_width(part, delimiter, max_columns)
                quote_positions = (
                    np.flatnonzero(data == _QUOTE) if b'"' in part else np.zeros(0, dtype=np.int64)
                )
                if len(quote_positions) and not _regular(data, quote_positions, opened, mark):
                    return None
                breaks = part.count(b"\n")
                if len(quote_positions) or opened:
                    inner += int(
                        np.count_nonzero(
                            (np.searchsorted(quote_positions, np.flatnonzero(data == _LF)) + opened) % 2
                        )
                    )
                lines, quotes, last = lines + breaks, quotes + len(quote_positions), part[-1]
                opened = (len(quote_positions) + opened) % 2 == 1
            if not block:
                break
    return None if opened else Counted(width, lines + (last != _LF), inner, quotes > 0)


def _regular(
    data: npt.NDArray[np.uint8], quote_positions: npt.NDArray[np.int64], opened: bool, mark: int
) -> bool:
    """Whether every run of quotation marks opens a cell, closes one, or is doubled inside one.

    The bytes begin after a line break and end with one, or with the file. opened: whether they begin inside a
    cell.
    """
    edges = np.zeros(256, dtype=bool)
    edges[[mark, _LF]] = True
    opens = np.concatenate([[True], edges[data]])  # by place: whether a mark or a line break stands before it
    edges[0x0D] = True
    ends = np.concatenate([edges[data], [True]])  # by place: whether it is one, or the end
    if len(quote_positions) < 2 or int(np.diff(quote_positions).min()) > 1:
        # no run is longer than one: they open and close in turns
        return bool(
            opens[quote_positions[int(opened) :: 2]].all()
            and ends[quote_positions[1 - int(opened) :: 2] + 1].all()
        )
    starts = np.flatnonzero(np.diff(quote_positions, prepend=-2) != 1)
    lengths = np.diff(starts, append=len(quote_positions))
    is_inside = (starts + opened) % 2 == 1
    is_odd = lengths % 2 == 1
    ends_well = ends[quote_positions[starts] + lengths]
    # outside, a run opens a cell, and if it is even closes it too; inside, an odd run closes the cell,
    # an even one is part of its text
    right = np.where(is_inside, ~is_odd | ends_well, opens[quote_positions[starts]] & (is_odd | ends_well))
    return bool(right.all())


def _first_width(part: bytes, delimiter: str, max_columns: int) -> int:
    """How many cells the first line has; 0 if a cell goes on in the next line, or if there are too many."""
    line = part[: part.find(b"\n") + 1 or len(part)]
    pieces = line.split(b'"')
    width = sum(piece.count(delimiter.encode()) for piece in pieces[::2]) + 1
    return width if len(pieces) % 2 and width <= max_columns else 0
