"""Rows of a figure → a CSV file that can be defended later: with release, licence and address beside every row."""

from collections.abc import Callable

import pandas as pd

from pages.parts.anatomy import csv_bytes

LICENCE = "CC BY 4.0, EU AI funding tracker"


def csv(rows: pd.DataFrame, release_id: str) -> Callable[[], bytes]:
    """A function that makes the file when it is asked for: the rows with codes and plain euros, then release and licence."""
    return lambda: csv_bytes(rows.assign(release=release_id, licence=LICENCE))
