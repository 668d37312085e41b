"""Files that are there whole or not at all, also after a power cut. Knows nothing of uploads."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from pipelines.sources import digests


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """Put content under a name, whole or not at all, whatever stood there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=".incoming-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).rename(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync(path.parent)


def settle(beside: Path, target: Path) -> None:
    """Give a finished folder its name, whole or not at all."""
    for path in (*beside.rglob("*"), beside):
        sync(path)
    beside.rename(target)
    sync(target.parent)


def folder_digest(folder: Path) -> str:
    """sha256 over the names and contents of all files in a folder; of nothing, if it is not there."""
    return hashlib.sha256(
        "\n".join(f"{name} {sha256}" for name, sha256 in digests(folder)).encode()
    ).hexdigest()


@contextmanager
def desk(store: Path) -> Iterator[None]:
    """One at a time puts something into the store or clears it up. Held for moments; whoever comes second waits."""
    store.mkdir(parents=True, exist_ok=True)
    with (store / "desk.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield
