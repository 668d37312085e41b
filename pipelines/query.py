"""Answers questions in SQL on a release: read-only, without access to files, within limits of time and memory."""

import re
import threading
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines import releases

SECONDS = 30.0


class QueryError(ValueError):
    """The question could not be answered. The message says why and what to do."""


def ask(sql: str, release_id: str, store: Path | None = None, seconds: float = SECONDS) -> pa.Table:
    """The rows that one select gives, as Arrow: euros stay exact decimals.

    Raises QueryError if the text is not one select, names what is not there, wants a file, or takes longer than `seconds`; NoRelease.
    """
    return run(runnable(sql), release_id, store, seconds)


def run(sql: str, release_id: str, store: Path | None = None, seconds: float = SECONDS) -> pa.Table:
    """As `ask`, for a text that is `runnable` already and is run as it stands, so that who has checked it has checked what is run."""
    with releases.open_read_only(release_id, store) as connection:
        timer = threading.Timer(seconds, connection.interrupt)
        timer.start()
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
                raise QueryError("Ask one question at a time, as a select.")
            return connection.sql(sql).to_arrow_table()
        except duckdb.InterruptException:
            raise QueryError(f"The question took longer than {seconds:g} seconds and was stopped. Ask for less at once.") from None
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            raise QueryError("The question needed more memory than there is for one. Ask for less at once.") from None
        except duckdb.PermissionException:
            raise QueryError("Questions may read the tables of the release, and nothing else.") from None
        except duckdb.Error as error:
            raise QueryError(f"{str(error).strip()}\nTables and columns: python -m pipelines describe") from None
        finally:
            timer.cancel()


# The table of overlaps has the name of an operator of SQL, and DuckDB wants such names in quotation marks.
_TABLE_OF_OVERLAPS = re.compile(
    r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|(?<=\bfrom\s)overlaps\b|(?<=\bjoin\s)overlaps\b|(?<=,\s)overlaps\b", re.IGNORECASE
)


def runnable(sql: str) -> str:
    """The question with the bare table name `overlaps` in quotation marks; text and comments stay as they are."""
    return _TABLE_OF_OVERLAPS.sub(lambda match: '"overlaps"' if match[0].lower() == "overlaps" else match[0], sql)
