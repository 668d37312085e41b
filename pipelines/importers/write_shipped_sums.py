"""Imported lines → sums by programme, part, year, country and AI reading.

The repository ships the sums in place of the publishers' files. Which lines are summed, and how, is declared
with
their shape (`sums` in file_schemas.py).
"""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipelines import files
from pipelines.file_schemas import SHAPES, Sums
from pipelines.importers import fts
from pipelines.importers.cordis import PAGES


class _Line(NamedTuple):
    """A line of an import: how its shape is summed, its cells, and the page of the import."""

    sums: Sums
    cells: dict[str, str]
    page: str


class _Group(NamedTuple):
    """What the lines of one sum have in common."""

    dataset: str
    programme: str
    part: str
    year: str
    country: str
    ai_scope: str


def line_sums(folders: Iterable[Path]) -> list[dict[str, str]]:
    """Rows of shape line_sum over the source folders of imports.

    Of each dataset only the newest import counts.
    """
    groups: dict[_Group, list[_Line]] = {}
    for line in _newest(folders):
        cells = line.cells | {"part": line.cells[line.sums.part]}
        groups.setdefault(_Group(*(cells[name] for name in _Group._fields)), []).append(line)
    return [_row(group, lines) for group, lines in sorted(groups.items(), key=lambda item: item[0])]


def _newest(folders: Iterable[Path]) -> Iterator[_Line]:
    """The lines of the newest import of every dataset."""
    imports: list[tuple[int, _Line]] = []
    for folder in folders:
        about: dict[str, Any] = tomllib.loads((folder / "source.toml").read_text("utf-8"))
        for name, file in about["file"].items():
            sums = SHAPES[file["shape"]].sums
            if sums and "import_no" in about:
                with (folder / name).open(encoding="utf-8", newline="") as stream:
                    imports += (
                        (about["import_no"], _Line(sums, cells, about["url"]))
                        for cells in csv.DictReader(stream)
                    )
    newest: dict[str, int] = {}
    for number, line in imports:
        newest[line.cells["dataset"]] = max(number, newest.get(line.cells["dataset"], 0))
    return (line for number, line in imports if number == newest[line.cells["dataset"]])


def _row(group: _Group, lines: list[_Line]) -> dict[str, str]:
    sums, _, page = lines[0]
    amounts = [line.cells[line.sums.amount] for line in lines]
    family, _, which = group.dataset.partition("/")
    return {
        "family": family,
        **group._asdict(),
        "stage": sums.stage,
        "basis": sums.basis,
        "amount_eur": str(sum((Decimal(amount) for amount in amounts if amount), Decimal("0.00"))),
        "lines": str(len(amounts)),
        "lines_unknown": str(sum(not amount for amount in amounts)),
        "source_url": PAGES.get(which, page),  # the page of the dataset, where its publisher gives it one
        "note": sums.note,
    }


def write_line_sums(folders: Iterable[Path], target: Path) -> list[dict[str, str]]:
    """Writes <target>/sums.csv and <target>/source.toml from the source folders of imports, and gives the
    rows.
    """
    folders = list(folders)
    rows = line_sums(folders)
    target.mkdir(parents=True, exist_ok=True)
    with (target / "sums.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(SHAPES["line_sum"].cells), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    abouts = [tomllib.loads((folder / "source.toml").read_text("utf-8")) for folder in folders]
    (target / "source.toml").write_text(_toml(target, rows, abouts), "utf-8")
    return rows


def _toml(target: Path, rows: list[dict[str, str]], abouts: list[dict[str, Any]]) -> str:
    total = sum((Decimal(row["amount_eur"]) for row in rows), Decimal("0.00"))
    drawn = [about for about in abouts if any(SHAPES[file["shape"]].sums for file in about["file"].values())]
    days = [about["retrieved_on"] for about in drawn if "retrieved_on" in about]
    note = "; ".join(
        sorted(
            f"{about['title']}, {about['retrieved_on']} ({about['origin']})"
            for about in drawn
            if "retrieved_on" in about
        )
    )
    definitions = sorted({about["definition"] for about in drawn})
    about = {
        "title": "Sums of published commitments and grant agreements",
        "publisher": "European Commission (Financial Transparency System) and Publications Office (CORDIS); "
        "sums made by this project",
        "url": fts.URL,
        "retrieved_on": max(days, default=None),
        "licence": "CC BY 4.0",
        "definition": ", ".join(definitions),
        "note": f"Drawn with python -m pipelines sums from: {note}. "
        "Once the files are imported, their lines take the place of these sums.",
        "file": {
            "sums.csv": {
                "shape": "line_sum",
                "sha256": files.file_sha256(target / "sums.csv"),
                "expect": {
                    "rows": len(rows),
                    "amount_eur": str(total),
                    "lines": str(sum(int(row["lines"]) for row in rows)),
                    "lines_unknown": str(sum(int(row["lines_unknown"]) for row in rows)),
                },
            }
        },
    }
    return files.toml_text(about)
