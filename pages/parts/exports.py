"""Rows of a figure → files that can be defended later: with release and licence beside every row. Pure."""

from collections.abc import Callable

import pandas as pd

LICENCE = "CC BY 4.0, EU AI funding tracker"
# A spreadsheet runs text that begins with one of these as a formula, in full width too.
RUNS = tuple("=+-@\t\r＝＋－＠")


def csv(rows: pd.DataFrame, release_id: str) -> Callable[[], bytes]:
    """A function that makes the file when it is asked for: the rows with codes and plain euros, then release and licence."""
    return lambda: csv_bytes(rows.assign(release=release_id, licence=LICENCE))


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """Rows as CSV: UTF-8, comma, one header row, missing as empty. Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    text = rows.copy()
    for column in text.select_dtypes(include=["object", "string"]).columns:
        text[column] = text[column].map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(RUNS) else cell)
    return str(text.to_csv(index=False, lineterminator="\r\n")).encode()
