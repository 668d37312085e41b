"""Rows of a grid that repeat the sum of rows above them, told by their digits and their gaps. Pure."""

import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow.compute as pc

from pipelines.foreign_files.amount_grammar import evidence, take_apart
from pipelines.foreign_files.grid import Grid


def adds_up(grid: Grid, first: int, index: int, numeric: Sequence[int]) -> bool:
    """Whether a row repeats, in one of its numbers, the sum of two or more of the rows right above it."""
    for column_index in numeric[:6]:
        stated = _exact(grid.cell(index, column_index))
        if not stated:
            continue
        running, parts = Decimal(0), 0
        for cell in reversed(
            grid.column(column_index)
            .slice(max(first, index - 20_000), index - max(first, index - 20_000))
            .to_pylist()
        ):
            number = _exact(cell or "")
            running, parts = running + (number or 0), parts + bool(number)
            if parts > 1 and running == stated:
                return True
    return False


def sums_of_rows_above(grid: Grid, first: int, numeric: Sequence[int]) -> set[int]:
    """Rows that repeat the sum of the rows above them and leave cells empty: subtotals without a word for it.

    Two such sums of several rows must be proven, in one column, to the cent; then every row with the same
    gaps counts as one.
    """
    count = len(grid)
    often = [
        column_index
        for column_index in range(grid.width)
        if 0.5 < grid.is_filled(column_index)[first:].mean() < 1.0
    ]
    if not often or not numeric or count - first > 100_000:
        return set()
    gaps = np.stack([~grid.is_filled(column_index) for column_index in often], axis=1)
    gaps[:first] = False
    patterns: dict[bytes, list[int]] = {}
    for index in map(int, np.flatnonzero(gaps.any(axis=1) & (grid.filled > 0))):
        patterns.setdefault(gaps[index].tobytes(), []).append(index)
    by_variety = sorted(numeric, key=lambda column_index: -len(pc.unique(grid.column(column_index))))[:3]
    cells = {
        column_index: [_exact(cell or "") if cell else None for cell in grid.column(column_index).to_pylist()]
        for column_index in by_variety
    }
    for rows in patterns.values():
        for numbers in cells.values():
            proven, weak = _proven(rows, numbers, first)
            if proven >= 2 and (proven + weak) * 3 >= len(rows):
                return _built_alike(
                    grid,
                    first,
                    rows,
                    [column_index for column_index, gap in zip(often, gaps[rows[0]], strict=True) if gap],
                )
    return set()


def _built_alike(grid: Grid, first: int, rows: Sequence[int], empty: Sequence[int]) -> set[int]:
    """The rows that leave the same key cells empty as the proven sums.

    A key is filled in nearly every other row.
    """
    others = np.ones(len(grid), dtype=bool)
    others[:first] = False
    others[list(rows)] = False
    keys = [column_index for column_index in empty if grid.is_filled(column_index)[others].mean() > 0.85]
    if not keys:
        return set(rows)
    alike = others | False
    alike[list(rows)] = True
    for column_index in keys:
        alike &= ~grid.is_filled(column_index)
    return {int(index) for index in np.flatnonzero(alike & (grid.filled > 0))}


def _proven(rows: Sequence[int], numbers: Sequence[Decimal | None], first: int) -> tuple[int, int]:
    """How many of the rows are the sum of several rows since the one before, and of one row."""
    proven = weak = 0
    start = first
    for index in rows:
        above = [number for number in numbers[start:index] if number]
        if above and numbers[index] == sum(above):
            proven, weak = proven + (len(above) > 1), weak + (len(above) == 1)
        start = index + 1
    return proven, weak


def _exact(cell: str) -> Decimal | None:
    part = take_apart(cell)
    style = evidence(part.core) if part else None
    if not part or style is None:
        return None
    core = re.sub(r"[ \u00a0\u2009\u202f\u2007'’´`]", "", part.core)
    if style.decimal in (".", ","):
        core = core.replace("," if style.decimal == "." else ".", "").replace(style.decimal, ".")
    else:
        core = re.sub(r"[.,]", "", core)
    return Decimal(core) * (-1 if part.is_negative else 1)
