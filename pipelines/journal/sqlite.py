"""The journal in SQLite: journal.sqlite in the store.

The database itself lets no event be changed or removed. Beside it stands current.json, a note of the last
event: should a page of the journal be damaged, the public goes on seeing the last good release.
"""

import errno
import json
import os
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, event, insert, select
from sqlalchemy.exc import DatabaseError

from pipelines import files
from pipelines.errors import JournalDamaged
from pipelines.journal.events import Event, broken_chain, fingerprint, next_event

_FILE = "journal.sqlite"
_NOTE = "current.json"

# The files whose state decides whether the journal must be read again, and how long a file must have been at
# rest: one that was written a moment ago may be written again without a new time.
_STATE_FILES = (_FILE, f"{_FILE}-wal", f"{_FILE}-journal", _NOTE)
_REST_NS = 2_000_000_000
_FileStates = tuple[tuple[int, int, int] | None, ...]

_EVENTS = Table(
    "events",
    MetaData(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    *(Column(name, String, nullable=name == "release_id") for name in Event._fields if name != "seq"),
)
_SELECT = str(select(_EVENTS))
_ALL = f"{_SELECT} order by seq"
_LAST = f"{_SELECT} order by seq desc limit 1"
_COUNTS = "select action, count(*) from events group by action"
_LAST_OF_A_RELEASE = f"{_SELECT} where release_id is not null order by seq desc limit 1"


class _Note(NamedTuple):
    """What current.json says: the last event, and the release that was current after it."""

    seq: int
    hash: str
    release_id: str | None


class _Answer(NamedTuple):
    """The current release of a store while its files are in these states."""

    states: _FileStates
    release_id: str | None


_ANSWERS: dict[Path, _Answer] = {}


class SqliteJournal:
    """The journal of one store."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._path = store / _FILE
        self._note_path = store / _NOTE

    def append(
        self, action: str, release_id: str | None, reason: str, details: Mapping[str, Any], actor: str
    ) -> Event:
        """Write one event behind the last. Two writers at once are put in order by the database.

        Raises JournalDamaged, OSError.
        """
        try:
            engine = self._open()
            with engine.begin() as connection:
                row = connection.execute(select(_EVENTS).order_by(_EVENTS.c.seq.desc()).limit(1)).first()
                written = next_event(Event(*row) if row else None, action, release_id, reason, details, actor)
                connection.execute(insert(_EVENTS).values(written._asdict()))
            engine.dispose()
        except (DatabaseError, sqlite3.DatabaseError) as error:
            raise self._damaged(error) from None
        # The event stands. A note that could not be written is mended by the next event and named by
        # `verify`.
        with suppress(OSError):
            self._write_note(written)
        return written

    def events(self) -> list[Event]:
        """All events, oldest first. Raises JournalDamaged, OSError."""
        try:
            return [Event(*row) for row in self._rows(_ALL)]
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    def current_release(self) -> str | None:
        """The release of the last event that names one.

        If the journal cannot be read, or ends before the event in current.json, the release in current.json.
        Every page asks this on every run: the answer is kept while the files are as they were.
        """
        states = self._file_states()
        kept = _ANSWERS.get(self._store)
        if kept and kept.states == states:
            return kept.release_id
        release_id = self._read_current_release()
        if all(state is None or time.time_ns() - state[0] > _REST_NS for state in states):
            _ANSWERS[self._store] = _Answer(states, release_id)
        return release_id

    def _file_states(self) -> _FileStates:
        """Time of change, size and inode of each file of the journal; None for one that is not there."""
        states: list[tuple[int, int, int] | None] = []
        for name in _STATE_FILES:
            try:
                status = (self._store / name).stat()
                states.append((status.st_mtime_ns, status.st_size, status.st_ino))
            except OSError:
                states.append(None)
        return tuple(states)

    def _read_current_release(self) -> str | None:
        """The current release, read from the file directly."""
        note = self._note()
        try:
            last = [Event(*row) for row in self._rows(_LAST)]
            current = [Event(*row) for row in self._rows(_LAST_OF_A_RELEASE)]
        except (sqlite3.DatabaseError, TypeError):
            return note.release_id if note else None
        is_cut_off = note and (not last or last[0].seq < note.seq)
        is_changed = any(entry.hash != fingerprint(entry) for entry in current)
        if note and (is_cut_off or is_changed):
            return note.release_id
        return current[0].release_id if current else None

    def broken_links(self) -> list[str]:
        """What does not hold in the chain of events, in sentences; nothing if all is well."""
        try:
            entries = self.events()
            damages = [row[0] for row in self._rows("pragma integrity_check") if row[0] != "ok"]
        except (JournalDamaged, sqlite3.DatabaseError) as error:
            return [str(error)]
        problems = [f"{_FILE} is damaged: {damage}." for damage in damages] + broken_chain(entries)
        note = self._note()
        if note and (not entries or entries[-1].seq < note.seq):
            end = f"ends at event {entries[-1].seq}" if entries else "is empty"
            problems.append(
                f"The journal {end}, but {_NOTE} saw event {note.seq}: later events were removed."
            )
        elif note and all(entry.hash != note.hash for entry in entries):
            problems.append(f"{_NOTE} saw another event {note.seq} than the one in the journal.")
        return problems

    def wrong_note(self) -> list[str]:
        """What in current.json does not fit the events, in sentences. The next event mends it."""
        try:
            entries = self.events()
        except JournalDamaged:
            return []  # said by broken_links
        note = self._note()
        mended = "The next event writes it anew."
        if note is None:
            return [f"{_NOTE} is missing or cannot be read. {mended}"] if entries else []
        seen = [entry for entry in entries if entry.seq <= note.seq]
        is_event = seen and (seen[-1].seq, seen[-1].hash) == (note.seq, note.hash)
        if is_event and _current_of(seen) == note.release_id:
            return []
        return [f"{_NOTE} does not say what event {note.seq} of the journal says. {mended}"]

    def copy_to(self, store: Path) -> None:
        """Write the journal as it is at one moment into another store, which has none.

        Raises JournalDamaged, OSError.
        """
        target = SqliteJournal(store)
        store.mkdir(parents=True, exist_ok=True)
        try:
            with (
                closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=30)) as here,
                closing(sqlite3.connect(target._path)) as there,
            ):
                here.backup(there)
                there.execute("pragma journal_mode=delete")  # one file, with nothing beside it
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None
        entries = target.events()
        if entries:
            target._write_note(entries[-1]._replace(release_id=_current_of(entries)))

    def counts(self) -> dict[str, int]:
        """Action → how many events there are of it. Raises JournalDamaged."""
        try:
            return dict(self._rows(_COUNTS))
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    # --- current.json ---------------------------------------------------------------------------------------

    def _note(self) -> _Note | None:
        try:
            note = _Note(**json.loads(self._note_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return note if isinstance(note.seq, int) and isinstance(note.release_id, str | None) else None

    def _write_note(self, written: Event) -> None:
        """Put the event into current.json, whole or not at all, unless a later one is noted there already."""
        with files.lock(self._store / f".{_NOTE}.lock"):
            note = self._note()
            if note and note.seq >= written.seq > 1:
                return
            release_id = written.release_id or (note.release_id if note else self._read_current_release())
            new_note = _Note(written.seq, written.hash, release_id)
            files.write(self._note_path, json.dumps(new_note._asdict()))

    # --- journal.sqlite -------------------------------------------------------------------------------------

    def _rows(self, sql: str) -> list[Any]:
        """The rows of one question to the file, without a lock; none if there is no file or no table yet.

        A disk that may not be written is no obstacle.
        """
        if not self._path.exists():
            return []
        for mode in ("mode=ro", "immutable=1"):
            try:
                address = f"file:{self._path}?{mode}"
                with closing(sqlite3.connect(address, uri=True, timeout=10)) as connection:
                    return connection.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                if mode != "mode=ro" or "open" not in str(error):
                    raise
        return []

    def _damaged(self, error: Exception) -> Exception:
        """Why the journal cannot be used: a disk that is full or may not be written, or else a damaged
        file.
        """
        message = str(error).lower()
        for words, number in (
            ("readonly", errno.EROFS),
            ("is full", errno.ENOSPC),
            ("unable to open", errno.EACCES),
            ("disk i/o error", errno.EIO),
        ):
            if words in message:
                return OSError(number, os.strerror(number), str(self._path))
        note = self._note()
        meanwhile = (
            f" The public goes on seeing release {note.release_id}, as {_NOTE} says."
            if note and note.release_id
            else ""
        )
        cause = str(getattr(error, "orig", error))
        return JournalDamaged(
            f"The journal {self._path} cannot be used: {cause}.{meanwhile} "
            "Put back a copy of it, then run `python -m pipelines verify`."
        )

    def _open(self) -> Engine:
        self._store.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def _settings(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("begin immediate")

        _migrate(engine, self._path)
        return engine


def _current_of(entries: list[Event]) -> str | None:
    """The release of the last of these events that names one."""
    return next((entry.release_id for entry in reversed(entries) if entry.release_id), None)


def _migrate(engine: Engine, path: Path) -> None:
    """Bring the tables up to date.

    The newest migration is known by its file name, so that Alembic is loaded only for work.
    """
    folder = Path(__file__).with_name("migrations")
    newest = max(file.stem.split("_")[0] for file in (folder / "versions").glob("[0-9]*.py"))
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        has_version = connection.execute(
            "select name from sqlite_master where name = 'alembic_version'"
        ).fetchone()
        if has_version and connection.execute("select version_num from alembic_version").fetchone() == (
            newest,
        ):
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")
