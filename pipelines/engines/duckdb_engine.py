"""Runs the SQL files of pipelines/sql/ on DuckDB and knows how a declared table is created, filled and
written out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Table
from sqlalchemy.schema import CreateTable

SQL = Path(__file__).parents[1] / "sql"
_DIALECT = Dialect()
_READS = re.compile(r"\b(?:from|join)\s+\"?(\w+)", re.IGNORECASE)


FEW_ROWS = 200_000
"""Rows that one thread loads as soon as two, with a quarter less processor time."""


def connect(path: Path, rows: int) -> duckdb.DuckDBPyConnection:
    """A new database file, open for writing by this process alone. rows: of the sources that it will hold."""
    small = {"default_block_size": "16384"}  # forty small tables would otherwise fill 36 MB with air
    return duckdb.connect(
        str(path),
        config={
            "threads": 1 if rows <= FEW_ROWS else 2,
            "memory_limit": "700MB",
            "autoinstall_known_extensions": "false",
            **small,
        },
    )


def sql_files() -> Mapping[str, Path]:
    """Every SQL file by its name, which is unique across the folders."""
    return _sql_files(SQL)


@lru_cache(maxsize=8)
def _sql_files(folder: Path) -> Mapping[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*/*.sql"), key=lambda path: path.stem)}


def read(name: str) -> str:
    """The select of one SQL file, without its trailing semicolon."""
    return sql_files()[name].read_text(encoding="utf-8").strip().rstrip(";")


def folder(name: str) -> str:
    """The folder of pipelines/sql/ that holds an SQL file."""
    return sql_files()[name].parent.name


def names(prefix: str) -> list[str]:
    """Names of the SQL files that begin with a prefix, in order."""
    return [name for name in sql_files() if name.startswith(prefix)]


def title(name: str) -> str:
    """What the first comment of an SQL file says, after its name."""
    return read(name).splitlines()[0].split(":", 1)[1].strip()


def in_order(selects: Mapping[str, str], needed_by: Callable[[str], set[str]]) -> list[str]:
    """Names of selects, each after those that it reads. needed_by: what else must be there before one."""
    graph = {
        name: sorted(({*_READS.findall(select), *needed_by(name)} & set(selects)) - {name})
        for name, select in selects.items()
    }
    return list(TopologicalSorter(graph).static_order())


def create(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> None:
    """Declared tables, with their keys and checks, so that the database judges every row."""
    for table in tables:
        connection.execute(str(CreateTable(table).compile(dialect=_DIALECT)))


def load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Iterable[str],
    parts: Iterable[Mapping[str, object] | pa.Table],
) -> None:
    """A table of text from Arrow tables that have these columns, in order; empty if there are no parts.

    Temporary: never part of a release.
    """
    names = list(columns)
    whole = pa.concat_tables(
        [pa.table({name: part[name] for name in names}) for part in parts] or [_empty(names)]
    )
    connection.register("part", whole)
    connection.execute(f'create temp table "{table}" as select * from part')
    connection.unregister("part")


def _empty(names: list[str]) -> pa.Table:
    return pa.table(
        {name: pa.array([], pa.int64() if name == "source_row" else pa.string()) for name in names}
    )


def fill(connection: duckdb.DuckDBPyConnection, table: Table, select: str) -> None:
    """Insert the rows of a select, column by name."""
    connection.execute(f'insert into "{table.name}" by name {select}')


def write_parquet(connection: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    """A table as Parquet, ordered by its key: the same rows give the same bytes."""
    order = ", ".join(f'"{column.name}"' for column in table.primary_key)
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    connection.execute(
        f"copy (select {columns} from \"{table.name}\" order by {order}) to '{path}' (format parquet, compression zstd, row_group_size 122880)"
    )


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    (count,) = connection.execute(f'select count(*) from "{table}"').fetchone() or (0,)
    return int(count)


def differing(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """How many rows stand in one relation and not in the other, either way.

    Of two with as many rows, one look in one direction is enough to find them equal.
    """
    lacks, *sizes = connection.execute(
        f"select exists (from {one} except all from {other}), (select count(*) from {one}), (select count(*) from {other})"
    ).fetchone() or (True,)
    if not lacks and len(set(sizes)) == 1:
        return 0
    (count,) = connection.execute(
        f"select count(*) from ((from {one} except all from {other}) union all (from {other} except all from {one}))"
    ).fetchone() or (0,)
    return int(count)


def literal(path: Path) -> str:
    """The path of a file as SQL."""
    return "'" + str(path).replace("'", "''") + "'"
