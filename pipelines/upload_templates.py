"""Templates for uploads, made from the declared shapes: an empty file with the right header, and a workbook
with the allowed words on a second sheet and what each column holds on a third.

Reads the lists of data/reference; opens no release: who knows one hands its names in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

from pipelines import reference
from pipelines.file_schemas import REPLACES, REPLACES_REASON, SHAPES, Cell, upload_cells
from pipelines.foreign_files.spreadsheets import HELP_SHEETS
from pipelines.schema import metadata

Names = Mapping[str, Sequence[tuple[str, str]]]
"""Shape → identity and name of each of its rows that is published, as the sites."""

_ROWS = 2000  # of a template that offer the allowed words as a list to choose from
_HOW = {
    "text": "Text.",
    "code": "One of the allowed words.",
    "euros": "Euros in digits, with a point before the cents: 1200000.00. Leave it empty where no amount is published.",
    "decimal": "A number, with a point before at most eight decimals.",
    "number": "A number, with a point before the decimals.",
    "day": "A day: YYYY-MM-DD, as 2026-11-24.",
    "moment": "A day, month, quarter, half-year or year: 2026-11-24, 2026-11, 2026-Q4, 2026-H2 or 2026.",
    "year": "A year of four digits.",
    "count": "A whole number.",
    "flag": "true or false.",
    "url": "The whole address of the document, from https:// on.",
    "list": "Several identities, parted by semicolons.",
}
_REPLACES = {
    REPLACES: "To correct a row that is published: its identity, as the pages and tables give it. Else empty.",
    REPLACES_REASON: "Why that row is replaced. Needed where replaces is filled.",
}


class TemplateColumn(NamedTuple):
    """A column of a template. holds: what it holds. written: how. words: word → its meaning, if only some
    words are allowed.
    """

    name: str
    is_needed: bool
    holds: str
    written: str
    words: Mapping[str, str]


def columns(shape: str, names: Names | None = None) -> list[TemplateColumn]:
    """The columns of an upload of this shape, in their order."""
    return [
        TemplateColumn(name, cell.required, _meaning(shape, name), _HOW[cell.kind], _words(cell, names or {}))
        for name, cell in upload_cells(shape).items()
    ]


def csv_template(shape: str) -> bytes:
    """An empty file of this shape: its header."""
    return (",".join(upload_cells(shape)) + "\n").encode()


def xlsx_template(shape: str, names: Names | None = None) -> bytes:
    """A workbook with the header, the allowed words, and what each column holds.

    Columns that must be filled stand in bold; a cell with allowed words offers them as a list.
    """
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, plain = book.add_format({"bold": True, "num_format": "@"}), book.add_format({"num_format": "@"})
    sheet, words, help_sheet = (book.add_worksheet(name) for name in (shape, *HELP_SHEETS))
    listed = columns(shape, names)
    for place, column in enumerate(listed):
        sheet.write_string(0, place, column.name, bold if column.is_needed else plain)
        sheet.set_column(place, place, max(12, len(column.name) + 2), plain)
    sheet.freeze_panes(1, 0)
    _write(words, bold, ("column", "word", "meaning"), _word_rows(listed))
    row = 1
    for place, column in enumerate(listed):
        if column.words:
            allowed = f"='{HELP_SHEETS[0]}'!$B${row + 1}:$B${row + len(column.words)}"
            how = {"validate": "list", "source": allowed, "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, how)
            row += len(column.words)
    needed = {True: "must be filled", False: "may be empty"}
    lines = ((one.name, needed[one.is_needed], one.holds, one.written) for one in listed)
    _write(help_sheet, bold, ("column", "needed", "holds", "written"), lines)
    book.close()
    return made.getvalue()


def _word_rows(listed: Sequence[TemplateColumn]) -> Iterator[tuple[str, str, str]]:
    for column in listed:
        for word, meaning in column.words.items():
            yield column.name, word, meaning


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, bold: object, titles: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, bold)
        sheet.set_column(place, place, 24)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell)
    sheet.freeze_panes(1, 0)


def _words(cell: Cell, names: Names) -> dict[str, str]:
    if cell.kind == "code":
        return {row["code"]: _sentence(row) for row in reference.read_rows(cell.of)}
    if cell.kind == "flag":
        return {"true": "yes", "false": "no"}
    if cell.kind != "list" and len(cell.names) == 1:
        return dict(names.get(cell.names[0], ()))
    return {}


def _sentence(row: Mapping[str, str]) -> str:
    return f"{row['label']}: {row['plain']}" if row.get("plain") else row["label"]


def _meaning(shape: str, column: str) -> str:
    """What the declared table of a release says of a column; its name, where it says nothing."""
    if column in _REPLACES:
        return _REPLACES[column]
    declared = SHAPES[shape]
    tables = [metadata.tables[fill.table] for fill in declared.fills]
    by_cell = {cell: name for fill in declared.fills for name, cell in fill.found_by.items()}
    candidates = [column, by_cell.get(column, ""), f"{column}_on", f"{column}_id", f"{column}_eur"]
    if column in declared.key and declared.fills_ledger:
        return "A short name for it that no other row of the file has, in small letters, digits and hyphens."
    for table in tables:
        for name in candidates:
            if name in table.columns:
                return str(table.columns[name].comment).replace(" First day of the stated period.", "")
    if declared.cells[column].fills:
        return str(metadata.tables[declared.cells[column].fills].comment)
    return f"{column.replace('_', ' ').capitalize()}."
