"""The release of what the repository ships, for the tests in this folder alone.

Each fixture takes the place of one in tests/conftest.py.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines import releases
from pipelines.build import build


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one release, built from data/. Read only."""
    store = tmp_path_factory.mktemp("shipped") / "store"
    build(store)
    return store


@pytest.fixture
def store(shipped_store: Path) -> Path:
    return shipped_store


@pytest.fixture
def release_id(shipped_store: Path) -> str:
    return releases.require_current(shipped_store)


@pytest.fixture
def connection(shipped_store: Path, release_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the release of the shipped data."""
    with releases.open_read_only(release_id, shipped_store) as database:
        yield database
