"""Releases from before something was declared: read, drawn, streamed and exported as on the day when they
were made.
"""

import json
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from frictionless import Package
from sqlalchemy import select

from pages.http import request_params
from pages.parts.url_state import read_link
from pages.parts.views import FIGURES
from pipelines import files, release_row_stream, releases
from pipelines.bundle.verifier import check
from pipelines.bundle.writer import export
from pipelines.engines import duckdb_engine
from pipelines.queries.release_answers import sql_of
from pipelines.schema import metadata
from pipelines.schema_compat import views
from pipelines.user_sql import run_query

OLDER = "2020-01-01-0000000000"


@pytest.fixture(scope="module")
def older(store: Path, release_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the release of the kept edition, and the same without a table and without a column, as an
    older version would have made it.
    """
    place = tmp_path_factory.mktemp("it's older") / "store"
    shutil.copytree(store, place)
    folder = place / "releases" / OLDER
    shutil.copytree(releases.folder(release_id, place), folder)
    (folder / "parquet" / "country_indicators.parquet").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["tables"]["country_indicators"]
    with duckdb.connect(str(folder / "tracker.duckdb")) as connection:
        connection.execute("drop table country_indicators")
        connection.execute("create table new as select * exclude (note, origin) from sources")
        connection.execute("drop table sources")
        connection.execute("alter table new rename to sources")
        path = folder / "parquet" / "sources.parquet"
        path.unlink()
        connection.execute(
            f"copy (from sources order by source_id) to {duckdb_engine.literal(path)} (format parquet)"
        )
        manifest["tables"]["sources"]["sha256"] = files.file_sha256(path)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return place


@pytest.mark.slow
def test_what_was_declared_later_is_there_and_empty_and_all_else_is_as_it_was(
    older: Path, release_id: str
) -> None:
    def asked(release: str, sql: str) -> pa.Table:
        read, streamed = releases.read(release, sql, older), release_row_stream.stream(release, sql, older)
        assert (
            pa.Table.from_batches(streamed.batches, streamed.schema).cast(read.schema)
            == read
            == run_query.ask(sql, release, older)
        )
        return read

    assert (
        asked(OLDER, "from country_indicators order by all").num_rows
        == 0
        < asked(release_id, "from country_indicators order by all").num_rows
    )
    for table in metadata.sorted_tables:
        sql = sql_of(select(table).limit(0))
        assert asked(OLDER, sql).schema.equals(asked(release_id, sql).schema), (
            "the columns and their types are those of today"
        )
    assert asked(OLDER, "select distinct origin, note from sources").to_pylist() == [
        {"origin": None, "note": None}
    ]
    sums = 'select stage, basis, sum(amount_eur) as euros, count(*) as entries from "ledger" group by all order by all'
    assert asked(OLDER, sums) == asked(release_id, sums)
    assert all(isinstance(row["euros"], Decimal | None) for row in asked(OLDER, sums).to_pylist())


def test_a_column_that_had_another_name_is_read_under_it() -> None:
    (statement,) = [
        statement
        for statement in views({"mart_purses": ["purse", "stage", "amount_eur"]}, lambda table: "older")
        if statement.startswith('create view "mart_purses"')
    ]
    with duckdb.connect() as connection:
        connection.execute(
            "create table older as select 'private' as purse, 'announced' as stage, 1::decimal(18, 2) as amount_eur"
        )
        connection.execute(statement)
        found = connection.execute("select purse, funder, stage, limits from mart_purses").fetchall()
    assert found == [("private", "private", "announced", None)]


def test_the_old_name_of_a_funder_answers_as_the_new_one(store: Path, release_id: str) -> None:
    for table in ("mart_purses", "mart_purse_entries"):
        with releases.open_read_only(release_id, store) as connection:
            rows = connection.table(table).to_arrow_table().to_pylist()
        assert rows and all(row["purse"] == row["funder"] for row in rows)


@pytest.mark.parametrize(
    "attack",
    ["from read_text('/etc/passwd')", "copy (select 1) to 'x.csv'", "attach 'x.db'", "set threads = 4"],
)
def test_an_older_release_is_locked_as_well(older: Path, attack: str) -> None:
    with (
        releases.open_read_only(OLDER, older) as connection,
        pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)),
    ):
        connection.execute(attack)
    with (
        releases.open_read_only(OLDER, older) as connection,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        connection.execute('insert into release."sources" select * from release."sources"')


@pytest.mark.parametrize("name", FIGURES)
def test_an_old_link_shows_the_same_figure_digit_for_digit(
    name: str, older: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(older))
    shown = {}
    for release in (OLDER, release_id):
        answers = request_params.answers(release)
        values, _ = read_link({}, FIGURES[name].parameters(answers))
        shown[release] = FIGURES[name].make(answers, values)
    before, now = shown[OLDER], shown[release_id]
    assert before is not None and now is not None
    if name not in ("countries", "compare", "state_size"):  # which divide by what was not declared then
        assert before.title == now.title
        assert before.rows.astype(str).equals(now.rows.astype(str))
    assert before.draw("light", "wide").to_plotly_json()["data"]


@pytest.mark.slow
def test_an_older_release_is_exported_with_what_it_has(older: Path, tmp_path: Path) -> None:
    target = tmp_path / "older.zip"
    export(OLDER, target, older)
    verdict = check(target)
    assert not verdict.problems and len(verdict.headlines) > 100
    with zipfile.ZipFile(target) as bundle:
        bundle.extractall(tmp_path / "older")
    report = Package(str(tmp_path / "older" / "datapackage.json")).validate()
    assert report.valid, [error.message for task in report.tasks for error in task.errors][:5]
