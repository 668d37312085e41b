"""Files that are there whole or not at all, also after a power cut; fingerprints; locks; TOML.

Knows nothing of releases and uploads.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import tomli_w
from filelock import FileLock, Timeout

from pipelines.errors import TrackerError

UNFINISHED = ".incoming-"  # how the name of a file begins that is being written
PRIVATE = 0o600  # for the eyes of the user alone under whom the program runs
_WAIT = 0.02  # seconds between two attempts to take a lock that somebody holds


# --- written whole or not at all


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a folder, outlast a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes | str, mode: int = 0o666) -> None:
    """Put content (text as UTF-8) under a name, whole or not at all, whatever stood there before.

    mode: who may read and write the file, narrowed by the umask. The folder is made if it is missing. Raises
    OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, mode) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """The path of an empty file to be written, which gets the name `path` at the end; after an error it is
    removed.

    Raises OSError, also if the folder is missing.
    """
    unfinished = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield unfinished
        sync(unfinished)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(path.parent)


def name_folder(finished: Path, target: Path) -> None:
    """Give a finished folder its name, whole or not at all."""
    for path in (*finished.rglob("*"), finished):
        sync(path)
    finished.rename(target)
    sync(target.parent)


def free_bytes(folder: Path) -> int:
    """Bytes that are free on the disk of a folder, or of the nearest folder above it that is there."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    return shutil.disk_usage(there).free


# --- fingerprints


def sha256(content: bytes | str) -> str:
    """The fingerprint of bytes, or of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def file_sha256(path: Path) -> str:
    """The fingerprint of the content of a file of any size. Raises OSError."""
    with path.open("rb") as stream:
        return stream_sha256(stream)


def stream_sha256(stream: IO[bytes], size: int = 1 << 20) -> str:
    """The fingerprint of what an open stream still holds, read in pieces of at most `size` bytes."""
    digest = hashlib.sha256()
    while piece := stream.read(size):
        digest.update(piece)
    return digest.hexdigest()


def file_sha256s(folder: Path) -> Iterator[tuple[str, str]]:
    """Name within the folder and fingerprint of every file below it, in the order of the names; none if it is
    missing.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), file_sha256(path)


def folder_sha256(folder: Path) -> str:
    """One fingerprint over the names and contents of all files below a folder; of nothing, if it is
    missing.
    """
    return sha256("\n".join(f"{name} {digest}" for name, digest in file_sha256s(folder)))


def pieces(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    """The content of a file in pieces of at most `size` bytes."""
    with path.open("rb") as stream:
        while piece := stream.read(size):
            yield piece


# --- locks


class Locked(TrackerError):
    """Somebody else holds the lock."""


@contextmanager
def lock(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold the lock that a file stands for.

    The operating system takes it back when the process ends, however it ends.

    wait: until it is free; else Locked is raised at once if somebody holds it, in this process or another
    one.
    The folder of the file is made if it is missing; the file stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(path, timeout=-1 if wait else 0, poll_interval=_WAIT, fallback_to_soft=False)
    try:
        held.acquire()
    except Timeout:
        raise Locked(
            f"{path} is in use by another process. Wait until it has ended, then try again."
        ) from None
    try:
        yield
    finally:
        held.release()


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock that a file stands for; a file that is missing is held by nobody."""
    if not path.exists():
        return False
    try:
        with lock(path, wait=False):
            return False
    except Locked:
        return True


@contextmanager
def store_access(store: Path) -> Iterator[None]:
    """One at a time puts something into the store or clears it up.

    Held for moments; whoever comes second waits.
    """
    with lock(store / "desk.lock"):
        yield


# --- TOML


def toml_text(value: Mapping[str, Any]) -> str:
    """Tables, lists, text, numbers, flags and days as TOML, in their order; what is None is left out."""
    return tomli_w.dumps(_without_nothing(value))


def _without_nothing(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nothing(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_nothing(item) for item in value]
    return value
