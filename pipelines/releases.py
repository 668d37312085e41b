"""Where releases live, which one is current, and how they are read and verified.

The only file that knows the path of a release.

A release is a folder that is written once: tracker.duckdb, the same tables as Parquet, and manifest.json,
whose fingerprint is its name.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines import as_of_cache, as_of_days, files, journal, schema_compat, settings
from pipelines.engines import duckdb_engine
from pipelines.errors import Busy, NoRelease

READ_ONLY = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "512MB",
    "threads": "2",
    "temp_directory": "",  # what does not fit into memory is not written into a release, which never changes
    "lock_configuration": "true",
}
SMALL = 64 * 2**20
"""Bytes of a database whose questions one thread answers: to share them out takes longer than to answer."""

_CLOSING = (
    "enable_external_access",
    "lock_configuration",
)  # after which no other file can be opened and nothing set

_COLUMNS = (
    "select table_name, list(column_name order by column_index) from duckdb_columns() where not "
    "internal group by all"
)


def store_path(store: Path | None = None) -> Path:
    """The store that was named, else the one of the settings. Raises Misconfigured."""
    return store or settings.read(settings.StoreSettings).store


def folder(release_id: str, store: Path | None = None) -> Path:
    """Folder of a release, or of the world on a day as a release knows it (`pipelines/as_of_days.py`).

    Raises NoRelease if the release is not there, NotPossible if the figures of that day cannot be shown.
    """
    view = as_of_days.view(release_id)
    if view.day:
        return as_of_cache.folder(view, folder(view.release_id, store))
    releases_folder = store_path(store) / "releases"
    path = releases_folder / release_id
    # The very name of an entry of the folder: R/, R/. and ./R would lead to the same files, and be taken for
    # other releases.
    is_there = releases_folder.is_dir() and any(
        entry.name == release_id for entry in releases_folder.iterdir()
    )
    if not is_there or not release_id[:1].isalnum() or not (path / "manifest.json").is_file():
        existing = ", ".join(available(store)) or "none yet; run `python -m pipelines build`"
        raise NoRelease(f"There is no release {release_id}. Releases: {existing}.")
    return path


def available(store: Path | None = None) -> list[str]:
    """Ids of the releases in the store, oldest name first."""
    return sorted(path.parent.name for path in (store_path(store) / "releases").glob("[!.]*/manifest.json"))


def current(store: Path | None = None) -> str | None:
    """Id of the release that the public sees, or None if nothing was published yet."""
    return journal.current_release(store_path(store))


def require_current(store: Path | None = None) -> str:
    """Id of the current release. Raises NoRelease with the way out if there is none."""
    release_id = current(store)
    if release_id is None:
        raise NoRelease("No release has been published yet. Run `python -m pipelines build`.")
    return release_id


def manifest(release_id: str, store: Path | None = None) -> dict[str, Any]:
    """What the release says of itself: inputs, tables with rows and fingerprints, sums per stage and basis,
    laws.
    """
    content: dict[str, Any] = json.loads(
        (folder(release_id, store) / "manifest.json").read_text(encoding="utf-8")
    )
    return content


def release_name(content: Mapping[str, Any]) -> str:
    """The name that a manifest gives its release: the day of its knowledge and the fingerprint of everything
    in it.
    """
    return f"{content['known_on']}-{files.sha256(canonical(content))[:10]}"


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON with one spelling, so that equal content has equal bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_only_settings(database: Path) -> dict[str, str]:
    """How a release is opened, everywhere: two connections of one process to one file must agree.

    database: its DuckDB file.
    """
    return READ_ONLY | ({"threads": "1"} if database.stat().st_size < SMALL else {})


def open_read_only(release_id: str, store: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A locked-down connection: no files, no settings, bounded memory.

    Use one cursor per thread and fetch to the end.

    What was declared after the release was made is there too, and empty.
    """
    path = folder(release_id, store) / "tracker.duckdb"
    config = read_only_settings(path)
    connection = duckdb.connect(str(path), read_only=True, config=dict(config))
    columns = dict(connection.execute(_COLUMNS).fetchall())
    if not schema_compat.lacking(columns):
        return connection
    connection.close()
    connection = duckdb.connect(
        ":memory:", config={name: value for name, value in config.items() if name not in _CLOSING}
    )
    connection.execute(f"attach {duckdb_engine.literal(path)} as release (read_only)")
    for view in schema_compat.views(columns, lambda table: f'release."{table}"'):
        connection.execute(view)
    for name in _CLOSING:
        connection.execute(f"set {name} = {READ_ONLY[name]}")
    return connection


@lru_cache(maxsize=4)
def _shared(release_id: str, store: Path) -> duckdb.DuckDBPyConnection:
    return open_read_only(release_id, store)


def read(
    release_id: str, sql: str, store: Path | None = None, tables: Mapping[str, pa.Table] | None = None
) -> pa.Table:
    """The rows of one select on a release, as Arrow: euros stay exact decimals.

    For many readers at once: each has its own cursor. tables: more tables that this select may read.
    """
    with _shared(release_id, store_path(store)).cursor() as cursor:
        for name, rows in (tables or {}).items():
            cursor.register(name, rows)
        return cursor.execute(sql).to_arrow_table()


@contextmanager
def publishing(store: Path) -> Iterator[None]:
    """The right to write a release, held by one process at a time. Raises Busy if another holds it."""
    with ExitStack() as held:
        try:
            held.enter_context(files.lock(store / "publish.lock", wait=False))
        except files.Locked:
            raise Busy(
                "Another build or publication is running on this store. Wait until it has ended, then try "
                "again."
            ) from None
        yield


def noted_database(release_id: str, store: Path | None = None) -> str | None:
    """The fingerprint of tracker.duckdb that the newest event of the release noted; None if none did."""
    for entry in reversed(journal.read(store_path(store))):
        if entry.release_id == release_id and '"database"' in entry.details:
            with suppress(ValueError, AttributeError):  # an event that was changed
                return str(json.loads(entry.details).get("database"))
    return None


def database_sha256(release_id: str, store: Path | None = None) -> str:
    """The fingerprint that tracker.duckdb of a release has now. Raises NoRelease, OSError."""
    return files.file_sha256(folder(release_id, store) / "tracker.duckdb")


def keep(staging: Path, release_id: str, store: Path) -> Path:
    """Give a finished folder its name, whole or not at all.

    A sound release that is already there stays; a damaged one is set aside.
    """
    target = store / "releases" / release_id
    noted = noted_database(release_id, store)
    if is_sound(target) and noted in (None, files.file_sha256(target / "tracker.duckdb")):
        shutil.rmtree(staging)
        return target
    if target.exists():
        target.rename(target.with_name(f".damaged-{release_id}-{os.getpid()}"))
    files.name_folder(staging, target)
    return target


def is_sound(folder: Path) -> bool:
    """Whether a release is there with every file that its manifest names, each with its fingerprint."""
    try:
        tables = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
        return (folder / "tracker.duckdb").is_file() and all(
            files.file_sha256(folder / "parquet" / f"{name}.parquet") == table["sha256"]
            for name, table in tables.items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False
