"""Values of amounts, row by row: refused for a fault of their own, or multiplied and converted. Pure."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.foreign_files.amounts import UNREAD, Amounts
from pipelines.foreign_files.grid import Mask, mask
from pipelines.source_checks import Fault

CENT = Decimal("0.01")


def read_words(title: str) -> list[str]:
    """The words of a title as a recipe names them under [units]."""
    return [word.strip("().,;:[]").casefold() for word in title.split()] + [
        word.casefold() for word in title.split()
    ]


def refused(read: Amounts, rows: Mask, written: pa.ChunkedArray, mark: str, fault: Fault) -> pa.ChunkedArray:
    """The values, with some rows refused for a fault of their own. mark: tells this fault from others."""
    keys = pc.binary_join_element_wise(pc.fill_null(written, ""), pa.scalar(mark), "")
    for key in pc.unique(keys.filter(pa.array(rows))).to_pylist():
        read.faults[key] = fault
    marked = pc.binary_join_element_wise(pa.scalar(UNREAD), keys, "")
    is_hit = pa.chunked_array([pa.array(rows & mask(pc.is_valid(read.values)))])
    return pc.if_else(is_hit.combine_chunks(), marked.combine_chunks(), _one_chunk(read.values))


def _one_chunk(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def converted(
    values: pa.ChunkedArray, factors: npt.NDArray[np.object_], divisors: npt.NDArray[np.object_]
) -> pa.ChunkedArray:
    """Amounts × unit ÷ rate, each row by its own.

    To the cent where a rate divides; exact otherwise, so that a third decimal still shows.
    """
    texts: list[str | None] = []
    for value, factor, divisor in zip(values.to_pylist(), factors, divisors, strict=True):
        if value is None or value.startswith(UNREAD):
            texts.append(value)
            continue
        number = Decimal(value) * factor
        if divisor != 1:
            number = (number / divisor).quantize(CENT, ROUND_HALF_EVEN)
        texts.append(_plain(number))
    return pa.chunked_array([pa.array(texts, pa.string())])


def _plain(number: Decimal) -> str:
    """Digits without zeros behind the cents."""
    text = f"{number:f}"
    whole, point, decimals = text.partition(".")
    if len(decimals) <= 2:
        return text
    return f"{whole}{point}{decimals[:2]}{decimals[2:].rstrip('0')}"
