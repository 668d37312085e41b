"""Beneficiaries that may be natural persons: a warning for each name, and rows that withhold the names."""

import re
from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, mask
from pipelines.intake.applied import Block
from pipelines.person_names import WITHHELD, sign_of_a_person

_SPEAKING = ("heading", "note")  # columns of free text, which may repeat a name


def names_of_persons(block: Block) -> dict[str, str]:
    """Beneficiary → what tells that it may be a natural person."""
    names = (name for name in pc.unique(block.table["beneficiary"]).to_pylist() if name)
    return {name: sign for name in names if (sign := sign_of_a_person(name))}


def findings(
    file: str, grid: Grid, block: Block, persons: dict[str, str], shown: Collection[str]
) -> Iterator[Finding]:
    """One warning for each name, at the first row that has it. shown: names that somebody asks to show."""
    if not persons:
        return
    column_index = block.column_indices.get("beneficiary", -1)
    which = pc.fill_null(pc.index_in(block.table["beneficiary"], pa.array(list(persons), pa.string())), -1)
    found, firsts, counts = np.unique(which.to_numpy(), return_index=True, return_counts=True)
    names = list(persons)
    listed = [one for one in zip(found, firsts, counts, strict=True) if one[0] >= 0]
    for at, first, count in listed[: limits.MAX_LISTED]:
        name = names[int(at)]
        more = f", and in {count - 1:,} more rows" if count > 1 else ""
        becomes = (
            "is to be shown by name, which a second person must allow"
            if name in shown
            else f"is published as “{WITHHELD}”"
        )
        yield make_finding(
            "natural-person",
            file,
            f"may be a natural person ({persons[name]}). Here{more} it {becomes}.",
            row=int(grid.numbers[int(block.rows[int(first)])]) if column_index >= 0 else 0,
            column="beneficiary",
            column_index=column_index,
            value=name,
        )
    if len(persons) > limits.MAX_LISTED:
        yield make_finding(
            "more-of-the-same",
            file,
            f"{len(persons) - limits.MAX_LISTED:,} more names may be those of natural persons (natural-person).",
            column="beneficiary",
            column_index=column_index,
            severity="warning",
        )


def without_names(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The rows with these beneficiaries withheld, also where heading or note repeat them."""
    if not names or not table.num_rows:
        return table
    where = mask(pc.is_in(table["beneficiary"], pa.array(sorted(names), pa.string())))
    for column in _SPEAKING:
        table = _set(table, column, _without_mentions(table, column, where))
    hidden = pc.if_else(pa.array(where), pa.scalar(WITHHELD), table["beneficiary"])
    return _set(table, "beneficiary", hidden)


def _without_mentions(table: pa.Table, column: str, where: np.ndarray) -> pa.ChunkedArray:
    """A column of text in which the rows named say nothing of their own beneficiary's name."""
    positions = np.flatnonzero(where & ~mask(pc.is_null(table[column])))
    if not len(positions):
        return table[column]
    chosen = pa.array(positions)
    names, texts = table["beneficiary"].take(chosen).to_pylist(), table[column].take(chosen).to_pylist()
    changed = [_without(text, name) for text, name in zip(texts, names, strict=True)]
    return pc.replace_with_mask(
        table[column].combine_chunks(),
        pa.array(np.isin(np.arange(table.num_rows), positions)),
        pa.array(changed, pa.string()),
    )


def _without(text: str, name: str) -> str:
    return re.sub(re.escape(name), WITHHELD, text, flags=re.IGNORECASE)


def _set(table: pa.Table, name: str, column: pa.ChunkedArray | pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)
