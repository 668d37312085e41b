"""The journal of a store: publications, roll-backs, imports, uploads and requests, and who did each.

It only grows.

`from pipelines import journal` is all that the rest of the code needs. events.py says what an event and a
journal are,
sqlite.py keeps one; another database would implement the same Journal and be chosen in `journal_of`.
"""

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.journal.events import Event, Journal
from pipelines.journal.sqlite import SqliteJournal

__all__ = ["Event", "Journal", "append", "broken_links", "current_release", "journal_of", "read"]


def journal_of(store: Path) -> Journal:
    """The journal of a store. Opens nothing yet."""
    return SqliteJournal(store)


def append(
    store: Path,
    action: str,
    release_id: str | None,
    reason: str,
    details: Mapping[str, Any],
    actor: str | None = None,
) -> Event:
    """Write one event behind the last.

    actor: who, if not the user of the operating system. Raises JournalDamaged, OSError.
    """
    return journal_of(store).append(action, release_id, reason, details, actor or getpass.getuser())


def read(store: Path) -> list[Event]:
    """All events, oldest first. Raises JournalDamaged, OSError."""
    return journal_of(store).events()


def current_release(store: Path) -> str | None:
    """The release of the last event that names one; None if there is none."""
    return journal_of(store).current_release()


def broken_links(store: Path) -> list[str]:
    """What does not hold in the chain of events, in sentences; nothing if all is well."""
    return journal_of(store).broken_links()
