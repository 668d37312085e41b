"""The rows of a block as numbers: different words by column, amounts in cents, fingerprints of columns, and
the rows that have the same fingerprint. Pure.

A million rows are compared by these numbers; their texts are looked at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.foreign_files.grid import Mask, mask

Marks = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_PLAIN = r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$"
_STEP = 0x9E3779B97F4A7C15  # of SplitMix64
_WORDS, _CENTS = 1 << 32, 1 << 62  # where the numbers of a column begin, and those of amounts


@dataclass(frozen=True)
class Column:
    """A column by its different words.

    words: in the order in which they come first. codes: row → which word; where it is empty, the number of
    words.
    """

    words: pa.Array
    codes: npt.NDArray[np.int32]

    def where(self, judge: Callable[[pa.Array], pa.Array], if_empty: bool = False) -> Mask:
        """The rows whose word is so; each word is judged once."""
        return np.append(mask(judge(self.words)), if_empty)[self.codes]


class RowFingerprints:
    """The rows of a block. table: the columns of the template as text."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._columns: dict[str, Column] = {}

    @cached_property
    def good(self) -> Mask:
        """The rows whose amount could be read: plain digits with at most two decimals."""
        return mask(pc.match_substring_regex(self.table["amount_eur"], _PLAIN))

    @cached_property
    def amount(self) -> pa.ChunkedArray:
        """The amounts in euros, exact; null where one could not be read."""
        column = self.table["amount_eur"]
        if not self.good.all():
            column = pc.if_else(pa.chunked_array([pa.array(self.good)]), column, pa.scalar(None, pa.string()))
        return column.cast(pa.decimal128(20, 2))

    @cached_property
    def cents(self) -> npt.NDArray[np.int64]:
        """The amounts in cents; 0 where one could not be read."""
        halves = [
            np.frombuffer(chunk.buffers()[1], dtype=np.int64)[2 * chunk.offset :][: 2 * len(chunk) : 2]
            for chunk in self.amount.chunks
            if len(chunk)
        ]
        whole = np.concatenate(halves) if halves else np.zeros(0, dtype=np.int64)
        return np.where(self.good, whole, 0)

    def column(self, name: str) -> Column:
        """A column by its different words."""
        if name not in self._columns:
            encoded = pc.dictionary_encode(self.table[name].combine_chunks())
            if isinstance(encoded, pa.ChunkedArray):
                encoded = encoded.combine_chunks()
            words = encoded.dictionary
            codes = pc.fill_null(encoded.indices, len(words)).to_numpy(zero_copy_only=False)
            self._columns[name] = Column(words, codes.astype(np.int32, copy=False))
        return self._columns[name]

    def is_empty(self, name: str) -> Mask:
        """The rows without a word in a column."""
        column = self.table[name]
        return mask(pc.is_null(column)) if column.null_count else np.zeros(len(column), dtype=bool)

    def mark(self, *names: str) -> Marks:
        """A fingerprint of some columns: rows have the same where they have the same words in all of them.

        An amount counts by its value, not by its digits.
        """
        marks = np.zeros(self.table.num_rows, dtype=np.uint64)
        for name in names:
            begin = (1 + list(BUDGET_LINE).index(name)) * _WORDS
            if name == "amount_eur" and self.good.all():
                marks += _mixed(self.cents.view(np.uint64) + np.uint64(_CENTS))
                continue
            column = self.column(name)
            of_words = _mixed(np.arange(begin, begin + len(column.words) + 1, dtype=np.uint64))
            own = of_words[column.codes]
            if name == "amount_eur":
                of_cents = _mixed(self.cents.view(np.uint64) + np.uint64(_CENTS))
                own = np.where(self.good, of_cents, own)
            marks += own
        return marks


def _mixed(numbers: Marks) -> Marks:
    """Numbers that look random: the same for the same, and for no two the same (SplitMix64)."""
    mixed = numbers * np.uint64(_STEP)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@dataclass(frozen=True)
class Groups:
    """Rows by their fingerprint, those of one group together.

    positions: of the rows. starts: where each group begins in them. counts: how many rows it has.
    """

    positions: Places
    starts: Places
    counts: Places

    @cached_property
    def firsts(self) -> Places:
        """The first row of each group."""
        return np.minimum.reduceat(self.positions, self.starts) if len(self.starts) else self.starts

    def spread(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """What holds of each group, for each of its rows."""
        return np.repeat(values, self.counts)


def groups_of(
    marks: Marks, rows: Mask, least: int, order_by: npt.NDArray[np.float64] | None = None
) -> Groups:
    """The groups with at least so many rows. order_by: how these are ordered; else as in the file."""
    positions = np.flatnonzero(rows)
    own: npt.NDArray[np.integer[Any]] = marks[positions]
    if least > 1:
        in_order = np.sort(own)
        if len(own) < least or not (in_order[least - 1 :] == in_order[: len(own) - least + 1]).any():
            return Groups(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
        _, inverse, counts = np.unique(own, return_inverse=True, return_counts=True)
        kept = (counts >= least)[inverse]
        positions, own = positions[kept], inverse[kept]
    order = np.argsort(own, kind="stable") if order_by is None else np.lexsort((order_by[positions], own))
    own = own[order]
    starts = np.flatnonzero(np.append(True, own[1:] != own[:-1])) if len(own) else np.zeros(0, dtype=np.int64)
    return Groups(positions[order], starts, np.diff(starts, append=len(own)))


def repeats(groups: Groups, which: Mask | None = None) -> dict[int, int]:
    """Row → the first row of its group, of all rows but the first. which: only these groups."""
    firsts = groups.spread(groups.firsts)
    is_later = groups.positions != firsts
    if which is not None:
        is_later &= groups.spread(which)
    pairs = zip(groups.positions[is_later].tolist(), firsts[is_later].tolist(), strict=True)
    return dict(sorted(pairs))


def quantiles(groups: Groups, sizes: npt.NDArray[np.float64], share: float) -> npt.NDArray[np.float64]:
    """The size below which a share of each group lies, between two rows where it lies between them.

    sizes: in the order of the groups' positions, rising in each group.
    """
    at = (groups.counts - 1) * share
    low = np.floor(at).astype(np.int64)
    high = np.ceil(at).astype(np.int64)
    below, above = sizes[groups.starts + low], sizes[groups.starts + high]
    between: npt.NDArray[np.float64] = below + (above - below) * (at - low)
    return between


def known_words(column: Column, known: pa.Array, has_empty: bool) -> Mask:
    """The rows whose word, in small letters, is one of those known; has_empty: so is an empty cell."""
    return column.where(lambda words: pc.is_in(pc.utf8_lower(words), known), has_empty)


def in_small_letters(column: pa.ChunkedArray) -> tuple[pa.Array, bool]:
    """The different words of a column in small letters, and whether a cell is empty."""
    texts = column.cast(pa.string())
    words = pc.unique(pc.utf8_lower(texts))
    has_empty = bool(texts.null_count) or bool(pc.any(pc.equal(words, "")).as_py())
    return words, has_empty


def rows_known_to(lines: RowFingerprints, ledger: pa.Table, names: Sequence[tuple[str, str]]) -> Mask:
    """The rows all of whose words stand in the ledger too, each in its column, whatever their case.

    names: our column and that of the ledger; few different words first.
    """
    rows = np.ones(lines.table.num_rows, dtype=bool)
    for ours, theirs in names:
        if not rows.any():
            break
        rows &= known_words(lines.column(ours), *in_small_letters(ledger[theirs]))
    return rows
