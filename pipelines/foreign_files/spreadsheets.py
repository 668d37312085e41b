"""XLSX, XLS and ODS → rows of text. A packed file is looked through before it is opened: how large, how far, what hides in it.

The cells come from calamine; rows, formulas, merged and hidden parts are counted a second time in the XML itself.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

from pipelines.foreign_files import limits

Problem = tuple[str, int, str, str, int]
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class NotATable(Exception):
    """The file cannot be read as a workbook: code, value, and what it is."""

    def __init__(self, code: str, value: str, problem: str) -> None:
        self.code, self.value, self.problem = code, value, problem
        super().__init__(problem)


@dataclass
class Parts:
    """What the XML of one sheet says of itself. Cells are named as A1. part: where in the file it stands."""

    part: str = ""
    rows: int = 0
    formulas: list[str] = field(default_factory=list)
    empty_formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


@dataclass
class Workbook:
    """What a packed file holds. kind: xlsx or ods."""

    kind: str
    sheets: dict[str, Parts] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)


def look_through(path: Path) -> Workbook:
    """Check a packed workbook before anything else opens it. Raises NotATable if it is none, or too large, or holds what it must not."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _parts(archive)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise NotATable("workbook-damaged", "", f"cannot be unpacked: {error}") from None


def _parts(archive: zipfile.ZipFile) -> Workbook:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > limits.MAX_PARTS:
        raise NotATable(
            "too-many-parts",
            str(len(entries)),
            f"holds {len(entries):,} packed parts; the limit is {limits.MAX_PARTS:,}",
        )
    if len(set(names)) != len(names):
        raise NotATable("workbook-damaged", "", "holds two parts of the same name")
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        raise NotATable("workbook-hostile", "", "holds a part whose name leads out of the file")
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotATable("workbook-locked", "", "is protected by a password")
    if any("vbaproject" in name.lower() for name in names):
        raise NotATable("workbook-macros", "vbaProject.bin", "holds macros")
    unpacked, packed = (
        sum(entry.file_size for entry in entries),
        sum(entry.compress_size for entry in entries) or 1,
    )
    _measure(unpacked, packed)
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            _declares_nothing(archive, name)
    if "xl/workbook.xml" in names:
        return _xlsx(archive, names)
    if "content.xml" in names and "mimetype" in names:
        if b"spreadsheet" not in archive.read("mimetype")[:200]:
            raise NotATable("not-a-table", "a text document", "is not a spreadsheet")
        _scan(archive, "content.xml", Parts(), ods=True)
        return Workbook("ods")
    what = (
        "a Word document"
        if "word/document.xml" in names
        else "a presentation"
        if "ppt/presentation.xml" in names
        else "a zip archive"
    )
    raise NotATable("not-a-table", what, f"is {what}, not a table")


def _measure(unpacked: int, packed: int) -> None:
    if unpacked > limits.MAX_UNPACKED:
        size = limits.megabytes(unpacked)
        raise NotATable(
            "too-large-unpacked",
            size,
            f"would be {size} unpacked; the limit is {limits.megabytes(limits.MAX_UNPACKED)}",
        )
    if unpacked > limits.RATIO_MATTERS_FROM and unpacked > limits.MAX_RATIO * packed:
        ratio = f"{unpacked / packed:,.0f} : 1"
        raise NotATable(
            "too-tightly-packed", ratio, f"is packed {ratio}; the limit is {limits.MAX_RATIO} : 1"
        )


def _xlsx(archive: zipfile.ZipFile, names: list[str]) -> Workbook:
    book = Workbook("xlsx")
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for tag, attributes in _tags(archive, "xl/_rels/workbook.xml.rels"):
            if tag == "Relationship":
                target = attributes.get("Target", "")
                targets[attributes.get("Id", "")] = (
                    target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                )
    listed: list[tuple[str, str]] = []
    for tag, attributes in _tags(archive, "xl/workbook.xml"):
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            listed.append((attributes.get("name", ""), targets.get(key, "")))
            if attributes.get("state", "visible") != "visible":
                book.hidden_sheets.append(attributes.get("name", ""))
    if len(listed) > limits.MAX_SHEETS:
        raise NotATable(
            "too-many-sheets", str(len(listed)), f"has {len(listed)} sheets; the limit is {limits.MAX_SHEETS}"
        )
    for name, part in listed:
        book.sheets[name] = Parts(part)
        if part in names:
            _scan(archive, part, book.sheets[name])
    if "xl/sharedStrings.xml" in names:
        _scan(archive, "xl/sharedStrings.xml", Parts())
    return book


