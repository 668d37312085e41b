"""Values of amounts, row by row: refused for a fault of their own, or multiplied and converted. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.foreign_files.amounts import TOO_FINE, UNREAD, Amounts
from pipelines.foreign_files.grid import Mask, mask
from pipelines.row_checks import Fault

CENT = Decimal("0.01")
_FINE = r"\.\d{3,}$"


def read_words(title: str) -> list[str]:
    """The words of a title as a recipe names them under [units]."""
    return [word.strip("().,;:[]").casefold() for word in title.split()] + [
        word.casefold() for word in title.split()
    ]


def refused(
    read: Amounts, rows: Mask, written: pa.ChunkedArray, mark: str, fault: Fault | Mapping[str, Fault]
) -> pa.ChunkedArray:
    """The values, with some rows refused for a fault of their own, or for that of their cell.

    mark: tells this fault from others.
    """
    keys = pc.binary_join_element_wise(pc.fill_null(written, ""), pa.scalar(mark), "")
    for key in pc.unique(keys.filter(pa.array(rows))).to_pylist():
        read.faults[key] = fault if isinstance(fault, Fault) else fault[key]
    marked = pc.binary_join_element_wise(pa.scalar(UNREAD), keys, "")
    is_hit = pa.chunked_array([pa.array(rows & mask(pc.is_valid(read.values)))])
    return pc.if_else(is_hit.combine_chunks(), marked.combine_chunks(), _one_chunk(read.values))


def finer_refused(
    euros: pa.ChunkedArray, written: pa.ChunkedArray, read: Amounts, is_rounded: bool
) -> pa.ChunkedArray:
    """The values in euros, without those that still have more than two decimals; their fault is noted.

    written: the cells. is_rounded: the recipe rounds what is finer than a cent, where it is nothing worse.
    """
    too_fine = {text: fault for text, fault in read.finer.items() if not (is_rounded and fault is TOO_FINE)}
    if not too_fine:
        return euros
    rows = mask(pc.is_in(written, pa.array(too_fine))) & mask(pc.match_substring_regex(euros, _FINE))
    return pa.chunked_array([refused(replace(read, values=euros), rows, written, "", too_fine)])


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
