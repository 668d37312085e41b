"""A CSV file whose encoding and dialect are known → a grid.

Arrow reads it where its quotation marks are regular; else it is read record by record.
"""

import codecs
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from pipelines.foreign_files import csv_dialect, csv_quote_check
from pipelines.foreign_files.csv_dialect import Dialect, Problem
from pipelines.foreign_files.csv_quote_check import Counted
from pipelines.foreign_files.grid import CELLS, ROW
from pipelines.foreign_files.limits import Limits
from pipelines.foreign_files.refusal import NotATable

FAST_FROM = 256 << 10  # bytes; smaller files are read in no time either way


@dataclass(frozen=True)
class CsvTable:
    """A grid, and what was wrong with the quotation marks.

    counted: lines and line breaks in cells, counted in the bytes apart from the reading; None where no
    fast reading was.
    """

    table: pa.Table
    problems: list[Problem]
    counted: Counted | None = None


def open_text(path: Path, encoding: str) -> TextIO:
    """The text of a file, behind its byte order mark."""
    stream = path.open("rb")
    if encoding in ("utf-16-le", "utf-16-be") and stream.read(2) not in (
        codecs.BOM_UTF16_LE,
        codecs.BOM_UTF16_BE,
    ):
        stream.seek(0)
    return io.TextIOWrapper(stream, encoding=encoding, newline="")


def read_csv(path: Path, encoding: str, dialect: Dialect, allowed: Limits, is_even: bool = False) -> CsvTable:
    """All records of a file. Raises NotATable where a limit is passed.

    is_even: all rows should have the same width, so that another width is a sign of a wrong quotation mark.
    """
    if (fast := _read_regular(path, encoding, dialect, allowed)) is not None:
        return fast
    rows = RowCollector(allowed)
    problems = csv_dialect.read_records(partial(open_text, path, encoding), dialect, rows.add, is_even)
    return CsvTable(rows.table(), problems)


class RowCollector:
    """Collects batches of records as columns of text. Rows may differ in width."""

    def __init__(self, allowed: Limits) -> None:
        self.allowed = allowed
        self.clear()

    def clear(self) -> None:
        """Forget all records."""
        self.rows: list[pa.Array] = []
        self.cells: list[pa.Array] = []
        self.columns: list[list[pa.Array]] = []
        self.count = 0

    def add(self, batch: Sequence[Sequence[str]], first: int) -> None:
        """One batch; first is the row number of its first record. An empty batch numbered 0 begins anew."""
        if first == 0:
            self.clear()
            return
        widths = [len(row) for row in batch]
        width = max(widths)
        if width > 20 * self.allowed.max_columns:
            raise NotATable(
                "too-many-columns",
                str(width),
                f"has {width:,} columns; the limit is {self.allowed.max_columns}",
            )
        for column_index, values in enumerate(zip_longest(*batch)):
            if column_index == len(self.columns):
                self.columns.append([pa.nulls(len(part), pa.string()) for part in self.rows])
            self.columns[column_index].append(pa.array(values, pa.string()))
        for column in self.columns[width:]:
            column.append(pa.nulls(len(batch), pa.string()))
        self.rows.append(pa.array(range(first, first + len(batch)), pa.int32()))
        self.cells.append(pa.array(widths, pa.int32()))
        self.count += len(batch)
        if self.count > self.allowed.max_rows:
            raise NotATable(
                "too-many-rows",
                f"{self.count:,}",
                f"has more than {self.allowed.max_rows:,} rows, which is the limit",
            )

    def table(self, natives: Mapping[str, pa.Array] | None = None) -> pa.Table:
        """The grid (see grid.py): row numbers, widths, cells; and natives beside them."""
        return pa.table(
            {
                ROW: pa.chunked_array(self.rows, pa.int32()),
                CELLS: pa.chunked_array(self.cells, pa.int32()),
                **{
                    f"c{column_index}": pa.chunked_array(column, pa.string())
                    for column_index, column in enumerate(self.columns)
                },
                **(natives or {}),
            }
        )


def _read_regular(path: Path, encoding: str, dialect: Dialect, allowed: Limits) -> CsvTable | None:
    """Read a large UTF-8 file with regular quotation marks with Arrow, several times as fast.

    None if the file is not of that kind, or if a row is wider or narrower than the first.
    """
    if path.stat().st_size < FAST_FROM or encoding not in ("utf-8", "utf-8-sig") or dialect.sep_line:
        return None
    counted = csv_quote_check.count_lines(path, dialect.delimiter, allowed.max_columns)
    if counted is None or not 0 < counted.width <= allowed.max_columns:
        return None
    names = [f"c{column_index}" for column_index in range(counted.width)]
    try:
        cells = arrow_csv.read_csv(
            path,
            arrow_csv.ReadOptions(column_names=names, block_size=4 << 20),
            arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if counted.has_quotes else False,
                newlines_in_values=counted.inner > 0,
                ignore_empty_lines=False,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    rows = cells.num_rows
    if rows > allowed.max_rows:
        raise NotATable(
            "too-many-rows", f"{rows:,}", f"has more than {allowed.max_rows:,} rows, which is the limit"
        )
    numbered = {
        ROW: pa.array(np.arange(1, rows + 1, dtype=np.int32)),
        CELLS: pa.array(np.full(rows, counted.width, dtype=np.int32)),
    }
    table = pa.table({**numbered, **{name: cells[name] for name in names}})
    return CsvTable(table, [], counted)
