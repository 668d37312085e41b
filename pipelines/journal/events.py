"""What an event of the journal is, how events are chained, and what a journal can do.

Pure: no file, no database.

Each event carries the fingerprint of the one before it, so that an edited, removed or reordered event shows.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pipelines import files


class Event(NamedTuple):
    """One row of the journal, in the order in which the row is stored.

    seq: 1, 2, 3 … happened_at: UTC, ISO 8601. action: publish, withdraw, rollback, import, upload, request,
    decline or restore.
    release_id: the release that is current from here on, if the event changes it. actor: who; reason: why.
    details: JSON of what else belongs to the event. previous_hash: hash of the event before; hash: over all
    other columns.
    """

    seq: int
    happened_at: str
    action: str
    release_id: str | None
    actor: str
    reason: str
    details: str
    previous_hash: str
    hash: str


class Journal(Protocol):
    """What happened to one store. It only grows."""

    def append(
        self, action: str, release_id: str | None, reason: str, details: Mapping[str, Any], actor: str
    ) -> Event:
        """Write one event behind the last.

        Two writers at once are put in order. Raises JournalDamaged, OSError.
        """
        ...

    def events(self) -> list[Event]:
        """All events, oldest first. Raises JournalDamaged, OSError."""
        ...

    def current_release(self) -> str | None:
        """The release of the last event that names one; None if there is none. Answers as long as it can."""
        ...

    def broken_links(self) -> list[str]:
        """What does not hold in the chain of events, in sentences; nothing if all is well."""
        ...

    def wrong_note(self) -> list[str]:
        """What in the note of the last event does not fit the events, in sentences.

        The next event mends it.
        """
        ...

    def copy_to(self, store: Path) -> None:
        """Write the journal as it is at one moment into another store, which has none.

        Raises JournalDamaged, OSError.
        """
        ...

    def counts(self) -> dict[str, int]:
        """Action → how many events there are of it. Raises JournalDamaged."""
        ...


def next_event(
    last: Event | None,
    action: str,
    release_id: str | None,
    reason: str,
    details: Mapping[str, Any],
    actor: str,
) -> Event:
    """The event that follows the last one, now."""
    event = Event(
        seq=last.seq + 1 if last else 1,
        happened_at=datetime.now(UTC).isoformat(timespec="seconds"),
        action=action,
        release_id=release_id,
        actor=actor,
        reason=reason,
        details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        previous_hash=last.hash if last else "",
        hash="",
    )
    return event._replace(hash=fingerprint(event))


def fingerprint(event: Event) -> str:
    """The hash that an event must carry: sha256 over all its other columns."""
    content = {name: value for name, value in event._asdict().items() if name != "hash"}
    return files.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True))


def broken_chain(events: Iterable[Event]) -> list[str]:
    """What does not hold in a chain of events, in sentences; nothing if all is well."""
    problems, previous_hash = [], ""
    for expected_seq, event in enumerate(events, start=1):
        if event.seq != expected_seq:
            problems.append(
                f"Event {expected_seq} is missing or out of order: event {event.seq} stands in its place."
            )
        if event.previous_hash != previous_hash:
            problems.append(f"Event {event.seq} does not follow the event before it.")
        if event.hash != fingerprint(event):
            problems.append(f"Event {event.seq} was changed after it was written.")
        previous_hash = event.hash
    return problems
