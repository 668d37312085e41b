"""What comes of a recipe: the rows that each column of amounts gives, findings, and questions. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.findings import Finding
from pipelines.intake.recipes import Amount
from pipelines.intake.row_fingerprints import RowFingerprints
from pipelines.row_checks import Fault


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide.

    choices: answer → what would follow, with the sum where there is one.
    """

    code: str
    column: str
    text: str
    choices: Mapping[str, str]
    sums: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Under which an answer is given: the kind of question, and the column if it is about one."""
        return f"{self.code}:{self.column}" if self.column else self.code


@dataclass(frozen=True)
class Block:
    """The rows that one column of amounts gives.

    table: the columns of the template as text. rows: for each, its index in the grid. places: our column
    → its place in the file. faults: our column → cell as written → why it could not be read. original:
    the sum in the file's own currency and unit.
    """

    amount: Amount
    table: pa.Table
    rows: npt.NDArray[np.int64]
    column_indices: Mapping[str, int]
    faults: Mapping[str, Mapping[str, Fault]]
    sum_original: Decimal
    unit: Decimal = Decimal(1)
    currency: str = "EUR"

    @cached_property
    def lines(self) -> RowFingerprints:
        """Its rows as numbers, by which they are compared."""
        return RowFingerprints(self.table)


@dataclass
class Applied:
    """What came of a recipe."""

    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)
    detected: dict[str, str] = field(default_factory=dict)


def take(column: pa.ChunkedArray, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Some rows of a column; without a copy where they follow each other."""
    if not len(rows):
        return column.slice(0, 0)
    if int(rows[-1]) - int(rows[0]) + 1 == len(rows):
        return column.slice(int(rows[0]), len(rows))
    return column.take(pa.array(rows))
