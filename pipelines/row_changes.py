"""What moved from one release to the next for one site, country or initiative, or for all: rows added, removed and changed. Reads only.

`compare` shows every difference of two releases to the one who built them; this answers a reader who follows one thing, at any size.
"""

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines import arrow_stream, releases
from pipelines.schema import metadata

# The tables that hold what a reader follows, and the columns by which it can be followed.
FOLLOWED: Mapping[str, Mapping[str, str]] = {
    "ledger": {"site": "site_id", "country": "country", "initiative": "initiative"},
    "sites": {"site": "site_id", "country": "country"},
    "milestones": {"site": "site_id", "country": "country", "initiative": "initiative"},
    "promises": {"site": "site_id", "initiative": "initiative"},
}
LISTED = 30


class Move(NamedTuple):
    """One row that is not the same. kind: added, removed or changed. changes: column → what it said, what it says; for changed rows."""

    table: str
    key: str
    kind: str
    name: str
    changes: Mapping[str, tuple[str, str]]


class Moves(NamedTuple):
    """How many rows moved, and the first of them."""

    total: int
    listed: tuple[Move, ...]


@lru_cache(maxsize=256)
def moves(before: str, after: str, store: Path, follow: str = "", code: str = "") -> Moves:
    """What moved from one release to another. follow: site, country or initiative, whose `code` is followed; "" for all. Raises NoRelease."""
    folders = [releases.folder(release_id, store) / "parquet" for release_id in (before, after)]
    total = 0
    listed: list[Move] = []
    with duckdb.connect(
        ":memory:", config={**arrow_stream.LIMITS, "temp_directory": tempfile.gettempdir()}
    ) as connection:
        for table, columns in FOLLOWED.items():
            files = [folder / f"{table}.parquet" for folder in folders]
            if (follow and follow not in columns) or not all(file.is_file() for file in files):
                continue
            for name, file in zip(("was", "now"), files, strict=True):
                connection.read_parquet(str(file)).create_view(name, replace=True)
            keys = [str(column.name) for column in metadata.tables[table].primary_key]
            shared = [
                name for name in connection.table("was").columns if name in connection.table("now").columns
            ]
            found = _moved(connection, keys, shared, columns.get(follow, ""), code)
            total += len(found)
            listed += [
                _move(connection, table, keys, shared, key, kind)
                for key, kind in found[: LISTED - len(listed)]
            ]
    return Moves(total, tuple(listed))


def _moved(
    connection: duckdb.DuckDBPyConnection, keys: list[str], shared: list[str], follow: str, code: str
) -> list[tuple[tuple[Any, ...], str]]:
    """Keys of the rows that are not the same, with what became of each."""
    key, row = ", ".join(keys), ", ".join(f'"{name}"' for name in shared)
    narrow = f' where "{follow}" = $code' if follow else ""
    found = connection.execute(
        f"""
        with was as (select {key}, hash({row}) as content from was{narrow}), now as (select {key}, hash({row}) as content from now{narrow})
        select {key}, case when was.content is null then 'added' when now.content is null then 'removed' else 'changed' end as kind
        from was full join now using ({key})
        where was.content is distinct from now.content
        order by {key}
        """,  # noqa: S608 names of tables and columns come from schema.py
        {"code": code} if follow else {},
    ).fetchall()
    return [(values[:-1], values[-1]) for values in found]


def _move(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    keys: list[str],
    shared: list[str],
    key: tuple[Any, ...],
    kind: str,
) -> Move:
    condition = " and ".join(f'"{name}" = ?' for name in keys)
    was, now = (
        dict(zip(shared, values, strict=True))
        if (values := _row(connection, side, shared, condition, key))
        else {}
        for side in ("was", "now")
    )
    shown = now or was
    name = next(
        (str(shown[column]) for column in ("heading", "title", "name") if shown.get(column)),
        " / ".join(map(str, key)),
    )
    changes = {
        column: (_said(was[column]), _said(now[column]))
        for column in shared
        if was and now and was[column] != now[column]
    }
    if not changes and shown.get("amount_eur") is not None:
        changes = {"amount_eur": (_said(was.get("amount_eur")), _said(now.get("amount_eur")))}
    return Move(table, " / ".join(map(str, key)), kind, name, changes)


def _row(
    connection: duckdb.DuckDBPyConnection, side: str, shared: list[str], condition: str, key: tuple[Any, ...]
) -> tuple[Any, ...] | None:
    columns = ", ".join(f'"{name}"' for name in shared)
    return connection.execute(f"select {columns} from {side} where {condition}", list(key)).fetchone()  # noqa: S608


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)
