"""Why work was not done: one root for every foreseen error, its kinds, and one translation into what a person
reads.

The command line, the staff page and the answers to machines all show `explain(error)`. An error that it does
not know is a
mistake in the code and keeps its traceback. Loads no other library.
"""

from typing import NamedTuple, overload


class TrackerError(Exception):
    """Work was not done. The message says in whole sentences why, and what to do."""

    @property
    def problems(self) -> tuple[str, ...]:
        """The single problems behind the error, one sentence each; none where the message says it all."""
        return ()


class NoRelease(TrackerError, LookupError):
    """There is no such release, or none at all yet."""


class Busy(TrackerError, RuntimeError):
    """Another process is publishing."""


class NotPossible(TrackerError, RuntimeError):
    """The request cannot be carried out now."""


class Forbidden(TrackerError):
    """This person may not do this. The message says who may."""


class JournalDamaged(TrackerError, RuntimeError):
    """The journal cannot be read or its events do not hold together.

    The message says what the public sees meanwhile.
    """


class Misconfigured(TrackerError, ValueError):
    """A setting has a value that it may not have. The message names the setting and what it may be."""


class Explanation(NamedTuple):
    """What a person reads of an error. problems: the single problems, to be shown before the message."""

    message: str
    problems: tuple[str, ...] = ()


@overload
def explain(error: TrackerError | OSError, most_problems: int = 100) -> Explanation: ...
@overload
def explain(error: Exception, most_problems: int = 100) -> Explanation | None: ...
def explain(error: Exception, most_problems: int = 100) -> Explanation | None:
    """What a person reads of an error; None if nobody foresaw it, and it should be raised again.

    most_problems: how many single problems are listed; the message counts them all.
    """
    if isinstance(error, TrackerError):
        count = len(error.problems)
        if not count:
            return Explanation(str(error))
        counted = "1 finding" if count == 1 else f"{count} findings"
        listed = f", the first {most_problems} shown" if count > most_problems else ""
        return Explanation(f"{counted}{listed}. Nothing was changed.", error.problems[:most_problems])
    if isinstance(error, OSError):
        file = f": {error.filename}" if error.filename else ""
        return Explanation(f"{error.strerror or error}{file}. Nothing was published.")
    if _is_of_database(error):
        return Explanation(f"{str(error).splitlines()[0]}. Nothing was published.")
    return None


def _is_of_database(error: Exception) -> bool:
    """Whether a database could not do its work: a full disk, a damaged file, too little memory, another
    writer.

    A wrong question is not among them: it is a mistake in the code. The libraries are loaded only here, so
    that a process
    that reads foreign files need not load them.
    """
    import sqlite3

    import duckdb
    from sqlalchemy.exc import DatabaseError

    return isinstance(
        error,
        (
            duckdb.IOException,
            duckdb.TransactionException,
            duckdb.FatalException,
            duckdb.OutOfMemoryException,
            duckdb.SerializationException,
            sqlite3.DatabaseError,
            DatabaseError,
        ),
    )
