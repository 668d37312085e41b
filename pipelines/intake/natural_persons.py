"""A warning for each beneficiary that may be a natural person. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.person_names import WITHHELD


def findings(
    file: str,
    names: pa.ChunkedArray | pa.Array,
    row_numbers: npt.NDArray[np.integer[Any]],
    column_index: int,
    persons: Mapping[str, str],
    shown: Collection[str],
) -> Iterator[Finding]:
    """One warning for each name, at the first row that has it.

    names: the beneficiaries of the rows, and row_numbers their rows as a spreadsheet shows them.
    column_index: where they stand in the file; -1 if in none of its columns. persons: name → what tells that
    it may be a natural person. shown: names that somebody asks to show.
    """
    if not persons:
        return
    which = pc.fill_null(pc.index_in(names, pa.array(list(persons), pa.string())), -1)
    found, firsts, counts = np.unique(np.asarray(which), return_index=True, return_counts=True)
    every = list(persons)
    listed = [one for one in zip(found, firsts, counts, strict=True) if one[0] >= 0]
    for at, first, count in listed[: limits.MAX_LISTED]:
        name = every[int(at)]
        rows = f"stands in {count:,} rows and " if count > 1 else ""
        becomes = (
            "is to be shown by name, which a second person must allow"
            if name in shown
            else f"is published as “{WITHHELD}”"
        )
        yield make_finding(
            "natural-person",
            file,
            f"may be a natural person ({persons[name]}): it {rows}{becomes}.",
            row=int(row_numbers[int(first)]) if column_index >= 0 else 0,
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
