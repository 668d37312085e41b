"""One block of a file, and findings at its rows. What judges rows beside each other builds on it."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipelines.finding_codes import finding_codes, make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, Mask
from pipelines.intake.recipe_result import Block


class BlockFindings:
    """Gives findings at rows of one block. refused: the rows that an error refuses."""

    def __init__(self, file: str, grid: Grid, block: Block) -> None:
        self.file, self.grid, self.block = file, grid, block
        self.table, self.lines = block.table, block.lines
        self.refused = np.zeros(self.table.num_rows, dtype=bool)
        self.good = self.lines.good

    def numbered(self, rows: Mask | None = None) -> pa.Table:
        """The rows with their positions as `n` and with `amount`, null where it could not be read.

        rows: only these.
        """
        every = self.table.append_column("amount", self.lines.amount)
        if rows is None:
            return every.append_column("n", pa.array(np.arange(self.table.num_rows)))
        positions = np.flatnonzero(rows)
        return every.take(pa.array(positions)).append_column("n", pa.array(positions))

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
