"""Promises against what came of them: for each promise its state, its months of slip and the word for it.

Pure.

Every statement is kept as it was worded at the time; a date that has passed without evidence is due, neither
late nor done. One that passed after the newest source was not looked at yet: nothing could have confirmed it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text import promise_delays as text
from pages.parts.text.cldr import ENGLISH
from pipelines import frame_rows

COARSE = ("quarter", "half", "year")
RANK = {
    "due": 0,
    "unseen": 1,
    "moved": 2,
    "kept": 3,
    "alone": 3,
    "done": 4,
    "withdrawn": 5,
}  # the order of the states on the timeline
CLOSED = ("done", "withdrawn")
OUTCOMES = ("kept", "missed", "unclear", "due", "unseen", "withdrawn", "moved", "coming")


class Stated(NamedTuple):
    """A stated date: first day, last day, precision."""

    first: date
    last: date
    precision: str


class Slip(NamedTuple):
    """One promise: earlier statements in their order, the present one, what happened, its state and the word
    at its right.

    state: "due" (the date has passed, nothing confirms it), "unseen" (it passed after the newest source),
    "moved", "kept" (not yet due, same date), "alone" (only one date found), "done", or "withdrawn" (the last
    statement names no date any more, and nothing happened). is_later: the present date begins after the end
    of the first one, so that it is later for certain. least, most: months from the end of the first stated
    date to the beginning and end of the present one; None if there is only one date.
    """

    promise_id: str
    title: str
    place: str
    earlier: tuple[Stated, ...]
    now: Stated
    happened: Stated | None
    state: str
    least: int | None
    most: int | None
    word: str
    is_later: bool


def state_of_plan(last: date, today: date, until: date | None = None) -> str:
    """What is known of an open plan: "due", "unseen" or "coming"; for all lists and figures.

    last: the last day of its date. today: the day of the release's knowledge. until: the day of the newest
    source that could have confirmed it; none if it is the same day.
    """
    if last >= today:
        return "coming"
    return "due" if last < (until or today) else "unseen"


def slips(
    promises: pd.DataFrame, today: date, locale: str = ENGLISH, until: date | None = None
) -> list[Slip]:
    """Promises in the order of the timeline: due, not looked at yet, then by slip, then done.

    promises: schema.promises, one row a statement; promise_id, statement, title, promised_on, promised_until,
    promised_precision, happened_on, happened_until, happened_precision; optional place. Promises without any
    date are left out. today, until: as for `state_of_plan`.
    """
    statements = by_promise(promises.sort_values(["promise_id", "statement"]))
    return sorted(
        (
            _slip(rows, today, until, locale)
            for rows in statements.values()
            if any(stated(row, "promised") for row in rows)
        ),
        key=lambda slip: (RANK[slip.state], -(slip.most or 0), slip.now.last, slip.promise_id),
    )


def restated(slips: list[Slip]) -> list[Slip]:
    """The open promises with more than one stated date."""
    return [slip for slip in slips if slip.earlier and slip.state not in CLOSED]


def unseen(slips: list[Slip]) -> list[Slip]:
    """The promises whose date passed after the newest source."""
    return [slip for slip in slips if slip.state == "unseen"]


def due(slips: list[Slip]) -> list[Slip]:
    """The promises whose date has passed without evidence."""
    return [slip for slip in slips if slip.state == "due"]


def judged(named: Stated, slip: Slip, today: date, until: date | None = None) -> str:
    """What became of one stated date of a promise: "kept", "missed", "due", "unseen", "withdrawn", "moved"
    (it has not come, and a later one is named), "coming", or "unclear" where the day on which it happened is
    known too roughly.

    Missed: it happened later for certain, or the date passed and a later one is named. today, until: as for
    `state_of_plan`, which says what else is due.
    """
    if slip.happened:
        if slip.happened.last <= named.last:
            return "kept"
        return "missed" if slip.happened.first > named.last else "unclear"
    if slip.state == "withdrawn":
        return "withdrawn"
    state, is_later = state_of_plan(named.last, today, until), slip.now.first > named.last
    if state == "coming":
        return "moved" if is_later else "coming"
    return "missed" if is_later else state


def days_moved(first: Stated, then: Stated) -> tuple[int, int]:
    """Days from the end of the first stated date to the beginning and to the end of another one, as
    `months_moved` counts months: (0, 0) if it lies inside the period that was stated first.
    """
    if first.first <= then.first and then.last <= first.last:
        return 0, 0
    most = (then.last - first.last).days
    if most <= 0 or then.precision not in COARSE:
        return most, most
    return max((then.first - first.last).days - 1, 0), most


def by_promise(promises: pd.DataFrame) -> dict[str, list[dict[Any, Any]]]:
    """The statements of each promise, in the order of the rows."""
    statements: dict[str, list[dict[Any, Any]]] = {}
    for row in frame_rows.records(promises):
        statements.setdefault(row["promise_id"], []).append(row)
    return statements


def _slip(rows: list[dict[Any, Any]], today: date, until: date | None, locale: str) -> Slip:
    named = [stated(row, "promised") for row in rows]
    dates = [date_ for date_ in named if date_ is not None]
    happened = next((done for row in reversed(rows) if (done := stated(row, "happened")) is not None), None)
    first, now = dates[0], dates[-1]
    least, most = months_moved(first, happened or now) if len(dates) > 1 or happened else (None, None)
    is_withdrawn = named[-1] is None and len(named) > 1
    state = "done" if happened else "withdrawn" if is_withdrawn else state_of_plan(now.last, today, until)
    if state == "coming":
        state = "alone" if most is None else "kept" if (least, most) == (0, 0) else "moved"
    place = rows[-1].get("place")
    is_later = (happened or now).first > first.last
    return Slip(
        str(rows[-1]["promise_id"]),
        str(rows[-1]["title"]),
        "" if formatting.is_missing(place) else str(place),
        tuple(dates[:-1]),
        now,
        happened,
        state,
        least,
        most,
        text.slip_words(state, least, most, is_later, _when(happened, locale), locale),
        is_later,
    )


def stated(row: Mapping[Any, Any], name: str) -> Stated | None:
    """A date of a statement; None if it names none. name: said, promised or happened."""
    if formatting.is_missing(row.get(f"{name}_on")):
        return None
    first, last = (pd.Timestamp(str(row[f"{name}_{end}"])).date() for end in ("on", "until"))
    return Stated(first, last, str(row[f"{name}_precision"]))


def _when(happened: Stated | None, locale: str) -> str:
    if happened is None:
        return ""
    if happened.precision == "day":
        return formatting.short_day(happened.first, locale)
    return formatting.moment(happened.first, happened.precision, locale)


def months_moved(first: Stated, then: Stated) -> tuple[int, int]:
    """Months from the end of the first stated date to the beginning and to the end of another one; (0, 0) if
    it ends in the same month or lies inside the period that was stated first.

    A date known to the day or month gives one number twice. A year after "December 2026" gives (0, 12): from
    at once to twelve months.
    """
    if first.first <= then.first and then.last <= first.last:
        return 0, 0
    most = _month(then.last) - _month(first.last)
    if most == 0 or then.precision not in COARSE:
        return most, most
    least = _month(then.first) - 1 - _month(first.last)
    # A coarse date that begins before the first stated date ends has not certainly moved.
    return (max(least, 0), most) if most > 0 else (least, most)


def _month(day: date) -> int:
    return day.year * 12 + day.month
