"""Restores that are broken off in the middle, each the work of a process of its own.

The process starts anew: one that runs tests may hold too much memory to be forked.
"""

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pipelines.backups import backup_reader, restore
from pipelines.errors import TrackerError


def end_of(work: Callable[..., None], *values: object) -> int:
    """What a process that did this ended with: a signal below zero, else 0, 1 for a foreseen error."""
    process = get_context("spawn").Process(target=_do, args=(work, *values))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _do(work: Callable[..., None], *values: object) -> None:
    try:
        work(*values)
    except TrackerError:
        sys.exit(1)
    except BaseException:
        os._exit(2)


def with_small_files(backup: Path, store: Path, most: int) -> None:
    """No file may have more bytes: the writing of a larger one fails as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    restore.restore(backup, store, "ann")


def killed_at_rename(backup: Path, store: Path, die_at: int) -> None:
    """Ends when it gives a file or folder its name for the time `die_at`."""
    _killed_at(Path, "rename", die_at)
    restore.restore(backup, store, "ann")


def killed_at_member(backup: Path, store: Path, die_at: int) -> None:
    """Ends when it unpacks the member `die_at`."""
    _killed_at(backup_reader.Backup, "pieces", die_at)
    restore.restore(backup, store, "ann")


def _killed_at(owner: type, name: str, die_at: int) -> None:
    act, count = getattr(owner, name), 0

    def counted(*values: Any) -> Any:
        nonlocal count
        count += 1
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*values)

    setattr(owner, name, counted)
