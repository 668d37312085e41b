"""An older release, asked today: a table or column that was declared later is there and empty, because nobody knew it then. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from duckdb_sqlalchemy import Dialect

from pipelines.schema import metadata

_DIALECT = Dialect()


def lacking(columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether something that is declared today is missing. columns: table → its columns in the release."""
    return any(
        not set(table.columns.keys()) <= set(columns.get(table.name, ())) for table in metadata.sorted_tables
    )


def views(columns: Mapping[str, Sequence[str]], source: Callable[[str], str]) -> Iterator[str]:
    """The statements that make a view of every table of the release, and of every table declared today, with all columns of both.

    columns: table → its columns in the release. source: table → what its rows are read from, as SQL.
    """
    for name in dict.fromkeys([*columns, *metadata.tables]):
        there = columns.get(name, ())
        declared = metadata.tables[name].columns if name in metadata.tables else ()
        empty = [
            f'null::{column.type.compile(_DIALECT)} as "{column.name}"'
            for column in declared
            if column.name not in there
        ]
        chosen = ", ".join([*(f'"{column}"' for column in there), *empty])
        yield f'create view "{name}" as select {chosen} {f"from {source(name)}" if there else "where false"}'
