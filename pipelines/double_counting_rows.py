"""The rule of pipelines/double_counting.py once more, without SQL: what of a choice is counted. Pure.

Two ways to the same numbers: the bundle's verifier compares them, and so do tests on random graphs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

_NOTHING = Decimal(0)


class Figure(NamedTuple):
    """What the rule must know of an entry of the ledger.

    amount: EUR, None if not published. is_current: in current prices. is_minimum: the source states at
    least this.
    """

    amount: Decimal | None
    stage: str
    basis: str
    is_current: bool
    is_in_force: bool
    is_minimum: bool = False


class Edge(NamedTuple):
    """The first amount includes the second, in one way of dividing the first."""

    container: str
    contained: str
    split: str


@dataclass(frozen=True)
class Overlaps:
    """The figures of a ledger, and which includes which. is_old: of a release that knew no ways of
    dividing."""

    figures: Mapping[str, Figure]
    edges: tuple[Edge, ...]
    is_old: bool = False

    @cached_property
    def inside(self) -> Mapping[str, frozenset[str]]:
        """Everything that is inside each entry, directly or through others."""
        return closure((edge.container, edge.contained) for edge in self.edges)

    @cached_property
    def ways(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Whole → way of dividing it → everything that is inside it in this way."""
        contents: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for edge in self.edges:
            contents[edge.container][edge.split] |= {edge.contained, *self.inside.get(edge.contained, ())}
        return {
            whole: {split: frozenset(parts) for split, parts in several.items()}
            for whole, several in contents.items()
        }

    @cached_property
    def rounds(self) -> list[list[str]]:
        """The wholes that can bind, from the lowest to the highest; those of one round speak at once."""
        left = {whole for whole in self.ways if self._binds(whole)}
        rounds = []
        while left:
            lowest = sorted(whole for whole in left if not (self.inside[whole] - {whole}) & left)
            if not lowest:  # a circle, which law 3 forbids
                break
            rounds.append(lowest)
            left -= set(lowest)
        return rounds

    def bound(self, whole: str) -> Decimal | None:
        """What the parts of a whole may come to at most; None if nobody knows."""
        figure = self.figures[whole]
        return figure.amount if figure.is_current and not figure.is_minimum else None

    def _binds(self, whole: str) -> bool:
        if not self.figures[whole].is_in_force:
            return False
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for part in self.inside[whole]:
            figure = self.figures[part]
            if figure.is_in_force and figure.is_current and figure.amount is not None:
                sums[figure.stage, figure.basis] += max(figure.amount, _NOTHING)
        bound = self.bound(whole)
        return len(self.ways[whole]) > 1 or (bound is not None and max(sums.values(), default=bound) > bound)


def counted(chosen: Collection[str], overlaps: Overlaps) -> dict[str, Decimal | None]:
    """What is counted of each entry of one choice of one stage and basis; an entry that is removed is not
    there.

    Missing amounts stay missing.
    """
    figures, entries = overlaps.figures, set(chosen)
    removing = {entry for entry in entries if overlaps.is_old or figures[entry].amount is not None}
    gone = {part for whole in removing for part in overlaps.inside.get(whole, ())} & entries
    left = {entry: figures[entry].amount or _NOTHING for entry in entries - gone}
    counted_entries = set(left)
    for wholes in () if overlaps.is_old else overlaps.rounds:
        shares_of_wholes = [_shares(whole, left, counted_entries, overlaps) for whole in wholes]
        for entry in list(left):
            several = [one[entry] for one in shares_of_wholes if entry in one]
            if not several:
                continue
            fits = min(several, key=lambda one: (one is not None, one or _NOTHING))
            if fits is None or (fits <= 0 < left[entry]):
                counted_entries.discard(entry)
            left[entry] = fits or _NOTHING
    return {entry: None if figures[entry].amount is None else left[entry] for entry in counted_entries}


def _shares(
    whole: str, left: Mapping[str, Decimal], counted_entries: Collection[str], overlaps: Overlaps
) -> dict[str, Decimal | None]:
    """What a whole leaves of each entry inside it: None if it is in no way that is counted."""
    ways = {
        split: parts & left.keys() for split, parts in overlaps.ways[whole].items() if parts & left.keys()
    }
    if not ways:
        return {}

    def sum_of(split: str) -> Decimal:
        return sum((left[part] for part in ways[split]), _NOTHING)

    best = min(
        ways, key=lambda split: (not ways[split] & set(counted_entries), -sum_of(split), split.encode())
    )
    shares: dict[str, Decimal | None] = {part: None for parts in ways.values() for part in parts}
    bound, before = overlaps.bound(whole), _NOTHING
    is_too_much = bound is not None and sum_of(best) > bound
    for part in sorted(ways[best], key=lambda part: (-left[part], part.encode())):
        room = max(_NOTHING, bound - before) if bound is not None else _NOTHING
        shares[part] = min(left[part], room) if is_too_much else left[part]
        before += left[part]
    return shares


def closure(edges: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Everything that is inside each entry, directly or through others."""
    direct: dict[str, set[str]] = defaultdict(set)
    for container, contained in edges:
        direct[container].add(contained)
    closed: dict[str, frozenset[str]] = {}
    for start in direct:
        inside: set[str] = set()
        waiting = list(direct[start])
        while waiting:
            entry = waiting.pop()
            if entry not in inside:
                inside.add(entry)
                waiting += direct.get(entry, ())
        closed[start] = frozenset(inside)
    return closed
