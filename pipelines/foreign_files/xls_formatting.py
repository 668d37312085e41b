"""The records of an XLS: hidden rows, columns and sheets, number formats, struck and raised text, and links
to other workbooks, which calamine does not tell.

An XLS is a small file system (compound file); its stream Workbook is a row of records, each with a number, a
length and its bytes. What cannot be read so is left unsaid: the cells themselves come from calamine.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.findings import column_letters
from pipelines.foreign_files.sheet_formatting import Parts, hidden_lists
from pipelines.foreign_files.spreadsheet_number_formats import (
    NumberFormat,
    lowered,
    raised,
    read_format,
    struck,
)

_END = 0xFFFFFFFE  # from here on a number names no sector
_BOUNDSHEET, _ROW, _COLINFO, _FORMAT, _XF, _BOF, _EOF = 0x85, 0x208, 0x7D, 0x41E, 0xE0, 0x809, 0x0A
_NUMBER, _RK, _MULRK, _FORMULA, _LABEL = 0x203, 0x27E, 0xBD, 0x06, 0xFD
_FONT, _SST, _CONTINUE, _SUPBOOK, _EXTERNSHEET = 0x31, 0xFC, 0x3C, 0x1AE, 0x17
_OWN_SHEETS, _ADD_INS = 0x0401, 0x3A01  # what a SUPBOOK says that names no other workbook
_REFERENCES = frozenset(
    (0x3A, 0x5A, 0x7A, 0x3B, 0x5B, 0x7B)
)  # to a cell or an area of a sheet named elsewhere
_MARKS = (("strike", struck), ("superscript", raised), ("subscript", lowered))


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
        self.fonts: list[frozenset[str]] = []
        self.marks: list[frozenset[str]] = []  # of each style
        self.texts: dict[int, str] = {}  # shared texts with marked parts
        self.linked: set[int] = set()  # numbers of references that lead to another workbook

    def read(self) -> None:
        """Read everything."""
        places: list[tuple[int, str]] = []
        styles: list[tuple[int, int]] = []
        shared: list[bytes] = []
        books: list[bool] = []
        last = 0
        for number, body in self._records(0):
            if number == _BOUNDSHEET:
                place, state, _kind = struct.unpack_from("<IBB", body)
                name = self._short_text(body, 6)
                places.append((place, name))
                if state & 3:
                    self.book.hidden_sheets.append(name)
            elif number == _FORMAT:
                self.codes[struct.unpack_from("<H", body)[0]] = self._text(body, 2)
            elif number == _FONT:
                self.fonts.append(_font_marks(body))
                if len(self.fonts) == 4:  # number 4 is never written
                    self.fonts.append(frozenset())
            elif number == _XF:
                styles.append(struct.unpack_from("<HH", body))
            elif number == _SST or (number == _CONTINUE and last == _SST):
                shared.append(body)
            elif number == _SUPBOOK:
                books.append(struct.unpack_from("<H", body, 2)[0] not in (_OWN_SHEETS, _ADD_INS))
            elif number == _EXTERNSHEET:
                self._references(body, books)
            last = last if number == _CONTINUE else number
        self.styles = [read_format(self.codes.get(form, "")) for _, form in styles]
        self.marks = [self.fonts[font] if font < len(self.fonts) else frozenset() for font, _ in styles]
        self.telling = {at for at, form in enumerate(self.styles) if form.says_something or self.marks[at]}
        self.texts = _SharedTexts(shared, self.fonts).marked() if shared else {}
        for place, name in places:
            self._sheet(place, self.book.sheets.setdefault(name, Parts()))

    def _references(self, body: bytes, books: list[bool]) -> None:
        """Note which numbers of references lead to another workbook."""
        for at in range(struct.unpack_from("<H", body)[0]):
            book = struct.unpack_from("<H", body, 2 + 6 * at)[0]
            if book < len(books) and books[book]:
                self.linked.add(at)

    def _sheet(self, place: int, parts: Parts) -> None:
        for number, body in self._records(place):
            if number == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
                parts.hidden_rows.append(struct.unpack_from("<H", body)[0] + 1)
            elif number == _COLINFO and struct.unpack_from("<H", body, 8)[0] & 1:
                first, last = struct.unpack_from("<HH", body)
                parts.hidden_columns.append((first + 1, last + 1))
            elif number in (_NUMBER, _RK, _FORMULA):
                row, column_index, style = struct.unpack_from("<HHH", body)
                self._cell(parts, row, column_index, style)
                if number == _FORMULA and self._is_linked(body):
                    parts.linked.append(f"{column_letters(column_index + 1)}{row + 1}")
            elif number == _LABEL:
                row, column_index, style, text = struct.unpack_from("<HHHI", body)
                self._cell(parts, row, column_index, style)
                if text in self.texts:
                    parts.texts[row + 1, column_index] = self.texts[text]
            elif number == _MULRK:
                row, first = struct.unpack_from("<HH", body)
                for at in range((len(body) - 6) // 6):
                    self._cell(parts, row, first + at, struct.unpack_from("<H", body, 4 + 6 * at)[0])

    def _is_linked(self, body: bytes) -> bool:
        """Whether the tokens of a formula hold a reference to another workbook."""
        tokens = body[22:]
        return bool(self.linked) and any(
            token in _REFERENCES and int.from_bytes(tokens[at + 1 : at + 3], "little") in self.linked
            for at, token in enumerate(tokens[:-2])
        )

    def _cell(self, parts: Parts, row: int, column_index: int, style: int) -> None:
        if style not in self.telling:
            return
        if self.styles[style].says_something:
            parts.note_format(self.styles[style], column_index, row + 1)
        if "strike" in self.marks[style]:
            parts.struck.add(column_index, row + 1)
        if self.marks[style] - {"strike"}:
            parts.raised.add(column_index, row + 1)

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


def _font_marks(body: bytes) -> frozenset[str]:
    """Whether a font strikes through, raises or lowers."""
    options, position = struct.unpack_from("<H", body, 2)[0], struct.unpack_from("<H", body, 8)[0]
    marks = {"strike"} if options & 0x08 else set()
    return frozenset(
        marks | {name for code, name in ((1, "superscript"), (2, "subscript")) if position == code}
    )


class _SharedTexts:
    """The shared texts of a book, which records of a limited length hold piece by piece.

    Where letters go on in the next record, that record says anew whether each takes one byte or two.
    """

    def __init__(self, pieces: Sequence[bytes], fonts: Sequence[frozenset[str]]) -> None:
        self.pieces, self.fonts = pieces, fonts
        self.piece, self.at = 0, 0

    def marked(self) -> dict[int, str]:
        """Number of a text → the text, of those with raised, lowered or struck parts."""
        _, count = struct.unpack("<II", self._bytes(8))
        found: dict[int, str] = {}
        for number in range(count):
            if self.piece >= len(self.pieces):
                break
            text, runs = self._next()
            if any(self._marks(font) for _, font in runs):
                found[number] = self._with_signs(text, runs)
        return found

    def _next(self) -> tuple[str, list[tuple[int, int]]]:
        """The next text, and where in it which font begins."""
        count, options = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if options & 0x08 else 0
        aside = struct.unpack("<I", self._bytes(4))[0] if options & 0x04 else 0
        text = self._letters(count, bool(options & 1))
        fonts = [struct.unpack("<HH", self._bytes(4)) for _ in range(runs)]
        self._bytes(aside)
        return text, fonts

    def _letters(self, count: int, is_wide: bool) -> str:
        parts: list[str] = []
        while count > 0 and self.piece < len(self.pieces):
            size = 2 if is_wide else 1
            here = min(count, (len(self.pieces[self.piece]) - self.at) // size)
            raw = self.pieces[self.piece][self.at : self.at + here * size]
            parts.append(raw.decode("utf-16-le" if is_wide else "latin-1"))
            self.at, count = self.at + here * size, count - here
            if count > 0:
                self.piece, self.at = self.piece + 1, 0
                is_wide = bool(self._bytes(1)[0] & 1)
        return "".join(parts)

    def _bytes(self, count: int) -> bytes:
        """The next bytes, from as many records as they lie in. Raises IndexError at the end of all."""
        found = b""
        while len(found) < count:
            piece = self.pieces[self.piece]
            taken = piece[self.at : self.at + count - len(found)]
            found, self.at = found + taken, self.at + len(taken)
            if len(found) < count:
                self.piece, self.at = self.piece + 1, 0
        if self.at >= len(self.pieces[self.piece]) and self.piece + 1 < len(self.pieces):
            self.piece, self.at = self.piece + 1, 0
        return found

    def _with_signs(self, text: str, runs: Sequence[tuple[int, int]]) -> str:
        """A text with its raised, lowered and struck parts in signs of their own."""
        ends = [*(first for first, _ in runs[1:]), len(text)]
        parts = [text[: runs[0][0]]]
        for (first, font), end in zip(runs, ends, strict=True):
            part = text[first:end]
            for mark, change in _MARKS:
                if mark in self._marks(font):
                    part = change(part)
            parts.append(part)
        return "".join(parts)

    def _marks(self, font: int) -> frozenset[str]:
        return self.fonts[font] if font < len(self.fonts) else frozenset()
