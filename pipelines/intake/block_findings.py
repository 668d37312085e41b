"""One block of a file, and findings at its rows. What judges rows beside each other builds on it."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import finding_codes, make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.intake.recipe_result import Block


class BlockFindings:
    """Gives findings at rows of one block. refused: the rows that an error refuses."""

    def __init__(self, file: str, grid: Grid, block: Block) -> None:
        self.file, self.grid, self.block = file, grid, block
        self.table = block.table
        self.refused = np.zeros(self.table.num_rows, dtype=bool)
        self.good = mask(
            pc.match_substring_regex(self.table["amount_eur"], r"^-?[0-9]{1,16}(\.[0-9]{1,2})?$")
        )

    def numbered(self) -> pa.Table:
        """The rows with their positions as `n` and with `amount`, null where it could not be read."""
        amount = pc.if_else(
            pa.chunked_array([pa.array(self.good)]), self.table["amount_eur"], pa.scalar(None, pa.string())
        )
        return self.table.append_column("amount", amount.cast(pa.decimal128(20, 2))).append_column(
            "n", pa.array(np.arange(self.table.num_rows))
        )

    def row(self, position: int) -> int:
        """The row of the file, as a spreadsheet shows it."""
        return int(self.grid.numbers[self.block.rows[position]])

    def findings_at(
        self,
        code: str,
        where: Mask | npt.NDArray[np.int64],
        name: str,
        problem: Callable[[int], str] | str,
        remedy: str = "",
    ) -> Iterator[Finding]:
        """One finding for each row; of very many, the first and their number."""
        positions = np.flatnonzero(where) if where.dtype == bool else where
        if finding_codes()[code].severity == "error":
            self.refused[positions] = True
        column_index = self.block.column_indices.get(name, -1)
        for position in map(int, positions[: limits.MAX_LISTED]):
            index = int(self.block.rows[position])
            value = (
                self.grid.cell(index, column_index)
                if column_index >= 0
                else self.table[name][position].as_py() or ""
            )
            text = problem if isinstance(problem, str) else problem(position)
            yield make_finding(
                code,
                self.file,
                text,
                row=int(self.grid.numbers[index]),
                column=name,
                column_index=column_index,
                value=value,
                remedy=remedy,
            )
        if len(positions) > limits.MAX_LISTED:
            more = f"{len(positions) - limits.MAX_LISTED:,} more rows have the same ({code})."
            yield make_finding(
                "more-of-the-same",
                self.file,
                more,
                column=name,
                remedy=finding_codes()[code].remedy,
                column_index=column_index,
                severity=finding_codes()[code].severity,
            )
