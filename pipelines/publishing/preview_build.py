"""A release built beside the current one, by the code that builds every release, and thrown away after it was
looked at. Never visible as a release.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from pipelines import active_uploads, files, releases
from pipelines.build import Progress, fingerprint, make
from pipelines.findings import Finding
from pipelines.source_reader import read_reference, read_sources, source_folders, vocabularies

# They tell of uploads and approvers, which a dry run does not know yet; every other table must come out as
# the dry run showed it.
_NOT_SHOWN = ("changes", "row_outcomes", "sources")


class Inputs(NamedTuple):
    """From what a release is made.

    uploads: folder names of the store. extra: one more folder, wherever it lies.
    """

    data: Path
    store: Path
    uploads: Sequence[str]
    extra: Path | None = None

    @property
    def folders(self) -> list[Path]:
        stored = source_folders(self.store / "sources")
        active_folders = [folder for folder in stored if active_uploads.belongs(folder.name, self.uploads)]
        return [*active_folders, *([self.extra] if self.extra and self.extra not in active_folders else [])]


class Made(NamedTuple):
    """What a build came to: the id it would have, the fingerprints of what it was made from and of the tables
    that a dry run shows.
    """

    release_id: str
    inputs: str
    figures: str


def build_into(
    staging: Path, inputs: Inputs, progress: Progress, broken: list[Finding] | None = None
) -> Made:
    """Build a release in an empty folder. Raises Refused; with `broken`, laws are only listed there."""
    print_of_inputs = fingerprint(inputs.data, inputs.folders)
    progress("Reading sources")
    lists = read_reference(inputs.data / "reference")
    sources = read_sources([*source_folders(inputs.data / "sources"), *inputs.folders], vocabularies(lists))
    release_id = make(staging, lists, sources, print_of_inputs, progress, broken)
    return Made(release_id, print_of_inputs, figures_of(staging))


def figures_of(folder: Path) -> str:
    """sha256 over every table that a dry run shows. Equal figures, equal fingerprint."""
    digests = {
        path.stem: files.file_sha256(path)
        for path in (folder / "parquet").glob("*.parquet")
        if path.stem not in _NOT_SHOWN
    }
    return files.sha256(releases.canonical(digests))


@contextmanager
def area(store: Path) -> Iterator[Path]:
    """An empty folder for one trial, removed at the end. A lock in it says that its process lives."""
    with ExitStack() as held:
        with files.store_access(store):
            (store / "trials").mkdir(exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="trial-", dir=store / "trials"))
            held.enter_context(files.lock(folder / "lock"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep(store: Path) -> list[str]:
    """Remove trials whose process is gone, and give their names.

    Called by the one who has access to the store.
    """
    swept = []
    for folder in sorted((store / "trials").glob("trial-*")):
        if not files.is_locked(folder / "lock"):
            shutil.rmtree(folder, ignore_errors=True)
            swept.append(folder.name)
    return swept


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """The database of a release or trial, which nobody writes any more, locked down as for every reader."""
    database = folder / "tracker.duckdb"
    settings = releases.read_only_settings(database)
    return duckdb.connect(str(database), read_only=True, config=dict(settings))


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None) -> list[dict[str, Any]]:
    """The rows of one question."""
    rows: list[dict[str, Any]] = connection.execute(sql, values).to_arrow_table().to_pylist()
    return rows
