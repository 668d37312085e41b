"""What happened, by whom: publications, roll-backs, imports. The one thing that changes, and it only grows.

Each event carries the fingerprint of the one before it, so that an edited, removed or reordered event shows. SQLite by default.
Beside it stands current.json, a note of the last event: should a page of the journal be damaged, the public goes on seeing the last good release.
"""

import errno
import getpass
import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError

from pipelines.errors import JournalDamaged

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …"),
    Column("happened_at", String, nullable=False, comment="UTC, ISO 8601."),
    Column(
        "action",
        String,
        nullable=False,
        comment="publish, withdraw, rollback, import, upload, request or decline.",
    ),
    Column(
        "release_id", String, comment="The release that is current from here on, if the event changes it."
    ),
    Column("actor", String, nullable=False, comment="Who."),
    Column("reason", String, nullable=False, comment="Why."),
    Column("details", String, nullable=False, comment="JSON: what else belongs to the event."),
    Column("previous_hash", String, nullable=False, comment="hash of the event before."),
    Column("hash", String, nullable=False, comment="sha256 over all other columns."),
    comment="Append-only and hash-chained.",
)

_FILE = "journal.sqlite"
_NOTE = "current.json"


class Event(NamedTuple):
    """One row of the journal."""

    seq: int
    happened_at: str
    action: str
    release_id: str | None
    actor: str
    reason: str
    details: str
    previous_hash: str
    hash: str


def append(
    store: Path,
    action: str,
    release_id: str | None,
    reason: str,
    details: Mapping[str, Any],
    actor: str | None = None,
) -> Event:
    """Write one event behind the last. Two writers at once are put in order by the database."""
    try:
        engine = _open(store)
        with engine.begin() as connection:
            last = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).first()
            row: dict[str, Any] = {
                "seq": last.seq + 1 if last else 1,
                "happened_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "action": action,
                "release_id": release_id,
                "actor": actor or getpass.getuser(),
                "reason": reason,
                "details": json.dumps(details, ensure_ascii=False, sort_keys=True),
                "previous_hash": last.hash if last else "",
            }
            row["hash"] = _fingerprint(row)
            connection.execute(insert(events).values(row))
        engine.dispose()
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _damaged(store, error) from None
    written = Event(**row)
    with suppress(
        OSError
    ):  # the event stands; a note that could not be written is mended by the next event and named by `verify`
        _note_down(store, written)
    return written


def read(store: Path) -> list[Event]:
    """All events, oldest first. Raises JournalDamaged if the file cannot be read."""
    try:
        return [Event(*row) for row in _rows(store, str(select(events).order_by(events.c.seq)))]
    except sqlite3.DatabaseError as error:
        raise _damaged(store, error) from None


def current_release(store: Path) -> str | None:
    """The release of the last event that names one. Reads the file directly: every page asks this on every run.

    If the journal cannot be read, or ends before the event that current.json noted, the release that current.json noted.
    """
    note = _noted(store)
    last, current = (
        "select * from events order by seq desc limit 1",
        "select * from events where release_id is not null order by seq desc limit 1",
    )
    try:
        ends = [Event(*row) for row in _rows(store, last)]
        found = [Event(*row) for row in _rows(store, current)]
    except (sqlite3.DatabaseError, TypeError):
        return note.release_id if note else None
    if note and (
        not ends
        or ends[0].seq < note.seq
        or any(entry.hash != _fingerprint(entry._asdict()) for entry in found)
    ):
        return note.release_id
    return found[0].release_id if found else None


def broken_links(store: Path) -> list[str]:
    """What does not hold in the chain of events, in sentences; nothing if all is well."""
    problems, previous = [], ""
    try:
        entries = read(store)
        problems += [
            f"journal.sqlite is damaged: {row[0]}."
            for row in _rows(store, "pragma integrity_check")
            if row[0] != "ok"
        ]
    except (JournalDamaged, sqlite3.DatabaseError) as error:
        return [str(error)]
    for place, entry in enumerate(entries, start=1):
        row = entry._asdict()
        if entry.seq != place:
            problems.append(
                f"Event {place} is missing or out of order: event {entry.seq} stands in its place."
            )
        if entry.previous_hash != previous:
            problems.append(f"Event {entry.seq} does not follow the event before it.")
        if entry.hash != _fingerprint(row):
            problems.append(f"Event {entry.seq} was changed after it was written.")
        previous = entry.hash
    note = _noted(store)
    if note and (not entries or entries[-1].seq < note.seq):
        ends = f"ends at event {entries[-1].seq}" if entries else "is empty"
        problems.append(f"The journal {ends}, but {_NOTE} saw event {note.seq}: later events were removed.")
    elif note and all(entry.hash != note.hash for entry in entries):
        problems.append(f"{_NOTE} saw another event {note.seq} than the one in the journal.")
    return problems


class _Note(NamedTuple):
    """What current.json says: the last event, and the release that was current after it."""

    seq: int
    hash: str
    release_id: str | None


def _noted(store: Path) -> _Note | None:
    try:
        return _Note(**json.loads((store / _NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _note_down(store: Path, written: Event) -> None:
    """Put the event into current.json, whole or not at all, unless a later one is noted there already."""
    with (store / f".{_NOTE}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        note = _noted(store)
        if note and note.seq >= written.seq > 1:
            return
        release_id = written.release_id or (note.release_id if note else None)
        beside = store / f".{_NOTE}.new"
        with beside.open("w", encoding="utf-8") as stream:
            json.dump(_Note(written.seq, written.hash, release_id)._asdict(), stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(store / _NOTE)


def _rows(store: Path, sql: str) -> list[Any]:
    """The rows of one question to the file, without a lock; none if there is no file or no table yet. A disk that may not be written is no obstacle."""
    path = store / _FILE
    if not path.exists():
        return []
    for mode in ("mode=ro", "immutable=1"):
        try:
            with closing(sqlite3.connect(f"file:{path}?{mode}", uri=True, timeout=10)) as connection:
                return connection.execute(sql).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            if mode != "mode=ro" or "open" not in str(error):
                raise
    return []


def _damaged(store: Path, error: Exception) -> Exception:
    """Why the journal cannot be used: a disk that is full or may not be written, or else a damaged file."""
    said = str(error).lower()
    for words, number in (
        ("readonly", errno.EROFS),
        ("is full", errno.ENOSPC),
        ("unable to open", errno.EACCES),
        ("disk i/o error", errno.EIO),
    ):
        if words in said:
            return OSError(number, os.strerror(number), str(store / _FILE))
    note = _noted(store)
    shown = (
        f" The public goes on seeing release {note.release_id}, as {_NOTE} says."
        if note and note.release_id
        else ""
    )
    cause = str(getattr(error, "orig", error))
    return JournalDamaged(
        f"The journal {store / _FILE} cannot be used: {cause}.{shown} Put back a copy of it, then run `python -m pipelines verify`."
    )


def _fingerprint(row: Mapping[str, Any]) -> str:
    content = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _open(store: Path) -> Engine:
    store.mkdir(parents=True, exist_ok=True)
    path = store / _FILE
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("begin immediate")

    _migrate(engine, path)
    return engine


def _migrate(engine: Engine, path: Path) -> None:
    """Bring the tables up to date. The newest migration is known by its file name, so that Alembic is loaded only when there is work."""
    folder = Path(__file__).with_name("migrations")
    newest = max(file.stem.split("_")[0] for file in (folder / "versions").glob("[0-9]*.py"))
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        known = connection.execute("select name from sqlite_master where name = 'alembic_version'").fetchone()
        if known and connection.execute("select version_num from alembic_version").fetchone() == (newest,):
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
