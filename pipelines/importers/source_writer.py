"""Published files → a source folder in the store, written whole or not at all. Knows no publisher."""

import csv
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from pipelines.file_schemas import SHAPES
from pipelines.findings import Finding, Refused
from pipelines.importers import IMPORTERS
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, Silent
from pipelines.importers.input_files import gather
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
    known: Mapping[str, Held] | None = None,
) -> ImportResult:
    """Reads published files into <store>/sources/<kind>-<fingerprint>/, once: the same bytes give nothing new.

    kind: a key of IMPORTERS. inputs: files, folders, zips or addresses. sha256: what a single input must have.
    known: what stands for each dataset now; a list that holds less is refused (see coverage).
    Raises Refused with all findings; the store is then as it was. May be killed at any moment and run twice at once.
    """
    progress = progress or Silent()
    if kind not in IMPORTERS:
        raise Refused(
            [
                Finding(
                    code="unknown-kind",
                    value=kind,
                    problem="is no kind of published file.",
                    remedy=f"Known are {', '.join(sorted(IMPORTERS))}.",
                )
            ]
        )
    if (
        sha256
        and len(inputs) == 1
        and Path(inputs[0]).is_file()
        and (found := _digest(Path(inputs[0]))) != sha256.lower()
    ):
        problem = f"its sha256 is {found}, expected was {sha256}."
        raise Refused(
            [
                Finding(
                    code="checksum-differs",
                    file=Path(inputs[0]).name,
                    problem=problem,
                    remedy="Fetch the file again, or ask the publisher.",
                )
            ]
        )
    with tempfile.TemporaryDirectory(prefix="import-") as unpacked:
        paths = gather(inputs, store / "downloads", Path(unpacked), progress, sha256)
        digests = sorted(_digest(path) for path in paths)
        fingerprint = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        source_id = (
            f"{kind}-{hashlib.sha256(f'{fingerprint} {read_definition().version}'.encode()).hexdigest()[:12]}"
        )
        folder = store / "sources" / source_id
        if folder.exists():
            return _known(source_id, folder)
        imported = IMPORTERS[kind].read(paths, progress)
    findings = [*imported.findings, *shortfalls(imported, known or {})]
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    with _alone(store):
        if folder.exists():
            return _known(source_id, folder)
        progress.step("writing", 0, 1)
        _write(imported, folder, store, fingerprint, [path.name for path in paths])
        progress.step("writing", 1, 1)
    rows = {name: table.num_rows for name, table in imported.files.items()}
    return ImportResult(source_id, folder, True, imported.title, rows, imported.findings)


def _known(source_id: str, folder: Path) -> ImportResult:
    about = tomllib.loads((folder / "source.toml").read_text("utf-8"))
    return ImportResult(source_id, folder, False, about["title"], {}, ())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One writer at a time. What a killed writer left behind is cleared away by the next."""
    (store / "sources").mkdir(parents=True, exist_ok=True)
    with (store / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
    for path in (*beside.iterdir(), beside):
        _sync(path)
    beside.rename(folder)
    _sync(folder.parent)


def _write_table(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _next_number(store: Path) -> int:
    numbers = [
        tomllib.loads(toml.read_text("utf-8")).get("import_no", 0)
        for toml in (store / "sources").glob("*/source.toml")
    ]
    return 1 + max(numbers, default=0)


def _toml(imported: Imported, folder: Path, number: int, fingerprint: str, origin: list[str]) -> str:
    lines = [
        f"title = {_quoted(imported.title)}",
        f"publisher = {_quoted(imported.publisher)}",
        f"url = {_quoted(imported.url)}",
        *([f"retrieved_on = {imported.vintage.isoformat()}"] if imported.vintage else []),
        f"licence = {_quoted(imported.licence)}",
        f"import_no = {number}",
        f"definition = {_quoted(imported.definition)}",
        f"origin = {_quoted('; '.join(origin))}",
        f"sha256 = {_quoted(fingerprint)}",
    ]
    for name, table in imported.files.items():
        lines += [
            "",
            f"[file.{_quoted(name)}]",
            f"shape = {_quoted(imported.shapes[name])}",
            f"sha256 = {_quoted(_digest(folder / name))}",
            f"[file.{_quoted(name)}.expect]",
            f"rows = {table.num_rows}",
            *(
                f"{column} = {_quoted(_sum(table, column))}"
                for column in _euro_columns(imported.shapes[name])
            ),
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _euro_columns(shape: str) -> list[str]:
    return [
        name
        for name, cell in SHAPES[shape].cells.items()
        if cell.kind == "euros" and name != "commitment_eur"
    ]


def _sum(table: pa.Table, column: str) -> str:
    return str(sum((Decimal(value) for value in table[column].to_pylist() if value), Decimal("0.00")))
