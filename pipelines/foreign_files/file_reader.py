"""Opens an uploaded file: bytes in, a grid and what was seen out, as Arrow and JSON.

Runs in sandbox_process.py.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.foreign_files import csv_dialect, csv_reader, limits, spreadsheets, text_encoding
from pipelines.foreign_files.grid import CELLS
from pipelines.foreign_files.refusal import NotATable
from pipelines.foreign_files.sheet_formatting import Parts
from pipelines.foreign_files.xls_formatting import read_xls


def write_grid(table: pa.Table, path: Path) -> None:
    """A grid, on disk, as the process that asked for it reads it."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_file(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen in a file; its grid is left in the folder.

    problems: code, row, value, what is wrong, place.
    """
    kind = text_encoding.real_kind(path)
    if kind == "empty":
        raise NotATable("file-empty", "", "is empty")
    if kind == "zip":
        return _workbook(path, folder, how)
    if kind == "ole":
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise NotATable("workbook-locked", "", "is protected by a password")
        book = read_xls(path)
        workbook = spreadsheets.Workbook("xls", book.sheets, book.hidden_sheets)
        return _sheet(path, folder, how, workbook) | {"hides_unknown": not book.is_read}
    if kind != "text":
        way_out = text_encoding.WAYS_OUT.get(kind, "")
        raise NotATable("not-a-table", kind, f"is {kind}, not a table{'; ' if way_out else ''}{way_out}")
    return _text(path, folder, how)


def _text(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    encoding = text_encoding.find_encoding(path, how.get("encoding", ""))
    if encoding.problems:
        code, row, value, problem = encoding.problems[0]
        raise NotATable(code, value, problem, row)

    open_text = partial(csv_reader.open_text, path, encoding.name)
    with open_text() as stream:
        sample = stream.read(csv_dialect.SAMPLE)
    lead = len(sample) - len(sample.lstrip("\x00"))
    if "\x00" in sample and lead != len(sample):
        before = sample.index("\x00")
        raise NotATable(
            "nul-character",
            "\\u0000",
            "holds a NUL character, which no text has",
            sample[:before].count("\n") + 1,
        )
    known_titles = frozenset(how.get("known", ()))
    dialect = csv_dialect.find_dialect(
        sample, lambda title: " ".join(title.casefold().split()) in known_titles, how.get("delimiter", "")
    )
    read = csv_reader.read_csv(path, encoding.name, dialect, limits.UPLOADS)
    write_grid(read.table, folder / "grid.arrow")
    problems = read.problems
    if read.counted is not None:
        lines, inner = read.counted.lines, read.counted.inner
    else:
        if not read.table.num_rows:
            raise NotATable("file-empty", "", "holds no line of text")
        lines = _count_lines(open_text) - dialect.sep_line
        inner = sum(
            _breaks(read.table[name])
            for name in read.table.column_names
            if name.startswith("c") and name != CELLS
        )
    records = read.table.num_rows
    if records + inner != lines and not problems:
        problem = (
            f"has {lines:,} lines, but we read {records:,} rows with {inner:,} line breaks inside cells: "
            "rows were lost"
        )
        problems.append(("rows-lost", 0, "", problem, 0))
    return {
        "kind": "csv",
        "encoding": encoding.name,
        "encoding_why": encoding.why,
        "encoding_is_certain": encoding.is_certain,
        "encoding_alternatives": dict(encoding.alternatives),
        "encoding_sample": encoding.sample if not encoding.is_certain else (),
        "delimiter": dialect.delimiter,
        "delimiter_why": dialect.why,
        "delimiter_alternatives": dialect.alternatives,
        "sep_line": dialect.sep_line,
        "lines": lines,
        "problems": problems,
    }


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


def _workbook(path: Path, folder: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    return _sheet(path, folder, how, spreadsheets.look_through(path, limits.UPLOADS))


def _sheet(path: Path, folder: Path, how: Mapping[str, Any], book: spreadsheets.Workbook) -> dict[str, Any]:
    try:
        sheet = spreadsheets.read_sheet(path, how.get("sheet", ""), limits.UPLOADS)
    except (NotATable, MemoryError):
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
        raise NotATable(code, "", problem) from None
    texts, natives, sheets = sheet.texts, sheet.natives, sheet.sheets
    if not any(any(row) for row in texts):
        raise NotATable("file-empty", "", "holds no filled cell")
    parts = book.sheets.get(sheets[0], Parts())
    for (row, column_index), text in parts.texts.items():
        if row <= len(texts) and column_index < len(texts[row - 1]):
            texts[row - 1][column_index] = text
    rows = csv_reader.RowCollector(limits.UPLOADS)
    rows.add(texts, 1)
    width = len(texts[0])
    flags = {
        f"n{column_index}": pa.array([row[column_index] for row in natives], pa.bool_())
        for column_index in range(width)
    }
    write_grid(rows.table(flags), folder / "grid.arrow")
    problems: list[spreadsheets.Problem] = []
    filled = sum(1 for row in texts if any(row))
    # the quick count takes a cell with an empty string for a filled one; only where it differs is it
    # worth to look at every cell
    rows_in_xml = (
        parts.rows
        if book.kind != "xlsx" or parts.rows == filled
        else spreadsheets.count_filled_rows(path, parts.part, limits.UPLOADS)
    )
    if book.kind == "xlsx" and rows_in_xml != filled:
        problems.append(
            ("rows-lost", 0, "", f"has {rows_in_xml:,} filled rows in its XML, but we read {filled:,}", 0)
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
        "start": sheet.start,
        "formulas": parts.formulas,
        "empty_formulas": parts.empty_formulas,
        "linked": parts.linked,
        "errors": parts.errors,
        "merged": parts.merged or sheet.merged,
        "hidden": parts.hidden,
        "hidden_rows": parts.hidden_rows,
        "hidden_columns": parts.hidden_columns,
        "formats": parts.format_facts(),
        "struck": parts.struck.columns,
        "raised": parts.raised.columns,
        "indents": [[row, column_index, depth] for (row, column_index), depth in parts.indents.items()],
        "other_sheets": sheet.others,
        "problems": problems,
    }


def write_down(path: Path, folder: Path, how: Mapping[str, Any]) -> None:
    """Read one file, and leave the grid and the facts in the folder.

    Whatever stops it is a problem; a traceback would be a bug of ours.
    """
    try:
        facts = read_file(path, folder, how)
    except NotATable as stop:
        facts = {"stopped": [stop.code, stop.row, stop.value, stop.problem]}
    except MemoryError:
        facts = {
            "stopped": [
                "out-of-memory",
                0,
                "",
                f"needs more than {limits.megabytes(limits.UPLOADS.memory)} of memory to be opened",
            ]
        }
    (folder / "facts.json").write_text(
        json.dumps(facts | {"layers": how.get("layers", [])}), encoding="utf-8"
    )


def work(request: Mapping[str, Any], folder: Path, layers: Sequence[str]) -> None:
    """Read the file at request["path"] as "encoding", "delimiter", "sheet" and "known" of the request say.

    layers: what isolates this process; the facts name them.
    """
    write_down(Path(request["path"]), folder, {**request, "layers": list(layers)})
