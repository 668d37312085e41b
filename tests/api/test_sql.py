"""Questions of strangers in SQL are answered exactly, within limits, and learn nothing but the release."""

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pages.http import sql as sql_route
from pages.parts.answers import Answers
from pipelines import confined, query, releases


def test_a_question_in_sql_is_answered_exactly(client: TestClient, known: Answers) -> None:
    sql = "select sum(amount_eur) as eur from ledger where dataset = 'fts/2020/CNECT'"
    answer = client.get("/api/v1/sql", params={"query": sql})
    assert (
        json.loads(answer.content, parse_float=Decimal)["rows"] == [{"eur": Decimal("2803228431.34")}]
        and answer.headers["cache-control"] == "no-store"
    )
    posted = client.post(
        "/api/v1/sql?format=csv",
        content="select 'a,b' as \"x y\", [1, 2] as l, interval 1 day as i",
        headers={"content-type": "text/plain"},
    )
    assert posted.text.splitlines()[0] == '"x y",l,i' and '"a,b","[1, 2]"' in posted.text


@pytest.mark.parametrize("sql", ["select * from read_csv('/etc/passwd')", "drop table ledger", "select 1 as a, 2 as a", "select x"])
def test_a_question_cannot_reach_files_or_change_anything(client: TestClient, sql: str) -> None:
    answer = client.get("/api/v1/sql", params={"query": sql})
    assert answer.status_code == 400 and answer.json()["detail"] and "/root" not in answer.text


@pytest.mark.clock
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select sum(a.range * b.range % 7) from range(10000000) as a, range(10000000) as b", "longer than 1 seconds"),
        ("select range from range(100001)", "100,000 are the most"),
        ("select list(range::varchar) as x from range(200000000)", "."),
    ],
)
def test_a_question_is_stopped_at_its_limits(store: Path, release_id: str, sql: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(query.QueryError, match=said):
        confined.ask(sql, release_id, store, seconds=1)
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    "sql",
    [
        "select * from duckdb_databases()",
        'select * from "duckdb_settings"',
        "select * from pg_settings",
        "select * from pg_catalog.pg_settings",
        "select * from information_schema.schemata",
        "select * from tracker.ledger",
        "select (select path from pragma_database_list limit 1)",
        "with a as (select current_setting('temp_directory') as x) select * from a",
        "select * from query('select 1')",
        "show databases",
    ],
)
def test_no_question_learns_where_the_store_lies(store: Path, release_id: str, sql: str) -> None:
    with pytest.raises(query.QueryError, match="tables of the release, and nothing else"):
        confined.ask(sql, release_id, store)


@pytest.mark.parametrize(
    "sql",
    [
        "select path from duckdb_databases(), (select 1 from overlaps limit 1)",
        "from overlaps select path from duckdb_databases()",
        "select path from duckdb_databases() join overlaps on true",
        "select path from duckdb_databases(), overlaps as o",
    ],
)
def test_a_question_is_checked_as_it_is_run_and_not_as_it_was_sent(client: TestClient, store: Path, sql: str) -> None:
    answer = client.post("/api/v1/sql", content=sql)
    assert answer.status_code == 400 and str(store) not in answer.text


def test_what_cannot_be_parsed_is_refused_with_what_the_parser_says(store: Path, release_id: str) -> None:
    with pytest.raises(query.QueryError, match="cannot be parsed: syntax error at end of input"):
        confined.ask("select path from duckdb_databases() where (", release_id, store)


@pytest.mark.parametrize("sql", ["select " + "not " * 900 + "true as x", "-- nothing"])
def test_no_question_is_answered_with_a_mistake_of_ours(store: Path, release_id: str, sql: str) -> None:
    try:
        confined.ask(sql, release_id, store)
    except query.QueryError as refused:
        said = str(refused)
        assert "Traceback" not in said and "File" not in said and said.endswith(".")


def test_a_mistake_of_ours_tells_a_reader_nothing(store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "ROOT", Path("/tmp"))  # where the child does not find the program
    with pytest.raises(query.QueryError) as refused:
        confined.ask("select 1 as a", release_id, store)
    assert "pipelines" not in str(refused.value) and "/" not in str(refused.value)


def test_half_a_character_is_refused(store: Path, release_id: str) -> None:
    with pytest.raises(query.QueryError, match="UTF-16"):
        confined.ask("select '\ud800' as a", release_id, store)


def test_a_question_may_name_its_own_tables_and_the_declared_ones(store: Path, release_id: str) -> None:
    sql = "with duckdb_x as (select stage from ledger) select count(*) as n from duckdb_x, range(2), overlaps o where o.reason = ''"
    assert confined.ask(sql, release_id, store).to_pylist() == [{"n": 0}]


def test_a_question_that_needs_too_much_says_so_and_writes_nothing_beside_the_release(store: Path, release_id: str) -> None:
    folder = store / "releases" / release_id
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    with pytest.raises(query.QueryError) as refused:
        confined.ask("select * from ledger as l, ledger as m, ledger as n, ledger as o order by 1, 40, 80, 120", release_id, store)
    assert str(store) not in str(refused.value) and "Ask for less at once" in str(refused.value)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))} == before


def test_only_so_many_questions_are_answered_at_once(client: TestClient) -> None:
    for _ in range(sql_route.AT_ONCE):
        assert sql_route._places.acquire(blocking=False)
    try:
        answer = client.get("/api/v1/sql?query=select 1 as a")
        assert answer.status_code == 429 and answer.headers["retry-after"]
    finally:
        for _ in range(sql_route.AT_ONCE):
            sql_route._places.release()


def test_a_question_may_not_be_too_long(client: TestClient) -> None:
    assert client.post("/api/v1/sql", content="x" * 60_000).status_code == 413
    assert client.post("/api/v1/sql", content=b"\xff\xfe").status_code == 400
