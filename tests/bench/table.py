"""Tables for a terminal."""

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all values does not exceed; share between 0 and 1."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """A title, a line of heads, the rows, a note. All columns but the first are right-aligned."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (
            f"{cell:{'<' if not column else '>'}{widths[column]}}" for column, cell in enumerate(cells)
        )
        return "  ".join([first, *others]).rstrip()

    lines = [title, line(heads), "  ".join("-" * width for width in widths), *map(line, rows)]
    return "\n".join([*lines, *([note] if note else []), ""])
