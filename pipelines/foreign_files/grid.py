"""The one form that every file takes in memory: rows of text cells, each where a spreadsheet shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]

ROW, CELLS = "row", "cells"
_SAMPLE = 10_000  # cells that tell whether those of a column repeat


@dataclass(frozen=True)
class Grid:
    """All rows of a sheet, in order, nothing left out.

    table: `row` (as a spreadsheet shows it), `cells` (how many the file has in that row), then c0, c1 …
    as written, null where the row is shorter; n0, n1 … (only of spreadsheets): whether the cell is a
    number or a day of the spreadsheet's own, and not text.
    """

    table: pa.Table

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]], numbers: Sequence[int] | None = None) -> "Grid":
        """A grid of a few rows, numbered from 1 unless said otherwise."""
        listed = [list(row) for row in rows]
        width = max((len(row) for row in listed), default=0)
        columns: dict[str, pa.Array] = {
            ROW: pa.array(numbers or range(1, len(listed) + 1), pa.int32()),
            CELLS: pa.array([len(row) for row in listed], pa.int32()),
        }
        for column_index in range(width):
            columns[f"c{column_index}"] = pa.array(
                [row[column_index] if column_index < len(row) else None for row in listed], pa.string()
            )
        return cls(pa.table(columns))

    @classmethod
    def read(cls, path: Path) -> "Grid":
        """The grid that the isolated process left in a file. It stays on disk until it is needed."""
        with pa.memory_map(str(path)) as source:
            return cls(pa.ipc.open_file(source).read_all())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def width(self) -> int:
        """How many columns the widest row has."""
        return sum(1 for name in self.table.column_names if name[0] == "c" and name[1:].isdigit())

    @cached_property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The row numbers as a spreadsheet shows them."""
        return np.asarray(self.table[ROW].to_numpy(), dtype=np.int32)

    @cached_property
    def cells(self) -> npt.NDArray[np.int32]:
        """How many cells each row has in the file."""
        return np.asarray(self.table[CELLS].to_numpy(), dtype=np.int32)

    def column(self, column_index: int) -> pa.ChunkedArray:
        """The cells of a column as written; null where the row ends before it."""
        return self.table[f"c{column_index}"]

    def native(self, column_index: int) -> pa.ChunkedArray | None:
        """Whether a cell is the spreadsheet's own number or day; None where cells are text only."""
        name = f"n{column_index}"
        return self.table[name] if name in self.table.column_names else None

    def cell(self, index: int, column_index: int) -> str:
        """One cell as written, empty if it is not there."""
        if not 0 <= column_index < self.width or not 0 <= index < len(self):
            return ""
        return self.column(column_index)[index].as_py() or ""

    def row(self, index: int) -> list[str]:
        """All cells of a row, empty where there is none."""
        return [self.cell(index, column_index) for column_index in range(self.width)]

    def head(self, rows: int) -> list[list[str]]:
        """The first rows as lists."""
        columns = [self.column(column_index).slice(0, rows).to_pylist() for column_index in range(self.width)]
        return [[value or "" for value in row] for row in zip(*columns, strict=True)] if columns else []

    @cached_property
    def filled(self) -> npt.NDArray[np.int32]:
        """How many cells of each row hold more than spaces."""
        counts = np.zeros(len(self), dtype=np.int32)
        for column_index in range(self.width):
            counts += self.is_filled(column_index)
        return counts

    @cached_property
    def _filled_cells(self) -> dict[int, Mask]:
        return {}

    def is_filled(self, column_index: int) -> Mask:
        """Row by row, whether the cell holds more than spaces."""
        if column_index not in self._filled_cells:
            self._filled_cells[column_index] = self._find_filled(column_index)
        return self._filled_cells[column_index]

    def _find_filled(self, column_index: int) -> Mask:
        column = self.column(column_index)
        lengths = pc.binary_length(column)
        plain = pc.greater(lengths, 0)
        spaces = pc.and_(plain, pc.less_equal(lengths, 8))
        if pc.any(spaces).as_py():
            plain = pc.and_not(plain, pc.utf8_is_space(column))
        filled: Mask = pc.fill_null(plain, False).to_numpy(zero_copy_only=False).astype(bool)
        return filled


def mask(values: pa.ChunkedArray | pa.Array) -> Mask:
    """A column of yes and no as numpy has it; unknown is no."""
    flat = pc.fill_null(values, False)
    flags: Mask = np.asarray(flat.to_numpy(zero_copy_only=False), dtype=bool)
    return flags


def matching(column: pa.ChunkedArray, pattern: str) -> Mask:
    """Which cells match a pattern; where cells repeat, each different one is looked at once."""
    first = column.slice(0, _SAMPLE)
    if len(pc.unique(first)) * 2 > len(first):
        return mask(pc.match_substring_regex(column, pattern))
    different = pc.unique(column)
    hits = different.filter(pc.fill_null(pc.match_substring_regex(different, pattern), False))
    return mask(pc.is_in(column, hits)) if len(hits) else np.zeros(len(column), dtype=bool)


def is_ascii(column: pa.ChunkedArray) -> bool:
    """Whether all cells of a column of text hold only ASCII letters."""
    return all(
        # the bytes of cells that a slice leaves out are looked at too: then cell by cell
        chunk.buffers()[2] is None
        or bytes(chunk.buffers()[2]).isascii()
        or pc.all(pc.string_is_ascii(chunk)).as_py() is not False
        for chunk in column.chunks
    )


def at(column: pa.ChunkedArray, indices: npt.NDArray[np.int64] | Sequence[int]) -> list[str | None]:
    """Some cells of a column."""
    cells: list[str | None] = column.take(pa.array(indices, pa.int64())).to_pylist()
    return cells
