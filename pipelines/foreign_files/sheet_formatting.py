"""What one sheet of a workbook says beside its cells: number formats, raised and struck text, hidden parts.

A value that every kind of workbook fills in its own way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipelines.foreign_files.spreadsheet_number_formats import NumberFormat


@dataclass
class Runs:
    """Places of a sheet, kept as runs of rows in each column."""

    columns: dict[int, list[list[int]]] = field(default_factory=dict)

    def add(self, column_index: int, row: int, times: int = 1) -> None:
        """One cell, or several below each other. Rows come in order."""
        runs = self.columns.setdefault(column_index, [])
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row + times - 1
        else:
            runs.append([row, row + times - 1])


@dataclass
class Parts:
    """What the file says of one sheet. Cells are named as A1. part: where in the file it stands.

    formats: number format → the cells that have it. struck, raised: cells whose whole text is struck
    through or raised. texts: (row, column from 0) → the text of a cell, its raised, lowered and struck parts
    in signs of their own. linked: formulas that refer to another workbook. hidden: in words. hidden_rows:
    their numbers. indents: cell → how far it is indented.
    """

    part: str = ""
    rows: int = 0
    formulas: list[str] = field(default_factory=list)
    empty_formulas: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formats: dict[NumberFormat, Runs] = field(default_factory=dict)
    struck: Runs = field(default_factory=Runs)
    raised: Runs = field(default_factory=Runs)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    indents: dict[tuple[int, int], int] = field(default_factory=dict)

    def note_format(self, form: NumberFormat, column_index: int, row: int, times: int = 1) -> None:
        """One more cell with a number format that says something."""
        self.formats.setdefault(form, Runs()).add(column_index, row, times)

    def format_facts(self) -> list[dict[str, Any]]:
        """The formats as JSON: for each column the rows, first and last of each run."""
        return [
            {
                "column": column_index,
                "rows": runs,
                "scale": f"{form.scale:f}",
                "text": form.text,
                "currency": form.currency,
                "is_percent": form.is_percent,
                "code": form.code,
            }
            for form, cells in self.formats.items()
            for column_index, runs in cells.columns.items()
        ]


def hidden_lists(rows: Iterable[int], columns: Iterable[tuple[int, int]]) -> list[str]:
    """Hidden rows and columns in words."""
    listed = [f"row {row}" for row in rows]
    return [*listed, *(f"columns {first}–{last}" for first, last in columns)]
