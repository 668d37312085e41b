"""Whether what the journal says of uploads and imports is what lies in the store: bytes, requests,
accepted sources.

Reads only.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines import files, journal
from pipelines.errors import JournalDamaged


def problems(store: Path) -> Iterator[str]:
    """What does not hold, in sentences; nothing if all is well."""
    try:
        events = journal.read(store)
    except JournalDamaged:
        return  # said by journal.broken_links
    seen: set[Path] = set()
    left_out = _left_out(events)
    for entry in events:
        try:
            details = json.loads(entry.details)
            yield from _of_event(store, entry, details, seen)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # said by journal.broken_links
        if (
            entry.release_id
            and entry.seq > left_out.get(entry.release_id, 0)
            and not (store / "releases" / entry.release_id / "manifest.json").is_file()
        ):
            yield f"Release {entry.release_id} of event {entry.seq} is not in the store."


def _of_event(store: Path, entry: journal.Event, details: dict[str, Any], seen: set[Path]) -> Iterator[str]:
    """What of the bytes that an event names is not there or was changed."""
    if entry.action == "upload":
        yield from _file(
            store / "uploads" / details["sha256"],
            details["sha256"],
            f"the upload {details['file_name']}",
            seen,
        )
    elif entry.action == "request":
        yield from _file(
            store / "requests" / details["stored"], details["stored"], f"request-{entry.seq}", seen
        )
    elif entry.action == "import":
        yield from _import(store / "sources" / details["source_id"], details.get("folder"), entry.seq)
    for name, digest in details.get("accepted", {}).items():
        if files.folder_sha256(store / "sources" / name) != digest:
            yield (
                f"The accepted source {name} was changed or is missing: it is not what event "
                f"{entry.seq} accepted."
            )


def _left_out(events: list[journal.Event]) -> dict[str, int]:
    """Older release → the event of the restore whose backup was made without it."""
    found: dict[str, int] = {}
    for entry in events:
        if entry.action == "restore":
            try:
                found |= dict.fromkeys(json.loads(entry.details)["left_out"], entry.seq)
            except (ValueError, KeyError, TypeError):
                continue  # said by journal.broken_links
    return found


def _import(folder: Path, sha256: str | None, seq: int) -> Iterator[str]:
    """An import must be there, and what it was when its event was written, if that noted a fingerprint."""
    if not folder.is_dir():
        yield f"The import {folder.name} of event {seq} is missing."
    elif sha256 and files.folder_sha256(folder) != sha256:
        yield f"The import {folder.name} was changed: it is not what event {seq} brought in."


def _file(path: Path, sha256: str, what: str, seen: set[Path]) -> Iterator[str]:
    if path in seen:
        return
    seen.add(path)
    if not path.is_file():
        yield f"The stored bytes of {what} are missing: {path.name}."
    elif files.file_sha256(path) != sha256:
        yield f"The stored bytes of {what} were changed: {path.name}."
