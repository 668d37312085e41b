"""Runs one act in a process of its own, so that the process that serves pages never builds, and a crash of the one does not end the other."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

from pipelines.checks import Finding, Refused
from pipelines.decisions.submission import NotPossible

P = ParamSpec("P")
T = TypeVar("T")


def apart(act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `act(*args, **kwargs)` gives or raises, done by another process. Functions of this package and their values only; no `progress`.

    Raises NotPossible if the process was ended from outside; whether the act was done then stands in the journal.
    """
    value: T
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            value, findings = pool.submit(_do, act, args, kwargs).result()
        except BrokenProcessPool:
            raise NotPossible("The work was cut off. See in the list of decisions whether it was done, and try again if not.") from None
    if findings is not None:
        raise Refused(findings)
    return value


def _do(act: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, tuple[Finding, ...] | None]:
    try:
        return act(*args, **kwargs), None
    except Refused as refusal:  # its findings would not survive the way back as an exception
        return None, refusal.findings
