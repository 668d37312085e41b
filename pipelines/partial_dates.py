"""Dates as sources give them: to the day, month, quarter or year. Pure."""

import calendar
import re
from datetime import date
from typing import NamedTuple


class PartialDate(NamedTuple):
    """A stated period: first day, last day and how exactly the date is known."""

    first: date
    last: date
    precision: str


_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_HALF = re.compile(r"(\d{4})-H([12])", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_partial_date(text: str) -> PartialDate | None:
    """YYYY-MM-DD, YYYY-MM, YYYY-Qn, YYYY-Hn or YYYY as a Moment; None if it is none of them."""
    try:
        if match := _QUARTER.fullmatch(text):
            return _months(int(match[1]), int(match[2]) * 3 - 2, int(match[2]) * 3, "quarter")
        if match := _HALF.fullmatch(text):
            return _months(int(match[1]), int(match[2]) * 6 - 5, int(match[2]) * 6, "half")
        if match := _MONTH.fullmatch(text):
            return _months(int(match[1]), int(match[2]), int(match[2]), "month")
        if _YEAR.fullmatch(text):
            return _months(int(text), 1, 12, "year")
        if _DAY.fullmatch(text):
            return PartialDate(date.fromisoformat(text), date.fromisoformat(text), "day")
    except ValueError:
        pass
    return None


def _months(year: int, first: int, last: int, precision: str) -> PartialDate:
    return PartialDate(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), precision)
