"""What happened, by whom: publications, roll-backs, imports. The one thing that changes, and it only grows.

Each event carries the fingerprint of the one before it, so that an edited, removed or reordered event shows. SQLite by default.
"""

import getpass
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, event, insert, select

metadata = MetaData()

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …"),
    Column("happened_at", String, nullable=False, comment="UTC, ISO 8601."),
    Column("action", String, nullable=False, comment="publish, rollback or import."),
    Column("release_id", String, comment="The release that is current from here on, if the event changes it."),
    Column("actor", String, nullable=False, comment="Who."),
    Column("reason", String, nullable=False, comment="Why."),
    Column("details", String, nullable=False, comment="JSON: what else belongs to the event."),
    Column("previous_hash", String, nullable=False, comment="hash of the event before."),
    Column("hash", String, nullable=False, comment="sha256 over all other columns."),
    comment="Append-only and hash-chained.",
)

_FILE = "journal.sqlite"


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


def append(store: Path, action: str, release_id: str | None, reason: str, details: Mapping[str, Any], actor: str | None = None) -> Event:
    """Write one event behind the last. Two writers at once are put in order by the database."""
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
    return Event(**row)


def read(store: Path) -> list[Event]:
    """All events, oldest first."""
    if not (store / _FILE).exists():
        return []
    engine = _open(store)
    with engine.connect() as connection:
        found = [Event(*row) for row in connection.execute(select(events).order_by(events.c.seq))]
    engine.dispose()
    return found


def current_release(store: Path) -> str | None:
    """The release of the last event that names one. Reads the file directly: every page asks this on every run."""
    path = store / _FILE
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        try:
            row = connection.execute("select release_id from events where release_id is not null order by seq desc limit 1").fetchone()
        except sqlite3.OperationalError:
            return None
    return row[0] if row else None


def broken_links(store: Path) -> list[str]:
    """What does not hold in the chain of events, in sentences; nothing if all is well."""
    problems, previous = [], ""
    for place, entry in enumerate(read(store), start=1):
        row = entry._asdict()
        if entry.seq != place:
            problems.append(f"Event {place} is missing or out of order: event {entry.seq} stands in its place.")
        if entry.previous_hash != previous:
            problems.append(f"Event {entry.seq} does not follow the event before it.")
        if entry.hash != _fingerprint(row):
            problems.append(f"Event {entry.seq} was changed after it was written.")
        previous = entry.hash
    return problems


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
