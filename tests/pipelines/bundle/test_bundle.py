"""A release as one zip: whole, readable without this code, the same bytes each time, and true: its headline
numbers follow from its ledger.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from html import escape
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet
import pytest
import yaml
from frictionless import Package
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from pages.http import release_zip
from pages.parts.views import FIGURES
from pipelines import releases
from pipelines.__main__ import app
from pipelines.build_views import generated_views
from pipelines.bundle import verifier, writer
from pipelines.engines import duckdb_engine
from pipelines.errors import NotPossible
from pipelines.schema import metadata
from tests.conftest import Small


def write(small: Small, target: Path) -> None:
    release_id = releases.require_current(small.store)
    writer.export(release_id, target, small.store, release_zip.exhibits(release_id, small.store))


@pytest.fixture
def zipped(small: Small, tmp_path: Path) -> zipfile.ZipFile:
    write(small, tmp_path / "release.zip")
    return zipfile.ZipFile(tmp_path / "release.zip")


@pytest.mark.slow
def test_the_bundle_holds_every_table_twice_and_what_explains_it(zipped: zipfile.ZipFile) -> None:
    tables = {table.name for table in metadata.sorted_tables}
    expected = {
        "README.md",
        "CITATION.cff",
        "CHANGELOG.md",
        "data-dictionary.csv",
        "datapackage.json",
        "checksums.sha256",
    }
    expected |= (
        {"manifest.json", "tracker.duckdb"}
        | {f"parquet/{name}.parquet" for name in tables}
        | {f"csv/{name}.csv" for name in tables}
    )
    expected |= {f"sql/{name}.sql" for name in (*duckdb_engine.sql_files(), *generated_views())} | {
        f"sql/figures/{name}.sql" for name in ("envelopes", "ladder", "sites")
    }
    pages = {name for name in zipped.namelist() if name.startswith("html/")}
    figures = {name for name in zipped.namelist() if name.startswith("sql/figures/")}
    assert figures <= {f"sql/figures/{name}.sql" for name in FIGURES}, (
        "a figure that has nothing to show here asks nothing"
    )
    assert (
        set(zipped.namelist()) == expected | pages | figures
        and {"html/index.html", "html/euros.html", "html/sites.html"} <= pages
    )
    assert zipped.testzip() is None
    assert {about.external_attr >> 16 for about in zipped.infolist()} == {0o644}, (
        "whoever unpacks it on a server can show it to others"
    )


@pytest.mark.slow
def test_the_files_are_those_of_the_manifest(zipped: zipfile.ZipFile) -> None:
    for name, stated in json.loads(zipped.read("manifest.json"))["tables"].items():
        content = zipped.read(f"parquet/{name}.parquet")
        assert hashlib.sha256(content).hexdigest() == stated["sha256"]
        assert parquet.read_table(io.BytesIO(content)).num_rows == stated["rows"]


@pytest.mark.slow
def test_euros_in_the_csv_are_exact_and_missing_is_empty(zipped: zipfile.ZipFile) -> None:
    rows = list(csv.DictReader(io.StringIO(zipped.read("csv/ledger.csv").decode())))
    table = parquet.read_table(io.BytesIO(zipped.read("parquet/ledger.parquet")))
    assert [Decimal(row["amount_eur"]) if row["amount_eur"] else None for row in rows] == table[
        "amount_eur"
    ].to_pylist()
    assert "" in {row["amount_eur"] for row in rows}


@pytest.mark.slow
def test_the_readme_says_how_to_cite_and_names_the_licence(zipped: zipfile.ZipFile, small: Small) -> None:
    text = zipped.read("README.md").decode()
    assert f"Cite as: EU AI funding tracker, release {releases.current(small.store)}." in text
    assert "CC BY 4.0" in text and "Never add amounts of different stage or basis" in text


@pytest.mark.slow
def test_the_same_release_gives_the_same_bytes(zipped: zipfile.ZipFile, small: Small, tmp_path: Path) -> None:
    write(small, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "release.zip").read_bytes()


@pytest.mark.slow
def test_nothing_is_written_over(zipped: zipfile.ZipFile, small: Small, tmp_path: Path) -> None:
    before = (tmp_path / "release.zip").read_bytes()
    with pytest.raises(NotPossible, match="Choose another name"):
        write(small, tmp_path / "release.zip")
    assert (tmp_path / "release.zip").read_bytes() == before
    assert list(tmp_path.glob(".*")) == [], "nothing half-written is left"


# --- the shipped release


@pytest.fixture(scope="module")
def whole(store: Path, release_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the kept edition, as the command line writes it."""
    path = tmp_path_factory.mktemp("bundle") / "whole.zip"
    done = CliRunner().invoke(app, ["export", release_id, str(path), "--store", str(store)])
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def unpacked(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(whole) as zipped:
        zipped.extractall(folder)
    return folder


@pytest.mark.slow
def test_every_headline_number_follows_from_the_ledger_of_the_bundle(whole: Path, release_id: str) -> None:
    verdict = verifier.check(whole)
    assert verdict.problems == [] and verdict.release_id == release_id
    found = {line.what: line.computed for line in verdict.headlines}
    assert found["Net, whole · programmed · eu-contribution, together"] == Decimal("103733000000.00")
    assert found["Gross, whole · programmed · eu-contribution, together"] == Decimal("112137300000.00")
    kinds = {line.what.split()[0].strip(",") for line in verdict.headlines}
    assert kinds == {"Ladder", "Total", "Parts", "Stated", "Gross", "Net"} and len(verdict.headlines) > 100


@pytest.mark.slow
def test_frictionless_finds_nothing_wrong(unpacked: Path) -> None:
    report = Package(str(unpacked / "datapackage.json")).validate()
    assert report.valid, [error.message for task in report.tasks for error in task.errors][:5]
    content = json.loads((unpacked / "datapackage.json").read_text())
    assert {resource["name"] for resource in content["resources"]} == {
        table.name for table in metadata.sorted_tables
    }
    assert all(
        field["description"] for resource in content["resources"] for field in resource["schema"]["fields"]
    )


def test_the_checksums_are_those_that_sha256sum_reads(unpacked: Path) -> None:
    lines = (unpacked / "checksums.sha256").read_text().splitlines()
    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == digest
    assert len(lines) == sum(1 for path in unpacked.rglob("*") if path.is_file()) - 1


def test_the_command_line_and_the_api_give_the_same_bytes(
    whole: Path, store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    answer = TestClient(Starlette(routes=release_zip.ROUTES)).get(f"/api/v1/bundle.zip?release={release_id}")
    assert answer.status_code == 200 and answer.content == whole.read_bytes()


def test_a_download_that_broke_off_goes_on(
    whole: Path, store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    client = TestClient(Starlette(routes=release_zip.ROUTES))
    tag = client.get("/api/v1/bundle.zip").headers["etag"]
    rest = client.get("/api/v1/bundle.zip", headers={"range": "bytes=1000-", "if-range": tag})
    assert rest.status_code == 206 and rest.content == whole.read_bytes()[1000:]
    assert (
        client.get(
            "/api/v1/bundle.zip", headers={"range": "bytes=1000-", "if-range": '"of another release"'}
        ).status_code
        == 200
    )
    assert client.get("/api/v1/bundle.zip", headers={"if-none-match": tag}).status_code == 304


def test_a_bundle_without_figures_holds_the_tables(small: Small, tmp_path: Path) -> None:
    release_id = releases.require_current(small.store)
    writer.export(release_id, tmp_path / "release.zip", small.store)
    with zipfile.ZipFile(tmp_path / "release.zip") as bundle:
        names = set(bundle.namelist())
    assert "csv/ledger.csv" in names and not any(name.startswith("sql/figures/") for name in names)
    assert not verifier.check(tmp_path / "release.zip").problems


def test_the_command_export_puts_the_registered_figures_into_the_bundle(
    whole: Path, store: Path, release_id: str, tmp_path: Path
) -> None:
    exhibits = release_zip.exhibits(release_id, store)
    writer.export(release_id, tmp_path / "by-code.zip", store, exhibits)
    assert exhibits and whole.read_bytes() == (tmp_path / "by-code.zip").read_bytes()


@pytest.mark.slow
def test_the_questions_of_the_figures_can_be_asked_of_the_bundle(unpacked: Path) -> None:
    asked = 0
    with duckdb.connect(str(unpacked / "tracker.duckdb"), read_only=True) as connection:
        for path in (unpacked / "sql" / "figures").glob("*.sql"):
            for statement in connection.extract_statements(path.read_text()):
                connection.execute(statement).fetchall()
                asked += 1
    assert asked >= len(FIGURES) == len(list((unpacked / "sql" / "figures").glob("*.sql")))


def test_the_pages_open_without_a_server_and_ask_nobody(unpacked: Path, store: Path, release_id: str) -> None:
    index = (unpacked / "html" / "index.html").read_text()
    for path in (unpacked / "html").glob("*.html"):
        text = path.read_text()
        assert (
            "<script" not in text
            and not re.findall(r"(?:src|@import|url\()", text)
            and text.startswith("<!DOCTYPE html>")
        )
        assert path.name == "index.html" or f'href="{path.name}"' in index
    for exhibit in release_zip.exhibits(release_id, store):
        shown = (unpacked / "html" / "figures.html").read_text()
        for text in (
            exhibit.title,
            exhibit.subtitle,
            *(cell for row in exhibit.rows for cell in row.values()),
        ):
            assert escape(text) in shown
    euros = (unpacked / "html" / "euros.html").read_text()
    assert "103,733,000,000.00" in euros and "112,137,300,000.00" in euros and "not published" in euros


def test_the_citation_is_yaml_with_the_release(unpacked: Path, release_id: str) -> None:
    content = yaml.safe_load((unpacked / "CITATION.cff").read_text())
    assert (
        content["cff-version"] == "1.2.0"
        and content["version"] == release_id
        and content["license"] == "CC-BY-4.0"
    )


def rewritten(
    source: Path, target: Path, change: Callable[[dict[str, bytes]], None], is_sealed: bool = False
) -> Path:
    """A copy with other files in it.

    is_sealed: with checksums that fit, as somebody would make who wants it to be believed.
    """
    with zipfile.ZipFile(source) as zipped:
        content = {name: zipped.read(name) for name in zipped.namelist()}
    change(content)
    if is_sealed:
        listed = [
            f"{hashlib.sha256(body).hexdigest()}  {name}\n"
            for name, body in sorted(content.items())
            if name != "checksums.sha256"
        ]
        content["checksums.sha256"] = "".join(listed).encode()
    with zipfile.ZipFile(target, "w") as zipped:
        for name, body in content.items():
            zipped.writestr(name, body)
    return target


def test_a_changed_missing_or_added_file_is_named(whole: Path, tmp_path: Path) -> None:
    def change(content: dict[str, bytes]) -> None:
        content["csv/ledger.csv"] += b"\n"
        content["stranger.txt"] = b"x"
        del content["csv/sites.csv"]

    problems = verifier.check(rewritten(whole, tmp_path / "x.zip", change)).problems
    assert [line.split(" ")[0] for line in problems] == ["csv/sites.csv", "stranger.txt", "csv/ledger.csv"]


def test_an_amount_that_was_changed_shows_in_the_headline_even_with_new_checksums(
    whole: Path, tmp_path: Path
) -> None:
    def change(content: dict[str, bytes]) -> None:
        content["csv/ledger.csv"] = content["csv/ledger.csv"].replace(b"93500000000.00", b"93500000000.01")

    problems = verifier.check(rewritten(whole, tmp_path / "x.zip", change, is_sealed=True)).problems
    assert any(
        line.startswith("Net, whole · programmed · eu-contribution, together")
        and "103,733,000,000.01" in line
        for line in problems
    )


def test_an_overlap_that_was_taken_out_shows_in_the_net(whole: Path, tmp_path: Path) -> None:
    def change(content: dict[str, bytes]) -> None:
        content["csv/overlaps.csv"] = content["csv/overlaps.csv"].splitlines(keepends=True)[0]

    problems = verifier.check(rewritten(whole, tmp_path / "x.zip", change, is_sealed=True)).problems
    assert any(line.startswith("Net, whole · programmed · eu-contribution, together") for line in problems)
    assert not any(line.startswith("Gross") for line in problems)


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.zip"
    if content is None:
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("a.txt", "a")
    else:
        path.write_bytes(content)
    assert verifier.check(path).problems
