"""Lets a confined process (import_worker.py) read published files, and takes its tables over as Arrow files.

Nothing of a published file is unpacked or read outside that process.
"""

import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines.file_schemas import SHAPES
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, Refused
from pipelines.foreign_files import sandbox
from pipelines.importers.base import Imported, Progress

_TEXTS = ("title", "publisher", "url", "licence", "definition")  # of Imported, as the process gives them


class Confined(NamedTuple):
    """What the process gave back.

    source_id: kind and fingerprint of files and definition. fingerprint: of the files. names: of the files.
    imported: None where the source is known already.
    """

    source_id: str
    fingerprint: str
    names: list[str]
    imported: Imported | None


def read_confined(
    kind: str, files: Sequence[Path], existing_ids: Collection[str], progress: Progress
) -> Confined:
    """Read published files with the importer of a kind.

    existing_ids: the ids of sources that need not be read again.
    Raises Refused where the files cannot be unpacked, or reading them takes more than bulk files may take.
    """
    request = {
        "kind": kind,
        "files": [str(path.resolve()) for path in files],
        "known": sorted(existing_ids),
    }
    with tempfile.TemporaryDirectory(prefix="import-") as name:
        folder = Path(name)
        stop = sandbox.run_confined(
            "pipelines.importers.import_worker:work",
            request,
            folder,
            "BULK",
            lambda line: _show(line, progress),
        )
        if stop:
            code, row, value, problem = stop
            file = ", ".join(path.name for path in files)
            raise Refused([make_finding(code, file, f"{problem}.", row=row, value=value)])
        facts: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        findings = tuple(Finding(**finding) for finding in facts["findings"])
        if "refused" in facts:
            raise Refused(findings)
        imported = _take_over(facts, folder, findings) if "shapes" in facts else None
    return Confined(facts["source_id"], facts["fingerprint"], facts["names"], imported)


def _show(line: str, progress: Progress) -> None:
    """Show a step that the process printed; whatever else it prints is not for us."""
    match line.split("\t"):
        case [label, done, total] if done.isdigit() and total.isdigit():
            progress.step(label, int(done), int(total))


def _take_over(facts: Mapping[str, Any], folder: Path, findings: tuple[Finding, ...]) -> Imported:
    files: dict[str, pa.Table] = {}
    for number, (name, shape) in enumerate(facts["shapes"].items()):
        # the bytes of the mapping stay until the table goes
        with pa.memory_map(str(folder / f"{number}.arrow")) as source:
            table = pa.ipc.open_file(source).read_all()
        if table.schema != pa.schema([(column, pa.string()) for column in SHAPES[shape].cells]):
            raise ValueError(f"{name} has not the columns of {shape}: {table.schema.names}")
        files[name] = table
    vintage = date.fromisoformat(facts["vintage"]) if facts["vintage"] else None
    texts = {name: str(facts[name]) for name in _TEXTS}
    return Imported(vintage=vintage, files=files, shapes=dict(facts["shapes"]), findings=findings, **texts)
