"""The cache keeps no more bytes than it may, makes a value once however many ask, and keeps no failure."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.size_limited_cache import ENTRY_BYTES, ByteCache, size_of

keys_and_sizes = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4_000)), max_size=80)


@given(keys_and_sizes, st.integers(0, 12_000))
def test_the_bytes_kept_never_exceed_the_limit(asked: list[tuple[int, int]], limit: int) -> None:
    cache: ByteCache[bytes] = ByteCache(limit, len)
    for key, size in asked:
        value = cache.get((key, size), lambda size=size: bytes(size))  # type: ignore[misc]
        assert len(value) == size
        assert 0 <= cache.bytes <= limit
        assert cache.bytes >= ENTRY_BYTES * len(cache)
    cache.clear()
    assert (cache.bytes, len(cache)) == (0, 0)


def test_the_value_that_was_not_asked_for_longest_is_forgotten_first() -> None:
    cache: ByteCache[bytes] = ByteCache(2 * (ENTRY_BYTES + 10), len)
    made: list[str] = []

    def ask(key: str) -> None:
        cache.get(key, lambda: made.append(key) or bytes(10))  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert made == ["a", "b", "c", "b"]


def test_many_who_ask_at_once_get_one_value() -> None:
    cache: ByteCache[list[int]] = ByteCache(10**6, size_of)
    all_ask, made = threading.Barrier(8), []

    def make() -> list[int]:
        made.append(1)
        return [1, 2]

    def ask(_: int) -> list[int]:
        all_ask.wait()
        return cache.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(ask, range(8)))
    assert len(made) == 1
    assert all(value is values[0] for value in values)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_threads_get_the_values_of_their_own_keys(keys: list[int]) -> None:
    cache: ByteCache[str] = ByteCache(3_000, size_of)
    with ThreadPoolExecutor(4) as pool:
        values = list(pool.map(lambda key: cache.get(key, lambda: f"value {key}"), keys))
    assert values == [f"value {key}" for key in keys]
    assert cache.bytes <= 3_000


def test_a_failure_reaches_who_asked_and_is_not_kept() -> None:
    cache: ByteCache[str] = ByteCache(10**6, size_of)

    def fail() -> str:
        raise ValueError("no value")

    with pytest.raises(ValueError, match="no value"):
        cache.get("key", fail)
    assert cache.get("key", lambda: "value") == "value"


def test_what_cannot_be_measured_is_not_kept() -> None:
    cache: ByteCache[object] = ByteCache(10**6, size_of)
    with pytest.raises(TypeError, match="is not known"):
        cache.get("key", object)
    assert len(cache) == 0
    assert size_of(pa.table({"a": ["x" * 10_000]})) > 10_000
    assert size_of(pd.DataFrame({"a": ["x" * 10_000]})) > 10_000
