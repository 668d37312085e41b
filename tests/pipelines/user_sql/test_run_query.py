"""Questions read the tables of a release and nothing else, within limits; euros stay exact."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import releases
from pipelines.errors import NoRelease
from pipelines.user_sql import run_query

REFUSED = [
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/hostname')",
    "select * from glob('/etc/*')",
    "select * from read_parquet('x.parquet')",
    "select * from read_csv('https://example.org/a.csv')",
    "copy ledger to '/tmp/out.csv'",
    "copy (select 1) to '/tmp/out.csv'",
    "attach '/tmp/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "set threads = 8",
    "set enable_external_access = true",
    "pragma threads = 8",
    "reset memory_limit",
    "export database '/tmp/out'",
    "select 1; select 2",
    "select 1; copy ledger to '/tmp/out.csv'",
    "create table mine as select 1",
    "create temp table mine as select 1",
    "insert into laws values ('x', 'y', 0)",
    "update ledger set amount_eur = 0",
    "delete from ledger",
    "drop table ledger",
    "select getenv('HOME')",
    "call pragma_version()",
    "explain analyze copy ledger to '/tmp/out.csv'",
    "checkpoint",
    "use memory",
    "",
    "   ",
    "-- nothing",
    "not a question",
    "select * from no_such_table",
    "select no_such_column from ledger",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_no_question_to_the_release_is_refused_with_a_sentence(
    store: Path, release_id: str, sql: str
) -> None:
    with pytest.raises(run_query.QueryError) as refused:
        run_query.ask(sql, release_id, store)
    assert str(refused.value)
    assert not Path("/tmp/out.csv").exists() and not Path("/tmp/out").exists()


def test_a_wrong_name_is_answered_with_where_the_names_stand(store: Path, release_id: str) -> None:
    with pytest.raises(run_query.QueryError, match="python -m pipelines describe"):
        run_query.ask("select amount from ledger", release_id, store)


def test_a_variable_of_this_program_is_no_table(store: Path, release_id: str) -> None:
    import pyarrow as pa

    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    with pytest.raises(run_query.QueryError):
        run_query.ask("select * from secret", release_id, store)


def test_euros_are_exact(store: Path, release_id: str) -> None:
    rows = run_query.ask(
        "select sum(amount_eur) as eur from ledger where dataset = 'fts/2020/CNECT'", release_id, store
    ).to_pylist()
    assert rows == [{"eur": Decimal("2803228431.34")}]


def test_days_beyond_the_calendar_are_text_and_what_is_no_number_is_missing(
    store: Path, release_id: str
) -> None:
    sql = "select date '50000-01-01' as day, 'inf'::double as number, timestamp 'infinity' as moment, [1] as list"
    found = run_query.ask(sql, release_id, store).to_pylist()
    assert found == [{"day": "50000-01-01", "number": None, "moment": "infinity", "list": [1]}]


def test_the_twelve_laws_are_answered_as_zero(store: Path, release_id: str) -> None:
    rows = run_query.ask("select law, breaking_rows from laws", release_id, store).to_pylist()
    assert [row["breaking_rows"] for row in rows] == [0] * 12


@pytest.mark.clock
def test_a_question_that_takes_too_long_is_stopped(store: Path, release_id: str) -> None:
    began = time.monotonic()
    with pytest.raises(run_query.QueryError, match="longer than 1 seconds"):
        run_query.ask(
            "select sum(a.range * b.range % 7) from range(10000000) as a, range(10000000) as b",
            release_id,
            store,
            seconds=1,
        )
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_a_question_that_needs_too_much_memory_is_stopped(store: Path, release_id: str) -> None:
    with pytest.raises(run_query.QueryError):
        run_query.ask("select list(range::varchar) from range(200000000)", release_id, store, seconds=10)


def test_an_unknown_release_is_named_with_those_there_are(store: Path, release_id: str) -> None:
    with pytest.raises(NoRelease, match=release_id):
        run_query.ask("select 1", "2026-01-01-0000000000", store)


@pytest.mark.parametrize("name", ["../../etc", "..", ".", "", "a/b", ".building-x", "a" * 300, "a\0b"])
def test_a_release_is_never_a_path(store: Path, name: str) -> None:
    with pytest.raises(NoRelease):
        run_query.ask("select 1", name, store)


@pytest.mark.parametrize(
    "alias", ["{}/", "{}/.", "{}//./", "./{}", "/{}", "x/../{}", "../releases/{}", "{}\\", " {}", "{} "]
)
def test_a_release_has_one_name(store: Path, release_id: str, alias: str) -> None:
    with pytest.raises(NoRelease):
        releases.folder(alias.format(release_id), store)
