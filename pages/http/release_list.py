"""The releases as a list: what each holds, when it was published, which one the public sees."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from pages.http.column_docs import ARROW, Described
from pipelines import journal, releases

COLUMNS = [
    Described(
        "release_id",
        "text",
        "text",
        "Name of the release: the day of its knowledge and the fingerprint of everything in it.",
        False,
    ),
    Described("known_on", "day", "day", "The day of its knowledge.", False),
    Described(
        "is_current", "boolean", "true or false", "Whether it is the release that the public sees now.", False
    ),
    Described("published_at", "text", "UTC, ISO 8601", "When it was first published.", True),
    Described(
        "last_current_at",
        "text",
        "UTC, ISO 8601",
        "When it last became the current one, by publication or roll-back.",
        True,
    ),
    Described("reason", "text", "text", "Why it became the current one.", True),
    Described("sources", "integer", "count", "Source folders in it.", False),
    Described("entries", "integer", "count", "Entries of its ledger.", False),
    Described("tables", "integer", "count", "Tables in it.", False),
]
TITLE = "Releases"
MEANING = "Every release that is kept here, the newest publication first. A release never changes."


def table() -> pa.Table:
    """The list as Arrow."""
    place, current = releases.store_path(), releases.current()
    first: dict[str, journal.Event] = {}
    last: dict[str, journal.Event] = {}
    for event in journal.read(place):
        if event.release_id:
            first.setdefault(event.release_id, event)
            last[event.release_id] = event
    rows: list[dict[str, Any]] = []
    for release_id in releases.available():
        about = _manifest(release_id, place)
        rows.append(
            row(release_id, about, release_id == current, first.get(release_id), last.get(release_id))
        )
    rows.sort(key=lambda row: (row["published_at"] or "", row["release_id"]), reverse=True)
    return pa.Table.from_pylist(rows, pa.schema([(column.name, ARROW[column.kind]) for column in COLUMNS]))


def row(
    release_id: str,
    about: Mapping[str, Any],
    is_current: bool,
    first: journal.Event | None,
    last: journal.Event | None,
) -> dict[str, Any]:
    """One release. about: its manifest. first, last: the events that made it the current one."""
    return {
        "release_id": release_id,
        "known_on": date.fromisoformat(about["known_on"]),
        "is_current": is_current,
        "published_at": first.happened_at if first else None,
        "last_current_at": last.happened_at if last else None,
        "reason": last.reason if last else None,
        "sources": len(about["sources"]),
        "entries": about["tables"]["ledger"]["rows"],
        "tables": len(about["tables"]),
    }


@lru_cache(maxsize=256)
def _manifest(release_id: str, store: Path) -> dict[str, Any]:
    return releases.manifest(release_id, store)
