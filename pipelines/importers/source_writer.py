"""Published files → a source folder in the store, written whole or not at all. Knows no publisher."""

import csv
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import files
from pipelines.file_schemas import SHAPES
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, Refused
from pipelines.importers import IMPORTERS
from pipelines.importers.base import Imported, Progress, Silent
from pipelines.importers.confined_import import read_confined
from pipelines.importers.input_files import fetch_inputs
from pipelines.importers.shrink_check import Held, shortfalls


@dataclass(frozen=True)
class ImportResult:
    """What became of an import. rows: file → rows; empty where nothing was new."""

    source_id: str
    folder: Path
    is_new: bool
    title: str
    rows: dict[str, int]
    findings: tuple[Finding, ...]


def import_source(
    kind: str,
    inputs: Sequence[str],
    store: Path,
    progress: Progress | None = None,
    sha256: str = "",
    held_by_dataset: Mapping[str, Held] | None = None,
) -> ImportResult:
    """Read published files into <store>/sources/<kind>-<fingerprint>/, once: the same bytes give nothing new.

    kind: a key of IMPORTERS. inputs: files, folders, zips or addresses. sha256: what a single input must
    have. held_by_dataset: what stands for each dataset now; a list that holds less is refused (see
    shrink_check).
    Raises Refused with all findings; the store is then as it was. May be killed at any moment and run
    twice at once.
    """
    progress = progress or Silent()
    if kind not in IMPORTERS:
        problem, remedy = "is no kind of published file.", f"Known are {', '.join(sorted(IMPORTERS))}."
        raise Refused([make_finding("unknown-kind", "", problem, value=kind, remedy=remedy)])
    if sha256 and len(inputs) == 1 and Path(inputs[0]).is_file():
        _check_sha256(Path(inputs[0]), sha256)
    sources = store / "sources"
    paths = fetch_inputs(inputs, store / "downloads", progress, sha256)
    existing_ids = [folder.name for folder in sources.glob(f"{kind}-*")]
    source_id, fingerprint, names, imported = read_confined(kind, paths, existing_ids, progress)
    folder = sources / source_id
    if imported is None:
        return _existing_result(source_id, folder)
    findings = [*imported.findings, *shortfalls(imported, held_by_dataset or {})]
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    with _alone(store):
        if folder.exists():
            return _existing_result(source_id, folder)
        progress.step("writing", 0, 1)
        _write(imported, folder, store, fingerprint, names)
        progress.step("writing", 1, 1)
    rows = {name: table.num_rows for name, table in imported.files.items()}
    return ImportResult(source_id, folder, True, imported.title, rows, imported.findings)


def _check_sha256(path: Path, expected: str) -> None:
    if (sha256 := files.file_sha256(path)) != expected.lower():
        problem = f"its sha256 is {sha256}, expected was {expected}."
        remedy = "Fetch the file again, or ask the publisher."
        raise Refused([make_finding("checksum-differs", path.name, problem, remedy=remedy)])


def _existing_result(source_id: str, folder: Path) -> ImportResult:
    about = tomllib.loads((folder / "source.toml").read_text("utf-8"))
    return ImportResult(source_id, folder, False, about["title"], {}, ())


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One writer at a time. What a killed writer left behind is cleared away by the next."""
    (store / "sources").mkdir(parents=True, exist_ok=True)
    with files.lock(store / "import.lock"):
        for left in store.glob(".importing-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _write(imported: Imported, folder: Path, store: Path, fingerprint: str, origin: list[str]) -> None:
    """Writes beside, makes it durable, renames: the folder is there whole or not at all."""
    beside = store / f".importing-{folder.name}"
    beside.mkdir()
    for name, table in imported.files.items():
        _write_table(table, beside / name)
    (beside / "source.toml").write_text(
        _toml(imported, beside, _next_number(store), fingerprint, origin), "utf-8"
    )
    files.name_folder(beside, folder)


def _write_table(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _next_number(store: Path) -> int:
    numbers = [
        tomllib.loads(toml.read_text("utf-8")).get("import_no", 0)
        for toml in (store / "sources").glob("*/source.toml")
    ]
    return 1 + max(numbers, default=0)


def _toml(imported: Imported, folder: Path, number: int, fingerprint: str, origin: list[str]) -> str:
    about: dict[str, Any] = {
        "title": imported.title,
        "publisher": imported.publisher,
        "url": imported.url,
        "retrieved_on": imported.vintage,
        "licence": imported.licence,
        "import_no": number,
        "definition": imported.definition,
        "origin": "; ".join(origin),
        "sha256": fingerprint,
        "file": {
            name: {
                "shape": imported.shapes[name],
                "sha256": files.file_sha256(folder / name),
                "expect": {
                    "rows": table.num_rows,
                    **{column: _sum(table, column) for column in _euro_columns(imported.shapes[name])},
                },
            }
            for name, table in imported.files.items()
        },
    }
    return files.toml_text(about)


def _euro_columns(shape: str) -> list[str]:
    return [
        name
        for name, cell in SHAPES[shape].cells.items()
        if cell.kind == "euros" and name != "commitment_eur"
    ]


def _sum(table: pa.Table, column: str) -> str:
    return str(sum((Decimal(value) for value in table[column].to_pylist() if value), Decimal("0.00")))
