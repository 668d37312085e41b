"""Drafts: the file that a person works on, kept in the store until it is handed in or discarded, so that it
is there again in a new session. Draws nothing.

Each person has one draft at most, in a folder of their own that only the server may read. A draft that nobody
touched for a month is removed when its owner or anybody else comes to the staff page.
"""

import json
import shutil
import time
from pathlib import Path

from pages.parts.staff.draft_model import Work
from pipelines import files, releases
from pipelines.publishing.permissions import Person

KEPT_DAYS = 31
_FILE, _ABOUT = "file", "draft.json"
_DECIDED = ("recipe_text", "answers", "decided", "words")  # of a Work, beside the warnings that were seen


def begin(person: Person, name: str, content: bytes) -> Work:
    """Take over the bytes of an upload as the person's draft; an earlier one goes. Raises OSError if there is
    no room.
    """
    drop(person)
    folder = _folder(person)
    folder.mkdir(parents=True, mode=0o700)
    files.write(folder / _FILE, content, files.PRIVATE)
    work = Work(name, len(content), files.sha256(content), folder / _FILE)
    keep(person, work)
    return work


def keep(person: Person, work: Work) -> None:
    """Write down what the person decided so far, if it is other than what is written."""
    decided = {field: getattr(work, field) for field in _DECIDED} | {
        "seen": sorted(work.seen),
        "names": list(work.names),
    }
    about = json.dumps(
        {"name": work.name, "sha256": work.sha256, **decided}, ensure_ascii=False, sort_keys=True
    )
    path = _folder(person) / _ABOUT
    if path.parent.is_dir() and (not path.is_file() or path.read_text(encoding="utf-8") != about):
        files.write(path, about.encode(), files.PRIVATE)


def found(person: Person) -> Work | None:
    """The person's draft of an earlier session; None if there is none, or if it is damaged."""
    _sweep()
    folder = _folder(person)
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        size, sha256 = (folder / _FILE).stat().st_size, files.file_sha256(folder / _FILE)
    except (OSError, ValueError):
        return None
    if sha256 != about.pop("sha256"):
        return None
    work = Work(about.pop("name"), size, sha256, folder / _FILE)
    for field in (field for field in _DECIDED if field in about):
        setattr(work, field, about[field])
    work.seen, work.names = set(about.get("seen", ())), tuple(about.get("names", ()))
    return work


def drop(person: Person) -> None:
    """Forget the person's draft."""
    shutil.rmtree(_folder(person), ignore_errors=True)


def _folder(person: Person) -> Path:
    return releases.store_path() / "drafts" / files.sha256(person.subject.encode())[:24]


def _sweep() -> None:
    """Remove drafts that nobody touched for long."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for about in (releases.store_path() / "drafts").glob(f"*/{_ABOUT}"):
        if about.stat().st_mtime < oldest:
            shutil.rmtree(about.parent, ignore_errors=True)
