"""Rows → files: CSV, XLSX, Parquet, JSON.

The same rows in each, to the cent. Knows nothing of releases; opens only the file that it writes.

Rows come as Arrow batches, so that a file of any length is written in bounded memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet
import xlsxwriter

# A spreadsheet runs text that begins with one of these as a formula, in full width too; a sign that stands
# alone is only a sign.
_RUNS = "(?s)^[=+\\-@\t\r\n＝＋－＠]."
HARMLESS = "Text that a spreadsheet would run as a formula begins with an apostrophe in CSV files; take it away to have the text as published."

DIALECTS = {
    "": "UTF-8, comma, decimal point",
    "excel-eu": "for Excel in continental Europe: UTF-8 with byte order mark, semicolon, decimal comma",
}
XLSX_CELLS = 1_000_000  # writing them takes seconds in which the server answers others more slowly; a sheet could hold more
_XLSX_CELL = 32_767
_ROW_GROUP = 122_880


def harmless(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with an apostrophe before each text that a spreadsheet would run as a formula.

    Numbers stay as they are.
    """
    return pa.RecordBatch.from_arrays([_harmless(column) for column in batch.columns], schema=batch.schema)


def as_published(cell: str) -> str:
    """The text of a CSV cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and re.match(_RUNS, cell[1:]) else cell


def _harmless(column: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    runs = compute.match_substring_regex(column, _RUNS)
    if not compute.any(runs).as_py():
        return column
    return compute.if_else(runs, compute.binary_join_element_wise("'", column, ""), column)


def csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], dialect: str = "") -> Iterator[bytes]:
    """A CSV file in pieces: one header row, missing as empty, euros with two decimals. dialect: a key of
    DIALECTS.
    """
    is_european = dialect == "excel-eu"
    delimiter = ";" if is_european else ","
    yield (
        ("\ufeff" if is_european else "").encode()
        + delimiter.join(_named(name) for name in schema.names).encode()
        + b"\n"
    )
    how = arrow_csv.WriteOptions(include_header=False, delimiter=delimiter)
    for batch in batches:
        piece = BytesIO()
        safe = harmless(batch)
        arrow_csv.write_csv(_with_decimal_comma(safe) if is_european else safe, piece, how)
        yield piece.getvalue()


def _named(column: str) -> str:
    """The name of a column in the header: plain where it is a plain word."""
    safe = f"'{column}" if re.match(_RUNS, column) else column
    return safe if re.fullmatch(r"[\w']+", safe) else '"' + safe.replace('"', '""') + '"'


def _with_decimal_comma(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        compute.replace_substring(compute.cast(column, pa.string()), ".", ",")
        if pa.types.is_decimal(column.type) or pa.types.is_floating(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def json_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """The rows as the inside of a JSON array, in pieces.

    Euros are numbers with two decimals, days are ISO 8601, missing is null.
    """
    separator = b""
    for batch in batches:
        if batch.num_rows:
            yield separator + json(batch.to_pylist())[1:-1]
            separator = b","


def json(value: Any) -> bytes:
    """A value as JSON text."""
    return orjson.dumps(value, default=_json_cell)


def _json_cell(cell: Any) -> Any:
    """Decimals keep every digit: a reader that wants exact euros gets them from the text."""
    if isinstance(cell, Decimal):
        return orjson.Fragment(f"{cell:f}".encode()) if cell.is_finite() else None
    return str(cell)


def write_parquet(
    path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], notes: Mapping[str, str]
) -> None:
    """A Parquet file with zstd. notes stand in the metadata of the file."""
    about = schema.with_metadata(
        {**(schema.metadata or {}), **{name.encode(): text.encode() for name, text in notes.items()}}
    )
    with parquet.ParquetWriter(path, about, compression="zstd") as writer:
        for batch in _regrouped(batches):
            writer.write_table(batch.replace_schema_metadata(about.metadata), row_group_size=_ROW_GROUP)


def _regrouped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches gathered to row groups of a useful size."""
    gathered: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        gathered.append(batch)
        rows += batch.num_rows
        if rows >= _ROW_GROUP:
            yield pa.Table.from_batches(gathered)
            gathered, rows = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)


def write_xlsx(
    path: Path,
    schema: pa.Schema,
    batches: Iterable[pa.RecordBatch],
    notes: Sequence[tuple[str, str]],
    made_on: date,
) -> None:
    """An Excel file: a sheet `data` with typed numbers and days, a sheet `notes`.

    Text is never a formula, an address never a link.

    made_on: the day in the file's properties, so that the same rows give the same file.
    """
    settings = {
        "constant_memory": True,
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, settings) as book:
        book.set_properties({"title": dict(notes).get("Title", ""), "created": made_on})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "euros": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet("data")
        sheet.freeze_panes(1, 0)
        for column_index, field in enumerate(schema):
            sheet.set_column(column_index, column_index, 18 if _is_number(field.type) else 24)
            sheet.write_string(0, column_index, field.name, looks["head"])
        row = 0
        for batch in batches:
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                row += 1
                for column_index, cell in enumerate(cells):
                    _write_cell(sheet, row, column_index, cell, looks)
        about = book.add_worksheet("notes")
        about.set_column(0, 0, 22)
        about.set_column(1, 1, 110)
        for line, (name, text) in enumerate(notes):
            about.write_string(line, 0, name, looks["head"])
            about.write_string(line, 1, text[:_XLSX_CELL], looks["words"])


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _write_cell(sheet: Any, row: int, column_index: int, cell: Any, looks: Mapping[str, Any]) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column_index, cell)
        case Decimal():
            sheet.write_number(
                row, column_index, float(cell), looks["euros"] if cell.as_tuple().exponent == -2 else None
            )
        case int() | float():
            sheet.write_number(row, column_index, cell)
        case date() if cell.year >= 1900:
            sheet.write_datetime(row, column_index, cell, looks["day"])
        case _:
            text = str(cell)
            too_long = f"This text has {len(text):,} characters, more than a cell can hold. It stands whole in the CSV, JSON and Parquet files."
            sheet.write_string(row, column_index, text if len(text) <= _XLSX_CELL else too_long)
