"""Writes an XLS for the tests: one compound file with a stream of records, as Excel 97 wrote them.

Written by hand, because no library that the tests have writes this format.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_SECTOR = 512
_CUT = 8_000  # bytes of shared texts in one record: less than Excel's limit, so that they go on in a second


@dataclass(frozen=True)
class Font:
    """A font. position: 1 raised, 2 lowered."""

    is_struck: bool = False
    position: int = 0


@dataclass(frozen=True)
class Rich:
    """A text of which parts have fonts of their own. runs: first letter → font."""

    text: str
    runs: Mapping[int, Font]


@dataclass(frozen=True)
class Cell:
    """A cell with a style. is_linked: a formula that takes its value from another workbook."""

    value: str | float | Rich
    number_format: str = "General"
    font: Font = Font()
    is_linked: bool = False


@dataclass
class Sheet:
    """A sheet. hidden_rows, hidden_columns: from 0."""

    name: str
    rows: Sequence[Sequence[str | float | Rich | Cell]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass
class _Book:
    """What the cells of all sheets need: fonts, formats, styles and texts, each once."""

    fonts: list[Font] = field(default_factory=lambda: [Font()] * 4)
    formats: list[str] = field(default_factory=list)
    styles: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    texts: list[str | Rich] = field(default_factory=list)

    def font(self, font: Font) -> int:
        """Its number as records give it: number 4 is left out."""
        if font not in self.fonts:
            self.fonts.append(font)
        at = self.fonts.index(font)
        return at if at < 4 else at + 1

    def style(self, cell: Cell) -> int:
        form = 0
        if cell.number_format != "General":
            if cell.number_format not in self.formats:
                self.formats.append(cell.number_format)
            form = 164 + self.formats.index(cell.number_format)
        style = (self.font(cell.font), form)
        if style not in self.styles:
            self.styles.append(style)
        return self.styles.index(style)

    def text(self, text: str | Rich) -> int:
        if isinstance(text, Rich):
            for font in text.runs.values():
                self.font(font)
        self.texts.append(text)
        return len(self.texts) - 1


def write_xls(path: Path, *sheets: Sheet) -> Path:
    """Write the sheets as an XLS."""
    path.write_bytes(xls_bytes(*sheets))
    return path


def xls_bytes(*sheets: Sheet) -> bytes:
    """The sheets as the bytes of an XLS."""
    book = _Book()
    bodies = [_sheet(one, book) for one in sheets]
    head = _globals(book)
    size = len(head) + sum(len(_bound(one, 0)) for one in sheets) + 4
    listed = b""
    place = size
    for one, body in zip(sheets, bodies, strict=True):
        listed += _bound(one, place)
        place += len(body)
    return _compound(head + listed + _record(0x0A) + b"".join(bodies))


def _record(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _globals(book: _Book) -> bytes:
    out = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    out += _record(0x42, struct.pack("<H", 1200))
    for font in book.fonts:
        name = b"Arial"
        out += _record(
            0x31,
            struct.pack("<HHHHHBBBB", 200, 8 * font.is_struck, 0x7FFF, 400, font.position, 0, 0, 0, 0)
            + bytes((len(name), 0))
            + name,
        )
    for at, code in enumerate(book.formats):
        out += _record(0x41E, struct.pack("<HHB", 164 + at, len(code), 1) + code.encode("utf-16-le"))
    for font, form in book.styles:
        out += _record(0xE0, struct.pack("<HHH", font, form, 1) + bytes(14))
    out += _record(0x1AE, struct.pack("<HHB", 1, 5, 0) + b"\x01x.xls"[:5])
    out += _record(0x17, struct.pack("<HHHH", 1, 0, 0, 0))
    return out + _shared(book)


def _shared(book: _Book) -> bytes:
    """The shared texts, cut into records in the middle of a text."""
    data = struct.pack("<II", len(book.texts), len(book.texts))
    pieces: list[bytes] = []
    for one in book.texts:
        text, runs = (one.text, one.runs) if isinstance(one, Rich) else (one, {})
        data += struct.pack("<HB", len(text), 9 if runs else 1)
        data += struct.pack("<H", len(runs)) if runs else b""
        for letter in text:
            if len(data) >= _CUT:
                pieces.append(data)
                data = b"\x01"
            data += letter.encode("utf-16-le")
        data += b"".join(struct.pack("<HH", first, book.font(font)) for first, font in runs.items())
    pieces.append(data)
    return _record(0xFC, pieces[0]) + b"".join(_record(0x3C, piece) for piece in pieces[1:])


def _bound(sheet: Sheet, place: int) -> bytes:
    name = sheet.name.encode("utf-16-le")
    return _record(0x85, struct.pack("<IBBBB", place, sheet.is_hidden, 0, len(sheet.name), 1) + name)


def _sheet(sheet: Sheet, book: _Book) -> bytes:
    width = max(map(len, sheet.rows))
    out = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for column in sorted(sheet.hidden_columns):
        out += _record(0x7D, struct.pack("<HHHHHH", column, column, 2560, 0, 1, 0))
    out += _record(0x200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0))
    for at in range(len(sheet.rows)):
        options = 0x100 | (0x20 if at in sheet.hidden_rows else 0)
        out += _record(0x208, struct.pack("<HHHHHHHH", at, 0, width, 255, 0, 0, options, 15))
    for at, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            out += _cell(at, column, value if isinstance(value, Cell) else Cell(value), book)
    return out + _record(0x0A)


def _cell(row: int, column: int, cell: Cell, book: _Book) -> bytes:
    head = struct.pack("<HHH", row, column, book.style(cell))
    if isinstance(cell.value, str | Rich):
        return _record(0xFD, head + struct.pack("<I", book.text(cell.value))) if cell.value else b""
    if cell.is_linked:
        tokens = struct.pack("<BHHH", 0x5A, 0, 0, 0)
        return _record(0x06, head + struct.pack("<dHIH", cell.value, 0, 0, len(tokens)) + tokens)
    return _record(0x203, head + struct.pack("<d", cell.value))


def _compound(stream: bytes) -> bytes:
    """A compound file that holds one stream, Workbook."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    used = count + 2  # and the directory, and the table of sectors
    assert used <= _SECTOR // 4, "too long for one table of sectors"
    table = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFD]
    table += [0xFFFFFFFF] * (_SECTOR // 4 - len(table))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        raw = name.encode("utf-16-le")
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw) + 2 if raw else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<III", start, size, 0)
        )

    none = 0xFFFFFFFF
    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry("Workbook", 2, 0, len(stream), none)
    directory += entry("", 0, 0, 0, none) * 2
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<I", count + 1)
        + struct.pack("<I", none) * 108
    )
    return header + stream + directory + struct.pack(f"<{_SECTOR // 4}I", *table)
