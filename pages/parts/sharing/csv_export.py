"""Rows of a figure → files that can be defended later: with release and licence beside every row. Pure."""

from collections.abc import Callable

import pandas as pd
import pyarrow as pa

from pages.parts.page_registry import SITE
from pages.parts.text import citations_and_readmes as text
from pages.parts.text.translation import say
from pipelines import as_of_days, file_writers

LICENCE = say(text.LICENCE_OF_ROWS, licence="CC BY 4.0", site=SITE)


def csv(rows: pd.DataFrame, release_id: str) -> Callable[[], bytes]:
    """A function that makes the file when it is asked for: the rows with codes and plain euros, then release,
    the day that is looked at, if one is, and licence.
    """
    return lambda: csv_bytes(rows.assign(**as_of_days.words(release_id), licence=LICENCE))


def csv_bytes(rows: pd.DataFrame) -> bytes:
    """Rows as CSV, as `file_writers.csv` writes them: the same file on a page and by its address."""
    table = pa.Table.from_pandas(rows, preserve_index=False)
    plain = pa.schema(
        [
            field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
            for field in table.schema.remove_metadata()
        ]
    )
    return b"".join(file_writers.csv(plain, table.cast(plain).to_batches()))
