"""Whether a release is what its name says, and whether the journal is whole. Reads only."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines import files, journal, releases, store_audit
from pipelines.engines import duckdb_engine


def problems(release_id: str, store: Path | None = None) -> Iterator[str]:
    """What does not hold in a release, in the journal and in the uploads, in sentences; nothing if all is
    well. Raises NoRelease.
    """
    yield from release_problems(release_id, store)
    store_folder = releases.store_path(store)
    yield from journal.broken_links(store_folder)
    yield from store_audit.problems(store_folder)


def release_problems(release_id: str, store: Path | None = None) -> Iterator[str]:
    """What does not hold in a release alone. Raises NoRelease."""
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
    if sound:
        yield from _database(folder, content["tables"])


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
