"""The journal only grows, and shows when somebody changed what it says."""

import os
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from pipelines import journal
from pipelines.journal.sqlite import SqliteJournal


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    for number in range(1, 6):
        journal.append(
            tmp_path,
            "publish",
            f"2026-11-2{number}-aaaaaaaaaa",
            "as a test",
            {"number": number},
            actor="tester",
        )
    return tmp_path


def tamper(store: Path, *statements: str) -> None:
    """As somebody would who has the file and means harm."""
    with closing(sqlite3.connect(store / "journal.sqlite")) as connection:
        for action in ("update", "delete"):
            connection.execute(f"drop trigger events_no_{action}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_an_empty_store_has_an_empty_journal_and_no_release(tmp_path: Path) -> None:
    assert journal.read(tmp_path) == []
    assert journal.current_release(tmp_path) is None
    assert journal.broken_links(tmp_path) == []
    assert list(tmp_path.iterdir()) == [], "reading makes nothing"


def test_events_stand_in_order_and_carry_the_one_before(kept: Path) -> None:
    found = journal.read(kept)
    assert [event.seq for event in found] == [1, 2, 3, 4, 5]
    assert [event.previous_hash for event in found] == ["", *(event.hash for event in found[:-1])]
    assert all(datetime.fromisoformat(event.happened_at).utcoffset() is not None for event in found)
    assert journal.broken_links(kept) == []


def test_the_current_release_is_that_of_the_last_event_that_names_one(kept: Path) -> None:
    journal.append(kept, "import", None, "a list came in", {})
    assert journal.current_release(kept) == "2026-11-25-aaaaaaaaaa"
    journal.append(kept, "rollback", "2026-11-22-aaaaaaaaaa", "it was better", {})
    assert journal.current_release(kept) == "2026-11-22-aaaaaaaaaa"


@pytest.mark.parametrize(
    "statement", ["update events set actor = 'nobody' where seq = 2", "delete from events where seq = 5"]
)
def test_the_database_itself_refuses_to_change_or_remove_events(kept: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(kept / "journal.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="events are only added"),
    ):
        connection.execute(statement)


@pytest.mark.parametrize(
    "column",
    [column for column in journal.Event._fields if column not in ("seq", "hash", "previous_hash")],
)
def test_a_changed_cell_is_found_and_its_event_named(kept: Path, column: str) -> None:
    tamper(kept, " ".join(["update events set", column, "=", column, "|| 'x' where seq = 3"]))
    assert journal.broken_links(kept) == ["Event 3 was changed after it was written."]


def test_a_changed_event_with_a_fresh_hash_no_longer_fits_its_neighbour(kept: Path) -> None:
    tamper(kept, "update events set reason = 'never happened', hash = 'f00' where seq = 3")
    assert "Event 4 does not follow the event before it." in journal.broken_links(kept)


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_a_removed_event_is_found(kept: Path, seq: int) -> None:
    tamper(kept, " ".join(["delete from events where seq =", str(seq)]))
    assert any(f"Event {seq} is missing or out of order" in problem for problem in journal.broken_links(kept))


def test_two_exchanged_events_are_found(kept: Path) -> None:
    tamper(
        kept,
        "update events set seq = 99 where seq = 2",
        "update events set seq = 2 where seq = 4",
        "update events set seq = 4 where seq = 99",
    )
    assert {"Event 2 was changed after it was written.", "Event 4 was changed after it was written."} <= set(
        journal.broken_links(kept)
    )


def test_a_removed_event_whose_followers_were_renumbered_is_found(kept: Path) -> None:
    tamper(kept, "delete from events where seq = 2", "update events set seq = seq - 1 where seq > 2")
    assert len(journal.broken_links(kept)) >= 1


def test_events_are_still_added_behind_a_broken_one(kept: Path) -> None:
    tamper(kept, "update events set reason = 'x' where seq = 3")
    journal.append(kept, "import", None, "life goes on", {})
    assert journal.broken_links(kept) == ["Event 3 was changed after it was written."]


def _write_ten(store: Path, actor: str) -> None:
    for number in range(10):
        journal.append(store, "import", None, f"number {number}", {}, actor=actor)


@pytest.mark.slow
def test_writers_at_the_same_time_are_put_in_order(tmp_path: Path) -> None:
    journal.append(tmp_path, "import", None, "the first", {})
    several = [
        get_context("spawn").Process(target=_write_ten, args=(tmp_path, f"writer {number}"))
        for number in range(3)
    ]
    for process in several:
        process.start()
    for process in several:
        process.join()
    assert [event.seq for event in journal.read(tmp_path)] == list(range(1, 32))
    assert journal.broken_links(tmp_path) == []


def test_the_current_release_is_kept_only_while_the_files_are_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []
    read_rows = SqliteJournal._rows

    def counted(self: SqliteJournal, sql: str) -> list[Any]:
        questions.append(sql)
        return read_rows(self, sql)

    monkeypatch.setattr(SqliteJournal, "_rows", counted)

    def rest() -> None:
        for file in tmp_path.iterdir():
            os.utime(file, (time.time() - 60, time.time() - 60))

    journal.append(tmp_path, "published", "first", "", {})
    questions.clear()
    assert [journal.current_release(tmp_path) for _ in range(3)] == ["first"] * 3
    assert len(questions) == 6, "files that were written a moment ago are read each time"
    rest()
    questions.clear()
    assert [journal.current_release(tmp_path) for _ in range(3)] == ["first"] * 3
    assert len(questions) == 2, "files at rest are read once"
    journal.append(tmp_path, "published", "second", "", {})
    assert journal.current_release(tmp_path) == "second"
    rest()
    assert journal.current_release(tmp_path) == "second"
    for file in tmp_path.iterdir():
        file.unlink()
    assert journal.current_release(tmp_path) is None
