"""Questions of strangers in SQL are answered exactly, within limits, and learn nothing but the release."""

import asyncio
import csv
import io
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.testclient import TestClient
from starlette.types import Message

from pages.http import request_params
from pages.http import sql as sql_route
from pages.http.concurrency_limits import Slots
from pipelines import file_writers, release_row_stream, settings
from pipelines.queries.release_answers import ReleaseData
from pipelines.user_sql import ask_confined, query_guard, run_query, worker_process
from tests.paths import ROOT


def test_a_question_in_sql_is_answered_exactly(client: TestClient, known: ReleaseData) -> None:
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
    assert posted.text.splitlines() == ['"x y",l,i', '"a,b","[1, 2]","1 day"']


UNUSUAL = {
    "date '50000-01-01'": "50000-01-01",
    "date 'infinity'": "infinity",
    "date '0044-03-15 (BC)'": "0044-03-15 (BC)",
    "timestamp '50000-01-01 12:00:00'": "50000-01-01 12:00:00",
    "timestamptz '-infinity'": "-infinity",
    "timestamp_s '0001-01-01 (BC)'": "0001-01-01 (BC) 00:00:00",
    "timestamp_ns 'infinity'": "infinity",
    "'nan'::double": None,
    "'inf'::float": None,
    "[1.5, 'nan'::double, date '2026-01-01'::varchar::date - date '2025-12-31']": "[1.5, nan, 1.0]",
    "{'day': date '2026-01-01', 'euros': 1.50}": "{'day': 2026-01-01, 'euros': 1.50}",
    "340282366920938463463374607431768211455::uhugeint": "340282366920938463463374607431768211455",
    "timetz '12:00:00+02'": "12:00:00+02",
    "'101'::bit": "101",
    "'\\x00a'::blob": "\\x00a",
    "'a'::variant": "a",
    "row(1, 2)": "(1, 2)",
    "'b'::enum('a', 'b')": "b",
}


def test_values_that_python_or_a_format_does_not_have_are_the_same_text_in_all_formats(
    client: TestClient,
) -> None:
    columns = ", ".join(f"{value} as c{place}" for place, value in enumerate(UNUSUAL))
    sql = f"select {columns}, i from range(2) t(i) order by i desc"  # noqa: S608
    rows = client.post("/api/v1/sql", content=sql).json()["rows"]
    said = list(UNUSUAL.values())
    assert [list(row.values()) for row in rows] == [[*said, 1], [*said, 0]]
    table = list(csv.reader(io.StringIO(client.post("/api/v1/sql?format=csv", content=sql).text)))
    plain = [[file_writers.as_published(cell) for cell in row] for row in table[1:]]
    assert plain == [["" if text is None else text for text in said] + [i] for i in ("1", "0")]


def test_usual_days_stay_days(store: Path, release_id: str) -> None:
    sql = "select date '0001-01-01' as a, date '9999-12-31' as b, timestamp '9999-12-31 23:59:59.999999' as c, null::date as d, 1.5::double as e"
    answer = ask_confined.ask(sql, release_id, store)
    assert [str(kind) for kind in answer.schema.types] == [
        "date32[day]",
        "date32[day]",
        "timestamp[us]",
        "date32[day]",
        "double",
    ]
    assert (
        answer.to_pylist()[0]["c"] == datetime(9999, 12, 31, 23, 59, 59, 999999)
        and answer.to_pylist()[0]["d"] is None
    )


@pytest.mark.parametrize(
    "sql", ["select * from read_csv('/etc/passwd')", "drop table ledger", "select 1 as a, 2 as a", "select x"]
)
def test_a_question_cannot_reach_files_or_change_anything(client: TestClient, sql: str) -> None:
    answer = client.get("/api/v1/sql", params={"query": sql})
    assert answer.status_code == 400 and answer.json()["detail"] and "/root" not in answer.text


