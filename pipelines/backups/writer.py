"""Writes a store into one zip, verified before and afterwards. Reads only the store.

Of releases the current one is in it, and the older ones if they are asked for.
"""

import hashlib
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipelines import files, journal, releases, store_audit, verify
from pipelines.backups import backup_contents
from pipelines.backups.backup_contents import JOURNAL, LIST, NOTE, Kept, Listing, NotWhole
from pipelines.backups.backup_reader import Backup
from pipelines.errors import NoRelease, NotPossible

_TIME = (1980, 1, 1, 0, 0, 0)
_ALREADY_PACKED = (".parquet", ".xlsx", ".zip", ".gz", ".ods")
_TIGHT = (
    40  # a large file that packs tighter than this is stored as it is, so that no reader takes it for a bomb
)
_OTHERS_READ = 0o044


class Written(NamedTuple):
    """What a backup came to. sha256: of the zip. bytes: of the zip."""

    sha256: str
    bytes: int
    files: int
    releases: list[str]
    left_out: list[str]


def write(store: Path, target: Path, every_release: bool = False) -> Written:
    """Write a backup of a store. every_release: the older releases too.

    Publications wait meanwhile; uploads go on. Raises NotPossible (target), NoRelease (nothing to back up),
    NotWhole, Busy, OSError; the target is then not there.
    """
    _check_target(store, target)
    if not (store / JOURNAL).is_file():
        raise NoRelease(f"{store} holds no journal: there is nothing to back up.")
    with releases.publishing(store), tempfile.TemporaryDirectory() as beside:
        with files.store_access(store):
            journal.journal_of(store).copy_to(Path(beside))
            events = journal.read(Path(beside))
            current = journal.current_release(Path(beside))
            published = {entry.release_id for entry in events if entry.release_id}
            there = [release for release in releases.available(store) if release in published]
            chosen = [release for release in there if every_release or release == current]
            names = list(backup_contents.kept_files(store, chosen))
        if problems := list(_problems(store, Path(beside), chosen)):
            raise NotWhole(store, problems)
        paths = {name: store / name for name in names}
        paths |= {name: Path(beside) / name for name in (JOURNAL, NOTE)}
        left_out = sorted(published - set(chosen))
        with files.replacing(target, files.PRIVATE) as unfinished:
            kept = _write(unfinished, paths, current, len(events), chosen, left_out)
            with Backup.opened(unfinished) as backup:
                backup.check()
        return Written(files.file_sha256(target), target.stat().st_size, len(kept), sorted(chosen), left_out)


def _check_target(store: Path, target: Path) -> None:
    if target.exists():
        raise NotPossible(f"{target} is already there. Choose another name, or delete it first.")
    if not target.absolute().parent.is_dir():
        raise NotPossible(f"There is no folder {target.absolute().parent}. Make it first.")
    if target.resolve().is_relative_to(store.resolve()):
        raise NotPossible(f"{target} lies in the store and would be lost with it. Choose another folder.")


def _problems(store: Path, snapshot: Path, chosen: Iterable[str]) -> Iterable[str]:
    """What does not hold in what is to be backed up. snapshot: the copy of the journal."""
    yield from journal.broken_links(snapshot)
    yield from store_audit.problems(store)
    for release in chosen:
        for problem in verify.release_problems(release, store, by_fingerprint=True):
            yield f"Release {release}: {problem}"


def _write(
    path: Path,
    paths: Mapping[str, Path],
    current: str | None,
    events: int,
    chosen: list[str],
    left_out: list[str],
) -> dict[str, Kept]:
    """Write the files, and the list of them behind."""
    kept: dict[str, Kept] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(paths.items()):
            about = zipfile.ZipInfo(name, _TIME)
            is_private = not file.stat().st_mode & _OTHERS_READ
            about.external_attr = (0o600 if is_private else 0o644) << 16
            about.compress_type = _method(file)
            digest, size = hashlib.sha256(), 0
            with archive.open(about, "w", force_zip64=True) as stream:
                for piece in files.pieces(file):
                    stream.write(piece)
                    digest.update(piece)
                    size += len(piece)
            kept[name] = Kept(sha256=digest.hexdigest(), bytes=size, private=is_private)
        listing = Listing(
            version=backup_contents.VERSION,
            current=current,
            events=events,
            releases=sorted(chosen),
            left_out=left_out,
            files=kept,
        )
        about = zipfile.ZipInfo(LIST, _TIME)
        about.external_attr = 0o600 << 16
        about.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(about, listing.model_dump_json(indent=1))
    return kept


def _method(file: Path) -> int:
    """Whether a file is packed or stored as it is."""
    if file.suffix in _ALREADY_PACKED:
        return zipfile.ZIP_STORED
    size = file.stat().st_size
    if size < backup_contents.LIMITS.ratio_matters_from:
        return zipfile.ZIP_DEFLATED
    packer, packed = zlib.compressobj(1), 0
    for piece in files.pieces(file):
        packed += len(packer.compress(piece))
    packed += len(packer.flush())
    return zipfile.ZIP_STORED if size > _TIGHT * packed else zipfile.ZIP_DEFLATED
