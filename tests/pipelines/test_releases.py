"""A release is what its name says: anything changed in it is found, and an older one can be shown again."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines import journal, releases, verify
from pipelines.errors import NoRelease
from pipelines.user_sql import run_query
from tests.conftest import Small, overwrite
from tests.paths import TESTS


def problems(small: Small) -> list[str]:
    return list(verify.problems(releases.require_current(small.store), small.store))


def folder(small: Small) -> Path:
    return releases.folder(releases.require_current(small.store), small.store)


def test_a_release_that_nobody_touched_is_whole(small: Small) -> None:
    assert problems(small) == []


def test_a_byte_in_any_parquet_file_is_found(small: Small) -> None:
    for number, path in enumerate(sorted((folder(small) / "parquet").iterdir())):
        content = bytearray(path.read_bytes())
        content[(number * 997) % len(content)] ^= 1
        overwrite(path, bytes(content))
    found = problems(small)
    assert len(found) == len(list((folder(small) / "parquet").iterdir()))
    assert all("was changed: its fingerprint is not the one in manifest.json" in problem for problem in found)


@pytest.mark.parametrize("damage", ["gone", "empty", "cut"])
def test_a_parquet_file_that_is_gone_or_cut_is_found(small: Small, damage: str) -> None:
    path = folder(small) / "parquet" / "ledger.parquet"
    content = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(b"" if damage == "empty" else content[:-1])
    assert [problem for problem in problems(small) if problem.startswith("ledger.parquet")]


@pytest.mark.parametrize("word", ["inputs", "known_on", "engine", "sources", "tables", "sums", "laws"])
def test_any_changed_word_of_the_manifest_is_found(small: Small, word: str) -> None:
    path = folder(small) / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    if word == "tables":
        content[word]["ledger"]["rows"] += 1
    else:
        content[word] = "2020-01-01" if word == "known_on" else "changed"
    overwrite(path, json.dumps(content).encode())
    assert any("manifest.json was changed" in problem for problem in problems(small))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"tables": 3}'])
def test_a_manifest_that_cannot_be_read_is_found(small: Small, text: str) -> None:
    overwrite(folder(small) / "manifest.json", text.encode())
    assert any("manifest.json" in problem for problem in problems(small))


@pytest.mark.parametrize(
    "sql",
    [
        "update ledger set note = 'changed' where entry_id = 'envelopes:techeu-total'",
        "update mart_purses set amount_eur = amount_eur + 0.01 where purse = 'private'",
        "delete from milestones where is_planned",
        "insert into facts select * replace (fact_id || '-2' as fact_id) from facts",
        "drop table claims",
    ],
)
def test_a_changed_row_of_the_database_is_found(small: Small, sql: str) -> None:
    path = folder(small) / "tracker.duckdb"
    overwrite(path, path.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)
    assert any("tracker.duckdb" in problem for problem in problems(small))


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_a_database_that_is_damaged_or_gone_is_found(small: Small, content: bytes | None) -> None:
    path = folder(small) / "tracker.duckdb"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert any("tracker.duckdb cannot be read" in problem for problem in problems(small))


def test_a_changed_event_of_the_journal_is_found(small: Small) -> None:
    with closing(sqlite3.connect(small.store / "journal.sqlite")) as connection:
        connection.execute("drop trigger events_no_update")
        connection.execute("update events set actor = 'nobody'")
        connection.commit()
    assert problems(small) == ["Event 1 was changed after it was written."]


def test_a_release_can_be_verified_while_others_read_it(small: Small) -> None:
    with releases.open_read_only(releases.require_current(small.store), small.store) as connection:
        assert connection.execute("select 1").fetchall() == [(1,)]
        assert problems(small) == []
        call = [sys.executable, "-m", "pipelines", "verify", "--store", small.store]
        done = subprocess.run(call, cwd=TESTS.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_older_release_is_shown_again_and_the_newer_one_too(small: Small) -> None:
    first = releases.require_current(small.store)
    sql = "select heading from ledger where entry_id = 'envelopes:digital-europe-total-2021'"
    before = run_query.ask(sql, first, small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    second = small.build().release_id
    assert run_query.ask(sql, second, small.store) != before
    for release_id in (first, second, first):
        journal.append(small.store, "rollback", release_id, "to see", {})
        assert releases.current(small.store) == release_id
        assert problems(small) == []
    assert run_query.ask(sql, releases.require_current(small.store), small.store) == before
    assert [event.action for event in journal.read(small.store)] == [
        "publish",
        "publish",
        "rollback",
        "rollback",
        "rollback",
    ]


def test_no_release_at_all_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="python -m pipelines build"):
        releases.require_current(tmp_path)
    with pytest.raises(NoRelease, match="none yet"):
        releases.folder("2026-01-01-0000000000", tmp_path)


def test_a_database_of_a_release_cannot_be_written_through_its_own_door(small: Small) -> None:
    with (
        releases.open_read_only(releases.require_current(small.store), small.store) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute("delete from ledger")
