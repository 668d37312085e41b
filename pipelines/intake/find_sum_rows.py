"""Rows that are the sum of other rows, told by arithmetic, codes and indentation, in any language. Pure.

Amounts are whole numbers (cents or finer) here, so that equality is exact.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

MOST_ROWS = 50_000  # above, only a total of all rows is looked for
_MOST_LEVELS = 6
# A sum is no chance where it has this many steps of its own grain for each row of the file.
_STEPS = 50
# Some sums among many rows are chance: a grant that two funds pay in halves looks like one. Below this share
# of the rows they are none.
_SEEN = 0.1


@dataclass(frozen=True)
class SumRow:
    """A row that is the sum of others. position, parts: of the row and of its parts. why: how it was told."""

    position: int
    parts: tuple[int, ...]
    why: str
    is_certain: bool


def find_sums(
    values: Sequence[int], codes: Sequence[Sequence[str]] = (), depths: Sequence[int] = ()
) -> list[SumRow]:
    """The rows that are sums of others.

    values: the amounts, 0 where there is none. codes: for each column that may hold codes, its cells.
    depths: how far the label of each row is indented.
    """
    if len(values) < 3:
        return []
    if len(values) > MOST_ROWS:
        return _whole(values)
    found: dict[int, SumRow] = {}
    if any(depths):
        for row in _by_tree(values, _parents_by_depth(depths), "the rows indented below it"):
            found.setdefault(row.position, row)
    for column in codes:
        for row in _by_tree(values, _parents_by_code(column), "the rows whose codes begin with its code"):
            found.setdefault(row.position, row)
    if not found:
        for row in (*_neighbours(values), *_whole(values)):
            found.setdefault(row.position, row)
    return [found[position] for position in sorted(found)]


def _whole(values: Sequence[int]) -> list[SumRow]:
    """One row that is the sum of all others, wherever it stands; amounts may be below zero."""
    total = sum(values)
    filled = [position for position, value in enumerate(values) if value]
    if len(filled) < 3:
        return []
    at = next((position for position in filled if 2 * values[position] == total), -1)
    if at >= 0:
        others = tuple(position for position in filled[:1001] if position != at)[:1000]
        return [SumRow(at, others, "all other rows", _is_certain(values, at, others))]
    # a total above or below the table may have been rounded apart from its parts
    grain = math.gcd(*(values[position] for position in filled))
    for at in (0, len(values) - 1):
        is_near = abs(2 * values[at] - total) * 2 <= grain * len(filled)
        if is_near and abs(values[at]) >= grain * _STEPS * len(values):
            others = tuple(position for position in filled[:1001] if position != at)[:1000]
            return [SumRow(at, others, "all other rows, but for rounding", True)]
    return []


def _is_certain(values: Sequence[int], at: int, parts: Sequence[int]) -> bool:
    """Whether chance can be ruled out: the sum has far more steps of its grain than the file has rows."""
    grain = math.gcd(values[at], *(values[part] for part in parts))
    return abs(values[at]) >= grain * _STEPS * len(values)


# --- by codes and indentation


def _parents_by_depth(depths: Sequence[int]) -> dict[int, int]:
    """Row → the row that it is indented below."""
    parents: dict[int, int] = {}
    stack: list[int] = []
    for at, depth in enumerate(depths):
        while stack and depths[stack[-1]] >= depth:
            stack.pop()
        if stack:
            parents[at] = stack[-1]
        stack.append(at)
    return parents


def _parents_by_code(codes: Sequence[str]) -> dict[int, int]:
    """Row → the row whose code is the longest beginning of its own."""
    first: dict[str, int] = {}
    for at, code in enumerate(codes):
        bare = code.strip().rstrip(".-/ 0") if _is_padded(code) else code.strip().rstrip(".-/ ")
        if bare:
            first.setdefault(bare, at)
    parents: dict[int, int] = {}
    for code, at in first.items():
        for size in range(len(code) - 1, 0, -1):
            parent = first.get(code[:size].rstrip(".-/ "))
            if parent is not None and parent != at:
                parents[at] = parent
                break
    return parents


def _is_padded(code: str) -> bool:
    """Whether a code is filled up with zeros, as 1000 above 1100 and 1110."""
    return code.strip().isdigit() and len(code.strip()) >= 3


def _by_tree(values: Sequence[int], parents: Mapping[int, int], how: str) -> list[SumRow]:
    """Parents that are the sum of their direct children; none where that is the exception."""
    children: dict[int, list[int]] = defaultdict(list)
    for at, parent in parents.items():
        children[parent].append(at)
    filled = {parent: below for parent, below in children.items() if values[parent] and any(values[at] for at in below)}  # fmt: skip
    grain = math.gcd(*(value for value in values if value)) if any(values) else 1
    matched = [
        parent
        for parent, below in filled.items()
        if _nearly(values[parent], sum(values[at] for at in below), len(below), grain)
    ]
    if not matched or 2 * len(matched) < len(filled) or all(len(filled[parent]) == 1 for parent in matched):
        return []
    return [
        SumRow(parent, tuple(filled[parent]), how, len(matched) > 1 or _is_certain(values, parent, filled[parent]))
        for parent in matched
    ]  # fmt: skip


def _nearly(stated: int, summed: int, parts: int, grain: int) -> bool:
    """Whether a sum is exact, or as near as rounded parts can be."""
    return stated == summed or (abs(stated - summed) * 2 <= grain * (parts + 1) and abs(stated) > 100 * grain)


# --- by neighbours


def _neighbours(values: Sequence[int]) -> list[SumRow]:
    """Rows that are the sum of the rows right below or right above them, level by level."""
    units = [at for at, value in enumerate(values) if value]
    found: list[SumRow] = []
    for _ in range(_MOST_LEVELS):
        blocks = _best(values, units)
        if not blocks:
            break
        found += blocks
        inside = {part for block in blocks for part in block.parts}
        units = [at for at in units if at not in inside]
        if len(units) < 2:
            break
    return found


def _best(values: Sequence[int], units: Sequence[int]) -> list[SumRow]:
    """The blocks of one level, in the direction that explains more rows; none where it may be chance."""
    tries = []
    for is_above in (True, False):
        order = list(units) if is_above else list(reversed(units))
        where = "the rows right below it" if is_above else "the rows right above it"
        blocks = _blocks(values, order, where)
        covered = sum(1 + len(block.parts) for block in blocks)
        certain = [block for block in blocks if block.is_certain]
        if covered >= 0.8 * len(units) and len(units) >= 3:
            tries.append((covered, blocks))
        elif certain and sum(1 + len(block.parts) for block in certain) >= _SEEN * len(units):
            tries.append((sum(1 + len(block.parts) for block in certain), certain))
    return max(tries, key=lambda pair: pair[0])[1] if tries else []


def _blocks(values: Sequence[int], order: Sequence[int], where: str) -> list[SumRow]:
    """Sums followed by their parts, none inside another, in the order of the rows."""
    running = 0
    after: dict[int, list[int]] = defaultdict(list)  # amounts below zero can bring a running sum twice
    sums = []
    for place, at in enumerate(order):
        running += values[at]
        sums.append(running)
        after[running].append(place)
    blocks = []
    place = 0
    while place < len(order):
        at = order[place]
        ends = after.get(sums[place] + values[at], [])
        first = bisect_left(ends, place + 2)
        end = ends[first] if first < len(ends) else -1
        parts = order[place + 1 : end + 1] if end >= place + 2 else []
        if len(parts) >= 2:
            blocks.append(SumRow(at, tuple(sorted(parts)), where, _is_certain(values, at, parts)))
            place = end + 1
        else:
            place += 1
    return blocks


def as_whole_numbers(texts: Sequence[str | None], is_amount: Callable[[str], bool]) -> list[int]:
    """Plain digits → whole numbers of the finest decimal among them; 0 where there is no amount."""
    good = [text if text and is_amount(text) else "" for text in texts]
    places = max((len(text.partition(".")[2]) for text in good), default=0)
    return [_whole_number(text, places) for text in good]


def _whole_number(text: str, places: int) -> int:
    if not text:
        return 0
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(places, "0"))
