"""A cache with a limit in bytes, for many threads: what is asked for by several at once is made once, the
longest unused is forgotten first.
"""

import datetime
import decimal
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from sys import getsizeof
from typing import Any, Generic, TypeVar

import pandas as pd
import pyarrow as pa

Value = TypeVar("Value")
ENTRY_BYTES = 500  # of a key, and of what the cache notes with each value


class _GivenUpError(Exception):
    """The thread that made a value was stopped: another one has to make it."""


class ByteCache(Generic[Value]):
    """Values by their keys. They are shared, never copied: whoever gets one must not change it.

    limit: bytes of all values together. size: gives the bytes of one value. A value that is larger than the
        limit is made and not kept.
    """

    def __init__(self, limit: int, size: Callable[[Value], int]) -> None:
        self.limit = limit
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._begun: dict[Hashable, Future[Value]] = {}
        self._bytes = 0
        self.asked = self.made = 0  # since the start: how often a value was asked for, and had to be made

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made if it is not kept; who asks while another thread makes it waits for that.

        make: must not ask for the same key. What it raises reaches everyone who waits, and nothing is kept.
        """
        with self._lock:
            self.asked += 1
        while True:
            with self._lock:
                if (entry := self._kept.get(key)) is not None:
                    self._kept.move_to_end(key)
                    return entry[0]
                begun = self._begun.get(key)
                if begun is None:
                    mine = self._begun[key] = Future()
                    self.made += 1
                    break
            try:
                return begun.result()
            except _GivenUpError:
                continue
        return self._made(key, make, mine)

    def _made(self, key: Hashable, make: Callable[[], Value], mine: "Future[Value]") -> Value:
        try:
            value = make()
            size = self._size(value) + ENTRY_BYTES
        except BaseException as error:
            with self._lock:
                del self._begun[key]
            mine.set_exception(error if isinstance(error, Exception) else _GivenUpError())
            raise
        with self._lock:
            del self._begun[key]
            if size <= self.limit:
                self._kept[key] = (value, size)
                self._bytes += size
                while self._bytes > self.limit:
                    self._bytes -= self._kept.popitem(last=False)[1][1]
        mine.set_result(value)
        return value

    @property
    def bytes(self) -> int:
        """Bytes of all values that are kept."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def size_of(value: Any) -> int:
    """Bytes of a plain value: words, numbers, days, frames, Arrow tables, and tuples, lists, mappings and
    dataclasses of them.

    What stands in it twice counts twice. Raises TypeError for anything else, so that nothing is kept
    unmeasured.
    """
    own = int(getsizeof(value))
    match value:
        case None | bool() | int() | float() | str() | bytes() | decimal.Decimal() | datetime.date():
            return own
        case tuple() | list() | set() | frozenset():
            return own + sum(map(size_of, value))
        case pd.DataFrame():
            return frame_size(value)
        case pa.Table():
            return int(value.nbytes + 200 * (1 + value.num_columns))
        case Mapping():
            return own + sum(size_of(key) + size_of(part) for key, part in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        return own + sum(size_of(getattr(value, part.name)) for part in fields(value))
    size = getattr(value, "size", None)
    if isinstance(size, int):
        return size
    raise TypeError(f"The size of a {type(value).__name__} is not known.")


def frame_size(frame: pd.DataFrame) -> int:
    """Bytes of a frame with what its cells hold, and of what pandas itself keeps for each."""
    cells = frame.to_numpy(dtype=object)
    return int(sum(map(getsizeof, cells.ravel())) + cells.nbytes) + 2_000 + 300 * len(frame.columns)
