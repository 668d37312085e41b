"""The rule of pipelines/double_counting.py once more, without SQL: what of a choice is counted. Pure.

Two ways to the same numbers: the bundle's verifier compares them, and so do tests on random graphs. Pages
count by it, because a database plans the rule for longer than a small release takes to count.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import pyarrow as pa

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


class Remaining(NamedTuple):
    """What is left of an entry that no chosen entry contains: EUR, 0 where it has no amount.

    is_counted: False where nothing of it is. whole, counted_split: because of which whole it lost something,
    and how this whole is divided in what is counted ("" if the whole is too small); None where nothing did.
    """

    left: Decimal
    is_counted: bool = True
    whole: str | None = None
    counted_split: str | None = None


class _Share(NamedTuple):
    """What one whole leaves of an entry: None if the entry is in no way that is counted."""

    left: Decimal | None
    whole: str
    counted_split: str


def counted(chosen: Collection[str], overlaps: Overlaps) -> dict[str, Decimal | None]:
    """What is counted of each entry of one choice of one stage and basis; an entry that is removed is not
    there.

    Missing amounts stay missing.
    """
    return {
        entry: None if overlaps.figures[entry].amount is None else rest.left
        for entry, rest in remaining(chosen, overlaps).items()
        if rest.is_counted
    }


def remaining(chosen: Collection[str], overlaps: Overlaps) -> dict[str, Remaining]:
    """What is left of each entry of one choice of one stage and basis; an entry inside another chosen entry
    that removes it is not there.
    """
    figures, entries = overlaps.figures, set(chosen)
    removing = {entry for entry in entries if overlaps.is_old or figures[entry].amount is not None}
    gone = {part for whole in removing for part in overlaps.inside.get(whole, ())}
    rest = {entry: Remaining(figures[entry].amount or _NOTHING) for entry in entries - gone}
    for wholes in () if overlaps.is_old else overlaps.rounds:
        several: dict[str, list[_Share]] = defaultdict(list)
        for whole in wholes:
            for entry, share in _shares(whole, rest, overlaps).items():
                several[entry].append(share)
        rest |= {entry: _after(rest[entry], shares) for entry, shares in several.items()}
    return rest


def _after(before: Remaining, shares: list[_Share]) -> Remaining:
    """What is left of an entry after the wholes of one round."""
    least = min((share.left for share in shares if share.left is not None), default=_NOTHING)
    is_outside = any(share.left is None for share in shares)
    left = _NOTHING if is_outside else least
    is_counted = before.is_counted and not is_outside and (left > 0 or before.left <= 0)
    causes = [
        (share.whole, share.counted_split)
        for share in shares
        if before.is_counted and (share.left is None or share.left < before.left)
    ]
    if not causes:
        return Remaining(left, is_counted, before.whole, before.counted_split)
    return Remaining(left, is_counted, *min(causes, key=lambda cause: tuple(map(str.encode, cause))))


def _shares(whole: str, rest: Mapping[str, Remaining], overlaps: Overlaps) -> dict[str, _Share]:
    """What a whole leaves of each entry inside it."""
    ways = {split: inside for split, parts in overlaps.ways[whole].items() if (inside := parts & rest.keys())}
    if not ways:
        return {}
    sums = {split: sum((rest[part].left for part in ways[split]), _NOTHING) for split in ways}
    has_counted = {split: any(rest[part].is_counted for part in ways[split]) for split in ways}
    best = min(ways, key=lambda split: (not has_counted[split], -sums[split], split.encode()))
    shares = {part: _Share(None, whole, best) for parts in ways.values() for part in parts}
    bound, before = overlaps.bound(whole), _NOTHING
    is_too_much = bound is not None and sums[best] > bound
    for part in sorted(ways[best], key=lambda part: (-rest[part].left, part.encode())):
        left = rest[part].left
        room = max(_NOTHING, bound - before) if bound is not None else _NOTHING
        shares[part] = _Share(min(left, room) if is_too_much else left, whole, "")
        before += left
    return shares


def count(entries: pa.Table, overlaps: Overlaps) -> pa.Table:
    """What `double_counting.counted` gives, from the same rows: those of `entries` with is_removed,
    counted_eur, removed_eur, whole_entry_id and counted_split.

    entries: columns choice, entry_id, amount_eur, and others.
    """
    ids, amounts = (entries[name].to_pylist() for name in ("entry_id", "amount_eur"))
    choices: dict[str, list[str]] = defaultdict(list)
    keys = entries["choice"].to_pylist()
    for key, entry in zip(keys, ids, strict=True):
        choices[key].append(entry)
    rest = {key: _overlapping(of_choice, overlaps) for key, of_choice in choices.items()}
    cells = [
        _cells(amount, rest[key].get(entry, _ALONE))
        for key, entry, amount in zip(keys, ids, amounts, strict=True)
    ]
    for number, (name, kind) in enumerate(_COUNTED.items()):
        entries = entries.append_column(name, pa.array([row[number] for row in cells], kind))
    return entries


_ALONE = Remaining(_NOTHING)  # an entry that overlaps with none
_MONEY = pa.decimal128(18, 2)
_COUNTED = {
    "is_removed": pa.bool_(),
    "counted_eur": _MONEY,
    "removed_eur": _MONEY,
    "whole_entry_id": pa.string(),
    "counted_split": pa.string(),
}


def _overlapping(chosen: list[str], overlaps: Overlaps) -> dict[str, Remaining | None]:
    """What is left of those of the chosen entries that overlap with any entry of the ledger; None if a
    chosen entry contains it.
    """
    overlapping = [entry for entry in chosen if entry in overlaps.figures]
    rest = remaining(overlapping, overlaps)
    return {entry: rest.get(entry) for entry in overlapping}


def _cells(amount: Decimal | None, rest: Remaining | None) -> tuple[Any, ...]:
    """The cells of `_COUNTED` for an entry with this amount."""
    if rest is None:
        return (True, None, amount, None, None)
    left = amount if rest is _ALONE else rest.left
    counted_eur = None if amount is None or not rest.is_counted else left
    removed_eur = None if amount is None else amount - (counted_eur or _NOTHING)
    return (not rest.is_counted, counted_eur, removed_eur, rest.whole, rest.counted_split or None)


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
