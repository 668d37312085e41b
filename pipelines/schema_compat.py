"""An older release, asked today: what was declared later is there too. Pure.

A column that had another name then is read under that name; any other later table or column is there and
empty,
because nobody knew it then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from duckdb_sqlalchemy import Dialect
from sqlalchemy import Column

from pipelines.schema import metadata

_DIALECT = Dialect()


def lacking(columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether something that is declared today is missing. columns: table → its columns in the release."""
    return any(
        not set(table.columns.keys()) <= set(columns.get(table.name, ())) for table in metadata.sorted_tables
    )


def views(columns: Mapping[str, Sequence[str]], source: Callable[[str], str]) -> Iterator[str]:
    """The statements that make a view of every table of the release and of every table declared today.

    A view has the columns of the release and the declared ones.
    columns: table → its columns in the release. source: table → what its rows are read from, as SQL.
    """
    for name in dict.fromkeys([*columns, *metadata.tables]):
        there = columns.get(name, ())
        declared = metadata.tables[name].columns if name in metadata.tables else ()
        later = [later_column(column, there) for column in declared if column.name not in there]
        chosen = ", ".join([*(f'"{column}"' for column in there), *later])
        yield f'create view "{name}" as select {chosen} {f"from {source(name)}" if there else "where false"}'


def later_column(column: Column[Any], there: Sequence[str]) -> str:
    """A column that a release does not have, as SQL: under its older name, or empty."""
    older = column.info.get("older_name")
    value = f'"{older}"' if older in there else f"null::{column.type.compile(_DIALECT)}"
    return f'{value} as "{column.name}"'
