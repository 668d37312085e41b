"""Whether releases are what their names say, and whether journal, uploads and imports are whole.

Reads only.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines import files, journal, releases, store_audit
from pipelines.engines import duckdb_engine
from pipelines.errors import JournalDamaged


def problems(release_id: str, store: Path | None = None) -> Iterator[str]:
    """What does not hold in a release, in the journal, in uploads and imports, and in the fingerprints of the
    other releases, in sentences; nothing if all is well. Raises NoRelease.
    """
    yield from release_problems(release_id, store)
    yield from store_problems(releases.store_path(store), checked=(release_id,))


def store_problems(store: Path, checked: tuple[str, ...] = ()) -> Iterator[str]:
    """What does not hold in a store, in sentences.

    Of releases the fingerprints alone are compared, where an event noted that of the database.
    checked: releases that are left out, since they were checked already.
    """
    yield from journal.broken_links(store) or journal.journal_of(store).wrong_note()
    yield from store_audit.problems(store)
    for other in releases.available(store):
        if other not in checked:
            for problem in release_problems(other, store, by_fingerprint=True):
                yield f"Release {other}: {problem}"


def release_problems(
    release_id: str, store: Path | None = None, by_fingerprint: bool = False
) -> Iterator[str]:
    """What does not hold in a release alone. Raises NoRelease.

    by_fingerprint: do not compare row by row what has the fingerprint that an event noted.
    """
    folder = releases.folder(release_id, store)
    try:
        content = releases.manifest(release_id, store)
        name = releases.release_name(content)
    except (ValueError, KeyError, TypeError) as error:
        yield f"manifest.json cannot be read: {error}."
        return
    if name != release_id:
        yield f"manifest.json was changed: it belongs to a release {name}."
    sound = True
    for table, stated in sorted(content["tables"].items()):
        path = folder / "parquet" / f"{table}.parquet"
        if not path.is_file():
            sound = False
            yield f"{path.name} is missing."
        elif files.file_sha256(path) != stated["sha256"]:
            sound = False
            yield f"{path.name} was changed: its fingerprint is not the one in manifest.json."
    if not sound:
        return
    is_noted = False
    if (folder / "tracker.duckdb").is_file():
        noted = _noted(release_id, store)
        is_noted = noted == releases.database_sha256(release_id, store)
        if noted and not is_noted:
            yield "tracker.duckdb was changed: its fingerprint is not the one in the journal."
    if not (is_noted and by_fingerprint):
        yield from _database(folder, content["tables"])


def _noted(release_id: str, store: Path | None) -> str | None:
    """The fingerprint of the database in the journal; None where the journal cannot be read, which
    `journal.broken_links` says.
    """
    try:
        return releases.noted_database(release_id, store)
    except JournalDamaged:
        return None


def _database(folder: Path, tables: dict[str, dict[str, object]]) -> Iterator[str]:
    """The DuckDB file must hold the rows of the Parquet files, and break no law."""
    try:
        # Attached, since a process that shows the release has the file open with settings of its own.
        database = folder / "tracker.duckdb"
        threads = releases.read_only_settings(database)["threads"]
        with duckdb.connect(config={"threads": threads}) as connection:
            connection.execute(f"attach {duckdb_engine.literal(database)} as release (read_only)")
            connection.execute("use release")
            for table in sorted(tables):
                different = duckdb_engine.differing(
                    connection, f'"{table}"', f"read_parquet('{folder / 'parquet' / table}.parquet')"
                )
                if different:
                    yield f"tracker.duckdb and {table}.parquet differ in {different} rows."
            for law, broken in connection.execute(
                "select law, breaking_rows from laws where breaking_rows <> 0"
            ).fetchall():
                yield f"{law} has {broken} breaking rows."
    except (duckdb.Error, OSError) as error:
        yield f"tracker.duckdb cannot be read: {str(error).splitlines()[0]}"
