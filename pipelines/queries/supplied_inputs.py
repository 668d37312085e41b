"""What whoever asks a release gives a question beside its text, so that it is answered sooner: tables of
counted entries, and codes of short lists. Pure.

Outside `given` a question asks for both itself, which is the text that readers see.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Boolean, ColumnClause, Select, String, Table, column, select, table
from sqlalchemy.sql.selectable import CTE, FromClause
from sqlalchemy.types import TypeEngine

from pipelines import double_counting, files
from pipelines.column_factories import EURO

_COUNTED: dict[str, TypeEngine[Any]] = {
    "is_removed": Boolean(),
    "counted_eur": EURO,
    "removed_eur": EURO,
    "whole_entry_id": String(),
    "counted_split": String(),
}
_TABLES: ContextVar[dict[str, CTE] | None] = ContextVar("tables", default=None)


@contextmanager
def given() -> Iterator[dict[str, CTE]]:
    """Inside, questions read counted entries from tables, so that those of one choice are counted once, and
    have marks for codes. Gives name of the table → the chosen entries, of which it must hold what
    `double_counting.counted` gives.
    """
    tables: dict[str, CTE] = {}
    token = _TABLES.set(tables)
    try:
        yield tables
    finally:
        _TABLES.reset(token)


def is_given() -> bool:
    """Whether a question is made inside `given`."""
    return _TABLES.get() is not None


def counted(chosen: CTE, key: str) -> FromClause:
    """The chosen entries with what of them is counted: as a table inside `given`.

    key: what sets these entries apart from all others.
    """
    tables = _TABLES.get()
    if tables is None:
        return double_counting.counted(chosen)
    name = f"counted_{files.sha256(key)[:16]}"
    tables[name] = chosen
    own = (column(part.name, part.type) for part in chosen.c)
    more: Iterator[ColumnClause[Any]] = (column(title, kind) for title, kind in _COUNTED.items())
    return table(name, *own, *more)


def codes(vocabulary: Table, flag: str) -> Select[Any] | Sequence[str]:
    """The codes of a vocabulary with a flag: as the mark `code_mark` inside `given`."""
    if is_given():
        return (code_mark(vocabulary.name, flag),)
    return select(vocabulary.c.code).where(vocabulary.c[flag])


def code_mark(vocabulary: str, flag: str) -> str:
    """What stands in a text for the codes of a vocabulary with a flag."""
    return f"\u27e8{vocabulary}.{flag}\u27e9"
