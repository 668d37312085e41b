"""Dates are read as exactly as they are stated, and no more."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.partial_dates import PartialDate, read_partial_date

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026-01-20", date(2026, 1, 20), date(2026, 1, 20), "day"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31), "quarter"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "half"),
        ("2033", date(2033, 1, 1), date(2033, 12, 31), "year"),
    ],
)
def test_a_date_is_read_to_its_own_precision(text: str, first: date, last: date, precision: str) -> None:
    assert read_partial_date(text) == PartialDate(first, last, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2026-13",
        "2026-Q5",
        "2026-H3",
        "26",
        "20/01/2026",
        "01-2026",
        "2026-1-2",
        "2026-01-20T00:00",
        "2026 ",
        "٢٠٢٦",
        "0000-01-01",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_partial_date(text) is None


@given(DAYS)
def test_every_day_is_inside_its_month_quarter_half_and_year(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y-%m}",
        f"{day.year}-Q{(day.month + 2) // 3}",
        f"{day.year}-H{1 if day.month <= 6 else 2}",
        str(day.year),
    ):
        moment = read_partial_date(text)
        assert moment is not None
        assert moment.first <= day <= moment.last
        assert moment.first.day == 1 or moment.precision == "day"
        assert (moment.last + timedelta(days=1)).day == 1 or moment.precision == "day"


@given(st.text(max_size=12))
def test_no_text_stops_the_reading(text: str) -> None:
    moment = read_partial_date(text)
    assert moment is None or moment.first <= moment.last
