"""What a backup holds: which files of a store, and the list that says what each of them must be.

Pure but for `kept_files`, which looks into a store.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines import active_uploads
from pipelines.errors import NotPossible, TrackerError
from pipelines.foreign_files.limits import Limits

LIST = "backup.json"  # the last member of the zip
VERSION = 1  # of the form of a backup; a form that older code cannot read gets the next number
JOURNAL, NOTE = "journal.sqlite", "current.json"
MOST_LIST = 256 * 1024**2  # bytes of the list: about a million files

# A store may be as large as its disk; what a backup may unpack to is compared with the disk when it is read.
LIMITS = Limits(
    max_bytes=1024**4,
    max_parts=2_000_000,
    max_unpacked=1024**4,
    max_ratio=200,
    ratio_matters_from=64 * 1024**2,
    max_rows=0,
    max_columns=0,
    far_column=0,
    memory=0,
    cpu_seconds=0,
    wall_seconds=0,
    written=0,
)

# What lies in a store and stays there. Sign-ins end with the machine; what was fetched can be fetched again;
# trials of dry runs are thrown away.
_STAYS = re.compile(
    r"sessions\.sqlite.*|journal\.sqlite.*|current\.json|intent\.json|trials|downloads|[^/]*\.lock"
)
_PART = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}")


class NotWhole(TrackerError):
    """A store, or a backup of one, is not what it should be.

    what: the store or the backup. found: the single problems.
    """

    def __init__(self, what: Path, found: list[str]) -> None:
        super().__init__(f"{what} is not whole.")
        self._found = tuple(f"{what.name}: {problem}" for problem in found)

    @property
    def problems(self) -> tuple[str, ...]:
        """Each problem in a sentence that names the file."""
        return self._found


class Kept(BaseModel):
    """What one file of a backup must be. bytes: its size. private: for the eyes of its owner alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    private: bool


class Listing(BaseModel):
    """The list in a backup. files: name within the store → what the file must be.

    releases, left_out: ids of the releases that are in it, and of those that were left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    form: Literal["eu-ai-funding-tracker backup"] = "eu-ai-funding-tracker backup"
    version: int
    current: str | None
    events: int
    releases: list[str]
    left_out: list[str]
    files: dict[str, Kept]


def parse(content: bytes) -> Listing:
    """The list of a backup. Raises NotPossible if it cannot be read, ValueError if it names what no backup
    holds.
    """
    try:
        listing = Listing.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise NotPossible(f"{LIST} cannot be read: {where}: {first['msg']}.") from None
    if listing.version > VERSION:
        raise NotPossible(
            f"{LIST} has form {listing.version}; this version of the program reads forms up to {VERSION}. "
            "Restore it with the version that made it, or a newer one."
        )
    for name in listing.files:
        if not is_member(name):
            raise NotPossible(f"{LIST} names {name!r}, which no backup holds.")
    if missing := [name for name in (JOURNAL, NOTE) if name not in listing.files]:
        raise NotPossible(f"{LIST} does not name {missing[0]}, which every backup holds.")
    return listing


def is_member(name: str) -> bool:
    """Whether a name, with / between its parts, can be that of a file in a backup."""
    parts = name.split("/")
    is_plain = all(_PART.fullmatch(part) and not part.startswith(".") for part in parts)
    return is_plain and (name in (JOURNAL, NOTE) or not _STAYS.fullmatch(parts[0]))


def kept_files(store: Path, releases: list[str]) -> Iterator[str]:
    """The names of the files of a store that belong in a backup with these releases, journal aside, in order.

    Raises NotPossible for what is neither a file nor a folder.
    """
    accepted = active_uploads.folders(store)
    for path in sorted(store.rglob("*")):
        name = path.relative_to(store).as_posix()
        parts = name.split("/")
        if not is_member(name) or (parts[0] == "releases" and parts[1:2] != [] and parts[1] not in releases):
            continue
        if parts[0] == "sources" and parts[1:2] != [] and not active_uploads.belongs(parts[1], [*accepted]):
            continue  # an accepted source that was never published
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise NotPossible(f"{path} is neither a file nor a folder. Take it out of the store.")
        if path.is_file():
            yield name
