"""The releases as a list: what each holds, when it was published, which one the public sees."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from pages.http.column_docs import ARROW, Described
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines import journal, releases

KINDS = {
    "release_id": ("text", "text", False),
    "known_on": ("day", "day", False),
    "is_current": ("boolean", "true or false", False),
    "published_at": ("text", "UTC, ISO 8601", True),
    "last_current_at": ("text", "UTC, ISO 8601", True),
    "reason": ("text", "text", True),
    "sources": ("integer", "count", False),
    "entries": ("integer", "count", False),
    "tables": ("integer", "count", False),
}
COLUMNS = [
    Described(name, kind, unit, say(text.RELEASE_COLUMNS[name]), is_optional)
    for name, (kind, unit, is_optional) in KINDS.items()
]
TITLE, MEANING = say(text.RELEASES), say(text.RELEASES_MEANING)


def table() -> pa.Table:
    """The list as Arrow."""
    store, current = releases.store_path(), releases.current()
    first: dict[str, journal.Event] = {}
    last: dict[str, journal.Event] = {}
    for event in journal.read(store):
        if event.release_id:
            first.setdefault(event.release_id, event)
            last[event.release_id] = event
    rows: list[dict[str, Any]] = []
    for release_id in releases.available():
        about = _manifest(release_id, store)
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
