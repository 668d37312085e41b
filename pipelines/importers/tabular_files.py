"""Published files → tables of cells: CSV, XLSX and Parquet, whatever they are called.

Knows no programme and no column of ours.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, reduce
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files.limits import BULK
from pipelines.foreign_files.refusal import NotATable
from pipelines.importers.cell_values import Cell, words

_HEADER_WITHIN = 20
_LISTED = 100
_BATCH = 10_000
# What a damaged workbook is called; every other refusal means that it is not safe to open.
_UNREADABLE = frozenset({"workbook-damaged", "workbook-locked"})

Recognises = Callable[[Collection[str]], bool]


@dataclass
class Sheet:
    """A published table.

    header: plain column name (see `plain`) → which column, from 0. titles: the column names as they
    stand. numbers: of the filled rows below the header, as a spreadsheet shows them. columns: the cells
    of these rows. broken: rows, from 0, whose cells could not be told apart; only their first cell
    counts.
    """

    file: str
    header: dict[str, int]
    titles: list[str]
    numbers: Sequence[int]
    columns: Callable[[int], Sequence[Cell]]
    broken: frozenset[int] = frozenset()
    vintage: date | None = None
    findings: list[Finding] = field(default_factory=list)

    def texts(self, *names: str) -> list[str]:
        """The cells of `column` as clean words. Equal cells are cleaned once."""
        return list(map(lru_cache(None, typed=True)(words), self.column(*names)))

    def column(self, *names: str) -> list[Cell]:
        """The cells of the first of these columns that the table has; None for each row where it has none."""
        at = next((self.header[name] for name in names if name in self.header), None)
        if at is None:
            return [None] * len(self.numbers)
        cells = list(self.columns(at))
        if at:
            for row in self.broken:
                cells[row] = None
        return cells


def plain(title: Cell) -> str:
    """A column name without case, apostrophes, punctuation and line breaks.

    `Beneficiary’s amount\\n(EUR)` → `beneficiarys amount eur`.
    """
    return re.sub(r"[^a-z0-9]+", " ", re.sub("['’‘´`]", "", words(title).lower())).strip()


def read_sheet(path: Path, recognises: Recognises, column_names: Collection[str]) -> Sheet | Finding:
    """The table in a file, from the row that `recognises` as its header, or why the file holds none.

    column_names: the plain names of the columns that are used; cells of other columns are not kept. Of a
    table without a known header only the titles of row 1 are given.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _read_workbook(path, recognises, frozenset(column_names))
    if kind in (".csv", ".txt", ".tsv"):
        return _read_text(path, recognises, frozenset(column_names))
    if kind == ".parquet":
        return _read_parquet(path)
    is_table = kind in (".xls", ".xlsb", ".ods")
    return make_finding(
        "not-a-table",
        path.name,
        "is not a kind of file that we read; left out.",
        value=kind,
        remedy="Save the table as .xlsx or as CSV UTF-8." if is_table else "",
        severity="error" if is_table else "note",
    )


# --- workbooks


def _read_workbook(path: Path, recognises: Recognises, column_names: frozenset[str]) -> Sheet | Finding:
    from pipelines.foreign_files import spreadsheets  # loading it takes longer than reading a list of calls

    try:
        has_formulas, vintage = spreadsheets.glance_through(path, BULK)
        sheet, others = _find_sheet(path.name, spreadsheets.read_workbook(path), recognises, column_names)
    except NotATable as stop:
        code = "workbook-unreadable" if stop.code in _UNREADABLE else "workbook-unsafe"
        remedy = "Fetch the file again from its publisher."
        return make_finding(code, path.name, f"{stop.problem}.", value=stop.value, remedy=remedy)
    sheet.vintage = vintage
    if has_formulas:
        problem = "holds formulas; their stored results were read."
        sheet.findings.append(make_finding("formulas", path.name, problem))
    for other in others:
        problem = "is another sheet with content; left out."
        sheet.findings.append(make_finding("sheet-left-out", path.name, problem, value=other))
    return sheet


def _find_sheet(
    file: str,
    sheets: Iterable[tuple[str, int, Iterator[list[Any]]]],
    recognises: Recognises,
    column_names: frozenset[str],
) -> tuple[Sheet, list[str]]:
    """The first sheet with a recognised header, else the first; and the other sheets with content."""
    chosen: Sheet | None = None
    chosen_name, is_recognised = "", False
    with_content: list[str] = []
    for name, height, rows in sheets:
        if height:
            with_content.append(name)
        if is_recognised:
            continue
        head = list(islice(rows, _HEADER_WITHIN))
        start = _header_row(head, recognises)
        if start is not None:
            chosen = _sheet_of_rows(file, chain(head, rows), head[start], start, column_names)
        elif chosen is None:
            # only its titles are of use, to say what it lacks
            chosen = _sheet_of_rows(file, iter(()), head[0] if head else [], 0, column_names)
        if start is not None or not chosen_name:
            chosen_name, is_recognised = name, start is not None
    if chosen is None:
        raise NotATable("workbook-damaged", "", "cannot be read as a workbook: it has no sheet")
    return chosen, [name for name in with_content if name != chosen_name]


