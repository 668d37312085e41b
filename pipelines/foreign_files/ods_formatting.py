"""The XML of an ODS: what its styles and sheets say beside the cells that calamine reads."""

import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from pipelines.findings import column_letters
from pipelines.foreign_files import limits
from pipelines.foreign_files.limits import Limits
from pipelines.foreign_files.refusal import NotATable
from pipelines.foreign_files.sheet_formatting import Parts, hidden_lists
from pipelines.foreign_files.spreadsheet_number_formats import NumberFormat, lowered, raised, struck
from pipelines.foreign_files.zip_guard import feed, make_parser, read_pieces

_MOST_REPEATED = 100_000  # cells or rows that are followed one by one


@dataclass
class _Number:
    """A number style: what it writes and by what it divides."""

    texts: list[str] = field(default_factory=list)
    scale: Decimal = Decimal(1)
    is_percent: bool = False


@dataclass
class _State:
    """Where the parser is."""

    sheet: Parts | None = None
    row: int = 0
    row_times: int = 1
    column: int = 0
    cell_times: int = 1
    styles: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    is_marked: bool = False
    in_text: int = 0
    paragraphs: int = 0


class OdsScan:
    """Reads content.xml and styles.xml of an ODS once."""

    def __init__(self, archive: zipfile.ZipFile, allowed: Limits) -> None:
        self.archive, self.allowed = archive, allowed
        self.sheets: dict[str, Parts] = {}
        self.hidden_sheets: list[str] = []
        self.text_marks: dict[str, set[str]] = {}
        self.numbers: dict[str, _Number] = {}
        self.number_of: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.current: _Number | None = None
        self.style = ""
        self.at = _State()
        self.repeated = 0
        self.in_number_text = False

    def read(self) -> None:
        """Read both parts. Raises NotATable if the file is hostile or too large."""
        for part in ("styles.xml", "content.xml"):
            if part in self.archive.namelist():
                parser = make_parser(part)
                parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
                parser.CharacterDataHandler = self._data
                feed(read_pieces(self.archive, part, self.allowed), part, parser)
        for parts in self.sheets.values():
            parts.hidden = hidden_lists(parts.hidden_rows, parts.hidden_columns)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        attributes = {key.rpartition(":")[2]: value for key, value in given.items()}
        self._guard(name, attributes)
        if name in ("style", "table-properties", "text-properties", "number", "currency-symbol", "currency-style", "percentage-style", "number-style", "text"):  # fmt: skip
            self._style(name, attributes)
        at = self.at
        if name == "table":
            at.sheet = self.sheets.setdefault(attributes.get("name", ""), Parts())
            at.row = 0
            if attributes.get("style-name", "") in self.hidden_styles:
                self.hidden_sheets.append(attributes.get("name", ""))
        elif at.sheet is None:
            return
        elif name == "table-column":
            times = _count(attributes.get("number-columns-repeated"))
            if attributes.get("visibility", "visible") != "visible":
                at.sheet.hidden_columns.append((at.column + 1, at.column + times))
            at.column += times
        elif name == "table-row":
            at.row_times, at.column = _count(attributes.get("number-rows-repeated")), 0
            if attributes.get("visibility", "visible") != "visible" and at.row_times <= _MOST_REPEATED:
                at.sheet.hidden_rows += range(at.row + 1, at.row + 1 + at.row_times)
        elif name in ("table-cell", "covered-table-cell"):
            at.cell_times = _count(attributes.get("number-columns-repeated"))
            at.pieces, at.is_marked, at.paragraphs = [], False, 0
            self._cell(attributes)
        elif name in ("p", "span", "a"):
            at.in_text += 1
            if name == "p":
                at.paragraphs += 1
                if at.paragraphs > 1:
                    at.pieces.append("\n")
            at.styles.append(attributes.get("style-name", ""))
        elif name == "s" and at.in_text:
            at.pieces.append(" " * min(_count(attributes.get("c")), 1000))

    def _guard(self, name: str, attributes: dict[str, str]) -> None:
        """Refuse a file that repeats cells without end."""
        for key, limit in (("number-rows-repeated", limits.LAST_ROW), ("number-columns-repeated", 16_384)):
            times = _count(attributes.get(key))
            if times > limit:
                raise NotATable("far-cell", str(times), f"repeats a row or cell {times:,} times")
        if name == "table-cell" and "value" in attributes:
            self.repeated += _count(attributes.get("number-columns-repeated"))
            if self.repeated > self.allowed.max_rows * self.allowed.max_columns:
                raise NotATable("far-cell", str(self.repeated), f"repeats cells {self.repeated:,} times")

    def _style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            self.style = attributes.get("name", "")
            if "data-style-name" in attributes:
                self.number_of[self.style] = attributes["data-style-name"]
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "text-properties":
            marks = self.text_marks.setdefault(self.style, set())
            position = attributes.get("text-position", "")
            height = position.split(" ")[0]
            if height == "super" or (height.endswith("%") and _percent(height) > 0):
                marks.add("superscript")
            elif height == "sub" or (height.endswith("%") and _percent(height) < 0):
                marks.add("subscript")
            if attributes.get("text-line-through-style", "none") != "none" or attributes.get("text-line-through-type", "none") != "none":  # fmt: skip
                marks.add("strike")
        elif name in ("number-style", "currency-style", "percentage-style"):
            self.current = self.numbers.setdefault(attributes.get("name", ""), _Number())
            self.current.is_percent = name == "percentage-style"
        elif self.current is not None and name == "number":
            try:
                self.current.scale = Decimal(attributes.get("display-factor", "1")) or Decimal(1)
            except InvalidOperation:
                self.current.scale = Decimal(1)
        elif self.current is not None:
            self.in_number_text = True

    def _cell(self, attributes: dict[str, str]) -> None:
        at = self.at
        style = attributes.get("style-name", "")
        number = self.numbers.get(self.number_of.get(style, ""), _Number())
        currency = attributes.get("currency", "")
        text = " ".join("".join(number.texts).split())
        is_percent = number.is_percent or attributes.get("value-type") == "percentage"
        form = NumberFormat(f"{currency} {text}".strip(), number.scale, text, currency.upper(), is_percent)
        if at.sheet is None or at.cell_times > _MOST_REPEATED:
            return
        columns = range(at.column, at.column + at.cell_times)
        if formula := attributes.get("formula", ""):
            names = [f"{column_letters(column_index + 1)}{at.row + 1}" for column_index in columns]
            at.sheet.linked += names if _LINKED.search(formula) else []
        if "value" in attributes and form.says_something:
            for column_index in columns:
                at.sheet.note_format(form, column_index, at.row + 1, at.row_times)
        marks = self.text_marks.get(style, set())
        if marks and ("value" in attributes or attributes.get("value-type") == "string"):
            for mark, runs in (("strike", at.sheet.struck), ("superscript", at.sheet.raised)):
                for column_index in columns if mark in marks else ():
                    runs.add(column_index, at.row + 1, at.row_times)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        at = self.at
        if name in ("number-style", "currency-style", "percentage-style"):
            self.current = None
        elif name in ("currency-symbol", "text"):
            self.in_number_text = False
        elif name == "table":
            at.sheet = None
        elif name == "table-row" and at.sheet is not None:
            at.row += at.row_times
        elif name in ("table-cell", "covered-table-cell") and at.sheet is not None:
            if at.is_marked and at.cell_times <= _MOST_REPEATED:
                for column_index in range(at.column, at.column + at.cell_times):
                    at.sheet.texts[at.row + 1, column_index] = "".join(at.pieces)
            at.column += at.cell_times
        elif name in ("p", "span", "a") and at.styles:
            at.in_text -= 1
            at.styles.pop()

    def _data(self, text: str) -> None:
        if self.in_number_text and self.current is not None:
            self.current.texts.append(text)
            return
        at = self.at
        if not at.in_text or at.sheet is None:
            return
        marks = set().union(*(self.text_marks.get(style, set()) for style in at.styles))
        for mark, change in (("superscript", raised), ("subscript", lowered), ("strike", struck)):
            if mark in marks:
                text, at.is_marked = change(text), True
        at.pieces.append(text)


_LINKED = re.compile(r"'(?:file|https?|smb):|\.(?:ods|xlsx?|xlsm|csv)'#", re.IGNORECASE)


def _count(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 1


def _percent(text: str) -> float:
    try:
        return float(text.rstrip("%"))
    except ValueError:
        return 0.0
