"""The rows of small frames as Python's own objects. Pure.

pandas takes a millisecond and more to make the same of ten rows, and a page asks fifty times.
"""

from collections import namedtuple
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

# Words stay Python's own: for ten rows, making an Arrow array of them costs more than all else.
pd.set_option("future.infer_string", False)


def from_arrow(table: pa.Table) -> pd.DataFrame:
    """The rows of a table: euros as Decimal, days as dates, missing as None; every column of type object."""
    cells = np.empty((table.num_rows, table.num_columns), dtype=object)
    for number, column in enumerate(table.columns):
        cells[:, number] = column.to_pylist()
    return pd.DataFrame(cells, columns=table.column_names, dtype=object)


def records(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Each row as column → cell."""
    names = list(frame.columns)
    return [dict(zip(names, cells, strict=True)) for cells in _cells(frame)]


def rows(frame: pd.DataFrame) -> list[Any]:
    """Each row as an object with a field for each column."""
    make = _row_type(tuple(map(str, frame.columns)))._make
    return [make(cells) for cells in _cells(frame)]


def _cells(frame: pd.DataFrame) -> list[list[Any]]:
    cells: list[list[Any]] = frame.to_numpy(dtype=object).tolist()
    return cells


@lru_cache(maxsize=256)
def _row_type(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)
