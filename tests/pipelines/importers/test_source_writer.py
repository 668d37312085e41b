"""An import is one source, once, whole or not at all."""

import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.file_schemas import SHAPES
from pipelines.findings import Refused
from pipelines.importers import source_writer
from pipelines.importers.ai_relevance import read_definition
from tests.paths import ROOT
from tests.pipelines.importers.common import (
    EXPORT,
    FIXTURES,
    codes,
    export,
    workbook,
)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


@pytest.mark.slow
def test_same_bytes_give_nothing_new_whatever_they_are_called(tmp_path: Path) -> None:
    first = source_writer.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store")
    before = snapshot(tmp_path / "store")
    shutil.copy(FIXTURES / "fts_cnect_2021.csv", tmp_path / "other.csv")
    second = source_writer.import_source("fts", [str(tmp_path / "other.csv")], tmp_path / "store")
    assert (first.is_new, second.is_new, first.source_id) == (True, False, second.source_id)
    assert snapshot(tmp_path / "store") == before


def test_source_folder_says_what_it_holds(tmp_path: Path) -> None:
    result = source_writer.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path)
    about = tomllib.loads((result.folder / "source.toml").read_text("utf-8"))
    assert (about["import_no"], about["licence"], about["definition"]) == (
        1,
        "CC BY 4.0",
        read_definition().version,
    )
    assert str(FIXTURES) not in (result.folder / "source.toml").read_text("utf-8")
    for name, file in about["file"].items():
        assert file["sha256"] == hashlib.sha256((result.folder / name).read_bytes()).hexdigest()
        with (result.folder / name).open(encoding="utf-8", newline="") as stream:
            header, *body = csv.reader(stream)
        assert (header, len(body)) == (list(SHAPES[file["shape"]].cells), file["expect"]["rows"])
    assert (
        source_writer.import_source(
            "calls", [str(FIXTURES / "calls_2026-05-11.json")], tmp_path
        ).folder.parent
        == result.folder.parent
    )
    assert sorted(
        tomllib.loads(toml.read_text("utf-8"))["import_no"]
        for toml in (tmp_path / "sources").glob("*/source.toml")
    ) == [1, 2]


def test_a_zip_is_its_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cordis.zip", "w") as bundle:
        for path in (FIXTURES / "cordis").iterdir():
            bundle.write(path, f"csv/{path.name}")
    from_zip = source_writer.import_source("cordis", [str(tmp_path / "cordis.zip")], tmp_path / "store")
    assert not source_writer.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path / "store").is_new
    assert from_zip.rows["projects.csv"] == 5


def test_a_refused_file_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    bad = export(tmp_path / "a.xlsx", {"Beneficiary’s contracted amount (EUR)": "?"})
    with pytest.raises(Refused):
        source_writer.import_source("fts", [str(bad)], tmp_path / "store")
    assert snapshot(tmp_path) == {"a.xlsx": bad.read_bytes()}


def test_wrong_checksum_missing_file_and_far_cell_are_letters(tmp_path: Path) -> None:
    good = str(FIXTURES / "fts_cnect_2021.csv")
    far = workbook(tmp_path / "far.xlsx", [EXPORT], far_cell="XFD1048576")
    (tmp_path / "not.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    cases = {
        "checksum-differs": ([good], "0" * 64),
        "file-missing": ([str(tmp_path / "nothing.xlsx")], ""),
        "workbook-unsafe": ([str(far)], ""),
        "workbook-unreadable": ([str(tmp_path / "not.xlsx")], ""),
    }
    for code, (inputs, sha256) in cases.items():
        with pytest.raises(Refused) as refused:
            source_writer.import_source("fts", inputs, tmp_path / "store", sha256=sha256)
        assert code in codes(refused.value.findings)


@pytest.mark.slow
def test_two_imports_at_once_make_one_source(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(
                lambda _: source_writer.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path),
                range(4),
            )
        )
    assert sum(result.is_new for result in results) == 1
    assert len(list((tmp_path / "sources").iterdir())) == 1


@pytest.mark.slow
def test_killed_import_leaves_no_half_source_and_the_next_one_works(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipelines import files; from pipelines.importers import source_writer\n"
        "files.sync = lambda path: (print('written', flush=True), sys.stdin.read())\n"
        "source_writer.import_source('cordis', [sys.argv[1]], Path(sys.argv[2]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(FIXTURES / "cordis"), str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout and child.stdout.readline() == b"written\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert list((tmp_path / "sources").iterdir()) == []
    assert source_writer.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path).is_new
    assert list(tmp_path.glob(".importing-*")) == []
