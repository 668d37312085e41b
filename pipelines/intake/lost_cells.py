"""Cells that a reading would lose: columns without a title, and rows parted by another mark."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, column_letters, shown
from pipelines.foreign_files import limits
from pipelines.foreign_files.csv_dialect import MARKS
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.money_words import FACTORS, read_title
from pipelines.intake.recipes import Recipe, find_column
from pipelines.intake.table_layout import Layout, is_value


def untitled_columns(file: str, grid: Grid, layout: Layout, recipe: Recipe, header: int) -> Iterator[Finding]:
    """Columns without a title that hold cells: nothing is made of them, so that what they hold is lost."""
    if not layout.header or not len(layout.rows) or layout.is_template:
        return
    amounts_at = {find_column(amount.column, layout.titles) for amount in recipe.amounts}
    for column_index, title in enumerate(layout.titles):
        is_cents = read_title(title).factors == {FACTORS["cent"]} and column_index not in amounts_at
        if title.strip() and not is_cents:
            continue
        filled = grid.is_filled(column_index)[layout.rows]
        if not filled.any():
            continue
        first = int(layout.rows[int(np.flatnonzero(filled)[0])])
        value = grid.cell(first, column_index).strip()
        sample = [
            cell
            for cell in grid.column(column_index).slice(int(layout.rows[0]), 2_000).to_pylist()
            if cell and cell.strip()
        ]
        are_cents = bool(sample) and all(re.fullmatch(r"\s*\d{1,2}\s*", cell) for cell in sample)
        is_torn = are_cents and column_index - 1 in amounts_at and filled.mean() > 0.5
        what = "has no title" if not is_cents else f"is titled {shown(title)} and no column of amounts"
        problem = f"is filled in {int(filled.sum()):,} rows but {what}, so that nothing is made of it."
        if is_torn:
            problem += " It stands right of the amounts and holds two digits: they may be their cents."
        yield make_finding(
            "column-untitled",
            file,
            problem,
            row=int(grid.numbers[first]) if is_torn else header,
            column=column_letters(column_index + 1),
            column_index=column_index,
            value=value,
            severity="error" if is_torn else None,
        )


def mixed_delimiters(file: str, grid: Grid, layout: Layout, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Rows of one cell that another mark parts into as many cells as the table has: pasted from elsewhere."""
    mark = facts.get("delimiter", "")
    if not mark or not len(grid):
        return
    wide = grid.filled[grid.filled > 1]
    width = (
        max(int(grid.cells[index]) for index in layout.header)
        if layout.header
        else int(np.median(wide))
        if len(wide)
        else 0
    )
    single = np.flatnonzero(grid.filled == 1)
    count = 0
    for index in map(int, single[:10_000]):
        text = next((cell.strip() for cell in grid.row(index) if cell.strip()), "")
        for other, name in MARKS.items():
            parts = _split(text, other) if other in text else []
            if len(parts) < 2 or (len(parts) != width and width > 1):
                continue
            has_number = any(is_value(part) for part in parts)
            if not has_number and (layout.header or not all(part.strip() for part in parts)):
                continue
            count += 1
            if count > limits.MAX_LISTED:
                return
            rest = MARKS.get(mark, mark)
            problem = (
                f"is parted by the {name} ({shown(other)}), the other rows by the {rest} ({shown(mark)}): its cells "
                "are not told apart."
                if other != mark
                else f"stands whole in quotation marks, so that the {name} parts no cells in it."
            )
            yield make_finding(
                "mixed-delimiters", file, problem, row=int(grid.numbers[index]), column_index=0, value=text
            )
            break


def _split(text: str, mark: str) -> list[str]:
    return next(csv.reader([text], delimiter=mark), [])
