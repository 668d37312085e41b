"""The answers of one release to the questions of the pages. Pure: whoever makes one says how a question is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Select

from pipelines.queries import about

_DIALECT = Dialect()


@dataclass(frozen=True)
class ReleaseData:
    """A release that can be asked. ask: SQL text → rows, euros as Decimal, days as dates, missing as None."""

    release_id: str
    manifest: Mapping[str, Any]
    ask: Callable[[str], pd.DataFrame]

    @property
    def known_on(self) -> date:
        """The day of the release's knowledge: what was not known then is not shown."""
        return date.fromisoformat(self.manifest["known_on"])

    def read(self, select: Select[Any]) -> pd.DataFrame:
        """The rows of a question."""
        return self.ask(sql_of(select))

    def row(self, select: Select[Any]) -> dict[Any, Any]:
        """The one row of a question that has one."""
        return dict(self.read(select).iloc[0])

    def labels(self, vocabulary: str) -> dict[str, str]:
        """Code → label of one vocabulary, such as `stages`, in its order."""
        rows = self.read(about.vocabulary(vocabulary))
        return dict(zip(rows["code"], rows["label"], strict=True))


@lru_cache(maxsize=512)
def sql_of(select: Select[Any]) -> str:
    """A question as the text that the database is asked; also what a reader is shown as the query behind a figure."""
    return str(select.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
