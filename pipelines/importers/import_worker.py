"""What the confined process of an import does: it unpacks and reads published files.

Started by confined_import.py.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import files
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, Refused
from pipelines.foreign_files import zip_guard
from pipelines.foreign_files.limits import BULK
from pipelines.foreign_files.refusal import NotATable
from pipelines.importers import IMPORTERS
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.cell_values import words

TEXTS = ("title", "publisher", "url", "licence", "definition")


class _Lines:
    """A progress that another process hears, line by line."""

    def step(self, label: str, done: int, total: int) -> None:
        """Print the step as one line."""
        print(words(label), done, total, sep="\t", flush=True)


def work(request: Mapping[str, Any], folder: Path, layers: Sequence[str]) -> None:
    """Unpack and read the files, and leave facts.json and the tables in the folder."""
    facts: dict[str, Any] = {"layers": list(layers)}
    try:
        facts |= _read(request, folder)
    except Refused as refusal:
        facts |= {"refused": True, "findings": [asdict(finding) for finding in refusal.findings]}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


def _read(request: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    members = folder / "members"
    members.mkdir()
    paths = unpack_inputs([Path(file) for file in request["files"]], members)
    fingerprint = files.sha256("\n".join(sorted(files.file_sha256(path) for path in paths)))
    source_id = f"{request['kind']}-{files.sha256(f'{fingerprint} {read_definition().version}')[:12]}"
    facts = {
        "source_id": source_id,
        "fingerprint": fingerprint,
        "names": [path.name for path in paths],
        "findings": [],
    }
    if source_id in request["known"]:
        return facts
    imported = IMPORTERS[request["kind"]].read(paths, _Lines())
    for number, table in enumerate(imported.files.values()):
        with (
            pa.OSFile(str(folder / f"{number}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, table.schema) as to,
        ):
            to.write_table(table)
    return facts | {
        **{name: getattr(imported, name) for name in TEXTS},
        "vintage": imported.vintage.isoformat() if imported.vintage else "",
        "shapes": imported.shapes,
        "findings": [asdict(finding) for finding in imported.findings],
    }


def unpack_inputs(files: Sequence[Path], folder: Path) -> list[Path]:
    """The files to read, sorted by name: a zip stands for its members, which are unpacked into the folder.

    Raises Refused with every zip that is damaged or too large, and every name that two files have.
    """
    findings: list[Finding] = []
    members: list[Path] = []
    for path in files:
        members += _unpack(path, folder, findings) if zip_guard.is_bundle(path) else [path]
    if not members and not findings:
        names, remedy = ", ".join(path.name for path in files), "Give the publisher's files."
        findings.append(make_finding("file-missing", names, "holds no file.", remedy=remedy))
    counts = Counter(path.name for path in members)
    for name in sorted(name for name, count in counts.items() if count > 1):
        remedy = "Rename one, or import one only."
        findings.append(make_finding("file-twice", name, "is named by two of the inputs.", remedy=remedy))
    if findings:
        raise Refused(findings)
    return sorted(members, key=lambda path: path.name)


def _unpack(path: Path, folder: Path, findings: list[Finding]) -> list[Path]:
    remedy = "Unpack it and give the tables."
    try:
        return zip_guard.unpack(path, folder, BULK)
    except FileExistsError as error:
        name = Path(error.filename).name
        findings.append(
            make_finding("file-twice", path.name, "is in the zip twice.", value=name, remedy=remedy)
        )
    except NotATable as stop:
        is_large = stop.code.startswith("too-")
        code = "zip-too-large" if is_large else "zip-unreadable"
        remedy = remedy if is_large else "Fetch the file again."
        findings.append(make_finding(code, path.name, f"{stop.problem}.", value=stop.value, remedy=remedy))
    except OSError as error:
        problem = f"cannot be unpacked: {error.strerror}."
        findings.append(make_finding("zip-unreadable", path.name, problem, remedy="Fetch the file again."))
    return []
