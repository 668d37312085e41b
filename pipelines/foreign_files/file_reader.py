"""Opens an uploaded file: bytes in, a grid and what was seen out, as Arrow and JSON. Runs where sandbox_process.py lets it; started by sandbox.py."""

import codecs
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from pipelines.foreign_files import csv_dialect, csv_fast_path, limits, spreadsheets, text_encoding
from pipelines.foreign_files.grid import CELLS, ROW

FAST_FROM = 256 << 10


class Writer:
    """Collects batches of records as columns of text. Rows may differ in width."""

    def __init__(self) -> None:
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
        if width > 20 * limits.MAX_COLUMNS:
            raise spreadsheets.NotATable(
                "too-many-columns", str(width), f"has {width:,} columns; the limit is {limits.MAX_COLUMNS}"
            )
        for place, values in enumerate(zip_longest(*batch)):
            if place == len(self.columns):
                self.columns.append([pa.nulls(len(part), pa.string()) for part in self.rows])
            self.columns[place].append(pa.array(values, pa.string()))
        for column in self.columns[width:]:
            column.append(pa.nulls(len(batch), pa.string()))
        self.rows.append(pa.array(range(first, first + len(batch)), pa.int32()))
        self.cells.append(pa.array(widths, pa.int32()))
        self.count += len(batch)
        if self.count > limits.MAX_ROWS:
            raise spreadsheets.NotATable(
                "too-many-rows",
                f"{self.count:,}",
                f"has more than {limits.MAX_ROWS:,} rows, which is the limit",
            )

    def write(self, path: Path, natives: Mapping[str, pa.Array] | None = None) -> pa.Table:
        """The grid, on disk."""
        table = pa.table(
            {
                ROW: pa.chunked_array(self.rows, pa.int32()),
                CELLS: pa.chunked_array(self.cells, pa.int32()),
                **{
                    f"c{place}": pa.chunked_array(column, pa.string())
                    for place, column in enumerate(self.columns)
                },
                **(natives or {}),
            }
        )
        write_grid(table, path)
        return table


def write_grid(table: pa.Table, path: Path) -> None:
    """A grid, on disk, as the process that asked for it reads it."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_file(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen in a file; its grid is left in the folder. problems: code, row, value, what is wrong, place."""
    kind = text_encoding.real_kind(path)
    if kind == "empty":
        raise spreadsheets.NotATable("file-empty", "", "is empty")
    if kind == "zip":
        return _workbook(path, folder, how)
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise spreadsheets.NotATable("workbook-locked", "", "is protected by a password")
        return _sheet(path, folder, how, spreadsheets.Workbook("xls"))
    if kind != "text":
        raise spreadsheets.NotATable("not-a-table", kind, f"is {kind}, not a table")
    return _text(path, folder, how)


