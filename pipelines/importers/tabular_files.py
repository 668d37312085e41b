"""Published files → rows of cells: CSV and XLSX, whatever they are called. Knows no programme and no column of ours."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import python_calamine

from pipelines.findings import Finding
from pipelines.importers.cell_values import Cell, words

_MOST_PARTS, _MOST_BYTES, _MOST_CELLS, _MOST_COLUMNS = 400, 3_000_000_000, 60_000_000, 702
_HEADER_WITHIN = 20
_LISTED = 100

Recognises = Callable[[Collection[str]], bool]


@dataclass(frozen=True)
class Row:
    """A row of a published table. number: as a spreadsheet shows it. is_broken: its cells could not be told apart; only the first counts."""

    number: int
    cells: list[Cell]
    is_broken: bool = False


@dataclass
class Sheet:
    """A published table. header: plain column name (see `plain`) → place. titles: the column names as they stand."""

    file: str
    header: dict[str, int]
    titles: list[str]
    rows: list[Row]
    vintage: date | None = None
    findings: list[Finding] = field(default_factory=list)

    def column(self, *names: str) -> list[Cell]:
        """The cells of the first of these columns that the table has; None for each row where it has none of them."""
        place = next((self.header[name] for name in names if name in self.header), None)
        if place is None:
            return [None] * len(self.rows)
        return [
            None if row.is_broken and place else row.cells[place] if place < len(row.cells) else None
            for row in self.rows
        ]


def plain(title: Cell) -> str:
    """A column name without case, apostrophes, punctuation and line breaks: `Beneficiary’s amount\\n(EUR)` → `beneficiarys amount eur`."""
    return re.sub(r"[^a-z0-9]+", " ", re.sub("['’‘´`]", "", words(title).lower())).strip()


def read_sheet(path: Path, recognises: Recognises) -> Sheet | Finding:
    """The table in a file, from the row that `recognises` as its header (else from row 1). A finding where the file holds no table."""
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _read_workbook(path, recognises)
    if kind in (".csv", ".txt", ".tsv"):
        return _read_text(path, recognises)
    remedy = "Save the table as .xlsx or as CSV UTF-8." if kind in (".xls", ".xlsb", ".ods") else ""
    problem = "is not a kind of file that we read; left out."
    return Finding(
        code="not-a-table",
        file=path.name,
        value=kind,
        problem=problem,
        remedy=remedy,
        severity="error" if remedy else "note",
    )


def _read_workbook(path: Path, recognises: Recognises) -> Sheet | Finding:
    try:
        with zipfile.ZipFile(path) as parts:
            if problem := _unsafe(parts):
                return Finding(
                    code="workbook-unsafe",
                    file=path.name,
                    problem=problem,
                    remedy="Fetch the file again from its publisher.",
                )
            vintage = _created(parts)
            has_formulas = any(
                _holds_formula(parts, part) for part in parts.namelist() if part.startswith("xl/worksheets/")
            )
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [(name, _rows(book.get_sheet_by_name(name))) for name in book.sheet_names]
    except (zipfile.BadZipFile, python_calamine.CalamineError, OSError, RuntimeError) as error:
        return Finding(
            code="workbook-unreadable",
            file=path.name,
            problem=f"cannot be read as a workbook: {error}.",
            remedy="Fetch the file again.",
        )
    name, rows = next((item for item in sheets if _header_row(item[1], recognises) is not None), sheets[0])
    sheet = _sheet(path.name, [Row(number, cells) for number, cells in enumerate(rows, start=1)], recognises)
    sheet.vintage = vintage
    if has_formulas:
        problem = "holds formulas; their stored results were read."
        sheet.findings.append(
            Finding(
                code="formulas",
                file=path.name,
                problem=problem,
                remedy="Compare with the publisher's file.",
                severity="warning",
            )
        )
    for other, more in sheets:
        if other != name and any(any(cell not in ("", None) for cell in row) for row in more):
            problem = "is another sheet with content; left out."
            sheet.findings.append(
                Finding(code="sheet-left-out", file=path.name, value=other, problem=problem, severity="note")
            )
    return sheet


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[Cell]]:
    """All rows from row 1 on, empty ones too, so that they count as in a spreadsheet. Equal texts are kept once: a yearly file has millions."""
    texts: dict[str, str] = {}
    return [
        [texts.setdefault(cell, cell) if isinstance(cell, str) else cast(Cell, cell) for cell in row]
        for row in sheet.iter_rows()
    ]


def _unsafe(parts: zipfile.ZipFile) -> str:
    """Why a workbook is not opened, or nothing. Its reader would believe any size that the file claims and end the whole process."""
    names = [part.filename for part in parts.infolist()]
    if len(names) > _MOST_PARTS or len(set(names)) < len(names):
        return "has too many parts, or two of the same name."
    if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
        return "would unpack to more than 3 GB."
    if any("vbaProject" in name for name in names):
        return "holds macros."
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            rows, columns = _extent(parts, name)
            if columns > _MOST_COLUMNS or rows * columns > _MOST_CELLS:
                return f"reaches to row {rows:,} and column {columns:,}: no published table is that large."
    return ""


def _chunks(parts: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with parts.open(name) as stream:
        tail = b""
        while chunk := stream.read(1 << 22):
            yield tail + chunk
            tail = chunk[-64:]


def _extent(parts: zipfile.ZipFile, name: str) -> tuple[int, int]:
    """The last row and the widest column with a cell, read from the cells and not from what the sheet says of itself."""
    last_row, widest = 1, 1
    for chunk in _chunks(parts, name):
        if cells := re.findall(rb'<c [^>]*?r="([A-Z]+)(\d+)"', chunk[-65536:]):
            last_row = max(last_row, *(int(row) for _, row in cells))
            widest = max(widest, *(_place(letters) for letters, _ in cells))
        if wide := re.search(rb'<c [^>]*?r="([A-Z]{3,})\d+"', chunk):
            widest = max(widest, _place(wide[1]))
    return last_row, widest


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _holds_formula(parts: zipfile.ZipFile, name: str) -> bool:
    return name.endswith(".xml") and any(b"<f>" in chunk or b"<f " in chunk for chunk in _chunks(parts, name))


def _created(parts: zipfile.ZipFile) -> date | None:
    try:
        core = parts.read("docProps/core.xml").decode("utf-8", "replace")
    except KeyError:
        return None
    found = re.search(r"<dcterms:created[^>]*>(\d{4}-\d\d-\d\d)", core)
    return date.fromisoformat(found[1]) if found else None


def _read_text(path: Path, recognises: Recognises) -> Sheet | Finding:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Finding(
            code="not-utf8",
            file=path.name,
            problem=f"is not UTF-8 text: {error.reason}.",
            remedy="Save the file as CSV UTF-8.",
        )
    first = text.split("\n", 1)[0]
    delimiter = max(
        ";,\t",
        key=lambda sign: (recognises({plain(title) for title in _fields(first, sign)}), first.count(sign)),
    )
    csv.field_size_limit(1 << 27)
    width = len(_fields(first, delimiter))
    try:
        rows = [
            Row(number, list(cells))
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), 1)
        ]
        is_sound = all(len(row.cells) in (0, width) for row in rows)
    except csv.Error:
        is_sound = False
    if not is_sound:
        rows = list(_mended(text, delimiter, width))
    sheet = _sheet(path.name, rows, recognises)
    broken = [row for row in sheet.rows if row.is_broken]
    for row in broken[:_LISTED]:
        problem = "cannot be told apart into its cells (a quotation mark or delimiter inside a text); only its first cell was read."
        sheet.findings.append(
            Finding(
                code="row-broken",
                file=path.name,
                row=row.number,
                value=words(row.cells[0]),
                problem=problem,
                remedy="Tell the publisher.",
                severity="warning",
            )
        )
    if len(broken) > _LISTED:
        problem = f"more rows cannot be told apart; {len(broken):,} in all."
        sheet.findings.append(
            Finding(
                code="row-broken",
                file=path.name,
                value=f"{len(broken) - _LISTED:,}",
                problem=problem,
                severity="warning",
            )
        )
    return sheet


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _mended(text: str, delimiter: str, width: int) -> Iterator[Row]:
    """Rows of a table whose texts hold quotation marks that nobody doubled.

    Where every cell is quoted, a row ends at a quote, line break, quote and a cell at quote, delimiter, quote; marks inside a text do no harm.
    A row that still has another number of cells is broken. Other files are read line by line.
    """
    if text.startswith('"'):
        records = re.split(r'"\r?\n(?=")', text.rstrip("\r\n"))
        parted = (record.removeprefix('"').removesuffix('"').split(f'"{delimiter}"') for record in records)
    else:
        parted = (_fields(line, delimiter) for line in text.splitlines())
    for number, cells in enumerate(parted, start=1):
        yield Row(number, [cell.replace('""', '"') for cell in cells] or [""], is_broken=len(cells) != width)


def _sheet(file: str, rows: list[Row], recognises: Recognises) -> Sheet:
    start = _header_row([row.cells for row in rows], recognises) or 0
    titles = [words(title) for title in rows[start].cells] if rows else []
    body = [row for row in rows[start + 1 :] if any(cell not in ("", None) for cell in row.cells)]
    header: dict[str, int] = {}
    findings = []
    for place, title in enumerate(titles):
        if plain(title) in header and title:
            remedy = "Delete or rename one of them."
            findings.append(
                Finding(
                    code="column-doubled",
                    file=file,
                    row=rows[start].number,
                    column=title,
                    problem="stands twice in the header.",
                    remedy=remedy,
                )
            )
        header.setdefault(plain(title), place)
    return Sheet(file, header, titles, body, findings=findings)


def _header_row(rows: list[list[Cell]], recognises: Recognises) -> int | None:
    return next(
        (at for at, row in enumerate(rows[:_HEADER_WITHIN]) if recognises({plain(title) for title in row})),
        None,
    )
