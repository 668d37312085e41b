"""Which uploads the public sees: told from the journal alone.

A folder in the store that no event names is nobody's and is not built in.

A publication says which uploads its release holds, so that rolling back to a release brings back its uploads
too.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines import journal

_FOLDER = re.compile(r"(upload|withdrawn)-[0-9a-f]{12}(-\d+)?")


def in_force(store: Path) -> list[str]:
    """Folder names of the uploads in the current release, in order."""
    return uploads_of(store, journal.current_release(store))


def uploads_of(store: Path, release_id: str | None) -> list[str]:
    """Folder names of the uploads in a release, in order."""
    held = [details for release, details in _publications(store) if release == release_id]
    return sorted(held[-1].get("uploads", [])) if held else []


def belongs(folder: str, uploads: Sequence[str]) -> bool:
    """Whether a source folder of the store is built in: it is not of an upload, or of one of these."""
    return not _FOLDER.fullmatch(folder) or folder in uploads


def folders(store: Path) -> dict[str, str]:
    """Folder → fingerprint of everything in it, for every upload that was ever accepted."""
    return {
        name: digest
        for _, details in _publications(store)
        for name, digest in details.get("accepted", {}).items()
    }


def free_name(store: Path, kind: str, sha256: str) -> str:
    """The name of the next folder for these bytes: upload-<12 digits>, with a number behind it if they were
    accepted before.
    """
    taken = folders(store)
    stem = f"{kind}-{sha256[:12]}"
    numbered = (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in numbered if name not in taken)


def inputs_of(store: Path, release_id: str) -> set[str]:
    """Fingerprints of the inputs from which publications made this release."""
    return {
        details["inputs"]
        for release, details in _publications(store)
        if release == release_id and "inputs" in details
    }


def newest_inputs(store: Path) -> set[str]:
    """Fingerprint of the inputs of the newest publication; empty if there is none."""
    return {details["inputs"] for _, details in _publications(store)[-1:] if "inputs" in details}


def _publications(store: Path) -> list[tuple[str, dict[str, Any]]]:
    """Release and details of every event that made a release, oldest first."""
    return [
        (entry.release_id, json.loads(entry.details))
        for entry in journal.read(store)
        if entry.release_id and entry.action in ("publish", "withdraw")
    ]
