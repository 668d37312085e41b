"""Rows of a release in any number, as a stream of Arrow batches in bounded memory.

Reads the Parquet files, which stand in the order of their keys: a table needs no sorting to come out in the
same order each time.
"""

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from pipelines import releases, schema_compat
from pipelines.engines import duckdb_engine

BATCH = 8192
PIECE = 1 << 20  # bytes of a batch of long rows
CELLS = 1 << 18  # of a batch of wide ones
LIMITS = {
    "threads": "1",  # with two, as many batches again wait in memory, and CSV is not written faster
    "memory_limit": "256MB",
    "max_temp_directory_size": "2GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


class Rows(NamedTuple):
    """Some rows, not yet read: their columns, how many there are, and the batches, which can be read once."""

    schema: pa.Schema
    total: int
    batches: Iterator[pa.RecordBatch]


def stream(
    release_id: str, sql: str, store: Path | None = None, limit: int | None = None, offset: int = 0
) -> Rows:
    """The rows of a select. total: all that the select gives, whatever limit and offset take of it.

    Raises NoRelease.

    The select is ours, never a visitor's: questions of visitors go through `query`.
    """
    cursor = _tables(release_id, releases.store_path(store)).cursor()
    question = cursor.sql(sql)
    (total,) = question.count("*").fetchone() or (0,)
    selection = (
        question
        if limit is None and not offset
        else question.limit(limit if limit is not None else int(total), offset)
    )
    reader = selection.to_arrow_reader(BATCH)
    return Rows(reader.schema, int(total), _read(cursor, reader))


def of_table(table: pa.Table) -> Rows:
    """Rows that are at hand already, in batches that stay small as text too, however long or wide a row
    is."""
    in_piece = PIECE * table.num_rows // max(1, table.nbytes)
    return Rows(
        table.schema,
        table.num_rows,
        iter(table.to_batches(max(1, min(BATCH, in_piece, CELLS // max(1, table.num_columns))))),
    )


def _read(cursor: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with cursor:
        yield from reader


@lru_cache(maxsize=4)
def _tables(release_id: str, store: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that sees the Parquet files of a release under the names of their tables."""
    connection = duckdb.connect(":memory:", config={**LIMITS, "temp_directory": tempfile.gettempdir()})
    files = {
        path.stem: path for path in sorted((releases.folder(release_id, store) / "parquet").glob("*.parquet"))
    }
    columns = {name: connection.read_parquet(str(path)).columns for name, path in files.items()}
    for view in schema_compat.views(
        columns, lambda name: f"read_parquet({duckdb_engine.literal(files[name])})"
    ):
        connection.execute(view)
    return connection
