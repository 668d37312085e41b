"""Imported lines → sums by programme, part, year, country and AI reading: what the repository ships in place of the publishers' files."""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.file_schemas import SHAPES
from pipelines.importers import cordis, fts
from pipelines.importers.cordis import PAGES

# family → stage and basis of its lines, as in sql/stg_commitment_line.sql and sql/stg_project_line.sql.
_STAGES = {"fts": ("committed", "eu-contribution"), "cordis": ("contracted", "eu-contribution")}
_AMOUNTS = {
    "commitment_line": ("amount_eur", "programme_name"),
    "project_line": ("eu_contribution_eur", "programme_part"),
}
_NOTES = {
    "cordis": "Grant agreements as CORDIS lists them; countries and years of signature are in tables that are read once they are imported.",
    "fts": "Legal commitments by beneficiary; shares are rounded together to the cent.",
}


def line_sums(folders: Iterable[Path]) -> list[dict[str, str]]:
    """Rows of shape line_sum over the source folders of imports. Of each dataset only the newest import counts."""
    sums: dict[tuple[str, ...], list[Decimal | int]] = {}
    for shape, line in _newest(folders):
        amount_name, part_name = _AMOUNTS[shape]
        key = tuple(line[name] for name in ("dataset", "programme", part_name, "year", "country", "ai_scope"))
        total = sums.setdefault(key, [Decimal("0.00"), 0, 0])
        total[0] += Decimal(line[amount_name] or 0)
        total[1] += 1
        total[2] += not line[amount_name]
    return [_row(key, *total) for key, total in sorted(sums.items())]


def _newest(folders: Iterable[Path]) -> Iterator[tuple[str, dict[str, str]]]:
    """Shape and line of the newest import of every dataset."""
    imports: list[tuple[int, str, str, dict[str, str]]] = []
    for folder in folders:
        about: dict[str, Any] = tomllib.loads((folder / "source.toml").read_text("utf-8"))
        for name, file in about["file"].items():
            if file["shape"] in _AMOUNTS and "import_no" in about:
                with (folder / name).open(encoding="utf-8", newline="") as stream:
                    imports += (
                        (about["import_no"], file["shape"], line["dataset"], line)
                        for line in csv.DictReader(stream)
                    )
    newest: dict[str, int] = {}
    for number, _, dataset, _ in imports:
        newest[dataset] = max(number, newest.get(dataset, 0))
    return ((shape, line) for number, shape, dataset, line in imports if number == newest[dataset])


def _row(
    key: tuple[str, ...], amount: Decimal | int, lines: Decimal | int, unknown: Decimal | int
) -> dict[str, str]:
    dataset, programme, part, year, country, ai_scope = key
    family, which = dataset.split("/")[:2]
    stage, basis = _STAGES[family]
    return {
        "family": family,
        "dataset": dataset,
        "programme": programme,
        "part": part,
        "year": year,
        "country": country,
        "ai_scope": ai_scope,
        "stage": stage,
        "basis": basis,
        "amount_eur": str(amount),
        "lines": str(lines),
        "lines_unknown": str(unknown),
        "source_url": fts.URL if family == "fts" else PAGES.get(which, cordis.URL),
        "note": _NOTES[family],
    }


def write_line_sums(folders: Iterable[Path], target: Path) -> list[dict[str, str]]:
    """Writes <target>/sums.csv and <target>/source.toml from the source folders of imports, and gives the rows."""
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
    drawn = [about for about in abouts if any(file["shape"] in _AMOUNTS for file in about["file"].values())]
    days = [about["retrieved_on"] for about in drawn if "retrieved_on" in about]
    note = "; ".join(
        sorted(
            f"{about['title']}, {about['retrieved_on']} ({about['origin']})"
            for about in drawn
            if "retrieved_on" in about
        )
    )
    definitions = sorted({about["definition"] for about in drawn})
    return "\n".join(
        [
            'title = "Sums of published commitments and grant agreements"',
            'publisher = "European Commission (Financial Transparency System) and Publications Office (CORDIS); sums made by this project"',
            f'url = "{fts.URL}"',
            *([f"retrieved_on = {max(days).isoformat()}"] if days else []),
            'licence = "CC BY 4.0"',
            f'definition = "{", ".join(definitions)}"',
            f'note = "Drawn with python -m pipelines sums from: {note}. Once the files are imported, their lines take the place of these sums."',
            "",
            '[file."sums.csv"]',
            'shape = "line_sum"',
            f'sha256 = "{hashlib.sha256((target / "sums.csv").read_bytes()).hexdigest()}"',
            '[file."sums.csv".expect]',
            f"rows = {len(rows)}",
            f'amount_eur = "{total}"',
            f'lines = "{sum(int(row["lines"]) for row in rows)}"',
            f'lines_unknown = "{sum(int(row["lines_unknown"]) for row in rows)}"',
            "",
        ]
    )
