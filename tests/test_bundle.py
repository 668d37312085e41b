"""A release as one zip: whole, readable without this code, the same bytes each time."""

import csv
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from pipelines import bundle, releases
from pipelines.schema import metadata
from tests.conftest import Small


@pytest.fixture
def zipped(small: Small, tmp_path: Path) -> zipfile.ZipFile:
    bundle.export(releases.require_current(small.store), tmp_path / "release.zip", small.store)
    return zipfile.ZipFile(tmp_path / "release.zip")


def test_the_bundle_holds_every_table_twice_and_what_explains_it(zipped: zipfile.ZipFile) -> None:
    tables = {table.name for table in metadata.sorted_tables}
    expected = {"README.md", "data-dictionary.csv", "manifest.json", "tracker.duckdb"}
    expected |= {f"parquet/{name}.parquet" for name in tables} | {f"csv/{name}.csv" for name in tables}
    assert set(zipped.namelist()) == expected
    assert zipped.testzip() is None


def test_the_files_are_those_of_the_manifest(zipped: zipfile.ZipFile) -> None:
    for name, stated in json.loads(zipped.read("manifest.json"))["tables"].items():
        content = zipped.read(f"parquet/{name}.parquet")
        assert hashlib.sha256(content).hexdigest() == stated["sha256"]
        assert parquet.read_table(io.BytesIO(content)).num_rows == stated["rows"]


def test_euros_in_the_csv_are_exact_and_missing_is_empty(zipped: zipfile.ZipFile) -> None:
    rows = list(csv.DictReader(io.StringIO(zipped.read("csv/ledger.csv").decode())))
    table = parquet.read_table(io.BytesIO(zipped.read("parquet/ledger.parquet")))
    assert [Decimal(row["amount_eur"]) if row["amount_eur"] else None for row in rows] == table["amount_eur"].to_pylist()
    assert "" in {row["amount_eur"] for row in rows}


def test_the_readme_says_how_to_cite_and_names_the_licence(zipped: zipfile.ZipFile, small: Small) -> None:
    text = zipped.read("README.md").decode()
    assert f"Cite as: EU AI funding tracker, release {releases.current(small.store)}." in text
    assert "CC BY 4.0" in text and "Never add amounts of different stage or basis" in text


def test_the_same_release_gives_the_same_bytes(zipped: zipfile.ZipFile, small: Small, tmp_path: Path) -> None:
    bundle.export(releases.require_current(small.store), tmp_path / "again.zip", small.store)
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "release.zip").read_bytes()


def test_nothing_is_written_over(zipped: zipfile.ZipFile, small: Small, tmp_path: Path) -> None:
    before = (tmp_path / "release.zip").read_bytes()
    with pytest.raises(FileExistsError, match="Choose another name"):
        bundle.export(releases.require_current(small.store), tmp_path / "release.zip", small.store)
    assert (tmp_path / "release.zip").read_bytes() == before
    assert list(tmp_path.glob(".*")) == [], "nothing half-written is left"
