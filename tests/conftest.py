"""What the tests stand on: one release of a kept edition, read by all, and a small data folder that each test
may break.

No test touches data/store: TRACKER_STORE names an empty place for as long as tests run.
"""

import csv
import hashlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines import releases
from pipelines.build import Built, build
from pipelines.findings import Finding, Refused
from tests.paths import DATA, FIXTURES


@dataclass(frozen=True)
class Small:
    """A data folder with a few real rows of every shape, and a store that holds its release.

    Rows are counted as a spreadsheet shows them: the header is row 1.
    """

    data: Path
    store: Path

    def path(self, source: str, file: str = "source.toml") -> Path:
        return self.data / "sources" / source / file

    def rows(self, source: str, file: str) -> list[dict[str, str]]:
        with self.path(source, file).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def write(self, source: str, file: str, content: bytes) -> None:
        """Put content in the place of a file. source.toml is told its new fingerprint, and no longer expects
        rows and sums of it.
        """
        path = self.path(source, file)
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        path.write_bytes(content)
        toml = (
            self.path(source).read_text(encoding="utf-8").replace(before, hashlib.sha256(content).hexdigest())
        )
        toml = re.sub(rf'\[file\."{re.escape(file)}"\.expect\]\n(\w.*\n)*', "", toml)
        self.path(source).write_text(toml, encoding="utf-8")

    def write_rows(self, source: str, file: str, rows: list[dict[str, str]]) -> None:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.write(source, file, text.getvalue().encode())

    def change(self, source: str, file: str, row: int, **cells: str) -> None:
        """Other cells in one row."""
        rows = self.rows(source, file)
        rows[row - 2] |= cells
        self.write_rows(source, file, rows)

    def add(self, source: str, file: str, like: int, **cells: str) -> int:
        """One more row, like another but for these cells. Gives its number."""
        rows = self.rows(source, file)
        self.write_rows(source, file, [*rows, rows[like - 2] | cells])
        return len(rows) + 2

    def row_of(self, source: str, file: str, **cells: str) -> int:
        """The number of the first row with these cells."""
        return next(
            place
            for place, row in enumerate(self.rows(source, file), start=2)
            if cells.items() <= row.items()
        )

    def replace(self, source: str, file: str, old: str, new: str) -> None:
        """Other text in a file, once. In source.toml nothing else changes."""
        path = self.path(source, file)
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {path}"
        if file == "source.toml":
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
        else:
            self.write(source, file, text.replace(old, new, 1).encode())

    def build(self, only_if_changed: bool = False) -> Built:
        return build(self.store, self.data, only_if_changed=only_if_changed)

    def refusal(self) -> list[Finding]:
        """The findings of a build that must be refused.

        The current release must stay, whole, and nothing half-made may be left.
        """
        before = releases.current(self.store), releases.available(self.store)
        with pytest.raises(Refused) as refused:
            self.build()
        assert (releases.current(self.store), releases.available(self.store)) == before
        assert not list((self.store / "releases").glob(".*"))
        return list(refused.value.findings)


def overwrite(path: Path, content: bytes) -> None:
    """Another file in the place of this one: who holds a link to the old one keeps it."""
    path.unlink()
    path.write_bytes(content)


def copy_data(sources: Path, data: Path) -> None:
    """Make a data folder of these sources and the vocabularies that ship."""
    shutil.copytree(sources, data / "sources")
    shutil.copytree(DATA / "reference", data / "reference", ignore=shutil.ignore_patterns("boundaries"))


def build_edition(folder: Path) -> Path:
    """Make the data of the kept edition and a store with its release in a folder. Gives the store."""
    copy_data(FIXTURES / "edition" / "sources", folder / "data")
    shutil.copy(FIXTURES / "edition" / "changes.csv", folder / "data" / "reference" / "changes.csv")
    build(folder / "store", folder / "data")
    return folder / "store"


@pytest.fixture(scope="session", autouse=True)
def _no_test_touches_the_real_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("TRACKER_STORE")
    os.environ["TRACKER_STORE"] = str(tmp_path_factory.mktemp("nowhere") / "store")
    yield
    os.environ.pop("TRACKER_STORE") if before is None else os.environ.__setitem__("TRACKER_STORE", before)


@pytest.fixture(autouse=True)
def _the_main_module_stays() -> Iterator[None]:
    """A page that is run by a test takes the place of the main module; processes that other tests start would
    run the page.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one release, built from the kept edition. Read only: tests that write take `small`."""
    return build_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="session")
def release_id(store: Path) -> str:
    return releases.require_current(store)


@pytest.fixture(scope="session")
def _database(store: Path, release_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with releases.open_read_only(release_id, store) as connection:
        yield connection


@pytest.fixture
def connection(_database: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on the release of the kept edition."""
    with _database.cursor() as cursor:
        yield cursor


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    place = tmp_path_factory.mktemp("small")
    copy_data(FIXTURES / "sources", place / "data")
    made = Small(place / "data", place / "store")
    made.build()
    return made


@pytest.fixture
def small(_small: Small, tmp_path: Path) -> Iterator[Small]:
    """A small data folder and its built store, for this test alone.

    Files of a release are links: `overwrite` them, never write into them.
    """
    shutil.copytree(_small.data, tmp_path / "data")
    shutil.copytree(_small.store, tmp_path / "store", ignore=shutil.ignore_patterns("releases"))
    shutil.copytree(_small.store / "releases", tmp_path / "store" / "releases", copy_function=os.link)
    yield Small(tmp_path / "data", tmp_path / "store")
    shutil.rmtree(tmp_path / "store")
