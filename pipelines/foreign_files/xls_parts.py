"""The records of an XLS: hidden rows, columns and sheets, and number formats, which calamine does not tell.

An XLS is a small file system (compound file); its stream Workbook is a row of records, each with a number, a
length and its bytes. What cannot be read so is left unsaid: the cells themselves come from calamine.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.foreign_files.number_formats import NumberFormat, read_format
from pipelines.foreign_files.workbook_parts import Parts, hidden_lists

_END = 0xFFFFFFFE  # from here on a number names no sector
_BOUNDSHEET, _ROW, _COLINFO, _FORMAT, _XF, _BOF, _EOF = 0x85, 0x208, 0x7D, 0x41E, 0xE0, 0x809, 0x0A
_NUMBER, _RK, _MULRK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06


@dataclass
class XlsBook:
    """What the records say. is_read: whether they could be followed to the end."""

    sheets: dict[str, Parts] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)
    is_read: bool = False


def read_xls(path: Path) -> XlsBook:
    """What an XLS says beside its cells; an empty answer where it cannot be followed."""
    book = XlsBook()
    try:
        stream = _stream(path.read_bytes())
        if stream:
            _Records(stream, book).read()
            book.is_read = True
    except (struct.error, IndexError, ValueError, KeyError, UnicodeDecodeError):
        return XlsBook()
    for parts in book.sheets.values():
        parts.hidden = hidden_lists(parts.hidden_rows, parts.hidden_columns)
    return book


def _stream(content: bytes) -> bytes:
    """The stream Workbook (or Book) of a compound file; empty where there is none."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small = 1 << struct.unpack_from("<H", content, 32)[0]
    directory, cutoff, first_small = (
        struct.unpack_from("<I", content, 48)[0],
        *struct.unpack_from("<II", content, 56),
    )
    more, more_count = struct.unpack_from("<II", content, 68)
    tables = list(struct.unpack_from("<109I", content, 76))

    def at(number: int) -> bytes:
        return content[(number + 1) * sector : (number + 2) * sector]

    for _ in range(min(more_count, 10_000)):
        if more >= _END:
            break
        entries = struct.unpack(f"<{sector // 4}I", at(more))
        tables += entries[:-1]
        more = entries[-1]
    follow: list[int] = []
    for number in tables:
        if number < _END:
            follow += struct.unpack(f"<{sector // 4}I", at(number))

    def chain(first: int, nexts: list[int]) -> Iterator[int]:
        seen = 0
        while first < _END and first < len(nexts) and seen <= len(nexts):
            yield first
            first, seen = nexts[first], seen + 1

    listed = b"".join(at(number) for number in chain(directory, follow))
    root, book = (0, 0), (0, 0)
    for offset in range(0, len(listed) - 127, 128):
        length = struct.unpack_from("<H", listed, offset + 64)[0]
        name = listed[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        place = struct.unpack_from("<II", listed, offset + 116)
        if listed[offset + 66] == 5:
            root = place
        elif name in ("Workbook", "Book"):
            book = place
    start, size = book
    if not size:
        return b""
    if size >= cutoff:
        return b"".join(at(number) for number in chain(start, follow))[:size]
    container = b"".join(at(number) for number in chain(root[0], follow))
    nexts: list[int] = []
    for number in chain(first_small, follow):
        nexts += struct.unpack(f"<{sector // 4}I", at(number))
    return b"".join(container[number * small : (number + 1) * small] for number in chain(start, nexts))[:size]


class _Records:
    """Follows the records of a stream once: first those of the book, then those of each sheet."""

    def __init__(self, stream: bytes, book: XlsBook) -> None:
        self.stream, self.book = stream, book
        self.codes: dict[int, str] = {9: "0%", 10: "0.00%"}
        self.styles: list[NumberFormat] = []
        self.telling: set[int] = set()

    def read(self) -> None:
        """Read everything."""
        places: list[tuple[int, str]] = []
        formats: list[int] = []
        for number, body in self._records(0):
            if number == _BOUNDSHEET:
                place, state, _kind = struct.unpack_from("<IBB", body)
                name = self._short_text(body, 6)
                places.append((place, name))
                if state & 3:
                    self.book.hidden_sheets.append(name)
            elif number == _FORMAT:
                self.codes[struct.unpack_from("<H", body)[0]] = self._text(body, 2)
            elif number == _XF:
                formats.append(struct.unpack_from("<H", body, 2)[0])
        self.styles = [read_format(self.codes.get(number, "")) for number in formats]
        self.telling = {at for at, form in enumerate(self.styles) if form.says_something}
        for place, name in places:
            self._sheet(place, self.book.sheets.setdefault(name, Parts()))

    def _sheet(self, place: int, parts: Parts) -> None:
        for number, body in self._records(place):
            if number == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
                parts.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
            elif number == _COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
                first, last = struct.unpack_from("<HH", body)
                parts.hidden_columns.append((first + 1, last + 1))
            elif number in (_NUMBER, _RK, _FORMULA):
                self._cell(parts, *struct.unpack_from("<HHH", body))
            elif number == _MULRK:
                row, first = struct.unpack_from("<HH", body)
                for at in range((len(body) - 6) // 6):
                    self._cell(parts, row, first + at, struct.unpack_from("<H", body, 4 + 6 * at)[0])

    def _cell(self, parts: Parts, row: int, column_index: int, style: int) -> None:
        if style in self.telling:
            parts.note_format(self.styles[style], column_index, row + 1)

    def _records(self, place: int) -> Iterator[tuple[int, bytes]]:
        """The records from a place up to the end of their part."""
        depth = 0
        while place + 4 <= len(self.stream):
            number, length = struct.unpack_from("<HH", self.stream, place)
            body = self.stream[place + 4 : place + 4 + length]
            place += 4 + length
            if number == _BOF:
                depth += 1
            elif number == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield number, body

    def _short_text(self, body: bytes, at: int) -> str:
        return self._letters(body, at + 1, body[at])

    def _text(self, body: bytes, at: int) -> str:
        return self._letters(body, at + 2, struct.unpack_from("<H", body, at)[0])

    def _letters(self, body: bytes, at: int, count: int) -> str:
        """Letters behind the byte that says whether they take one byte or two."""
        is_wide = body[at] & 1
        raw = body[at + 1 : at + 1 + count * (2 if is_wide else 1)]
        return raw.decode("utf-16-le" if is_wide else "latin-1")
