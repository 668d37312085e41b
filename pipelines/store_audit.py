"""Whether what the journal says of uploads is what lies in the store: bytes, requests, accepted sources.

Reads only.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pipelines import files, journal
from pipelines.errors import JournalDamaged


def problems(store: Path) -> Iterator[str]:
    """What does not hold, in sentences; nothing if all is well."""
    try:
        events = journal.read(store)
    except JournalDamaged:
        return  # said by journal.broken_links
    seen: set[Path] = set()
    for entry in events:
        try:
            details = json.loads(entry.details)
        except ValueError:
            continue  # said by journal.broken_links
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
        for name, digest in details.get("accepted", {}).items():
            if files.folder_sha256(store / "sources" / name) != digest:
                yield (
                    f"The accepted source {name} was changed or is missing: it is not what event "
                    f"{entry.seq} accepted."
                )
        if entry.release_id and not (store / "releases" / entry.release_id / "manifest.json").is_file():
            yield f"Release {entry.release_id} of event {entry.seq} is not in the store."


def _file(path: Path, sha256: str, what: str, seen: set[Path]) -> Iterator[str]:
    if path in seen:
        return
    seen.add(path)
    if not path.is_file():
        yield f"The stored bytes of {what} are missing: {path.name}."
    elif files.file_sha256(path) != sha256:
        yield f"The stored bytes of {what} were changed: {path.name}."
