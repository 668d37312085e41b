"""Percentages in an upload: columns of them, which are left out, and single ones among amounts, which are
asked about. Pure, but for the words, which are read once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, shown
from pipelines.foreign_files.amounts import UNREAD
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.intake.recipe_result import Question
from pipelines.intake.recipes import Recipe
from pipelines.intake.table_layout import Layout
from pipelines.intake.unit_and_currency_mentions import CellFormat, cell_formats

_NEARLY_ALL = 0.9


@lru_cache(maxsize=1)
def _sign() -> str:
    """How a percentage ends: with its sign, or with its word in a language of the EU, behind a digit."""
    words = [word for row in reference.read_rows("percent_words") for word in row["words"].split(";")]
    listed = "|".join(re.escape(word) for word in sorted({*words}, key=len, reverse=True))
    return rf"(?i)(?:[%％﹪٪‰]|\d\s*(?:{listed}))\s*$"


def percent_cells(
    written: pa.ChunkedArray,
    values: pa.ChunkedArray,
    formats: Sequence[CellFormat],
    numbers: npt.NDArray[np.int32],
) -> Mask:
    """Which cells of a column are percentages, by their sign or their number format.

    written: as the file has them. values: as they were read; a cell that could be read as an amount is
    none by its sign. numbers: the rows as a spreadsheet shows them.
    """
    hit = mask(pc.starts_with(values, UNREAD))
    if hit.any():
        hit &= mask(pc.match_substring_regex(written, _sign()))
    filled = mask(pc.not_equal(pc.fill_null(written, ""), ""))
    for one in formats:
        if one.is_percent:
            hit |= one.covers(numbers) & filled
    return hit


def percent_question(title: str, count: int, row: int, rest: Decimal) -> Question:
    """What becomes of the percentages in a column of amounts. rest: the sum without them."""
    cells = f"{count:,} cells of {shown(title)} are percentages" if count > 1 else f"One cell of {shown(title)} is a percentage"  # fmt: skip
    first = "the first in" if count > 1 else "in"
    choices = {"leave_out": f"they are no amounts and are left out: the column sums to {rest:,.2f}"}
    return Question("percentages", title, f"{cells}, {first} row {row}. What becomes of them?", choices)


def percent_columns(grid: Grid, layout: Layout, facts: Mapping[str, Any]) -> frozenset[int]:
    """The columns of which nearly all filled cells have the number format of a percentage."""
    numbers = grid.numbers[layout.rows]
    covered: dict[int, npt.NDArray[np.bool_]] = {}
    for one in cell_formats(facts):
        if one.is_percent and one.column_index < grid.width:
            before = covered.get(one.column_index, np.zeros(len(numbers), dtype=bool))
            covered[one.column_index] = before | one.covers(numbers)
    return frozenset(
        column_index
        for column_index, hit in covered.items()
        if (filled := _filled(grid, layout, column_index)).any() and hit[filled].mean() >= _NEARLY_ALL
    )


def _filled(grid: Grid, layout: Layout, column_index: int) -> npt.NDArray[np.bool_]:
    """Which rows of the table have a filled cell in a column."""
    cells = pc.fill_null(grid.column(column_index), "").take(pa.array(layout.rows))
    return np.asarray(pc.not_equal(cells, ""))


def percent_findings(
    file: str, grid: Grid, layout: Layout, recipe: Recipe, kinds: Sequence[str]
) -> Iterator[Finding]:
    """The columns of percentages or shares that a proposed recipe leaves out. kinds: from column_kinds.py."""
    for column_index, title in enumerate(layout.titles):
        if kinds[column_index] == "rate" and title in recipe.ignored:
            yield make_finding(
                "percent-column",
                file,
                "holds percentages or shares and is left out.",
                row=int(grid.numbers[layout.header[-1]]) if layout.header else 1,
                column=title,
                column_index=column_index,
                value=title,
            )
