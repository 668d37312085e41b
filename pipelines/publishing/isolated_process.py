"""Runs one act in a process of its own, so that the process that serves pages never builds, and a crash of
the one does not end the other.

Such a process is forked from one that has loaded the code and does nothing else: it begins at once, and
shares no thread, lock or database
with the process that serves.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pipelines import entry_points
from pipelines.errors import NotPossible

P = ParamSpec("P")
T = TypeVar("T")

_CODE = Path(__file__).parents[1]  # the questions of the pages stand in it too
_LOADED = [
    "pandas",
    "pyarrow.dataset",
    "pipelines.publishing.dry_run",
    "pipelines.publishing.publish_withdraw_rollback",
]


def warm() -> None:
    """Have the code loaded before the first act is asked for.

    Gives back at once; a second time nothing is done.
    """
    _prepared()
    ensure_running()


def run_in_worker(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `act(*args, **kwargs)` gives or raises, done by another process.

    Functions of this package and their values only; no `progress`.

    Raises NotPossible if the process was ended from outside; whether the act was done then stands in the
    journal.
    """
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(sender, dict(os.environ), act, args, kwargs))
    process.start()
    sender.close()
    value: T
    try:
        value, error = receiver.recv()
    except EOFError:
        raise NotPossible(
            "The work was cut off. See in the list of decisions whether it was done, and try again if not."
        ) from None
    finally:
        receiver.close()
        process.join()
    if error is not None:
        raise error
    return value


def _do(
    sender: Connection,
    environment: Mapping[str, str],
    act: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    answer: tuple[Any, Exception | None]
    try:
        answer = act(*args, **kwargs), None
    except Exception as error:
        answer = None, error
    with suppress(BrokenPipeError):  # who asked is gone; what was done stands in the journal
        sender.send(answer)


def _context() -> ForkServerContext | SpawnContext:
    """Forks of the process that has loaded the code; a process that loads it anew, if it was changed
    since.
    """
    context, state = _prepared()
    return context if state == _state_of_code() else get_context("spawn")


@lru_cache(maxsize=1)
def _prepared() -> tuple[ForkServerContext, int]:
    context = get_context("forkserver")
    context.set_forkserver_preload([*_LOADED, *entry_points.modules(entry_points.SENTENCES)])
    return context, _state_of_code()


def _state_of_code() -> int:
    """When a file of the code that acts was changed last, in nanoseconds: a release says from which code it
    was made.
    """
    return max(path.stat().st_mtime_ns for path in _CODE.rglob("*.py"))
