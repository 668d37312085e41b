"""Choices of a reader who changes one filter at a time, the same for every run with the same seed.

Filters and options are known by what a page writes, so that the same walk can be taken through another build
of the same page.
"""

import hashlib
import random
from collections.abc import Mapping
from typing import NamedTuple

from tests.bench.visitor import Filter

NOTHING = " (none)"
AT_MOST = 3
Choice = tuple[tuple[str, tuple[str, ...]], ...]

# The filters above the figures of each page; *known* choices change the first one. Popovers may hold others.
PAGES: Mapping[str, tuple[str, ...]] = {
    "": ("Show",),
    "euros": (
        "Stage",
        "Basis",
        "Programme",
        "Initiative",
        "Level of detail",
        "Convert to",
        "Count",
        "Prices",
        "Compare countries by",
    ),
    "sites": ("Kind", "Status", "Country"),
    "countries": ("Country", "Kind of site", "Compare by"),
    "projects": ("Programme", "Year", "Country", "Group by", "Stage"),
    "timeline": ("Show", "Initiative", "Country", "Kind of event"),
    "about": ("Words for",),
    "data": ("Table",),
}
TITLES = {"": "Overview", **{page: page.capitalize() for page in PAGES if page}}


class Change(NamedTuple):
    """One filter gets other options."""

    label: str
    values: tuple[str, ...]


def _plain(option: str) -> str:
    """An option without the remark that it would leave nothing."""
    return option.removesuffix(NOTHING)


def choice_after(
    filters: Mapping[str, Filter], labels: tuple[str, ...], change: Change | None = None
) -> Choice:
    """What is chosen in these filters after a change, as a value that can be compared."""
    values = {label: filters[label].values for label in labels if label in filters}
    if change:
        values[change.label] = change.values
    return tuple(
        (label, tuple(sorted(_plain(value) for value in chosen))) for label, chosen in values.items()
    )


def written(shown: Filter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Options as a filter writes them now: whether one would leave nothing changes with the other filters."""
    now = {_plain(option): option for option in shown.options}
    return tuple(now[_plain(value)] for value in values)


class Walk:
    """Changes, each to a choice that this walk has not had before."""

    def __init__(self, labels: tuple[str, ...], seed: int = 1, asked: set[Choice] | None = None) -> None:
        """asked: choices that count as had already; those of this walk are added."""
        self.labels, self.asked = labels, set() if asked is None else asked
        self._random = random.Random(seed)
        self._digest = hashlib.sha256()
        self._undo: Change | None = None
        self._has_drawn = False

    def step(self, filters: Mapping[str, Filter], charts: int) -> Change | None:
        """The next change on a page that shows these filters and so many charts.

        None if only choices are left that were had before. A reader whose last change left nothing to draw
        takes it back.
        """
        undo, self._undo = self._undo, None
        if undo and self._has_drawn and not charts:
            return undo
        self._has_drawn = self._has_drawn or charts > 0
        self.asked.add(choice_after(filters, self.labels))
        labels = [label for label in self.labels if label in filters]
        for label in self._random.sample(labels, len(labels)):
            changes = [Change(label, values) for values in self._ways(filters[label])]
            new = [
                change for change in changes if choice_after(filters, self.labels, change) not in self.asked
            ]
            if new:
                change = self._random.choice(new)
                self.asked.add(choice_after(filters, self.labels, change))
                self._undo = Change(label, filters[label].values)
                self._digest.update(repr((change.label, [_plain(value) for value in change.values])).encode())
                return change
        return None

    def digest(self) -> str:
        """The same for the same walk: figures of two builds can be compared if this is equal."""
        return self._digest.hexdigest()[:12]

    @staticmethod
    def _ways(shown: Filter) -> list[tuple[str, ...]]:
        """What one click makes of a filter. Options that would leave nothing are not clicked."""
        free = [
            option for option in shown.options if option not in shown.values and not option.endswith(NOTHING)
        ]
        if not shown.several:
            return [(option,) for option in free]
        more = [(*shown.values, option) for option in free] if len(shown.values) < AT_MOST else []
        fewer = [tuple(value for value in shown.values if value != gone) for gone in shown.values]
        return more + fewer


def to_and_fro(filters: Mapping[str, Filter], labels: tuple[str, ...]) -> tuple[Change, Change]:
    """Two changes of the first filter that undo each other: another option, and what is chosen now."""
    shown = filters[labels[0]]
    there = Walk._ways(shown)[0]
    return Change(labels[0], there), Change(labels[0], shown.values)
