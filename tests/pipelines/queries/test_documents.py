"""The date of a document is its newest, as exactly as all who cite it on that day, and the same in every
run."""

import duckdb
import pytest
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Date, String, column, select, values

from pipelines.queries.documents import PRECISIONS, newest_date


@pytest.mark.parametrize(
    ("dates", "newest"),
    [
        ([("2025-03-01", "day"), ("2025-03-01", "month")], ("2025-03-01", "month")),
        ([("2025-03-01", "month"), ("2025-03-01", "day")], ("2025-03-01", "month")),
        ([("2025-03-01", "half"), ("2025-03-01", "quarter")], ("2025-03-01", "half")),
        ([("2025-01-01", "year"), ("2025-03-01", "day")], ("2025-03-01", "day")),
        ([("2025-03-01", "day"), (None, None)], ("2025-03-01", "day")),
        ([(None, None)], (None, None)),
    ],
)
def test_the_newest_date_is_as_exact_as_the_least_exact_of_its_day(
    connection: duckdb.DuckDBPyConnection,
    dates: list[tuple[str | None, str | None]],
    newest: tuple[str | None, str | None],
) -> None:
    cited = values(column("dated_on", String), column("dated_precision", String), name="cited").data(dates)
    question = select(*newest_date(cited.c.dated_on.cast(Date), cited.c.dated_precision)).select_from(
        cited.outerjoin(PRECISIONS, PRECISIONS.c.code == cited.c.dated_precision)
    )
    text = str(question.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
    ((dated_on, precision),) = connection.execute(text).fetchall()
    assert (str(dated_on) if dated_on else None, precision) == newest
