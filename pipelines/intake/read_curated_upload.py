"""A file of curated rows – sites, milestones, promises, rival claims, facts and what else people write row by
row – recognised by its header, and its cells read into our form.

What is wrong with the rows is judged in curated_checks.py.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.code_synonyms import codes_by_word
from pipelines.file_schemas import BUDGET_LINE, SHAPES, Cell, upload_cells, uploadable
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, column_letters, nearest
from pipelines.foreign_files.amounts import UNREAD, example, read_amounts
from pipelines.foreign_files.dates import read_days
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.header_words import plain
from pipelines.intake.recipe_result import Question
from pipelines.partial_dates import read_partial_date
from pipelines.row_checks import Fault

LOOKED_AT = 40  # rows in which the header is looked for
_ENOUGH = 0.6  # of the titles of a header must be columns of its shape
_FLAGS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
_DECIMAL_COMMA = re.compile(r"-?\d+,(\d{1,2}|\d{4,})", re.ASCII)
_AS_ISO = "Write YYYY-MM-DD, as 2026-11-24."


@dataclass(frozen=True)
class CuratedTable:
    """The rows of a file of curated rows.

    header: index of the row of titles. columns: our column → its place. rows: index of each row in the grid.
    table: the columns of an upload of the shape as text, empty cells as null; a cell that could not be read
    stands as written, and `faults` says why: column → cell → why. titles: of all columns, as written.
    """

    shape: str
    header: int
    titles: tuple[str, ...]
    columns: Mapping[str, int]
    rows: npt.NDArray[np.int64]
    blank: tuple[int, ...]
    table: pa.Table
    faults: Mapping[str, Mapping[str, Fault]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Header:
    index: int
    columns: Mapping[str, int]


def shapes_of(grid: Grid) -> list[str]:
    """The curated shapes that the header of a file fits best; several only where nothing tells them apart."""
    scores: dict[str, tuple[int, int]] = {}
    for row in grid.head(LOOKED_AT):
        names = [_name(title) for title in row]
        filled = [name for name in names if name]
        of_budget = len({*filled} & {*BUDGET_LINE})
        for shape in uploadable()[1:]:
            cells = upload_cells(shape)
            known = {*filled} & {*cells}
            needed = [name for name, cell in cells.items() if cell.required]
            missing = sum(name not in known for name in needed)
            fits = {*SHAPES[shape].key} <= known and len(known) >= _ENOUGH * len(filled)
            if fits and 3 * missing <= len(needed) and len(known) > of_budget:
                scores[shape] = max(scores.get(shape, (0, -99)), (len(known), -missing))
    best = max(scores.values(), default=None)
    return [shape for shape, score in scores.items() if score == best]


def shape_question(shapes: list[str]) -> Question:
    """Asks which shape a file has, where its header fits several."""
    return Question(
        "shape",
        "",
        "The titles of this file fit several kinds of rows. What does it hold?",
        {shape: SHAPES[shape].title for shape in shapes},
    )


def read_rows(file: str, grid: Grid, shape: str) -> CuratedTable:
    """The rows of a file of this shape, with what was noticed on the way."""
    header = _find_header(grid, shape)
    titles = tuple(grid.row(header.index))
    below = np.arange(header.index + 1, len(grid), dtype=np.int64)
    filled = grid.filled[header.index + 1 :] > 0
    rows = below[filled]
    last = int(rows[-1]) if len(rows) else -1
    blank = tuple(int(index) for index in below[~filled] if index < last)
    reader = _Cells(file, grid, header, rows)
    table = pa.table({name: reader.read(name, cell) for name, cell in upload_cells(shape).items()})
    findings = (*_header_findings(file, grid, shape, header, titles), *reader.findings)
    return CuratedTable(
        shape, header.index, titles, header.columns, rows, blank, table, reader.faults, findings
    )


def _name(title: str) -> str:
    """A title as our columns are written: its case, spaces and hyphens do not matter."""
    return re.sub(r"[\s\-]+", "_", title.strip()).casefold()


def _find_header(grid: Grid, shape: str) -> _Header:
    """The row that names most columns of the shape."""
    cells, best = upload_cells(shape), _Header(0, {})
    for index, row in enumerate(grid.head(LOOKED_AT)):
        columns: dict[str, int] = {}
        for place, title in enumerate(row):
            if _name(title) in cells:
                columns.setdefault(_name(title), place)
        if len(columns) > len(best.columns):
            best = _Header(index, columns)
    return best


def _header_findings(
    file: str, grid: Grid, shape: str, header: _Header, titles: tuple[str, ...]
) -> list[Finding]:
    """Columns of the shape that are missing, and columns that the shape does not have."""
    cells, row = upload_cells(shape), int(grid.numbers[header.index]) if len(grid) else 1
    strange = {
        place: title
        for place, title in enumerate(titles)
        if place not in header.columns.values() and _name(title) not in header.columns
    }
    findings = [
        make_finding(
            "column-missing",
            file,
            f"is a column that every row of “{SHAPES[shape].title}” needs.",
            row=row,
            column=name,
            remedy=nearest(name, filter(None, strange.values())) or f"The columns are {', '.join(cells)}.",
        )
        for name, cell in cells.items()
        if cell.required and name not in header.columns
    ]
    for place, title in strange.items():
        if title.strip() or grid.is_filled(place)[header.index + 1 :].any():
            near = nearest(_name(title), [name for name in cells if name not in header.columns])
            findings.append(
                make_finding(
                    "column-unknown",
                    file,
                    f"is no column of “{SHAPES[shape].title}”. It is left out and never published.",
                    row=row,
                    column=title or column_letters(place + 1),
                    column_index=place,
                    value=title,
                    remedy=near or "Delete it, or rename it.",
                )
            )
    return findings


class _Cells:
    """Reads the cells of one file, column by column."""

    def __init__(self, file: str, grid: Grid, header: _Header, rows: npt.NDArray[np.int64]) -> None:
        self._file, self._grid, self._header, self._rows = file, grid, header, rows
        self.faults: dict[str, dict[str, Fault]] = {}
        self.findings: list[Finding] = []

    def read(self, name: str, cell: Cell) -> pa.Array:
        """One column as text; null where it is empty or not in the file."""
        place = self._header.columns.get(name, -1)
        if place < 0:
            return pa.nulls(len(self._rows), pa.string())
        written = self._grid.column(place).take(pa.array(self._rows))
        plain_text = pa.array([_tidy(value) for value in written.to_pylist()], pa.string())
        match cell.kind:
            case "code":
                return self._changed(name, place, plain_text, lambda word: _code(word, cell.of))
            case "flag":
                return self._changed(name, place, plain_text, lambda word: _FLAGS.get(word.casefold(), word))
            case "euros":
                return self._amounts(name, place, plain_text)
            case "day" | "moment":
                return self._days(name, place, plain_text, cell.kind == "moment")
            case "decimal" | "number":
                return self._changed(name, place, plain_text, _with_point)
            case _:
                return plain_text

    def _changed(self, name: str, place: int, column: pa.Array, change: Callable[[str], str]) -> pa.Array:
        """Each different word once; what is read as something else is said."""
        read = {word: change(word) for word in dict.fromkeys(column.to_pylist()) if word}
        for word, ours in read.items():
            if word != ours and word.casefold() != ours:
                self._note("word-replaced", name, place, word, f"is read as {ours}.")
        return pa.array([word and read[word] for word in column.to_pylist()], pa.string())

    def _amounts(self, name: str, place: int, column: pa.Array) -> pa.Array:
        """Amounts in whole euros. A unit, another currency or two readings are left to a person."""
        natives = self._grid.native(place)
        native = natives.take(pa.array(self._rows)) if natives is not None else None
        found = read_amounts(pa.chunked_array([column]), native)
        if found.choices or found.units or set(found.currencies) - {"EUR"}:
            return column
        if found.changes:
            told = f"Amounts are written otherwise here: {found.changes:,}. They are read so: {example(found.changed)}."
            self._note("amounts-restyled", name, place, "", told)
        return self._without_unread(name, found.values.to_pylist(), found.faults)

    def _days(self, name: str, place: int, column: pa.Array, is_moment: bool) -> pa.Array:
        """Days, and of moments also months, quarters, half-years and years."""
        cells = column.to_pylist()
        as_is = [bool(is_moment and cell and read_partial_date(cell)) for cell in cells]
        days = read_days(
            pa.chunked_array(
                [
                    pa.array(
                        [None if kept else cell for cell, kept in zip(cells, as_is, strict=True)], pa.string()
                    )
                ]
            )
        )
        faults = {
            value: fault._replace(remedy=_AS_ISO) if fault.code == "ambiguous-date" else fault
            for value, fault in days.faults.items()
        }
        if days.changes:
            told = f"Days are written otherwise here: {days.changes:,}. They are read so: {example(days.changed)}."
            self._note("dates-restyled", name, place, "", told)
        read = days.values.to_pylist()
        whole = [cell if kept else day for cell, kept, day in zip(cells, as_is, read, strict=True)]
        return self._without_unread(name, whole, faults)

    def _without_unread(self, name: str, values: list[str | None], faults: Mapping[str, Fault]) -> pa.Array:
        if faults:
            self.faults[name] = dict(faults)
        return pa.array([(value or "").removeprefix(UNREAD) or None for value in values], pa.string())

    def _note(self, code: str, name: str, place: int, value: str, problem: str) -> None:
        self.findings.append(
            make_finding(code, self._file, problem, column=name, column_index=place, value=value)
        )


def _tidy(value: str | None) -> str | None:
    """A cell without spaces at its edges, its letters composed; null if nothing is left."""
    return unicodedata.normalize("NFC", value.strip()) or None if value else None


def _code(word: str, vocabulary: str) -> str:
    return codes_by_word(vocabulary).get(plain(word), word)


def _with_point(text: str) -> str:
    """A number whose comma can only stand before its decimals, with a point."""
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
