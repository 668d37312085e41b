"""A warning for each beneficiary that may be a natural person. Pure."""

from collections.abc import Collection, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid
from pipelines.intake.applied import Block
from pipelines.person_names import WITHHELD


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
