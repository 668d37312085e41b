"""What a submission of curated rows would do: add rows, and take the place of rows that are published.

A figure takes the place of another as a correction does: the old one stays in the ledger. Any other row takes
the place of one whose source is named, so that the build takes it out and keeps it in replaced_rows.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.build import stored_sources
from pipelines.file_schemas import REPLACES, REPLACES_REASON, SHAPES, key_text
from pipelines.publishing.submission import Submission, one_line
from pipelines.replaced_rows import REFERENCE
from pipelines.schema import metadata
from pipelines.source_reader import read_columns, source_folders

Row = Mapping[str, Any]


@dataclass(frozen=True)
class CuratedPlan:
    """Rows of a submission by what becomes of them.

    rows: all of them. corrections, replacements: rows of the shapes of these names. unknown: keys of rows
    that are to be replaced and that are in no source.
    """

    source_id: str
    shape: str
    rows: tuple[Row, ...]
    corrections: tuple[Row, ...] = ()
    replacements: tuple[Row, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def repeats(self) -> tuple[tuple[int, str], ...]:
        """Rows that say what is published already: none, they are refused before."""
        return ()

    @property
    def entry_ids(self) -> dict[int, str]:
        """Row of the file → entry of the ledger that it becomes, if the rows become any."""
        if not SHAPES[self.shape].fills_ledger:
            return {}
        (column,) = SHAPES[self.shape].key
        return {number: f"{self.source_id}:{row[column]}" for number, row in enumerate(self.rows, start=2)}

    @property
    def kind(self) -> str:
        """What the change log calls it."""
        changed = len(self.corrections) + len(self.replacements)
        return "added" if not changed else "corrected" if changed == len(self.rows) else "replaced"

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the rows, as text, in the table that the shape fills first."""
        if SHAPES[self.shape].fills_ledger:
            return frozenset(self.entry_ids.values())
        return frozenset(_key(self.shape, row) for row in self.rows)

    def tables(self) -> dict[str, tuple[str, Sequence[Row]]]:
        """The files of its source folder: name → shape and rows."""
        return {
            f"{self.shape}.csv": (self.shape, self.rows),
            "corrections.csv": ("correction", self.corrections),
            "replacements.csv": ("replacement", self.replacements),
        }


def make_curated_plan(submission: Submission, source_id: str, data: Path, store: Path) -> CuratedPlan:
    """What a submission of curated rows would do to the sources of the current release."""
    shape = submission.shape
    rows = tuple(submission.rows.to_pylist())
    replacing = [row for row in rows if row[REPLACES]]
    day = submission.received_on.isoformat()
    plan = CuratedPlan(source_id, shape, rows)
    if SHAPES[shape].fills_ledger:
        corrections = tuple(
            {
                "entry_id": row[REPLACES],
                "replaced_by": f"{source_id}:{_key(shape, row)}",
                "replaced_on": day,
                "reason": one_line(row[REPLACES_REASON] or ""),
            }
            for row in replacing
        )
        return CuratedPlan(source_id, shape, rows, corrections=corrections)
    sources = dict(_origins(shape, data, store)) if replacing else {}
    replacements = tuple(
        {
            "shape": shape,
            "row_key": row[REPLACES],
            "of_source": sources[row[REPLACES]],
            "replaced_by": _key(shape, row),
            "replaced_on": day,
            "reason": one_line(row[REPLACES_REASON] or ""),
        }
        for row in replacing
        if row[REPLACES] in sources
    )
    unknown = tuple(row[REPLACES] for row in replacing if row[REPLACES] not in sources)
    return CuratedPlan(plan.source_id, shape, rows, replacements=replacements, unknown=unknown)


def _key(shape: str, row: Row) -> str:
    return key_text(row[column] for column in SHAPES[shape].key)


def _origins(shape: str, data: Path, store: Path) -> Iterator[tuple[str, str]]:
    """Key of each row of a shape that is in force → the source folder that it stands in."""
    folders = [*source_folders(data / "sources"), *stored_sources(store)]
    replaced = {
        (row["row_key"], row["of_source"])
        for folder in folders
        for row in _rows(folder, "replacement")
        if row["shape"] == shape
    }
    for folder in folders:
        for row in _rows(folder, shape):
            if (_key(shape, row), folder.name) not in replaced:
                yield _key(shape, row), folder.name
    for row in _lines_of_list(shape, data):
        if (_key(shape, row), REFERENCE) not in replaced:
            yield _key(shape, row), REFERENCE


def _rows(folder: Path, shape: str) -> Iterator[Row]:
    """The rows of a shape in a source folder, under our columns."""
    declared = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8")).get("file", {})
    for name, how in declared.items():
        if how.get("shape") == shape:
            columns = read_columns((folder / name).read_bytes(), SHAPES[shape].cells, how, []) or {}
            for cells in zip(*columns.values(), strict=True):
                yield dict(zip(columns, cells, strict=True))


def _lines_of_list(shape: str, data: Path) -> Iterator[Row]:
    """The lines of the list of data/reference that the shape adds to, if it adds to one."""
    table = SHAPES[shape].fills[0].table
    if metadata.tables[table].info.get("is_added_to"):
        content = (data / REFERENCE / f"{table}.csv").read_text(encoding="utf-8-sig")
        yield from csv.DictReader(io.StringIO(content))