@pytest.mark.clock
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "select sum(a.range * b.range % 7) from range(10000000) as a, range(10000000) as b",
            "longer than 1 seconds",
        ),
        ("select range from range(100001)", "100,000 are the most"),
        ("select list(range::varchar) as x from range(200000000)", "."),
    ],
)
def test_a_question_is_stopped_at_its_limits(store: Path, release_id: str, sql: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(run_query.QueryError, match=said):
        ask_confined.ask(sql, release_id, store, seconds=1)
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
        # a name of the question itself does not excuse the same name elsewhere
        "select file from pragma_database_list, (with pragma_database_list as (select 1 as z) select * from pragma_database_list) x",
        "with duckdb_databases as (select path from duckdb_databases) select * from duckdb_databases",
        "with recursive pragma_database_list as (select file from pragma_database_list) select * from pragma_database_list",
        "with a as (select path from duckdb_databases), duckdb_databases as (select 1 as z) select * from a",
        "with a as (with duckdb_databases as (select 1 as z) from duckdb_databases) select path from duckdb_databases, a",
        "select path from duckdb_databases where 1 in (with duckdb_databases as (select 1 as z) from duckdb_databases)",
        'with "Duckdb_Databases" as (select 1 as z) select path from main.duckdb_databases',
        "with recursive t as (select 1 as i union all (select i + 1 from t, pragma_database_list where i < 3)) from t",
        "with sqlite_master as (select 1 as z) from sqlite_master",
        "with schemata as (select 1 as z) from information_schema.schemata",
        "with ledger as (select path from system.main.duckdb_databases) from ledger",
        # other ways to name a table
        "from duckdb_databases select path",
        "table duckdb_databases",
        'select * from main."pragma_database_list"',
        "select * from temp.main.duckdb_databases",
        "select * from tracker.main.ledger",
        "from information_schema.tables",
        "from 'duckdb_databases'",
        "from '/etc/passwd'",
        'from "/etc/passwd"',
        "from range(1) positional join pragma_database_list",
        "from range(1), lateral (select path from duckdb_databases()) d",
        "select unnest((select list(path) from duckdb_databases()))",
        "select [path for path in (select list(path) from duckdb_databases())] as x",
        "select 1 union all by name select path from duckdb_databases()",
        "values ((select path from duckdb_databases() limit 1))",
        "select 1 as a order by (select path from duckdb_databases() limit 1)",
        "select 1 as a limit (select count(*) from duckdb_settings())",
        "select count(*) filter (where (select true from duckdb_settings() limit 1)) from ledger",
        "select sum(1) over (partition by (select path from duckdb_databases() limit 1)) from ledger",
        "select * from range((select count(*) from duckdb_settings()))",
        "pivot pragma_database_list on name in ('tracker') using first(file)",
        "unpivot (select path from duckdb_databases()) on path",
        "from (summarize ledger)",
        "summarize duckdb_databases",
        "describe ledger",
        "from (show all tables)",
        # functions that run text, read the engine, or tell of it
        "from query('from duckdb_databases()')",
        "from query_table('duckdb_databases')",
        "from query_table(['ledger', 'duckdb_databases'])",
        "from main.query_table('pragma_database_list')",
        "from histogram('duckdb_databases', path)",
        "from histogram_values('duckdb_databases', path)",
        "from json_execute_serialized_sql(json_serialize_sql('from duckdb_databases()'))",
        "select json_serialize_plan('select current_setting(''secret_directory'')', optimize := true)",
        "select \"current_setting\"('secret_directory') as x",
        "select ('secret_directory').current_setting() as x",
        "select main.current_setting('secret_directory') as x",
        "select list_transform(['secret_directory'], lambda s: current_setting(s)) as x",
        "from summary((from duckdb_databases()))",
        "from pragma_table_info('ledger')",
        "from pragma_storage_info('ledger')",
        "from which_secret('s3://x', 's3')",
        "from duckdb_profiling_settings()",
        "from read_blob('/etc/passwd')",
        "from seq_scan('ledger')",
        "select pg_get_viewdef(1)",
        "select get_block_size('tracker')",
        "select write_log('x')",
    ],
)
def test_no_question_learns_where_the_store_lies(sql: str) -> None:
    with pytest.raises(run_query.QueryError, match="tables of the release, and nothing else"):
        query_guard.check_reads_only_the_release(run_query.runnable(sql))


