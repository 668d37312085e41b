"""The world on a day, as a release knows it: how such a view of a release is named. Pure.

Two notions of time stay apart. A release is what we knew when it was compiled; a day is where the world
stood, as far as that release knows. `<release>-as-of-<day>` names both and is read wherever a release is.
"""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from pipelines.errors import NotPossible
from pipelines.findings import shown

_BETWEEN = "-as-of-"
_NAME = re.compile(rf"(?P<release>.*){_BETWEEN}(?P<day>\d{{4}}-\d{{2}}-\d{{2}})", re.ASCII)
FIRST = date(2000, 1, 1)
"""Days before it are refused: a typing error, not a day of this money."""


class View(NamedTuple):
    """A release, and the day on which it is looked at; None for the release itself."""

    release_id: str
    day: date | None = None

    @property
    def name(self) -> str:
        """What it is asked for by, in place of the id of a release."""
        return f"{self.release_id}{_BETWEEN}{self.day.isoformat()}" if self.day else self.release_id

    @property
    def of_current(self) -> str | None:
        """The name of the same day in whatever release is current; None without a day."""
        return View("", self.day).name if self.day else None


def view(name: str) -> View:
    """The view that a name stands for."""
    match = _NAME.fullmatch(name)
    if match and (day := read_day(match["day"])):
        return View(match["release"], day)
    return View(name)


def words(name: str | None) -> dict[str, str]:
    """The words of addresses, answers and rows that name a release and the day on which it is looked
    at: release, as_of.
    """
    named = view(name or "")
    return {
        **({"release": named.release_id} if named.release_id else {}),
        **({"as_of": named.day.isoformat()} if named.day else {}),
    }


def of_current(name: str) -> str | None:
    """What names the same day in whatever release is current; None for a release on no day."""
    return view(name).of_current


def read_day(text: str) -> date | None:
    """A day written as year-month-day, from FIRST on; None if it is no such day."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= FIRST else None


def today() -> date:
    """The present day, in UTC."""
    return datetime.now(UTC).date()


def day_to_look_at(text: str) -> date:
    """A day that a reader asks for. Raises NotPossible if it is none, or has not come yet."""
    day = read_day(text)
    if day is None:
        raise NotPossible(
            f"{shown(text)} is no day that can be looked at. Write year-month-day, such as 2025-02-11, from {FIRST} on."
        )
    if day > today():
        raise NotPossible(f"The day {day} has not come yet. Choose today, {today()}, or a day before it.")
    return day


def name_of(release_id: str, day: date | None) -> str:
    """The name of a release on a day. From the day of its knowledge on it is the release itself."""
    if day is None or day.isoformat() >= release_id[:10]:
        return release_id
    return View(release_id, day).name