def _tags(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser(part)
    parser.StartElementHandler = lambda tag, attributes: found.append((tag, attributes))
    _feed(archive, part, parser)
    return found


def _parser(part: str) -> Any:
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise NotATable("workbook-hostile", part, "declares a document type, which a spreadsheet never needs")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    return parser


def _declares_nothing(archive: zipfile.ZipFile, part: str) -> None:
    """Raise NotATable if a part declares a document type: entities could name files and addresses. Declarations stand before the first tag."""

    class Begun(Exception):
        pass

    def begun(*_: object) -> None:
        raise Begun

    parser = _parser(part)
    parser.StartElementHandler = begun
    with archive.open(part) as stream:
        while block := stream.read(4096):
            try:
                parser.Parse(block, False)
            except (Begun, expat.ExpatError):
                return  # what is no XML is refused by whoever needs it


def _feed(archive: zipfile.ZipFile, part: str, parser: Any) -> None:
    """Unpack a part piece by piece. What it says of its own size is not believed."""
    size = 0
    packed = archive.getinfo(part).compress_size or 1
    try:
        with archive.open(part) as stream:
            while block := stream.read(1 << 20):
                size += len(block)
                _measure(size, packed)
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotATable("workbook-damaged", part, f"cannot be read: {error}") from None


def _scan(archive: zipfile.ZipFile, part: str, found: Parts, ods: bool = False) -> None:
    """Count the rows of a sheet, and note formulas, error cells, merged and hidden parts, and cells that lie too far away."""
    parser = _parser(part)
    cell: list[str] = ["", "", ""]  # address, has a value, has a formula
    row_filled = [False]
    repeated = [0]

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            cell[:] = [attributes.get("r", ""), "", ""]
            if attributes.get("t") == "e":
                found.errors.append(cell[0])
        elif name == "v" or name == "is":
            # a cell that is only coloured lies nowhere
            _not_too_far(cell[0])
            cell[1] = "v"
            row_filled[0] = True
        elif name == "f":
            _not_too_far(cell[0])
            cell[2] = "f"
        elif name == "row" and not ods:
            row_filled[0] = False
            if attributes.get("hidden") in ("1", "true"):
                found.hidden.append(f"row {attributes.get('r', '?')}")
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            found.hidden.append(f"columns {attributes.get('min')}–{attributes.get('max')}")
        elif name == "mergeCell":
            found.merged.append(attributes.get("ref", ""))
        elif ods:
            for key, limit in (("number-rows-repeated", limits.FAR_ROW), ("number-columns-repeated", 16_384)):
                times = next(
                    (
                        int(value)
                        for name, value in attributes.items()
                        if name.endswith(key) and value.isdigit()
                    ),
                    1,
                )
                if times > limit:
                    raise NotATable("far-cell", str(times), f"repeats a row or cell {times:,} times")
            if name == "table-cell" and len(attributes) and any(key.endswith(":value") for key in attributes):
                times = next(
                    (int(value) for key, value in attributes.items() if key.endswith("columns-repeated")), 1
                )
                repeated[0] += times
                if repeated[0] > limits.MAX_ROWS * limits.MAX_COLUMNS:
                    raise NotATable("far-cell", str(repeated[0]), f"repeats cells {repeated[0]:,} times")

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "c" and cell[2]:
            (found.formulas if cell[1] else found.empty_formulas).append(cell[0])
        elif name == "row" and not ods and row_filled[0]:
            found.rows += 1
            row_filled[0] = False

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    _feed(archive, part, parser)


def count_filled_rows(path: Path, part: str) -> int:
    """How many rows of a sheet hold a cell with a text or a number: read from the XML alone, cell by cell. Empty strings fill no row."""
    with zipfile.ZipFile(path) as archive:
        shared = (
            list(_texts(archive, "xl/sharedStrings.xml", "si"))
            if "xl/sharedStrings.xml" in archive.namelist()
            else []
        )
        is_empty = [not text for text, _ in shared]
        filled = {
            re.sub(r"\D", "", address)
            for text, (address, kind) in _texts(archive, part, "c")
            if text
            and not (kind == "s" and text.isdigit() and int(text) < len(is_empty) and is_empty[int(text)])
        }
    return len(filled)


def _texts(archive: zipfile.ZipFile, part: str, element: str) -> list[tuple[str, tuple[str, str]]]:
    """For each element of a kind, the text of the values and texts in it, and its address and type."""
    parser = _parser(part)
    found: list[tuple[str, tuple[str, str]]] = []
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
            found.append(("".join(text), (state[0], state[1])))

    def data(piece: str) -> None:
        if state[2]:
            text.append(piece)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    _feed(archive, part, parser)
    return found


def _not_too_far(address: str) -> None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", address)
    if match and (len(match[1]) > 2 or int(match[2]) > limits.FAR_ROW - 1 or column_number(match[1]) > 500):
        raise NotATable(
            "far-cell",
            address,
            f"has a cell at {address}, far outside any table; the limit is {limits.MAX_COLUMNS} columns",
        )


def column_number(letters: str) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def sheet_rows(
    path: Path, sheet: str
) -> tuple[list[list[str]], list[list[bool]], list[str], tuple[int, int], list[str]]:
    """The cells of a sheet as text, whether each is a number or day of the sheet's own, all sheets that hold something, where the cells
    begin (row, column, from 0), and the merged ranges."""
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        with_cells = [name for name in book.sheet_names if book.get_sheet_by_name(name).height]
        chosen = sheet if sheet in book.sheet_names else _likely_sheet(book, with_cells or book.sheet_names)
        opened = book.get_sheet_by_name(chosen)
        if opened.total_height > limits.MAX_ROWS + 100 or opened.total_width > 5 * limits.MAX_COLUMNS:
            raise NotATable(
                "far-cell",
                f"{opened.total_height:,} × {opened.total_width:,}",
                "has cells far outside any table",
            )
        texts, natives = [], []
        for row in opened.to_python(skip_empty_area=False):
            texts.append([cell_text(value) for value in row])
            natives.append(
                [
                    isinstance(value, int | float | date | datetime) and not isinstance(value, bool)
                    for value in row
                ]
            )
        with_cells = [chosen, *(name for name in with_cells if name != chosen)]
        merged = [
            f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
            for (top, left), (bottom, right) in opened.merged_cell_ranges or ()
        ]
        return texts, natives, with_cells, opened.start or (0, 0), merged


def _likely_sheet(book: CalamineWorkbook, names: list[str]) -> str:
    """The first sheet, unless it is a cover: another has ten times as many rows."""
    rows = {name: book.get_sheet_by_name(name).height for name in names}
    largest = max(names, key=lambda name: rows[name])
    return largest if rows[largest] >= 10 * rows[names[0]] else names[0]


def _letters(place: int) -> str:
    from pipelines.findings import column_letters

    return column_letters(place + 1)


def cell_text(value: object) -> str:
    """A cell as text: numbers without a thousands mark and with a point, noise beyond a millionth of a cent left out, days as YYYY-MM-DD."""
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


def number_text(value: float) -> str:
    """A number of a spreadsheet in digits. The noise of binary numbers (0.30000000000000004) is left out: less than a millionth of a cent."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    exact = Decimal(repr(value))
    cents = exact.quantize(Decimal("0.01")) if abs(exact) < Decimal(10) ** 20 else exact
    near = abs(exact - cents)
    if exact != cents and (near < Decimal("0.00000001") or near <= abs(exact) * Decimal("4e-16")):
        exact = cents
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
