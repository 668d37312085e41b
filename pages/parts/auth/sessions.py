"""Who is signed in: one row for each sign-in, in sessions.sqlite in the store.

Without a living row a cookie is worth nothing.

Streamlit's login cookie outlives a logout by thirty days and cannot be taken back; these rows can.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from pages.parts.text import auth_errors as text
from pages.parts.text.translation import say

IDLE_SECONDS = 30 * 60
AGE_SECONDS = 8 * 3600
_FILE = "sessions.sqlite"
_TABLE = """
    create table if not exists sessions (
        key text primary key, issuer text not null, subject text not null, name text not null,
        began_at real not null, seen_at real not null, revoked_at real
    ) strict
"""


class Session(NamedTuple):
    """One sign-in. Times are seconds since 1970; revoked_at is None as long as nobody ended it for them."""

    key: str
    issuer: str
    subject: str
    name: str
    began_at: float
    seen_at: float
    revoked_at: float | None


def begin(store: Path, key: str, issuer: str, subject: str, name: str, now: float | None = None) -> None:
    """Write down a sign-in, once, and forget those that are too old to matter.

    Raises sqlite3.Error if the store cannot be written.
    """
    moment = time.time() if now is None else now
    with _written(store) as connection:
        connection.execute("delete from sessions where began_at < ?", [moment - 2 * AGE_SECONDS])
        row = Session(key, issuer, subject, name, moment, moment, None)
        connection.execute("insert or ignore into sessions values (?, ?, ?, ?, ?, ?, ?)", row)


def why_over(store: Path, key: str, now: float | None = None) -> str:
    """Why a session does not hold any more, in a sentence; empty if it lives.

    A living one counts as used now.
    """
    moment = time.time() if now is None else now
    session = next((session for session in listed(store) if session.key == key), None)
    if session is None:
        return say(text.SIGNED_OUT)
    if session.revoked_at is not None:
        return say(text.ENDED)
    if moment - session.began_at > AGE_SECONDS or moment < session.began_at - 60:
        return say(text.TOO_OLD, hours=AGE_SECONDS // 3600)
    if moment - session.seen_at > IDLE_SECONDS:
        return say(text.IDLE, minutes=IDLE_SECONDS // 60)
    if moment - session.seen_at > 5:
        with _written(store) as connection:
            connection.execute(
                "update sessions set seen_at = ? where key = ? and revoked_at is null", [moment, key]
            )
    return ""


def end(store: Path, key: str) -> None:
    """Sign out: the row goes, and with it every copy of the cookie."""
    with _written(store) as connection:
        connection.execute("delete from sessions where key = ?", [key])


def revoke(store: Path, issuer: str, subject: str) -> int:
    """End every session of somebody, from their next action on. Gives how many."""
    with _written(store) as connection:
        statement = (
            "update sessions set revoked_at = ? where issuer = ? and subject = ? and revoked_at is null"
        )
        return connection.execute(statement, [time.time(), issuer, subject]).rowcount


def listed(store: Path) -> list[Session]:
    """All sessions that were not signed out, the newest first."""
    path = store / _FILE
    if not path.is_file():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as connection:
        rows = connection.execute(
            "select key, issuer, subject, name, began_at, seen_at, revoked_at from sessions order by "
            "began_at desc"
        )
        return [Session(*row) for row in rows]


@contextmanager
def _written(store: Path) -> Iterator[sqlite3.Connection]:
    store.mkdir(parents=True, exist_ok=True)
    path = store / _FILE
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        connection.execute(_TABLE)
        yield connection
