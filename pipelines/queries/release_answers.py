"""The answers of one release to the questions of the pages.

Pure but for `opened`, which reads a release and keeps what it read.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from sys import getsizeof
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from duckdb_sqlalchemy import Dialect
from sqlalchemy import CTE, Select, select

from pipelines import double_counting, releases
from pipelines.byte_cache import ByteCache, frame_size
from pipelines.queries import about, source_dates

_DIALECT = Dialect()

Question = Select[Any] | Callable[..., Select[Any]]

ANSWERS: ByteCache[pd.DataFrame] = ByteCache(64 * 2**20, frame_size)
"""Rows by store, release and text of the question."""

TEXTS: ByteCache[str] = ByteCache(8 * 2**20, getsizeof)
"""Texts of questions by the function that makes the question and what it was given. A text takes a hundredth
of the question itself."""

COUNTED: ByteCache[pa.Table] = ByteCache(32 * 2**20, lambda rows: rows.nbytes)
"""Counted entries by store, release and name of their table: many questions of one choice read them."""


class Plan(NamedTuple):
    """How a question is asked: its text, and name → text of the tables of counted entries that it reads."""

    sql: str
    tables: Mapping[str, str]


PLANS: ByteCache[Plan] = ByteCache(8 * 2**20, lambda plan: getsizeof(plan.sql) + 256 * len(plan.tables))
"""Plans by the function that makes the question and what it was given."""


@dataclass(frozen=True, eq=False)
class ReleaseData:
    """A release that can be asked. ask: SQL text → rows, euros as Decimal, days as dates, missing as None.

    ask_plan: the same for a plan, where what many questions share is kept.
    identity: equal for two that give the same answers; the object itself where whoever made it gives none.
    """

    release_id: str
    manifest: Mapping[str, Any]
    ask: Callable[[str], pd.DataFrame]
    store: Path | None = None
    ask_plan: Callable[[Plan], pd.DataFrame] | None = None
    _labels: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict, init=False, repr=False)

    @property
    def identity(self) -> Hashable:
        """Equal for two that give the same answers."""
        return (self.store, self.release_id) if self.store else self

    @property
    def known_on(self) -> date:
        """The day on which it was compiled: what was not known then is not shown."""
        return date.fromisoformat(self.manifest["known_on"])

    @property
    def newest_source(self) -> date | None:
        """The day of the newest document in it, as far as dates are known. It is compiled later."""
        found: date | None = self.row(source_dates.newest_source)["newest_source"]
        return found

    def read(self, question: Question, *values: Hashable) -> pd.DataFrame:
        """The rows of a question. values: what makes it a Select, if it is the function that does."""
        if self.ask_plan is None or isinstance(question, Select):
            return self.ask(sql_of(question, *values))
        return self.ask_plan(PLANS.get((question, values), lambda: _plan(lambda: question(*values))))

    def row(self, question: Question, *values: Hashable) -> dict[Any, Any]:
        """The one row of a question that has one."""
        rows = self.read(question, *values)
        return {name: rows[name].iat[0] for name in rows.columns}

    def labels(self, vocabulary: str, locale: str = "en") -> dict[str, str]:
        """Code → label of one vocabulary, such as `stages`, in its order.

        locale: the language of the reader. Releases hold their labels in English, which every language gets.
        """
        key = vocabulary, locale
        if key not in self._labels:
            rows = self.read(about.vocabulary, vocabulary)
            self._labels[key] = dict(zip(rows["code"], rows["label"], strict=True))
        return dict(self._labels[key])


@lru_cache(maxsize=8)
def _opened(release_id: str, store: Path) -> ReleaseData:
    def ask(sql: str) -> pd.DataFrame:
        return ask_plan(Plan(sql, {}))

    def ask_plan(plan: Plan) -> pd.DataFrame:
        def read() -> pd.DataFrame:
            tables = {name: counted(name, sql) for name, sql in plan.tables.items()}
            return pd.DataFrame(releases.read(release_id, plan.sql, store, tables).to_pydict(), dtype=object)

        # Shares its cells with what is kept until somebody changes it, who then gets cells of their own.
        return ANSWERS.get((store, release_id, plan.sql), read).copy(deep=False)

    def counted(name: str, sql: str) -> pa.Table:
        return COUNTED.get((store, release_id, name), lambda: releases.read(release_id, sql, store))

    return ReleaseData(release_id, releases.manifest(release_id, store), ask, store, ask_plan)


def opened(release_id: str, store: Path | None = None) -> ReleaseData:
    """A release that is kept, ready to be asked, with the answers it gave before. store: as for `releases`.

    Raises NoRelease.
    """
    return _opened(release_id, releases.store_path(store))


def sql_of(question: Question, *values: Hashable) -> str:
    """A question as the text that the database is asked; also what a reader is shown as the query behind a
    figure.

    values: what makes it a Select, if `question` is the function that does. The text is then kept.
    """
    if isinstance(question, Select):
        return _compiled(question)
    return TEXTS.get((question, values), lambda: _compiled(question(*values)))


def _plan(question: Callable[[], Select[Any]]) -> Plan:
    """How a question is asked whose choices are counted before. question: makes it."""
    with double_counting.from_tables() as tables:
        sql = _compiled(question())
    return Plan(sql, {name: TEXTS.get((name,), partial(_text_of, rows)) for name, rows in tables.items()})


def _text_of(rows: CTE) -> str:
    return _compiled(select(rows))


def _compiled(question: Select[Any]) -> str:
    return str(question.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
