"""A pattern finds the same cells whether the cells of a column repeat or not."""

import numpy as np
import pyarrow as pa
import pytest

from pipelines.foreign_files.grid import matching


@pytest.mark.parametrize("different", [3, 50_000])
def test_repeated_and_different_cells_are_found_alike(different: int) -> None:
    cells = [None if at % 97 == 0 else f" {at % different}" if at % 5 == 0 else str(at % different) for at in range(50_000)]  # fmt: skip
    found = matching(pa.chunked_array([pa.array(cells, pa.string())]), r"^\s")
    assert np.flatnonzero(found).tolist() == [at for at, cell in enumerate(cells) if cell and cell[0] == " "]
