"""The XML of an XLSX: what its styles, shared texts and sheets say beside the cells that calamine reads."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from pipelines.foreign_files.limits import Limits
from pipelines.foreign_files.sheet_formatting import Parts
from pipelines.foreign_files.spreadsheet_number_formats import (
    NumberFormat,
    lowered,
    raised,
    read_format,
    struck,
)
from pipelines.foreign_files.zip_guard import column_number, feed, make_parser, read_cells, read_pieces

# A formula that refers to another workbook: [1]Sheet!A1, '[1]My sheet'!A1, '[x.xlsx]Sheet'!A1, or an address.
_LINKED = re.compile(
    r"\[\d+\][^!\[\]+*/,;()&<>=-]{0,60}!|'[^']*\[[^\]']+\][^']*'!|\[[^\]\[]+\.(?:xls|ods|csv)[xmb]?\]|\b(?:file|https?):/",
    re.IGNORECASE,
)
_PERCENT = {"9": "0%", "10": "0.00%"}  # built-in formats that are percentages
# Formats built into every workbook that name the currency of the reader's country show no currency of ours.


@dataclass
class Styles:
    """Cell style → what it says: its number format if it says something, strike, raised, indent."""

    formats: dict[str, NumberFormat] = field(default_factory=dict)
    struck: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    indents: dict[str, int] = field(default_factory=dict)

    @property
    def telling(self) -> set[str]:
        """The styles that say something."""
        return {*self.formats, *self.struck, *self.raised, *self.indents}


def read_styles(archive: zipfile.ZipFile, allowed: Limits) -> Styles:
    """The styles of a workbook; none where it has no part for them."""
    styles = Styles()
    if "xl/styles.xml" not in archive.namelist():
        return styles
    codes: dict[str, str] = dict(_PERCENT)
    fonts: list[set[str]] = []
    state = {"in": "", "font": False}
    count = [0]
    parser = make_parser("xl/styles.xml")

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            state["in"] = name
        elif name == "numFmt" and state["in"] != "dxfs":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "font" and state["in"] == "fonts":
            fonts.append(set())
        elif name == "strike" and state["in"] == "fonts" and fonts and attributes.get("val", "1") not in ("0", "false"):  # fmt: skip
            fonts[-1].add("strike")
        elif name == "vertAlign" and state["in"] == "fonts" and fonts and attributes.get("val") in ("superscript", "subscript"):  # fmt: skip
            fonts[-1].add("raised")
        elif name == "xf" and state["in"] == "cellXfs":
            key = str(count[0])
            count[0] += 1
            form = read_format(codes.get(attributes.get("numFmtId", ""), ""))
            if form.says_something:
                styles.formats[key] = form
            font = attributes.get("fontId", "")
            marks = fonts[int(font)] if font.isdigit() and int(font) < len(fonts) else set()
            if "strike" in marks:
                styles.struck.add(key)
            if "raised" in marks:
                styles.raised.add(key)
        elif name == "alignment" and state["in"] == "cellXfs" and attributes.get("indent", "0").isdigit():
            depth = int(attributes.get("indent", "0"))
            if depth and count[0]:
                styles.indents[str(count[0] - 1)] = depth

    parser.StartElementHandler = start
    feed(read_pieces(archive, "xl/styles.xml", allowed), "xl/styles.xml", parser)
    return styles


class RichText:
    """Collects the text of one element; raised, lowered and struck runs in signs of their own."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin a new element."""
        self.pieces: list[str] = []
        self.marks: set[str] = set()
        self.is_marked = False
        self.in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element inside of it begins."""
        if name == "r":
            self.marks = set()
        elif name == "vertAlign":
            self.marks.add(attributes.get("val", ""))
        elif name == "strike" and attributes.get("val", "1") not in ("0", "false"):
            self.marks.add("strike")
        elif name == "t":
            self.in_text = True

    def end(self, name: str) -> None:
        """An element inside of it ends."""
        if name == "t":
            self.in_text = False

    def data(self, text: str) -> None:
        """Letters of it."""
        if not self.in_text:
            return
        for mark, change in (("superscript", raised), ("subscript", lowered), ("strike", struck)):
            if mark in self.marks:
                text, self.is_marked = change(text), True
        self.pieces.append(text)


def read_marked_texts(archive: zipfile.ZipFile, allowed: Limits) -> dict[str, str]:
    """Number of a shared text → the text, of those with raised, lowered or struck parts."""
    part = "xl/sharedStrings.xml"
    if part not in archive.namelist():
        return {}
    found: dict[str, str] = {}
    rich = RichText()
    count = [0]
    is_aside = [False]
    parser = make_parser(part)

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            rich.clear()
        elif name == "rPh":
            is_aside[0] = True
        elif not is_aside[0]:
            rich.start(name, attributes)

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "rPh":
            is_aside[0] = False
        elif name == "si":
            if rich.is_marked:
                found[str(count[0])] = "".join(rich.pieces)
            count[0] += 1
        else:
            rich.end(name)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, rich.data
    feed(read_pieces(archive, part, allowed), part, parser)
    return found


def scan_sheet(
    archive: zipfile.ZipFile, part: str, parts: Parts, allowed: Limits, styles: Styles, marked: dict[str, str]
) -> None:
    """Count the rows of a sheet; note formulas, error cells, merged and hidden parts, formats and marks."""
    parser = make_parser(part)
    cell: list[str] = ["", "", "", ""]  # address, has a value, has a formula, type
    row_filled = [False]
    telling = styles.telling
    rich = RichText()
    inside = [""]
    number: list[str] = []
    formula: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            kind = attributes.get("t", "")
            cell[:] = [attributes.get("r", ""), "", "", kind]
            if kind == "e":
                parts.errors.append(cell[0])
            style = attributes.get("s")
            if style in telling:
                _note(parts, styles, style or "", cell[0])
        elif name == "v":
            cell[1] = "v"
            row_filled[0] = True
            inside[0] = "v"
            number.clear()
        elif name == "is":
            cell[1] = "v"
            row_filled[0] = True
            inside[0] = "is"
            rich.clear()
        elif inside[0] == "is":
            rich.start(name, attributes)
        elif name == "f":
            cell[2] = "f"
            inside[0] = "f"
            formula.clear()
        elif name == "row":
            row_filled[0] = False
            if attributes.get("hidden") in ("1", "true"):
                parts.hidden.append(f"row {attributes.get('r', '?')}")
                if attributes.get("r", "").isdigit():
                    parts.hidden_rows.append(int(attributes["r"]))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            parts.hidden.append(f"columns {attributes.get('min')}–{attributes.get('max')}")
            if attributes.get("min", "").isdigit() and attributes.get("max", "").isdigit():
                parts.hidden_columns.append((int(attributes["min"]), int(attributes["max"])))
        elif name == "mergeCell":
            parts.merged.append(attributes.get("ref", ""))

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            if cell[2]:
                (parts.formulas if cell[1] else parts.empty_formulas).append(cell[0])
                if _LINKED.search("".join(formula)):
                    parts.linked.append(cell[0])
                formula.clear()
            if marked and cell[3] == "s" and (text := marked.get("".join(number))):
                _put(parts, cell[0], text)
        elif name == "is":
            inside[0] = ""
            if rich.is_marked:
                _put(parts, cell[0], "".join(rich.pieces))
        elif inside[0] == "is":
            rich.end(name)
        elif name in ("v", "f"):
            inside[0] = ""
        elif name == "row" and row_filled[0]:
            parts.rows += 1
            row_filled[0] = False

    def data(text: str) -> None:
        if inside[0] == "is":
            rich.data(text)
        elif inside[0] == "v":
            number.append(text)
        elif inside[0] == "f":
            formula.append(text)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    feed(read_cells(archive, part, allowed), part, parser)


def _place(address: str) -> tuple[int, int] | None:
    """Row and column (from 0) of an address such as B7."""
    letters = address.rstrip("0123456789")
    digits = address[len(letters) :]
    return (int(digits), column_number(letters) - 1) if letters.isalpha() and digits else None


def _put(parts: Parts, address: str, text: str) -> None:
    if place := _place(address):
        parts.texts[place] = text


def _note(parts: Parts, styles: Styles, style: str, address: str) -> None:
    place = _place(address)
    if place is None:
        return
    row, column_index = place
    if style in styles.formats:
        parts.note_format(styles.formats[style], column_index, row)
    if style in styles.struck:
        parts.struck.add(column_index, row)
    if style in styles.raised:
        parts.raised.add(column_index, row)
    if style in styles.indents:
        parts.indents[place] = styles.indents[style]


def attributes_of(archive: zipfile.ZipFile, part: str, allowed: Limits) -> list[tuple[str, dict[str, Any]]]:
    """Every tag of a part with its attributes."""
    tags: list[tuple[str, dict[str, Any]]] = []
    parser = make_parser(part)
    parser.StartElementHandler = lambda tag, attributes: tags.append((tag, attributes))
    feed(read_pieces(archive, part, allowed), part, parser)
    return tags
