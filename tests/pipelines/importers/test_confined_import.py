"""Published files are read behind the same walls as uploads, within limits of their own."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.findings import Refused
from pipelines.foreign_files import limits, sandbox
from pipelines.importers import import_worker, source_writer
from pipelines.importers.base import Silent
from pipelines.importers.confined_import import read_confined
from tests.paths import ROOT
from tests.pipelines.importers.common import EXPORT, FIXTURES, codes, export, workbook


def work_here(files: list[Path], folder: Path, kind: str = "fts") -> dict[str, object]:
    """What the process would leave behind, done in this one."""
    folder.mkdir()
    request = {"kind": kind, "files": [str(path) for path in files], "known": []}
    import_worker.work(request, folder, ())
    facts: dict[str, object] = json.loads((folder / "facts.json").read_text("utf-8"))
    return facts


def test_bulk_files_are_read_behind_every_layer_that_the_system_has(tmp_path: Path) -> None:
    request = {"kind": "calls", "files": [str(FIXTURES / "calls_2026-05-11.json")], "known": []}
    assert sandbox.run_confined("pipelines.importers.import_worker:work", request, tmp_path, "BULK") is None
    facts = json.loads((tmp_path / "facts.json").read_text("utf-8"))
    probe = (
        "from pathlib import Path; from pipelines.foreign_files import limits, sandbox_process; "
        f"print(*sandbox_process.isolate(Path({str(tmp_path)!r}), limits.BULK))"
    )
    has = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    assert facts["layers"] == has.stdout.split()
    assert facts["shapes"] == {"calls.csv": "call_line"}


@pytest.mark.slow
def test_tables_and_findings_come_back_as_they_were_read(tmp_path: Path) -> None:
    masked = {"Beneficiary’s contracted amount (EUR)": "*****", "Beneficiary country": "Ruritania"}
    path = export(tmp_path / "a.xlsx", masked, {})
    steps: list[str] = []

    class Heard:
        def step(self, label: str, done: int, total: int) -> None:
            steps.append(label)

    confined = read_confined("fts", [path], [], Heard())
    assert confined.imported is not None
    facts = work_here([path], tmp_path / "here")
    findings = [(finding.code, finding.value, finding.severity) for finding in confined.imported.findings]
    assert findings == [
        (one["code"], one["value"], one["severity"])
        for one in facts["findings"]  # type: ignore[attr-defined]
    ]
    assert ("unknown-country", "Ruritania", "note") in findings
    assert confined.imported.files["commitment_lines.csv"]["amount_eur"].to_pylist() == [None, "1200.50"]
    assert (str(confined.imported.vintage), steps[0]) == ("2025-02-26", "reading a.xlsx")
    known = read_confined("fts", [path], [confined.source_id], Silent())
    assert (known.source_id, known.imported) == (confined.source_id, None)


@pytest.mark.parametrize(("limit", "value"), [("max_parts", 1), ("max_unpacked", 1_000)])
def test_a_zip_that_passes_a_limit_is_refused_with_it(
    limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "cordis.zip", "w") as bundle:
        for path in (FIXTURES / "cordis").iterdir():
            bundle.write(path, path.name)
    monkeypatch.setattr(import_worker, "BULK", replace(limits.BULK, **{limit: value}))
    facts = work_here([tmp_path / "cordis.zip"], tmp_path / "here", "cordis")
    (finding,) = facts["findings"]  # type: ignore[misc]
    assert (finding["code"], facts["refused"]) == ("zip-too-large", True)
    assert "limit is" in finding["problem"]


@pytest.mark.slow
def test_hostile_zips_are_refused_and_nothing_leaves_the_folder(tmp_path: Path) -> None:
    names = {
        "climbing.zip": ["../project.csv"],
        "twice.zip": ["a/project.csv", "b/project.csv"],
        "bomb.zip": ["project.csv"],
    }
    expected = {"climbing.zip": "zip-unreadable", "twice.zip": "file-twice", "bomb.zip": "zip-too-large"}
    for name, members in names.items():
        content = b" " * (100 << 20) if name == "bomb.zip" else b"id,ecMaxContribution\n1,1\n"
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as bundle:
            for member in members:
                bundle.writestr(member, content)
        with pytest.raises(Refused) as refused:
            source_writer.import_source("cordis", [str(tmp_path / name)], tmp_path / "store")
        assert codes(refused.value.findings) == [expected[name]], name
    assert not (tmp_path / "project.csv").exists()


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("xl/vbaProject.bin", "macro"),
        ("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY x "y">]><sst/>'),
        ("../escape.xml", "<a/>"),
    ],
)
def test_workbooks_that_hold_what_they_must_not_are_refused(part: str, text: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [EXPORT])
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr(part, text)
    with pytest.raises(Refused) as refused:
        source_writer.import_source("fts", [str(path)], tmp_path / "store")
    assert "workbook-unsafe" in codes(refused.value.findings)


def test_a_reader_that_takes_too_much_is_ended_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, own = tmp_path / "greedy.py", tmp_path / "own"
    own.mkdir()
    monkeypatch.setattr(limits, "BULK", replace(limits.BULK, wall_seconds=1))
    monkeypatch.setattr(sandbox, "_ROOT", f"{tmp_path}:{ROOT}")
    for body, code in (
        ("while True: pass", "out-of-time"),
        ("raise MemoryError", "out-of-memory"),
        ("raise ValueError('no')", "reader-stopped"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "reader-stopped"),
        (f"open({str(tmp_path / 'outside')!r}, 'w')", "reader-stopped"),
    ):
        reader.write_text(f"def work(request, folder, layers):\n    {body}\n", "utf-8")
        if code != "out-of-time":
            monkeypatch.setattr(limits, "BULK", replace(limits.BULK, wall_seconds=60))
        stop = sandbox.run_confined("greedy:work", {}, own, "BULK")
        assert stop is not None and stop[0] == code, (body, stop)
    assert not (tmp_path / "outside").exists()
