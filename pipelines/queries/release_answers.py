"""The answers of one release to the questions of the pages.

Pure but for `opened`, which reads a release and keeps what it read.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from sys import getsizeof
from typing import Any

import pandas as pd
import pyarrow as pa
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Select, column, select, table

from pipelines import as_of_days, double_counting, double_counting_without_sql, frame_rows, releases, schema
from pipelines.queries import about, compiled_sql, overlaps, searched_until, supplied_inputs
from pipelines.queries.choice import Choice
from pipelines.queries.compiled_sql import Code, Codes, Plan
from pipelines.size_limited_cache import ByteCache, frame_size

_DIALECT = Dialect()

Question = Select[Any] | Callable[..., Select[Any]]

ANSWERS: ByteCache[pd.DataFrame] = ByteCache(64 * 2**20, frame_size)
"""Rows by store, release and text of the question."""

TEMPLATES: ByteCache[Plan] = ByteCache(
    16 * 2**20, lambda plan: getsizeof(plan.sql) + sum(map(getsizeof, plan.tables.values()))
)
"""Texts of questions by the function that makes the question and the shape of what it was given. A text takes
a hundredth of the question itself."""

COUNTED: ByteCache[pa.Table] = ByteCache(32 * 2**20, lambda rows: rows.nbytes)
"""Counted entries by store, release and name of their table: many questions of one choice read them."""

MOST_OVERLAPS = 20_000
"""Overlaps of a release whose entries are counted without SQL."""


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
        """The day on which the release was compiled: what was not known then is not shown."""
        return date.fromisoformat(self.manifest["known_on"])

    @property
    def view(self) -> as_of_days.View:
        """The release, and the day on which it is looked at, if it is another than that of its knowledge."""
        return as_of_days.view(self.release_id)

    @property
    def today(self) -> date:
        """The day on which plans are judged: the day that is looked at, else that of the release."""
        return self.view.day or self.known_on

    @property
    def is_empty(self) -> bool:
        """Whether it holds no amount: it is looked at on a day before the first one."""
        return not self.manifest["tables"]["ledger"]["rows"]

    @property
    def newest_source(self) -> date | None:
        """The day of the newest document in it, as far as dates are known. It is compiled later."""
        found: date | None = self.row(searched_until.newest_source)["newest_source"]
        return found

    def read(self, question: Question, *values: Hashable) -> pd.DataFrame:
        """The rows of a question. values: what makes it a Select, if it is the function that does."""
        if self.ask_plan is None or isinstance(question, Select):
            return self.ask(sql_of(question, *values))
        return self.ask_plan(_plan_of(question, *values))

    def empty(self, question: Callable[..., Select[Any]], *values: Hashable) -> pd.DataFrame:
        """The rows of a question that is known to have none, without asking."""
        return pd.DataFrame(columns=list(_plan_of(question, *values).columns), dtype=object)

    def row(self, question: Question, *values: Hashable) -> dict[Any, Any]:
        """The one row of a question that has one."""
        return frame_rows.records(self.read(question, *values))[0]

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
            sql = compiled_sql.fill_codes(plan.sql, codes)
            return frame_rows.from_arrow(releases.read(release_id, sql, store, tables))

        # Shares its cells with what is kept until somebody changes it, who then gets cells of their own.
        return ANSWERS.get((store, release_id, plan.sql), read).copy(deep=False)

    def counted(name: str, sql: str) -> pa.Table:
        def count() -> pa.Table:
            return _count(release_id, compiled_sql.fill_codes(sql, codes), store)

        return COUNTED.get((store, release_id, name), count)

    @lru_cache(maxsize=16)
    def codes(vocabulary: str, flag: str) -> tuple[str, ...]:
        table_of_codes = schema.metadata.tables[vocabulary]
        question = select(table_of_codes.c.code).where(table_of_codes.c[flag])
        return tuple(releases.read(release_id, sql_of(question), store)["code"].to_pylist())

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
    template = _template("text", question, values, lambda made: Plan(_compiled(made()), {}))
    return _filled(template, values).sql


def _plan_of(question: Callable[..., Select[Any]], *values: Hashable) -> Plan:
    """How a question is asked whose choices are counted before."""
    return _filled(_template("plan", question, values, _plan), values)


def _template(
    kind: str,
    question: Callable[..., Select[Any]],
    values: tuple[Hashable, ...],
    make: Callable[[Callable[[], Select[Any]]], Plan],
) -> Plan:
    """What `make` gives of a question about values of this shape."""
    shapes = compiled_sql.shapes(values)
    return TEMPLATES.get((kind, question, shapes), lambda: make(lambda: question(*shapes)))


def _filled(template: Plan, values: tuple[Hashable, ...]) -> Plan:
    is_marked = any(isinstance(value, Choice | Code | Codes) for value in values)
    return compiled_sql.fill_plan(template, values) if is_marked else template


def _plan(question: Callable[[], Select[Any]]) -> Plan:
    with supplied_inputs.given() as tables:
        select_of = question()
    named = {name: _compiled(select(entries)) for name, entries in tables.items()}
    return Plan(_compiled(select_of), named, tuple(select_of.selected_columns.keys()))


def _compiled(question: Select[Any]) -> str:
    return str(question.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


# --- counting the entries of a choice


def _count(release_id: str, sql: str, store: Path) -> pa.Table:
    """The entries that a text gives, with what of them is counted: in memory if the release has few overlaps,
    else by the database.
    """
    entries = releases.read(release_id, sql, store)
    if (known := _overlaps(release_id, store)) is not None:
        return double_counting_without_sql.count(entries, known)
    given = table("entries_to_count", *(column(name) for name in entries.column_names))
    text = _compiled(select(double_counting.counted(given)))
    return releases.read(release_id, text, store, {"entries_to_count": entries})


@lru_cache(maxsize=8)
def _overlaps(release_id: str, store: Path) -> double_counting_without_sql.Overlaps | None:
    """Which entry of a release includes which; None if there are too many to hold them in memory."""

    def rows(question: Select[Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = releases.read(release_id, _compiled(question), store).to_pylist()
        return found

    [sizes] = rows(overlaps.sizes())
    if sizes["overlaps"] > MOST_OVERLAPS:
        return None
    return double_counting_without_sql.Overlaps(
        {row.pop("entry_id"): double_counting_without_sql.Figure(**row) for row in rows(overlaps.figures())},
        tuple(double_counting_without_sql.Edge(**row) for row in rows(overlaps.edges())),
        is_old=not sizes["splits"],
    )
