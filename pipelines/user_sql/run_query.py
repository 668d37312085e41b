"""Answers questions in SQL on a release: read-only, without access to files, within limits of time and
memory.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as compute

from pipelines import releases
from pipelines.errors import TrackerError

SECONDS = 30.0


class QueryError(TrackerError, ValueError):
    """The question could not be answered. The message says why and what to do."""


def ask(sql: str, release_id: str, store: Path | None = None, seconds: float = SECONDS) -> pa.Table:
    """The rows that one select gives, as Arrow: euros stay exact decimals.

    Raises QueryError if the text is not one select, names what is not there, wants a file, or takes longer
    than `seconds`; NoRelease.
    """
    with question(runnable(sql), release_id, store, seconds) as relation:
        return sayable(relation.to_arrow_table())


@contextmanager
def question(
    sql: str, release_id: str, store: Path | None = None, seconds: float = SECONDS
) -> Iterator[duckdb.DuckDBPyRelation]:
    """One select, not yet run; its rows must be read while this is open, within `seconds`.

    Raises as `ask`, also for what goes wrong in reading.

    sql: a text that is `runnable` already. It is run as it stands, so that who has checked it has checked
    what is run.
    """
    with releases.open_read_only(release_id, store) as connection:
        timer = threading.Timer(seconds, connection.interrupt)
        timer.start()
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in (
                duckdb.StatementType.SELECT,
                duckdb.StatementType.EXPLAIN,
            ):
                raise QueryError("Ask one question at a time, as a select.")
            yield connection.sql(sql)
        except (
            duckdb.Error,
            OSError,
        ) as error:  # while rows are read batch by batch, Arrow passes on the words of DuckDB alone
            raise _refusal(error, seconds) from None
        finally:
            timer.cancel()


def too_slow(seconds: float) -> QueryError:
    """The refusal of a question that took longer than it may."""
    return QueryError(
        f"The question took longer than {seconds:g} seconds and was stopped. Ask for less at once."
    )


def _refusal(error: Exception, seconds: float) -> QueryError:
    message = str(error).strip()
    if isinstance(error, duckdb.InterruptException) or message.startswith("INTERRUPT Error"):
        return too_slow(seconds)
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException) or message.startswith(
        ("Out of Memory Error", "IO Error")
    ):
        return QueryError("The question needed more memory than there is for one. Ask for less at once.")
    if isinstance(error, duckdb.PermissionException):
        return QueryError("Questions may read the tables of the release, and nothing else.")
    return QueryError(f"{message}\nTables and columns: python -m pipelines describe")


def sayable(rows: pa.Table) -> pa.Table:
    """The rows as every format can say them: what is not a number (NaN, infinity) is missing; days and times
    outside the years 1 to 9999
    (“50000-01-01”, “0044-03-15 (BC)”, “infinity”) make their column text.
    """
    return pa.table([_sayable(column) for column in rows.columns], names=rows.column_names)


_EPOCH = date(1970, 1, 1)
_DAYS = ((date.min - _EPOCH).days, (date.max - _EPOCH).days)
_IN_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def _sayable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        return compute.if_else(compute.is_finite(column), column, None)
    if pa.types.is_date32(column.type):
        first, last = _DAYS
        ticks = column.cast(pa.int32())
    elif pa.types.is_timestamp(column.type):
        day = _IN_A_DAY[column.type.unit]
        first, last = (
            max(_DAYS[0] * day, 2 - 2**63),
            min((_DAYS[1] + 1) * day - 1, 2**63 - 2),
        )  # the very ends stand for infinity
        ticks = column.cast(pa.int64())
    else:
        return column
    least, most = compute.min_max(ticks).as_py().values()
    if least is None or (first <= least and most <= last):
        return column
    with duckdb.connect(config={"threads": "1"}) as engine:
        return (
            engine.from_arrow(pa.table({"day": column}))
            .project("day::varchar as day")
            .to_arrow_table()["day"]
        )


# The table of overlaps has the name of an operator of SQL, and DuckDB wants such names in quotation marks.
_TABLE_OF_OVERLAPS = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|(?<=\bfrom\s)overlaps\b|(?<=\bjoin\s)overlaps\b|(?<=,\s)overlaps\b",
    re.IGNORECASE,
)


def runnable(sql: str) -> str:
    """The question with the bare table name `overlaps` in quotation marks; text and comments stay as they
    are.
    """
    return _TABLE_OF_OVERLAPS.sub(
        lambda match: '"overlaps"' if match[0].lower() == "overlaps" else match[0], sql
    )
