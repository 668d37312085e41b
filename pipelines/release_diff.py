"""What differs between two releases: figures added, removed, changed, and the sums that moved. Reads only."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines import releases
from pipelines.schema import metadata


class Difference(NamedTuple):
    """One row that is not the same in both. before and after: what the row says, None where it is not there."""

    table: str
    key: str
    column: str
    before: object
    after: object


def differences(one: str, other: str, store: Path | None = None) -> Iterator[Difference]:
    """All differences, table by table, in the order of the keys. Raises NoRelease."""
    with releases.open_read_only(one, store) as first, releases.open_read_only(other, store) as second:
        for table in metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            before, after = _rows(first, table.name, keys), _rows(second, table.name, keys)
            for key in sorted(before.keys() | after.keys()):
                if key not in after:
                    yield Difference(table.name, key, "", _shown(before[key]), None)
                elif key not in before:
                    yield Difference(table.name, key, "", None, _shown(after[key]))
                elif before[key] != after[key]:
                    for column in sorted(before[key].keys() | after[key].keys()):
                        old, new = before[key].get(column), after[key].get(column)
                        if old != new:
                            yield Difference(table.name, key, column, old, new)


def _rows(connection: duckdb.DuckDBPyConnection, table: str, keys: list[str]) -> dict[str, dict[str, object]]:
    known = connection.execute(
        "select 1 from information_schema.tables where table_name = ?", [table]
    ).fetchone()
    rows = connection.table(table).to_arrow_table().to_pylist() if known else []
    return {" / ".join(str(row.get(key)) for key in keys): row for row in rows}


def _shown(row: dict[str, object]) -> str:
    """The row in one line: its amount if it has one, and what it is called."""
    amount = row.get("amount_eur")
    name = next((row[name] for name in ("heading", "title", "name", "label", "subject") if row.get(name)), "")
    return f"{name} {f'{amount:.2f} EUR' if isinstance(amount, Decimal) else ''}".strip()
