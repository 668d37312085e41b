"""Makes the world on a day out of a release: rows that counted then, and what the build makes of them.

The files of `pipelines/sql/as_of/` say of each table which rows counted on the day. Sums, overlaps and
ladders are made anew by the SQL of every release; every law that needs no source file is counted anew too.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Table

from pipelines import release_contents, schema_compat
from pipelines.as_of_days import View
from pipelines.build_views import generated_views
from pipelines.engines import duckdb_engine
from pipelines.errors import NotPossible
from pipelines.schema import metadata

logger = logging.getLogger("tracker.as_of")

OWN, KNOWN = "as_of_", "known_"
"""How the SQL files of this room begin, and the tables of the release that they read."""

MADE_ANEW = (
    "overlap_paths",
    "overlap_splits",
    "stated_totals",
    "stated_total_parts",
    "sources",
    "mart_ladder_entries",
    "mart_ladder",
    "mart_purse_entries",
    "mart_purses",
    "mart_euros",
)
"""Tables that the SQL of every build makes of the rows of the day."""

_LADDERS = "recorded_ladder_steps"  # which the marts of ladders read
_LAW_OF_ROWS = "law_10_nothing_vanishes"  # of the rows of source files, which are those of the release


def make(release: Path, view: View, folder: Path) -> None:
    """Write the world on a day into an empty folder, in the form of a release: tracker.duckdb, Parquet files,
    manifest.json. release: its folder.

    Raises NotPossible if a law of money does not hold on that day.
    """
    assert view.day, "a view of a day"
    manifest: dict[str, Any] = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    rows = sum(table["rows"] for table in manifest["tables"].values())
    connection = duckdb_engine.connect(folder / "tracker.duckdb", rows)
    try:
        _see_release(connection, release)
        fill(connection, view.day, date.fromisoformat(manifest["known_on"]))
        _check_laws(connection, view, manifest["laws"])
        content = {**manifest, **release_contents.write(connection, folder)}
        connection.execute("checkpoint")
    finally:
        connection.close()
    content |= {"release_id": view.release_id, "as_of": view.day.isoformat()}
    (folder / "manifest.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def fill(connection: duckdb.DuckDBPyConnection, day: date, known_on: date) -> None:
    """Create and fill every declared table but `laws` with the rows of a day. The connection sees the tables
    of the release as known_<table>. known_on: the day on which the release was compiled; everything in it was
    known by then.
    """
    connection.execute(f"set variable known_on = date '{known_on.isoformat()}'")
    connection.execute(f"set variable as_of = date '{day.isoformat()}'")
    selects = dict(_selects())
    for name in duckdb_engine.in_order(selects, _needed_by):
        table, select = metadata.tables.get(name), selects[name]
        if table is None:
            connection.execute(f'create temp table "{name}" as {select}')
        else:
            duckdb_engine.create(connection, [table])
            duckdb_engine.fill(connection, table, select)


def _selects() -> Iterator[tuple[str, str]]:
    """Name → SQL of every table, and of what they are made from. A file of this room fills the table that it
    is named for; raw_<shape> stands for the rows of source files that the build reads.
    """
    own = {name.removeprefix(OWN): duckdb_engine.read(name) for name in duckdb_engine.names(OWN)}
    for name, select in own.items():
        yield (name if name in metadata.tables or name.startswith("raw_") else f"{OWN}{name}"), select
    for name in MADE_ANEW:
        yield name, duckdb_engine.read(name)
    yield "counted_choices", generated_views()["counted_choices"]
    yield _LADDERS, duckdb_engine.read(_LADDERS)
    for name in metadata.tables:
        if name not in own and name not in MADE_ANEW and name != "laws":
            yield name, f'select * from "{KNOWN}{name}"'


def _needed_by(name: str) -> set[str]:
    """The tables that the keys of a table name."""
    table: Table | None = metadata.tables.get(name)
    return {key.column.table.name for key in table.foreign_keys} if table is not None else set()


def _see_release(connection: duckdb.DuckDBPyConnection, release: Path) -> None:
    """Let a connection see the Parquet files of a release as known_<table>, with every declared column."""
    for name, table in metadata.tables.items():
        path = release / "parquet" / f"{name}.parquet"
        there = connection.read_parquet(str(path)).columns if path.is_file() else []
        columns = ", ".join(
            f'"{column.name}"' if column.name in there else schema_compat.later_column(column, there)
            for column in table.columns
        )
        rows = f"from read_parquet({duckdb_engine.literal(path)})" if there else "where false"
        connection.execute(f'create temp view "{KNOWN}{name}" as select {columns} {rows}')


def _check_laws(connection: duckdb.DuckDBPyConnection, view: View, of_release: Mapping[str, int]) -> None:
    """Fill the table of laws. Raises NotPossible if one does not hold."""
    laws = metadata.tables["laws"]
    duckdb_engine.create(connection, [laws])
    broken = []
    for name in duckdb_engine.names("law_"):
        if name == _LAW_OF_ROWS:
            found = of_release.get(name, 0)
        else:
            (found,) = connection.execute(
                f"select count(*) from ({duckdb_engine.read(name)})"
            ).fetchone() or (0,)
        connection.execute("insert into laws values (?, ?, ?)", [name, duckdb_engine.title(name), found])
        if found:
            broken.append(duckdb_engine.title(name))
    if broken:
        logger.error("Laws that do not hold in %s: %s", view.name, "; ".join(broken))
        raise NotPossible(
            f"The figures of {view.day} cannot be shown as the release {view.release_id} knows them, because "
            f"they break a law of money: {'; '.join(broken)}. Choose another day."
        )
