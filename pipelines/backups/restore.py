"""Puts a backup into a store that holds nothing, whole or not at all.

Everything is unpacked beside the store's own names, compared with the list and verified as a store. Then its
folders get their names, and the journal last: before that the store holds no release, after it all of it.
What a killed restore left is cleared away by the next one.
"""

import errno
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from pipelines import files, journal, releases, verify
from pipelines.backups import backup_contents
from pipelines.backups.backup_contents import JOURNAL, NOTE, Listing, NotWhole
from pipelines.backups.backup_reader import Backup
from pipelines.errors import NotPossible

UNPACKED = ".restoring-"  # how the name of a folder begins into which a backup is unpacked
_PLACED = "placing.json"
_SPARE = 64 * 1024**2  # bytes that must stay free when everything is unpacked


class Restored(NamedTuple):
    """What a restore brought back. left_out: older releases that the backup does not hold."""

    current: str | None
    files: int
    releases: list[str]
    left_out: list[str]


def restore(source: Path, store: Path, actor: str, sha256: str = "") -> Restored:
    """Put a backup into an empty store, and note it in the journal.

    actor: who does it. sha256: what the zip must have, if it is known. Raises NotPossible (the store holds
    something, or the backup is not as it should be: the message names the member), NotWhole, Busy, OSError;
    the store then holds nothing.
    """
    if not source.is_file():
        raise NotPossible(f"There is no file {source}.")
    fingerprint = files.file_sha256(source)
    if sha256 and fingerprint != sha256.lower():
        raise NotPossible(
            f"{source.name} has the sha256 {fingerprint}, expected was {sha256}. Copy it again."
        )
    with Backup.opened(source) as backup:
        if files.free_bytes(store) < backup.unpacked_bytes + _SPARE:
            raise NotPossible(
                f"{backup.path.name} unpacks to {_megabytes(backup.unpacked_bytes)}, but the disk of {store} has "
                f"{_megabytes(files.free_bytes(store))} free. Make room, or name a store on another disk."
            )
        with _alone(store):
            _clear_unfinished(store)
            if held := _held(store):
                raise NotPossible(
                    f"{store} holds {', '.join(held)}. A restore never overwrites. Name an empty folder with "
                    "TRACKER_STORE or --store, or move what is there to another place first."
                )
            unpacked = Path(tempfile.mkdtemp(prefix=UNPACKED, dir=store))
            try:
                backup.unpack(unpacked)
                _verify(unpacked, backup.listing, source, actor, fingerprint)
                _place(unpacked, store)
            except OSError as error:
                _clear_unfinished(store)
                raise NotPossible(
                    f"{error.strerror or error}: {error.filename or store}. Nothing was restored."
                ) from None
            except BaseException:
                _clear_unfinished(store)
                raise
            shutil.rmtree(unpacked, ignore_errors=True)
        listing = backup.listing
        return Restored(listing.current, len(listing.files), listing.releases, listing.left_out)


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Hold every lock under which something is put into a store. Raises Busy, OSError."""
    with ExitStack() as held:
        held.enter_context(releases.publishing(store))
        held.enter_context(files.lock(store / "import.lock"))
        held.enter_context(files.store_access(store))
        yield


def _held(store: Path) -> list[str]:
    """What a store holds, at most three names: everything but locks, sign-ins and empty folders."""
    names = [
        path.name
        for path in sorted(store.iterdir())
        if not path.name.endswith(".lock")
        and not path.name.startswith("sessions.sqlite")
        and not (path.is_dir() and not any(path.iterdir()))
    ]
    return [*names[:3], *(["more"] if len(names) > 3 else [])]


def _clear_unfinished(store: Path) -> None:
    """Take away what a restore that was cut off unpacked and placed; a store with a journal is whole."""
    for unpacked in store.glob(f"{UNPACKED}*"):
        if (unpacked / JOURNAL).is_file() and not (store / JOURNAL).exists():
            try:
                placed = json.loads((unpacked / _PLACED).read_text(encoding="utf-8"))
            except (OSError, ValueError):
                placed = []  # nothing was placed yet
            for name in placed:
                path = store / name
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
        shutil.rmtree(unpacked)


def _verify(unpacked: Path, listing: Listing, source: Path, actor: str, sha256: str) -> None:
    """Verify what was unpacked as the store that it will be, and note the restore in its journal.

    Raises NotWhole, NotPossible.
    """
    if problems := journal.broken_links(unpacked):
        raise NotWhole(source, problems)
    events = journal.read(unpacked)
    if (len(events), journal.current_release(unpacked)) != (listing.events, listing.current):
        raise NotPossible(
            f"{source.name}: {JOURNAL} is not the journal that {backup_contents.LIST} describes. "
            "Nothing was restored; take another backup."
        )
    journal.append(
        unpacked,
        "restore",
        None,
        "restored from a backup",
        {"backup": sha256, "left_out": listing.left_out},
        actor,
    )
    problems = list(verify.store_problems(unpacked))
    if listing.current and listing.current not in releases.available(unpacked):
        problems.append(f"The current release {listing.current} is missing.")
    if problems:
        raise NotWhole(source, problems)


def _place(unpacked: Path, store: Path) -> None:
    """Give everything its name in the store, the journal last."""
    for path in sorted(unpacked.glob("*.lock")):
        path.unlink()
    for path in (*unpacked.rglob("*"), unpacked):
        files.sync(path)
    names = sorted({path.name for path in unpacked.iterdir()} - {JOURNAL, NOTE})
    files.write(unpacked / _PLACED, json.dumps([*names, NOTE]))
    for name in (*names, NOTE, JOURNAL):
        if name == JOURNAL:
            files.sync(store)
        try:
            (unpacked / name).rename(store / name)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                raise NotPossible(f"{store / name} appeared while the backup was restored.") from None
            raise
    files.sync(store)


def _megabytes(number: int) -> str:
    return f"{number / 1024**2:,.0f} MB"
