"""Which promises were kept: each date is judged by what is known, and every number can be counted by hand."""

from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
import pytest

from pages.parts import promise_delays
from pages.parts.promise_delays import Slip, Stated, days_moved, judged, slips
from pages.parts.text import promise_league as text
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, timeline
from pipelines import frame_rows
from pipelines.queries.release_answers import ReleaseData, opened

TODAY, UNTIL = date(2026, 11, 27), date(2026, 10, 10)


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return opened(release_id, store)


def month(year: int, number: int) -> Stated:
    first = pd.Timestamp(year, number, 1)
    return Stated(first.date(), (first + pd.offsets.MonthEnd(0)).date(), "month")


def year(number: int) -> Stated:
    return Stated(date(number, 1, 1), date(number, 12, 31), "year")


def day(*parts: int) -> Stated:
    return Stated(date(*parts), date(*parts), "day")


def promise(*dates: Stated | None, happened: Stated | None = None) -> Slip:
    rows = [
        {
            "promise_id": "one",
            "statement": number,
            "title": "One",
            **_cells("promised", stated),
            **_cells("happened", happened if number == len(dates) else None),
        }
        for number, stated in enumerate(dates, start=1)
    ]
    (slip,) = slips(pd.DataFrame(rows, dtype=object), TODAY, until=UNTIL)
    return slip


def _cells(name: str, stated: Stated | None) -> dict[str, Any]:
    first, last, precision = stated or (None, None, None)
    return {f"{name}_on": first, f"{name}_until": last, f"{name}_precision": precision}


@pytest.mark.parametrize(
    ("named", "slip", "outcome"),
    [
        (year(2025), promise(year(2025), happened=day(2025, 11, 7)), "kept"),
        (month(2025, 12), promise(month(2025, 12), month(2026, 7), happened=day(2026, 7, 30)), "missed"),
        (month(2026, 7), promise(month(2025, 12), month(2026, 7), happened=day(2026, 7, 30)), "kept"),
        (month(2026, 3), promise(month(2026, 3), happened=year(2026)), "unclear"),
        (month(2025, 12), promise(month(2025, 12)), "due"),
        (month(2026, 10), promise(month(2026, 10)), "unseen"),
        (month(2027, 1), promise(month(2027, 1)), "coming"),
        (month(2026, 12), promise(month(2026, 12), month(2027, 3)), "moved"),
        (month(2026, 6), promise(month(2026, 6), month(2026, 12)), "missed"),
        (month(2026, 6), promise(month(2026, 6), year(2026)), "due"),
        (month(2027, 6), promise(month(2027, 6), None), "withdrawn"),
        (month(2025, 6), promise(month(2025, 6), None), "withdrawn"),
        (month(2025, 6), promise(None, month(2025, 6)), "due"),
    ],
)
def test_a_date_is_judged_by_what_is_known(named: Stated, slip: Slip, outcome: str) -> None:
    assert judged(named, slip, TODAY, UNTIL) == outcome


def test_a_withdrawn_promise_is_neither_open_nor_due() -> None:
    slip = promise(month(2025, 6), month(2026, 1), None)
    assert (slip.state, slip.word) == ("withdrawn", "withdrawn")
    assert (
        promise_delays.restated([slip]) == promise_delays.due([slip]) == promise_delays.unseen([slip]) == []
    )


@pytest.mark.parametrize(
    ("first", "then", "days"),
    [
        (month(2025, 12), day(2026, 7, 30), (211, 211)),
        (month(2026, 12), month(2027, 1), (31, 31)),
        (month(2026, 12), year(2027), (0, 365)),
        (month(2026, 6), Stated(date(2027, 1, 1), date(2027, 3, 31), "quarter"), (184, 274)),
        (year(2025), day(2025, 11, 7), (0, 0)),
        (month(2026, 6), month(2026, 5), (-30, -30)),
    ],
)
def test_days_run_from_the_end_of_the_first_date(first: Stated, then: Stated, days: tuple[int, int]) -> None:
    assert days_moved(first, then) == days


def chosen(answers: ReleaseData, **codes: tuple[str, ...]) -> Values:
    return {found.name: found.default for found in timeline.parameters(answers)} | codes


def rows(answers: ReleaseData, **codes: tuple[str, ...]) -> list[dict[Any, Any]]:
    figure = FIGURES["slips"].make(answers, chosen(answers, **codes))
    assert figure
    return frame_rows.records(figure.rows)


def test_the_promises_of_2025(answers: ReleaseData) -> None:
    figure = FIGURES["slips"].make(answers, chosen(answers, year=("2025",)))
    assert figure
    by_title = {row["name"]: row["outcome"] for row in frame_rows.records(figure.rows)}
    assert by_title["JUPITER AI Factory services"] == "kept"
    assert by_title["Gigafactory call opens"] == "missed"
    assert by_title["VLQ, calibration complete"] == "due"
    counts = text.counted(list(by_title.values()))
    assert figure.title == f"Of {len(by_title)}\u00a0promises for 2025: {counts}"


@pytest.mark.parametrize("by", ["site", "country", "kind"])
def test_groups_are_the_promises_counted_by_hand(answers: ReleaseData, by: str) -> None:
    promises, groups = rows(answers), rows(answers, by=(by,))
    assert sum(row["promises"] for row in groups) == len(promises)
    for code in promise_delays.OUTCOMES:
        assert sum(row[code] for row in groups) == sum(row["outcome"] == code for row in promises)
    for column in ("restated", "alone", "restatements", "slipped"):
        assert sum(row[column] for row in groups) == sum(row[column] for row in promises), column
    assert all(row["restated"] + row["alone"] == row["promises"] for row in groups)
    assert all((row["days_most"] is None) == (row["restated"] == 0) for row in groups)
    one = next(row for row in groups if row["restated"] == len(promises) or row["restated"] > 1)
    if by == "country":
        greece = next(row for row in groups if row["name"] == "Greece")
        days = [
            row["days_most"]
            for row in promises
            if row["place"].endswith("EL") and row["days_most"] is not None
        ]
        assert greece["days_most"] == int(median(days))
    assert one["days_least"] <= one["days_most"]


def test_every_statement_has_its_document_and_its_own_judgement(answers: ReleaseData) -> None:
    statements = rows(answers, by=("statement",))
    assert all(row["source_url"].startswith("http") and row["publisher"] for row in statements)
    call = [row for row in statements if row["promise_id"] == "gigafactory-call"]
    assert sorted((row["statement"], row["outcome"]) for row in call) == [
        (1, "missed"),
        (2, "missed"),
        (3, "missed"),
        (4, "unseen"),
    ]


def test_a_year_without_a_promise_has_no_figure(answers: ReleaseData) -> None:
    years = next(found.allowed for found in timeline.parameters(answers) if found.name == "year")
    said_only = [code for code in years if not FIGURES["slips"].make(answers, chosen(answers, year=(code,)))]
    for code in said_only:
        assert FIGURES["slips"].make(answers, chosen(answers, year=(code,), year_of=("said",)))
