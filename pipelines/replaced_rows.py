"""Curated rows that uploads replaced: taken out of what a release is built from, and kept with their day and
reason. Pure.

A figure of the ledger is replaced otherwise: it stays where it is, with the day and the entry that took its
place (see the shape `correction`).
"""

import json
from collections.abc import Iterable, Sequence

import pyarrow as pa

from pipelines.file_schemas import SHAPES, key_text
from pipelines.findings import Finding
from pipelines.source_reader import Source, replaced_keys

COLUMNS = ("shape", "row_key", "source_id", "source_file", "source_row", "replaced_by_source", "cells")
REFERENCE = "reference"
"""Stands for data/reference where a source folder is named: lines of its lists are curated rows too."""

_ORIGIN = ("source_id", "source_file", "source_row")


class TakenOut:
    """The rows that the uploads among some sources replaced, found one table after another."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._wanted = replaced_keys(sources)
        self._found: list[dict[str, object]] = []

    def of_source(self, shape: str, table: pa.Table) -> pa.Table:
        """The rows of one file of a source that no upload replaced. table: the columns of the shape, and the
        source, file and row that each comes from.
        """
        if not table.num_rows:
            return table
        return self._split(shape, str(table["source_id"][0]), table)

    def of_list(self, name: str, table: pa.Table) -> pa.Table:
        """The lines of a list of data/reference that no upload replaced."""
        shape = next(
            (shape for shape, declared in SHAPES.items() if declared.is_curated and _fills(shape, name)), ""
        )
        if not self._wanted.get((shape, REFERENCE)):
            return table
        lines = range(2, table.num_rows + 2)
        with_origin = table.append_column("source_file", [[f"{REFERENCE}/{name}.csv"] * table.num_rows])
        with_origin = with_origin.append_column("source_row", pa.array(lines, pa.int64()))
        return self._split(shape, REFERENCE, with_origin).select(table.column_names)

    def rows(self) -> pa.Table:
        """The replaced rows in COLUMNS; `cells` is JSON."""
        types = {name: pa.int64() if name == "source_row" else pa.string() for name in COLUMNS}
        return pa.table(
            {name: pa.array([row[name] for row in self._found], type_of) for name, type_of in types.items()}
        )

    def missing(self) -> list[Finding]:
        """Rows that an upload says it replaces, and that are not there."""
        found = {(row["shape"], row["source_id"], row["row_key"]) for row in self._found}
        return [
            Finding(
                code="replaces-nothing",
                file=file,
                row=row,
                column="row_key",
                value=key,
                problem=f"is no {shape} of {source}, so it cannot be replaced.",
                remedy="Make the dry run again: the data changed since.",
            )
            for (shape, source), keys in self._wanted.items()
            for key, (file, row) in keys.items()
            if (shape, source, key) not in found
        ]

    def _split(self, shape: str, source_id: str, table: pa.Table) -> pa.Table:
        wanted = self._wanted.get((shape, source_id))
        if not wanted:
            return table
        keys = [key_text(parts) for parts in zip(*_key_columns(shape, table), strict=True)]
        own = [name for name in table.column_names if name not in _ORIGIN]
        for row, key in zip(table.to_pylist(), keys, strict=True):
            if key in wanted:
                cells = {name: row[name] for name in own if row[name] is not None}
                self._found.append(
                    {
                        "shape": shape,
                        "row_key": key,
                        "source_id": source_id,
                        "source_file": row["source_file"],
                        "source_row": row["source_row"],
                        "replaced_by_source": wanted[key][0].partition("/")[0],
                        "cells": json.dumps(cells, ensure_ascii=False),
                    }
                )
        return table.filter(pa.array([key not in wanted for key in keys]))


def _key_columns(shape: str, table: pa.Table) -> Sequence[list[str | None]]:
    return [table[name].to_pylist() for name in SHAPES[shape].key]


def _fills(shape: str, table: str) -> bool:
    return any(fill.table == table for fill in SHAPES[shape].fills)