def _sheet_of_rows(
    file: str, rows: Iterator[list[Any]], titles_row: list[Any], start: int, column_names: frozenset[str]
) -> Sheet:
    """The filled rows below the header, the columns that are known.

    Equal texts are kept once: a year has millions.
    """
    titles = [words(title) for title in titles_row]
    header, findings = _read_header(file, titles, start + 1)
    columns = {at: _Column() for name, at in header.items() if name in column_names}
    numbers: list[int] = []
    numbered = enumerate(islice(rows, start + 1, None), start=start + 2)
    while batch := list(islice(numbered, _BATCH)):
        filled = [(number, row) for number, row in batch if row.count("") < len(row)]
        numbers += [number for number, _ in filled]
        for at, column in columns.items():
            column.extend(row[at] for _, row in filled)
    return Sheet(file, header, titles, numbers, lambda at: columns[at].cells, findings=findings)


class _Column:
    """The cells of one column, equal texts kept once."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._texts: dict[str, str] = {}

    def extend(self, cells: Iterable[Any]) -> None:
        """Add the next cells."""
        batch = list(cells)
        if set(map(type, batch)) == {str}:
            batch = list(map(self._texts.setdefault, batch, batch))
        self.cells += batch


# --- text


def _read_text(path: Path, recognises: Recognises, column_names: frozenset[str]) -> Sheet | Finding:
    # loading them takes longer than reading a workbook of a few rows
    from pipelines.foreign_files import csv_dialect, csv_reader, text_encoding
    from pipelines.foreign_files.grid import Grid

    encoding = text_encoding.find_encoding(path)
    if encoding.problems or not encoding.is_certain:
        return make_finding("not-utf8", path.name, "is not UTF-8 text.", remedy="Save the file as CSV UTF-8.")
    with csv_reader.open_text(path, encoding.name) as stream:
        sample = stream.read(csv_dialect.SAMPLE)
    dialect = csv_dialect.find_dialect(sample, lambda title: plain(title) in column_names)
    head = csv_dialect.read_head(sample, dialect, _HEADER_WITHIN)
    start = _header_row(head, recognises)
    if start is None:
        titles = [words(title) for title in head[0]] if head else []
        header, findings = _read_header(path.name, titles, 1)
        return Sheet(path.name, header, titles, [], lambda at: [], findings=findings)
    try:
        grid = Grid(csv_reader.read_csv(path, encoding.name, dialect, BULK, is_even=True).table)
    except NotATable as stop:
        return make_finding("not-a-table", path.name, f"{stop.problem}.", value=stop.value)
    titles = [words(title) for title in head[start]]
    header, findings = _read_header(path.name, titles, start + 1)
    filled = grid.filled > 0
    filled[: start + 1] = False
    rows = Grid(grid.table.filter(filled))
    sheet = Sheet(
        path.name,
        header,
        titles,
        rows.numbers.tolist(),
        lambda at: rows.column(at).to_pylist(),
        frozenset((rows.cells != len(titles)).nonzero()[0].tolist()),
        findings=findings,
    )
    sheet.findings += _broken_rows(sheet)
    return sheet


def _broken_rows(sheet: Sheet) -> list[Finding]:
    broken = sorted(sheet.broken)
    first = sheet.columns(0) if broken else []
    problem = (
        "cannot be told apart into its cells (a quotation mark or delimiter inside a text); "
        "only its first cell was read."
    )
    findings = [
        make_finding("row-broken", sheet.file, problem, row=sheet.numbers[row], value=words(first[row]))
        for row in broken[:_LISTED]
    ]
    if len(broken) > _LISTED:
        problem = f"more rows cannot be told apart; {len(broken):,} in all."
        more = f"{len(broken) - _LISTED:,}"
        findings.append(make_finding("row-broken", sheet.file, problem, value=more))
    return findings


# --- Parquet


def _read_parquet(path: Path) -> Sheet | Finding:
    """The table of a Parquet file. Its rows count from 2 on, as if a header stood above them."""
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        problem = f"cannot be read as Parquet: {str(error).splitlines()[0]}."
        return make_finding("not-a-table", path.name, problem, remedy="Fetch the file again.")
    titles = [*table.column_names]
    header, findings = _read_header(path.name, titles, 1)
    filled = reduce(pc.or_, map(_is_filled, table.columns), pa.scalar(False))
    numbers: Sequence[int] = range(2, table.num_rows + 2)
    if not pc.all(filled, min_count=0).as_py():
        numbers = pc.add(pc.indices_nonzero(filled), 2).to_pylist()
        table = table.filter(filled)
    return Sheet(
        path.name, header, titles, numbers, lambda at: table.column(at).to_pylist(), findings=findings
    )


def _is_filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each cell holds something."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.fill_null(pc.not_equal(column, ""), False)
    return pc.is_valid(column)


# --- headers


def _read_header(file: str, titles: Sequence[str], row: int) -> tuple[dict[str, int], list[Finding]]:
    """Plain name → column, and a finding for each title that stands twice."""
    header: dict[str, int] = {}
    findings = []
    for at, title in enumerate(titles):
        if plain(title) in header and title:
            problem = "stands twice in the header."
            findings.append(
                make_finding(
                    "column-doubled",
                    file,
                    problem,
                    row=row,
                    column=title,
                    remedy="Delete or rename one of them.",
                )
            )
        header.setdefault(plain(title), at)
    return header, findings


def _header_row(rows: Sequence[Sequence[Any]], recognises: Recognises) -> int | None:
    return next(
        (at for at, row in enumerate(rows[:_HEADER_WITHIN]) if recognises({plain(title) for title in row})),
        None,
    )
