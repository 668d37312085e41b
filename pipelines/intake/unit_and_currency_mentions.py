"""Where a file says in which unit and currency its amounts are: title, lines above and below, sheets, formats
of the cells, columns of units and currencies. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pipelines.findings import shown
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.header_words import plain
from pipelines.foreign_files.money_words import MoneyWords, column_words, is_unit_column, read_cell, read_line
from pipelines.intake.amount_units import Saying
from pipelines.intake.table_layout import Layout

_MOST_WORDS = 500  # different cells of a column of units
_MOST_UNITS = 3  # different cells of a column that may be one of units


@dataclass(frozen=True)
class CellFormat:
    """What a number format of a spreadsheet says of the cells that have it.

    rows: their rows as a spreadsheet shows them, first and last of each run. scale: it shows the stored
    number divided by this. says: the unit and currency that it writes beside the number.
    """

    column_index: int
    rows: tuple[tuple[int, int], ...]
    scale: Decimal
    says: MoneyWords
    is_percent: bool = False
    text: str = ""

    def covers(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Which of the row numbers have the format."""
        return rows_in(self.rows, numbers)


def rows_in(runs: Iterable[Sequence[int]], numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which of the row numbers, which rise, lie in one of the runs."""
    hit = np.zeros(len(numbers), dtype=bool)
    for first, last in runs:
        hit[np.searchsorted(numbers, first) : np.searchsorted(numbers, last, side="right")] = True
    return hit


@dataclass(frozen=True)
class WordColumn:
    """A column whose cells are units or currencies.

    words: cell as written → what it says. names_units: its title says that it holds units.
    """

    column_index: int
    words: Mapping[str, MoneyWords] = field(default_factory=dict)
    names_units: bool = False

    @property
    def speaks_of_units(self) -> bool:
        """Whether a cell is a unit or a rate, or should be a unit and cannot be read as one."""
        return any(
            words.units or words.is_rate or (self.names_units and not (words.is_only or words.is_aside))
            for words in self.words.values()
        )


def cell_formats(facts: Mapping[str, Any]) -> list[CellFormat]:
    """The formats that the isolated process found in a workbook."""
    formats = []
    for one in facts.get("formats", ()):
        said = read_cell(one["text"])
        currencies = said.currencies | ({one["currency"]} if one["currency"] else frozenset())
        formats.append(
            CellFormat(
                one["column"],
                tuple((first, last) for first, last in one["rows"]),
                Decimal(one["scale"]),
                MoneyWords(said.units, frozenset(currencies)),
                one["is_percent"],
                one["code"],
            )
        )
    return formats


def lines_beside(grid: Grid, layout: Layout, facts: Mapping[str, Any]) -> list[Saying]:
    """What stands beside the table and speaks of units or currencies, each with its place."""
    found: list[Saying] = []

    def say(where: str, text: str) -> None:
        words = read_line(text)
        if words.units or words.currencies:
            found.append(Saying(where, words))

    for index in layout.preamble:
        say(f"row {int(grid.numbers[index])} above the header", " | ".join(_cells(grid, index)))
    for index, kind in layout.odd.items():
        if kind in ("footer", "note"):
            say(f"row {int(grid.numbers[index])} below the table", " | ".join(_cells(grid, index)))
    if facts.get("sheet"):
        say(f"the name of the sheet, {shown(facts['sheet'])},", f"({facts['sheet']})")
    for name, text in facts.get("other_sheets", {}).items():
        say(f"the sheet {shown(name)}", f"({name})\n{text}")
    return found


def _cells(grid: Grid, index: int) -> list[str]:
    return [cell for cell in grid.row(index) if cell.strip()]


def word_columns(grid: Grid, layout: Layout, amounts: Iterable[int]) -> list[WordColumn]:
    """The columns that name the unit or the currency of each row."""
    if not len(layout.rows):
        return []
    taken = set(amounts)
    found = []
    for column_index, title in enumerate(layout.titles):
        if column_index in taken:
            continue
        first = int(layout.rows[0])
        sample = grid.column(column_index).slice(first, 2_000)
        different = [cell for cell in pc.unique(sample).to_pylist() if cell and cell.strip()]
        spoken_of = {column_words().get(word) for word in (plain(title), *plain(title).split())}
        is_named = bool(spoken_of - {None})
        if not different or len(different) > _MOST_WORDS or (len(different) > 40 and not is_named):
            continue
        known = (
            different
            if is_unit_column(title, different)
            else [cell for cell in different if _says_money(cell)]
        )
        aside = [cell for cell in different if read_cell(cell).is_aside]
        is_currency = is_named and all(_CODE.fullmatch(cell.strip()) for cell in different)
        if not known and not is_currency and not (is_named and any(map(_names_money, different))):
            continue
        if len(known) + len(aside) < len(different) and not (
            is_named
            and (is_currency or len(known) * 2 >= len(different) or any(map(_names_money, different)))
        ):
            continue
        if not is_named and all(len(cell.strip()) == 1 and cell.strip().isalpha() for cell in different):
            continue
        every = [cell for cell in pc.unique(grid.column(column_index)).to_pylist() if cell and cell.strip()]
        words = {cell: read_cell(cell) for cell in every}
        found.append(WordColumn(column_index, words, "unit" in spoken_of))
    return found


def columns_like_units(
    grid: Grid, layout: Layout, amounts: Iterable[int], named: Iterable[WordColumn]
) -> list[Saying]:
    """Columns that repeat a few cells such as “1 000 EUR”, which may be the unit or an amount of its own.

    amounts, named: the columns that are read as amounts, and those that name units for sure.
    """
    taken = {*amounts, *(column.column_index for column in named)}
    found = []
    for column_index, title in enumerate(layout.titles):
        if column_index in taken or not len(layout.rows):
            continue
        sample = grid.column(column_index).slice(int(layout.rows[0]), 2_000)
        different = [cell for cell in pc.unique(sample).to_pylist() if cell and cell.strip()]
        if not 1 <= len(different) <= _MOST_UNITS:
            continue
        said = [read_cell(cell) for cell in different if cell.strip()[0].isdigit()]
        if len(said) == len(different) and all(one.is_only and one.units and one.currencies for one in said):
            units = tuple(unit for one in said for unit in one.units)
            found.append(Saying(f"the column {shown(title)}", MoneyWords(units, said[0].currencies)))
    return found


_CODE = re.compile(r"[A-Z]{3}")


def _says_money(cell: str) -> bool:
    """Whether a cell is the name of a unit or of a currency, and no amount."""
    return len(cell) <= 60 and not cell.strip()[0].isdigit() and read_cell(cell).is_only


def _names_money(cell: str) -> bool:
    """Whether a cell names a currency, or a unit and nothing else; it may begin with digits."""
    said = read_cell(cell)
    return bool(said.currencies) or (bool(said.units) and said.is_only)


def spoken(currencies: Sequence[str] | frozenset[str]) -> str:
    """Currencies as a sentence names them."""
    return " and ".join(sorted(currencies))
