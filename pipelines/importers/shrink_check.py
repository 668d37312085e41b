"""Whether a list that is being imported holds less than what stands for it now.

A smaller list would take the place of the larger one, and totals would fall.
"""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.file_schemas import SHAPES, Sums
from pipelines.findings import Finding
from pipelines.importers.base import Imported
from pipelines.importers.line_sums import line_sums


class Held(NamedTuple):
    """What stands for a published list: its lines and their euros."""

    lines: int
    amount_eur: Decimal


def held(shipped: Path, imports: Iterable[Path]) -> dict[str, Held]:
    """Dataset → what stands for it now: the newest import, else the shipped sums. shipped: the folder of published-sums."""
    with (shipped / "sums.csv").open(encoding="utf-8", newline="") as stream:
        found = _by_dataset(csv.DictReader(stream))
    return {**found, **_by_dataset(line_sums(imports))}


def _by_dataset(rows: Iterable[Mapping[str, str]]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for row in rows:
        before = found.get(row["dataset"], Held(0, Decimal(0)))
        found[row["dataset"]] = Held(
            before.lines + int(row["lines"]), before.amount_eur + Decimal(row["amount_eur"])
        )
    return found


def shortfalls(imported: Imported, known: Mapping[str, Held]) -> list[Finding]:
    """A finding for each list that has fewer lines or fewer euros than what it would replace."""
    findings = []
    for name, table in imported.files.items():
        for dataset, new in _held_in(table, SHAPES[imported.shapes[name]].sums).items():
            old = known.get(dataset)
            if old and (new.lines < old.lines or new.amount_eur < old.amount_eur):
                problem = (
                    f"has {new.lines:,} lines of {new.amount_eur:,.2f} euros in {dataset}; "
                    f"what it would replace has {old.lines:,} lines of {old.amount_eur:,.2f}."
                )
                remedy = (
                    "Import the whole list. If the publisher did shorten it, say so with --accept-smaller."
                )
                findings.append(Finding(code="list-smaller", file=name, problem=problem, remedy=remedy))
    return findings


def _held_in(table: pa.Table, sums: Sums | None) -> dict[str, Held]:
    """Dataset → lines and euros of a table of published lines; nothing for other tables."""
    if sums is None:
        return {}
    return _by_dataset(
        {"dataset": dataset, "lines": "1", "amount_eur": euros or "0"}
        for dataset, euros in zip(table["dataset"].to_pylist(), table[sums.amount].to_pylist(), strict=True)
    )