def test_every_function_that_reads_the_engine_or_acts_is_known(connection: duckdb.DuckDBPyConnection) -> None:
    harmless = {"current_query", "error", "gen_random_uuid", "random", "uuid", "uuidv4", "uuidv7"}
    harmless |= {
        "current_database",
        "current_date",
        "current_schema",
        "current_schemas",
        "get_current_time",
        "get_current_timestamp",
    }
    harmless |= {"now", "today", "transaction_timestamp"}
    acting = "function_type = 'scalar' and stability <> 'CONSISTENT' or function_type = 'macro' and macro_definition ilike '%from %'"
    functions = connection.sql("from duckdb_functions()").filter(acting).project("function_name")
    found = {name for (name,) in functions.fetchall()}
    assert found and found - harmless <= query_guard.TELLING, (
        "an engine of another version: look at what these functions tell"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "with a as (select 1 as z), b as (from a) select z from (with a as (from b) from a)",
        "with recursive t as (select 1 as z union all select z + 1 from t where z < 1) from t",
        "select z from (values (1)) v(z) positional join (select stage from ledger limit 1)",
        "with ledger as (select 1 as z) from main.ledger m, ledger select z limit 1",
        "from (pivot (select 1 as z, 'a' as k) on k in ('a') using sum(z)) select a::int as z",
        "select count(distinct today()) as z from ledger",
        "select unnest([1]) as z",
    ],
)
def test_what_reads_only_the_release_is_answered(store: Path, release_id: str, sql: str) -> None:
    assert ask_confined.ask(sql, release_id, store).to_pylist() == [{"z": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "select file from pragma_database_list, (with pragma_database_list as (select 1 as z) select * from pragma_database_list) x",
        "select path from duckdb_databases(), (select 1 from overlaps limit 1)",
        "select (select count(*) from overlaps where true) as n, path from duckdb_databases()",
        "select path from duckdb_databases() join overlaps on true",
        "select path from duckdb_databases(), overlaps as o",
    ],
)
def test_a_question_is_checked_as_it_is_run_and_not_as_it_was_sent(
    client: TestClient, store: Path, sql: str
) -> None:
    answer = client.post("/api/v1/sql", content=sql)
    assert answer.status_code == 400 and str(store) not in answer.text


def test_what_cannot_be_parsed_is_refused_with_what_the_parser_says(store: Path, release_id: str) -> None:
    with pytest.raises(run_query.QueryError, match="cannot be parsed: syntax error at end of input"):
        ask_confined.ask("select path from duckdb_databases() where (", release_id, store)


@pytest.mark.parametrize("sql", ["select " + "not " * 900 + "true as x", "-- nothing"])
def test_no_question_is_answered_with_a_mistake_of_ours(store: Path, release_id: str, sql: str) -> None:
    try:
        ask_confined.ask(sql, release_id, store)
    except run_query.QueryError as refused:
        said = str(refused)
        assert "Traceback" not in said and "File" not in said and said.endswith(".")


def test_a_mistake_of_ours_tells_a_reader_nothing(
    store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ROOT", Path("/tmp"))  # where the process does not find the program
    monkeypatch.setattr(worker_process, "question_process", worker_process.QuestionProcess())
    with pytest.raises(run_query.QueryError) as refused:
        ask_confined.ask("select 1 as a", release_id, store)
    assert "pipelines" not in str(refused.value) and "/" not in str(refused.value)


@pytest.mark.slow
def test_questions_are_answered_by_children_of_one_kept_process(store: Path, release_id: str) -> None:
    def answers() -> list[dict[str, int]]:
        return [ask_confined.ask(f"select {n} as a", release_id, store).to_pylist()[0] for n in range(5)]

    assert answers() == [{"a": n} for n in range(5)]
    first = worker_process.question_process._process
    assert first is not None and first.poll() is None
    assert answers() and worker_process.question_process._process is first
    first.kill()
    first.wait()
    assert answers() == [{"a": n} for n in range(5)], "a process that has ended is started anew"
    assert worker_process.question_process._process is not first


def test_many_questions_at_once_get_their_own_answers(store: Path, release_id: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        tables = pool.map(
            lambda n: ask_confined.ask(f"select {n} as a", release_id, store).to_pylist(), range(16)
        )
        assert list(tables) == [[{"a": n}] for n in range(16)]


def test_the_process_that_answers_knows_no_secret_of_the_server(
    store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_OIDC_CLIENT_SECRET", "not-for-questions")
    own = worker_process.QuestionProcess()
    monkeypatch.setattr(worker_process, "question_process", own)
    ask_confined.ask("select 1 as a", release_id, store)
    assert own._process is not None
    environment = Path(f"/proc/{own._process.pid}/environ").read_bytes()
    own.close()
    assert environment == b"TZ=UTC\0"


@pytest.mark.clock
def test_a_question_does_not_wait_for_python_to_start(store: Path, release_id: str) -> None:
    ask_confined.ask("select 1 as a", release_id, store)
    began = time.monotonic()
    for _ in range(5):
        subprocess.run(
            [sys.executable, "-c", "import pipelines.user_sql.worker_process"], cwd=ROOT, check=True
        )
    started = time.monotonic()
    for _ in range(5):
        ask_confined.ask("select count(*) as n from ledger", release_id, store)
    assert time.monotonic() - started < (started - began) / 2


def test_half_a_character_is_refused(store: Path, release_id: str) -> None:
    with pytest.raises(run_query.QueryError, match="UTF-16"):
        ask_confined.ask("select '\ud800' as a", release_id, store)


def test_a_question_may_name_its_own_tables_and_the_declared_ones(store: Path, release_id: str) -> None:
    sql = "with duckdb_x as (select stage from ledger) select count(*) as n from duckdb_x, range(2), overlaps o where o.reason = ''"
    assert ask_confined.ask(sql, release_id, store).to_pylist() == [{"n": 0}]


def test_a_question_that_needs_too_much_says_so_and_writes_nothing_beside_the_release(
    store: Path, release_id: str
) -> None:
    folder = store / "releases" / release_id
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    with pytest.raises(run_query.QueryError) as refused:
        ask_confined.ask(
            "select l.* from ledger as l, ledger as m, ledger as n, ledger as o order by m.note, n.note, o.note",
            release_id,
            store,
        )
    assert str(store) not in str(refused.value) and "Ask for less at once" in str(refused.value)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))} == before


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> tuple[Slots, Slots]:
    asked, held = Slots(sql_route.AT_ONCE, 1), Slots(sql_route.READ_AT_ONCE, sql_route.READ_EACH)
    monkeypatch.setattr(sql_route, "asked", asked)
    monkeypatch.setattr(sql_route, "held", held)
    return asked, held