def _text(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    encoding = text_encoding.find_encoding(path, how.get("encoding", ""))
    if encoding.problems:
        code, row, value, problem = encoding.problems[0]
        raise _At(code, row, value, problem)

    def open_text() -> TextIO:
        codec = encoding.name
        stream = path.open("rb")
        if codec in ("utf-16-le", "utf-16-be") and stream.read(2) not in (
            codecs.BOM_UTF16_LE,
            codecs.BOM_UTF16_BE,
        ):
            stream.seek(0)
        return io.TextIOWrapper(stream, encoding=codec, newline="")

    with open_text() as stream:
        sample = stream.read(csv_dialect.SAMPLE)
    lead = len(sample) - len(sample.lstrip("\x00"))
    if "\x00" in sample and lead != len(sample):
        before = sample.index("\x00")
        raise _At(
            "nul-character",
            sample[:before].count("\n") + 1,
            "\\u0000",
            "holds a NUL character, which no text has",
        )
    known = frozenset(how.get("known", ()))
    found = csv_dialect.find_dialect(
        sample, lambda title: " ".join(title.casefold().split()) in known, how.get("delimiter", "")
    )
    problems: list[spreadsheets.Problem] = []
    quick = _read_regular(path, encoding.name, found, folder / "grid.arrow")
    if quick is not None:
        records, lines, inner = quick
    else:
        writer = Writer()
        records, problems = csv_dialect.read_records(open_text, found, writer.add)
        if not writer.count:
            raise spreadsheets.NotATable("file-empty", "", "holds no line of text")
        table = writer.write(folder / "grid.arrow")
        lines = _count_lines(open_text) - found.sep_line
        inner = sum(
            _breaks(table[name]) for name in table.column_names if name.startswith("c") and name != CELLS
        )
    if records + inner != lines and not problems:
        problem = f"has {lines:,} lines, but we read {records:,} rows with {inner:,} line breaks inside cells: rows were lost"
        problems.append(("rows-lost", 0, "", problem, 0))
    return {
        "kind": "csv",
        "encoding": encoding.name,
        "encoding_why": encoding.why,
        "encoding_is_certain": encoding.is_certain,
        "encoding_alternatives": dict(encoding.alternatives),
        "encoding_sample": encoding.sample if not encoding.is_certain else (),
        "delimiter": found.delimiter,
        "delimiter_why": found.why,
        "delimiter_alternatives": found.alternatives,
        "sep_line": found.sep_line,
        "lines": lines,
        "problems": problems,
    }


def _read_regular(
    path: Path, encoding: str, found: csv_dialect.Dialect, grid: Path
) -> tuple[int, int, int] | None:
    """Read a large UTF-8 file whose quotation marks are all regular with Arrow, which is several times as fast, and write its grid.

    Gives how many records were read, and, counted in the bytes apart from that, how many lines there are and how many line breaks inside
    cells. None if the file is not of that kind, or if a row is wider or narrower than the first; then it is read record by record.
    """
    if path.stat().st_size < FAST_FROM or encoding not in ("utf-8", "utf-8-sig") or found.sep_line:
        return None
    counted = csv_fast_path.count_lines(path, found.delimiter)
    if counted is None or not 0 < counted.width <= limits.MAX_COLUMNS:
        return None
    names = [f"c{place}" for place in range(counted.width)]
    try:
        table = arrow_csv.read_csv(
            path,
            arrow_csv.ReadOptions(column_names=names, block_size=4 << 20),
            arrow_csv.ParseOptions(
                delimiter=found.delimiter,
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
    rows = table.num_rows
    if rows > limits.MAX_ROWS:
        raise spreadsheets.NotATable(
            "too-many-rows", f"{rows:,}", f"has more than {limits.MAX_ROWS:,} rows, which is the limit"
        )
    numbered = {
        ROW: pa.array(np.arange(1, rows + 1, dtype=np.int32)),
        CELLS: pa.array(np.full(rows, counted.width, dtype=np.int32)),
    }
    write_grid(pa.table({**numbered, **{name: table[name] for name in names}}), grid)
    return rows, counted.lines, counted.inner


def _breaks(column: pa.ChunkedArray) -> int:
    """How many line breaks stand inside the cells of a column: CRLF, LF or CR."""
    has = pc.or_(pc.match_substring(column, "\n"), pc.match_substring(column, "\r"))
    cells = column.filter(pc.fill_null(has, False))
    one = pc.replace_substring(cells, "\r\n", "\n")
    return int(pc.sum(pc.count_substring_regex(one, "[\r\n]")).as_py() or 0)


def _count_lines(open_text: Callable[[], TextIO]) -> int:
    """How many lines the text has, counted apart from the reading of its records."""
    count, carry, last = 0, False, ""
    with open_text() as stream:
        while block := stream.read(1 << 20):
            returns, pairs = block.count("\r"), block.count("\r\n")
            count += block.count("\n") + returns - pairs - (carry and block[0] == "\n")
            carry, last = block[-1] == "\r", block[-1]
    return count + (last not in ("", "\n", "\r"))


class _At(spreadsheets.NotATable):
    """Something that stops the reading in a certain row."""

    def __init__(self, code: str, row: int, value: str, problem: str) -> None:
        super().__init__(code, value, problem)
        self.row = row


def _workbook(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    return _sheet(path, folder, how, spreadsheets.look_through(path))


def _sheet(path: Path, folder: Path, how: Mapping[str, Any], book: spreadsheets.Workbook) -> dict[str, Any]:
    try:
        texts, natives, sheets, start, merged = spreadsheets.sheet_rows(path, how.get("sheet", ""))
    except (spreadsheets.NotATable, MemoryError):
        raise
    except (
        Exception
    ) as error:  # the library has no class of its own for every way in which a workbook can be broken
        code = "workbook-locked" if "password" in type(error).__name__.lower() else "workbook-damaged"
        problem = (
            "is protected by a password"
            if code == "workbook-locked"
            else f"cannot be read as a workbook: {error}"
        )
        raise spreadsheets.NotATable(code, "", problem) from None
    if not any(any(row) for row in texts):
        raise spreadsheets.NotATable("file-empty", "", "holds no filled cell")
    writer = Writer()
    writer.add(texts, 1)
    width = len(texts[0])
    flags = {f"n{place}": pa.array([row[place] for row in natives], pa.bool_()) for place in range(width)}
    writer.write(folder / "grid.arrow", flags)
    parts = book.sheets.get(sheets[0], spreadsheets.Parts())
    problems: list[spreadsheets.Problem] = []
    filled = sum(1 for row in texts if any(row))
    # the quick count takes a cell with an empty string for a filled one; only where it differs is it worth to look at every cell
    told = (
        parts.rows
        if book.kind != "xlsx" or parts.rows == filled
        else spreadsheets.count_filled_rows(path, parts.part)
    )
    if book.kind == "xlsx" and told != filled:
        problems.append(
            ("rows-lost", 0, "", f"has {told:,} filled rows in its XML, but we read {filled:,}", 0)
        )
    return {
        "kind": book.kind,
        "encoding": book.kind,
        "encoding_why": "a workbook says itself how it is written",
        "encoding_is_certain": True,
        "delimiter": "",
        "sheet": sheets[0],
        "sheets": sheets,
        "hidden_sheets": book.hidden_sheets,
        "start": start,
        "formulas": parts.formulas,
        "empty_formulas": parts.empty_formulas,
        "errors": parts.errors,
        "merged": parts.merged or merged,
        "hidden": parts.hidden,
        "problems": problems,
    }


def write_down(path: Path, folder: Path, how: Mapping[str, Any]) -> None:
    """Read one file, and leave the grid and the facts in the folder. Whatever stops it is a problem; a traceback would be a bug of ours."""
    try:
        facts = read_file(path, folder, how)
    except spreadsheets.NotATable as stop:
        facts = {"stopped": [stop.code, getattr(stop, "row", 0), stop.value, stop.problem]}
    except MemoryError:
        facts = {
            "stopped": [
                "out-of-memory",
                0,
                "",
                f"needs more than {limits.megabytes(limits.MEMORY)} of memory to be opened",
            ]
        }
    (folder / "facts.json").write_text(
        json.dumps(facts | {"layers": how.get("layers", [])}), encoding="utf-8"
    )


def main(path: Path, folder: Path, layers: Sequence[str]) -> None:
    """Read one file as {"encoding", "delimiter", "sheet", "known"} on stdin say. layers: what isolates this process; told in the facts."""
    write_down(path, folder, json.load(sys.stdin) | {"layers": list(layers)})
