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
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.base import Imported
from pipelines.importers.write_shipped_sums import line_sums


class Held(NamedTuple):
    """What stands for a published list: its lines and their euros."""

    lines: int
    amount_eur: Decimal


def held(shipped: Path, imports: Iterable[Path]) -> dict[str, Held]:
    """Dataset → what stands for it now: the newest import, else the shipped sums. shipped: the folder of
    published-sums.
    """
    with (shipped / "sums.csv").open(encoding="utf-8", newline="") as stream:
        of_dataset = _by_dataset(csv.DictReader(stream))
    return {**of_dataset, **_by_dataset(line_sums(imports))}


def _by_dataset(rows: Iterable[Mapping[str, str]]) -> dict[str, Held]:
    of_dataset: dict[str, Held] = {}
    for row in rows:
        before = of_dataset.get(row["dataset"], Held(0, Decimal(0)))
        of_dataset[row["dataset"]] = Held(
            before.lines + int(row["lines"]), before.amount_eur + Decimal(row["amount_eur"])
        )
    return of_dataset


def shortfalls(imported: Imported, held_by_dataset: Mapping[str, Held]) -> list[Finding]:
    """A finding for each list that has fewer lines or fewer euros than what it would replace."""
    findings = []
    for name, table in imported.files.items():
        for dataset, new in _held_in(table, SHAPES[imported.shapes[name]].sums).items():
            old = held_by_dataset.get(dataset)
            if old and (new.lines < old.lines or new.amount_eur < old.amount_eur):
                problem = (
                    f"has {new.lines:,} lines of {new.amount_eur:,.2f} euros in {dataset}; "
                    f"what it would replace has {old.lines:,} lines of {old.amount_eur:,.2f}."
                )
                remedy = (
                    "Import the whole list. If the publisher did shorten it, say so with --accept-smaller."
                )
                findings.append(make_finding("list-smaller", name, problem, remedy=remedy))
    return findings


def _held_in(table: pa.Table, sums: Sums | None) -> dict[str, Held]:
    """Dataset → lines and euros of a table of published lines; nothing for other tables."""
    if sums is None:
        return {}
    lines = pa.table({"dataset": table["dataset"], "euros": table[sums.amount].cast(pa.decimal128(38, 2))})
    by_dataset = lines.group_by("dataset").aggregate([([], "count_all"), ("euros", "sum")])
    return {
        dataset: Held(count, euros or Decimal(0))
        for dataset, count, euros in zip(
            *(by_dataset[name].to_pylist() for name in ("dataset", "count_all", "euros_sum")), strict=True
        )
    }
