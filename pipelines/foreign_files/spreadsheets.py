"""XLSX, XLS and ODS → rows.

A packed file is looked through before it is opened: how large, how far, what hides in it.

The cells come from calamine. Of an upload, rows, formulas, merged and hidden parts are counted a second time
in the XML itself; of a bulk file only whether it holds formulas.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.findings import column_letters, shown
from pipelines.foreign_files import limits
from pipelines.foreign_files.amount_grammar import number_text
from pipelines.foreign_files.limits import Limits
from pipelines.foreign_files.ods_formatting import OdsScan
from pipelines.foreign_files.refusal import NotATable
from pipelines.foreign_files.sheet_formatting import Parts
from pipelines.foreign_files.xlsx_formatting import attributes_of, read_marked_texts, read_styles, scan_sheet
from pipelines.foreign_files.zip_guard import (
    feed,
    make_parser,
    open_archive,
    read_cells,
    read_pieces,
    refuse_document_types,
)

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
HELP_SHEETS = ("Allowed words", "Columns")  # of our own templates; they hold no rows
_ROWS_OF_OTHERS = 60  # rows of another sheet that are searched for units and currencies
Problem = tuple[str, int, str, str, int]


@dataclass
class Workbook:
    """What a packed file holds. kind: xlsx or ods."""

    kind: str
    sheets: dict[str, Parts] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)


def look_through(path: Path, allowed: Limits) -> Workbook:
    """Check a packed workbook before its reader opens it.

    Raises NotATable if it is none, is too large or is hostile.
    """
    with open_archive(path, allowed) as archive:
        refuse_document_types(archive)
        return _parts(archive, allowed)


def glance_through(path: Path, allowed: Limits) -> tuple[bool, date | None]:
    """Check a packed XLSX as `look_through` does, but count nothing: a bulk file has millions of cells.

    Gives whether it holds formulas, and the day on which it says that it was made.
    """
    with open_archive(path, allowed) as archive:
        refuse_document_types(archive)
        has_formulas = False
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                for piece in read_cells(archive, name, allowed):
                    has_formulas = has_formulas or b"<f>" in piece or b"<f " in piece
        return has_formulas, _created_on(archive, allowed)


def _created_on(archive: zipfile.ZipFile, allowed: Limits) -> date | None:
    if "docProps/core.xml" not in archive.namelist():
        return None
    core = b"".join(read_pieces(archive, "docProps/core.xml", allowed)).decode("utf-8", "replace")
    created = re.search(r"<dcterms:created[^>]*>(\d{4}-\d\d-\d\d)", core)
    return date.fromisoformat(created[1]) if created else None


def _parts(archive: zipfile.ZipFile, allowed: Limits) -> Workbook:
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        return _xlsx(archive, names, allowed)
    if "content.xml" in names and "mimetype" in names:
        if b"spreadsheet" not in archive.read("mimetype")[:200]:
            raise NotATable("not-a-table", "a text document", "is not a spreadsheet")
        scan = OdsScan(archive, allowed)
        scan.read()
        return Workbook("ods", scan.sheets, scan.hidden_sheets)
    raise _no_workbook(names)


def _no_workbook(names: list[str]) -> NotATable:
    """What a packed file is that is no workbook of ours, with the way out."""
    if "xl/workbook.bin" in names:
        return NotATable(
            "not-a-table",
            "XLSB",
            "is an Excel binary workbook (XLSB); open it in a spreadsheet and save it as .xlsx",
        )
    if any(name.endswith(".iwa") for name in names):
        return NotATable(
            "not-a-table",
            "Numbers",
            "is an Apple Numbers document; export it there as CSV or as an Excel workbook",
        )
    for part, what in (("word/document.xml", "a Word document"), ("ppt/presentation.xml", "a presentation")):
        if part in names:
            return NotATable("not-a-table", what, f"is {what}, not a table")
    inside = [name for name in names if name.lower().endswith(_TABLES) and "__MACOSX" not in name]
    what = "a zip archive"
    if inside:
        listed = ", ".join(shown(name) for name in inside[:5])
        more = f" and {len(inside) - 5} more" if len(inside) > 5 else ""
        return NotATable("not-a-table", what, f"is a zip archive that holds {listed}{more}; unpack it, and upload one file of it at a time")  # fmt: skip
    return NotATable("not-a-table", what, "is a zip archive without a table in it; unpack it and look")


def _xlsx(archive: zipfile.ZipFile, names: list[str], allowed: Limits) -> Workbook:
    book = Workbook("xlsx")
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag, attributes in attributes_of(archive, "xl/_rels/workbook.xml.rels", allowed):
            if tag == "Relationship":
                target = attributes.get("Target", "")
                targets[attributes.get("Id", "")] = (
                    target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                )
    listed: list[tuple[str, str]] = []
    for tag, attributes in attributes_of(archive, "xl/workbook.xml", allowed):
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            listed.append((attributes.get("name", ""), targets.get(key, "")))
            if attributes.get("state", "visible") != "visible":
                book.hidden_sheets.append(attributes.get("name", ""))
    if len(listed) > limits.MAX_SHEETS:
        raise NotATable(
            "too-many-sheets", str(len(listed)), f"has {len(listed)} sheets; the limit is {limits.MAX_SHEETS}"
        )
    styles, marked = read_styles(archive, allowed), read_marked_texts(archive, allowed)
    for name, part in listed:
        book.sheets[name] = Parts(part)
        if part in names:
            scan_sheet(archive, part, book.sheets[name], allowed, styles, marked)
    return book


def count_filled_rows(path: Path, part: str, allowed: Limits) -> int:
    """How many rows of a sheet hold a cell with a text or a number: read from the XML alone, cell by cell.

    Empty strings fill no row.
    """
    with open_archive(path, allowed) as archive:
        shared = (
            list(_texts(archive, "xl/sharedStrings.xml", "si", allowed))
            if "xl/sharedStrings.xml" in archive.namelist()
            else []
        )
        is_empty = [not text for text, _ in shared]
        filled = {
            re.sub(r"\D", "", address)
            for text, (address, kind) in _texts(archive, part, "c", allowed)
            if text
            and not (kind == "s" and text.isdigit() and int(text) < len(is_empty) and is_empty[int(text)])
        }
    return len(filled)


def _texts(
    archive: zipfile.ZipFile, part: str, element: str, allowed: Limits
) -> list[tuple[str, tuple[str, str]]]:
    """For each element of a kind, the text of the values and texts in it, and its address and type."""
    parser = make_parser(part)
    texts: list[tuple[str, tuple[str, str]]] = []
    text: list[str] = []
    state = ["", "", ""]  # address, type, inside of a value or text

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == element:
            text.clear()
            state[:2] = attributes.get("r", ""), attributes.get("t", "")
        state[2] = name if name in ("v", "t") else ""

    def end(tag: str) -> None:
        state[2] = ""
        if tag.rpartition(":")[2] == element:
            texts.append(("".join(text), (state[0], state[1])))

    def data(piece: str) -> None:
        if state[2]:
            text.append(piece)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    feed(read_pieces(archive, part, allowed), part, parser)
    return texts


def read_workbook(path: Path) -> Iterator[tuple[str, int, Iterator[list[Any]]]]:
    """Each sheet of a workbook: its name, how many filled rows it spans, and all rows from row 1 on.

    Cells are what the workbook stores: text, numbers, days, times, truth values; an empty cell is "".
    Raises NotATable if the workbook is damaged.
    """
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                yield name, sheet.height, sheet.iter_rows()
    except CalamineError as error:
        raise NotATable("workbook-damaged", "", f"cannot be read as a workbook: {error}") from None


@dataclass(frozen=True)
class SheetRows:
    """One sheet of an upload.

    texts: its cells, from row 1 and column A on. natives: whether each is a number or a day.

    sheets: all sheets with cells, this one first. start: row and column of its first cell, from 0.
    merged: ranges of merged cells, as A1:B2. others: the words of the other sheets, the first of them.
    """

    texts: list[list[str]]
    natives: list[list[bool]]
    sheets: list[str]
    start: tuple[int, int]
    merged: list[str]
    others: dict[str, str] = field(default_factory=dict)


def read_sheet(path: Path, name: str, allowed: Limits) -> SheetRows:
    """The sheet of a name, or the likeliest one where none has it."""
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        with_cells = [
            other
            for other in book.sheet_names
            if other not in HELP_SHEETS and book.get_sheet_by_name(other).height
        ]
        chosen = name if name in book.sheet_names else _likely_sheet(book, with_cells or book.sheet_names)
        sheet = book.get_sheet_by_name(chosen)
        if sheet.total_height > allowed.max_rows + 100 or sheet.total_width > 5 * allowed.max_columns:
            raise NotATable(
                "far-cell",
                f"{sheet.total_height:,} × {sheet.total_width:,}",
                "has cells far outside any table",
            )
        texts, natives = [], []
        for row in sheet.to_python(skip_empty_area=False):
            texts.append([cell_text(value) for value in row])
            natives.append(
                [
                    isinstance(value, int | float | date | datetime) and not isinstance(value, bool)
                    for value in row
                ]
            )
        merged = [
            f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        others = [other for other in with_cells if other != chosen]
        words = {other: _first_words(book, other) for other in others}
        return SheetRows(texts, natives, [chosen, *others], sheet.start or (0, 0), merged, words)


def _first_words(book: CalamineWorkbook, name: str) -> str:
    """The texts in the first rows of a sheet, a line for each row."""
    rows = book.get_sheet_by_name(name).to_python(nrows=_ROWS_OF_OTHERS)
    lines = (" | ".join(cell for cell in row[:20] if isinstance(cell, str) and cell.strip()) for row in rows)
    return "\n".join(line for line in lines if line)[:4_000]


def _likely_sheet(book: CalamineWorkbook, names: list[str]) -> str:
    """The first sheet, unless it is a cover: another has ten times as many rows."""
    rows = {name: book.get_sheet_by_name(name).height for name in names}
    largest = max(names, key=lambda name: rows[name])
    return largest if rows[largest] >= 10 * rows[names[0]] else names[0]


def cell_text(value: object) -> str:
    """A cell as text: numbers with a point and without noise, days as YYYY-MM-DD."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return number_text(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case time() | timedelta():
            return str(value)
        case _:
            return str(value)