def test_only_so_many_questions_are_answered_at_once_and_one_for_each_visitor(
    client: TestClient, places: tuple[Slots, Slots]
) -> None:
    done = places[0].take("testclient")
    own = client.get("/api/v1/sql?query=select 1 as a")
    assert own.status_code == 429 and own.headers["retry-after"] and "Your address" in own.json()["detail"]
    other = TestClient(client.app, client=("192.0.2.1", 1))
    assert other.get("/api/v1/sql?query=select 1 as a").status_code == 200
    places[0].take("somebody else")
    all_taken = other.get("/api/v1/sql?query=select 1 as a")
    assert (
        all_taken.status_code == 503
        and all_taken.headers["retry-after"]
        and "as there may be (2)" in all_taken.json()["detail"]
    )
    done()
    for _ in range(sql_route.READ_EACH + 1):
        assert client.get("/api/v1/sql?query=select 1 as a").status_code == 200, (
            "each is given back when it has been read"
        )
    for _ in range(sql_route.READ_EACH + 1):
        assert client.get("/api/v1/sql?query=select x").status_code == 400, "or refused"
    assert client.head("/api/v1/sql?query=select 1 as a").status_code == 200


def test_an_answer_holds_its_place_until_its_reader_has_it_or_goes(
    client: TestClient, store: Path, monkeypatch: pytest.MonkeyPatch, places: tuple[Slots, Slots]
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": "GET",
        "path": "/api/v1/sql",
        "client": ("192.0.2.1", 1),
    }
    scope |= {"headers": [], "query_string": b"query=select%201%20as%20a"}

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def goes(_message: Message) -> None:
        raise OSError("The reader has gone.")

    held = [sql_route.ask(Request(scope), b"") for _ in range(sql_route.READ_EACH)]
    with pytest.raises(request_params.Problem) as refused:
        sql_route.ask(Request(scope), b"")
    assert refused.value.status == 429 and "answers on their way" in refused.value.detail
    with pytest.raises(ClientDisconnect):
        asyncio.run(held[0](scope, receive, goes))
    assert sql_route.ask(Request(scope), b"").status_code == 200


@pytest.mark.parametrize(
    "sql",
    [
        "select repeat('x', 25000) || i as a from range(20000) t(i)",
        f"from range(100000) select {', '.join(f'true as c{place}' for place in range(200))}",
    ],
)
def test_an_answer_has_a_limit_in_bytes(store: Path, release_id: str, sql: str) -> None:
    with pytest.raises(run_query.QueryError, match="50 MB are the most"):
        ask_confined.ask(sql, release_id, store)


def test_long_and_wide_rows_are_sent_in_small_pieces() -> None:
    long = release_row_stream.of_table(pa.table({"a": ["x" * 100_000] * 100}))
    assert max(batch.nbytes for batch in long.batches) < 2 * release_row_stream.PIECE
    wide = release_row_stream.of_table(pa.table({f"c{place}": [True] * 5_000 for place in range(1_000)}))
    assert max(batch.num_rows * batch.num_columns for batch in wide.batches) <= release_row_stream.CELLS
    assert [
        batch.num_rows for batch in release_row_stream.of_table(pa.table({"a": range(10_000)})).batches
    ] == [
        8192,
        1808,
    ]
    assert release_row_stream.of_table(pa.table({"a": pa.array([], pa.int64())})).total == 0


def test_a_question_may_not_be_too_long(client: TestClient) -> None:
    assert client.post("/api/v1/sql", content="x" * 60_000).status_code == 413
    assert client.post("/api/v1/sql", content=b"\xff\xfe").status_code == 400
