"""Reads a backup that anybody may have changed: every member is measured and compared with the list."""

import hashlib
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from pipelines import files
from pipelines.backups import backup_contents
from pipelines.backups.backup_contents import LIMITS, LIST, Listing
from pipelines.errors import NotPossible, TrackerError
from pipelines.foreign_files import zip_guard
from pipelines.foreign_files.refusal import NotATable


class Backup:
    """A backup that is open. path: of the zip. listing: what it says that it holds."""

    def __init__(self, path: Path, archive: ZipFile, listing: Listing) -> None:
        self.path, self._archive, self.listing = path, archive, listing

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator["Backup"]:
        """A backup whose names, sizes and list are judged; no content is read yet but the list.

        Raises NotPossible, naming the member where one is at fault; OSError.
        """
        told: TrackerError | None = None
        try:
            with zip_guard.open_archive(path, LIMITS) as archive:
                try:
                    yield cls(path, archive, _listing(path, archive))
                except TrackerError as problem:
                    told = problem  # kept from the guard, which takes every RuntimeError for a damaged zip
        except NotATable as refusal:
            named = f" ({refusal.value})" if refusal.value else ""
            raise NotPossible(f"{path.name} {refusal.problem}{named}. It is not restored.") from None
        if told:
            raise told

    @property
    def unpacked_bytes(self) -> int:
        """What all files take when they are unpacked."""
        return sum(kept.bytes for kept in self.listing.files.values())

    def check(self) -> None:
        """Read every member and compare it with the list. Raises NotPossible, naming the member."""
        for name in self.listing.files:
            for _piece in self.pieces(name):
                pass

    def unpack(self, folder: Path) -> None:
        """Write every file below an empty folder, each compared with the list.

        Raises NotPossible, naming the member; OSError.
        """
        for name, kept in self.listing.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                if kept.private:
                    path.chmod(files.PRIVATE)
                for piece in self.pieces(name):
                    stream.write(piece)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a member, piece by piece. Raises NotPossible at the end if it is not as listed, and
        before it if it is longer.
        """
        kept = self.listing.files[name]
        digest, size = hashlib.sha256(), 0
        try:
            for piece in zip_guard.read_pieces(self._archive, name, LIMITS):
                size += len(piece)
                if size > kept.bytes:
                    break
                digest.update(piece)
                yield piece
        except NotATable as refusal:
            raise NotPossible(f"{self.path.name}: {name} {refusal.problem}. {_REMEDY}") from None
        except zip_guard.BROKEN as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise NotPossible(f"{self.path.name}: {name} cannot be unpacked: {error}. {_REMEDY}") from None
        if size != kept.bytes or digest.hexdigest() != kept.sha256:
            raise NotPossible(f"{self.path.name}: {name} was changed: it is not what {LIST} says. {_REMEDY}")


_REMEDY = "Nothing was restored; take another backup."


def _listing(path: Path, archive: ZipFile) -> Listing:
    """The list of a backup, which must name what is in the zip and nothing else. Raises NotPossible."""
    members = {member.filename: member for member in archive.infolist()}
    if LIST not in members:
        raise NotPossible(f"{path.name} is no backup: it holds no {LIST}. `backup` makes one.")
    if members[LIST].file_size > backup_contents.MOST_LIST:
        raise NotPossible(f"{path.name}: {LIST} is larger than any list.")
    content = b"".join(zip_guard.read_pieces(archive, LIST, LIMITS))
    try:
        listing = backup_contents.parse(content)
    except NotPossible as problem:
        raise NotPossible(f"{path.name}: {problem}") from None
    for name, member in members.items():
        kind = stat.S_IFMT(member.external_attr >> 16)
        if name != LIST and name not in listing.files:
            raise NotPossible(f"{path.name}: {name} is not named in {LIST}. {_REMEDY}")
        if kind not in (0, stat.S_IFREG):
            raise NotPossible(f"{path.name}: {name} is not a plain file. {_REMEDY}")
        if name != LIST and member.file_size != listing.files[name].bytes:
            raise NotPossible(f"{path.name}: {name} has another size than {LIST} says. {_REMEDY}")
    if missing := sorted(listing.files.keys() - members.keys()):
        raise NotPossible(f"{path.name}: {missing[0]} is missing. {_REMEDY}")
    return listing
