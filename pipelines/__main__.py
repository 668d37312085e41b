"""The command line. Parses arguments, calls, prints; decides nothing."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import duckdb
import pyarrow as pa
import pyarrow.csv as arrow_csv
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines import journal, query, release_diff, releases, verify
from pipelines.build import DATA
from pipelines.build import build as build_release
from pipelines.bundle import verifier, writer
from pipelines.cli.uploads import check
from pipelines.cli.publishing import register
from pipelines.findings import Refused
from pipelines.importers import IMPORTERS, shrink_check
from pipelines.importers.line_sums import write_line_sums
from pipelines.importers.progress import Bars
from pipelines.importers.source_writer import import_source
from pipelines.publishing.intake_submission import take
from pipelines.schema import metadata
from pipelines.sources import source_folders

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Published figures in, a verified release out.",
    pretty_exceptions_enable=False,
)
progress_to = Console(stderr=True)

Store = Annotated[
    Path | None,
    typer.Option(
        help="Where releases, imports and the journal are kept. Default: TRACKER_STORE, else data/store."
    ),
]
SHOWN = 100


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn every foreseen failure into a message and exit 1."""
    try:
        yield
    except Refused as refusal:
        for finding in refusal.findings[:SHOWN]:
            typer.echo(str(finding), err=True)
        more = len(refusal.findings) - SHOWN
        typer.echo(
            f"{_counted(len(refusal.findings))}{f', the first {SHOWN} shown' if more > 0 else ''}. Nothing was changed.",
            err=True,
        )
        raise typer.Exit(1) from None
    except (releases.NoRelease, releases.Busy, journal.Damaged, query.QueryError, FileExistsError) as problem:
        typer.echo(str(problem.args[0]), err=True)
        raise typer.Exit(1) from None
    except OSError as problem:
        typer.echo(
            f"{problem.strerror or problem}{f': {problem.filename}' if problem.filename else ''}. Nothing was published.",
            err=True,
        )
        raise typer.Exit(1) from None
    except (
        duckdb.IOException,
        duckdb.TransactionException,
        duckdb.FatalException,
        duckdb.OutOfMemoryException,
    ) as problem:
        typer.echo(f"{str(problem).splitlines()[0]}. Nothing was published.", err=True)
        raise typer.Exit(1) from None


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


@contextmanager
def steps() -> Iterator[Progress]:
    """A progress line on stderr, so that stdout keeps the answer alone."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=progress_to, transient=False) as progress:
        yield progress


@app.command()
def build(
    store: Store = None,
    if_changed: Annotated[bool, typer.Option(help="Only if an input changed since the last build.")] = False,
) -> None:
    """Build a release from data/ and the store and make it the current one. Prints the release id."""
    build_and_print(store, if_changed)


def build_and_print(store: Path | None, if_changed: bool) -> None:
    """The build with its progress on stderr and its release id as the last line of stdout."""
    with report_errors(), steps() as progress:
        task = progress.add_task("Starting", total=None)
        built = build_release(
            store, progress=lambda step: progress.update(task, description=step), only_if_changed=if_changed
        )
        progress.update(
            task, description="Published" if built.is_new else "Nothing changed", completed=1, total=1
        )
    typer.echo(built.release_id)


@app.command("import")
def import_files(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(IMPORTERS)}.")],
    inputs: Annotated[
        list[str], typer.Argument(help="Files, folders, zips or addresses, as the publisher gives them.")
    ],
    sha256: Annotated[str, typer.Option(help="What the single file must have.")] = "",
    build: Annotated[bool, typer.Option(help="Build a release with it at once.")] = True,
    accept_smaller: Annotated[bool, typer.Option(help="Let a list take the place of a larger one.")] = False,
    store: Store = None,
) -> None:
    """Bring in a published bulk file. The same bytes give nothing new. Prints the release id."""
    place = releases.store_path(store)
    with report_errors():
        known = (
            {}
            if accept_smaller
            else shrink_check.held(DATA / "sources" / "published-sums", source_folders(place / "sources"))
        )
        with Bars() as bars:
            found = import_source(kind, inputs, place, bars, sha256, known)
        for finding in found.findings[:SHOWN]:
            typer.echo(str(finding), err=True)
        rows = ", ".join(f"{name}: {number:,} rows" for name, number in found.rows.items())
        typer.echo(f"{found.source_id}: {rows or 'nothing new, these bytes are already here'}", err=True)
        if found.is_new:
            journal.append(place, "import", None, found.title, {"source_id": found.source_id})
    if build:
        build_and_print(store, if_changed=True)


@app.command("sums")
def publish_sums(store: Store = None) -> None:
    """Draw the sums that ship in data/sources/published-sums from the imports in the store."""
    place = releases.store_path(store)
    with report_errors():
        rows = write_line_sums(source_folders(place / "sources"), DATA / "sources" / "published-sums")
    typer.echo(f"{len(rows)} sums")


@app.command("releases")
def list_releases(store: Store = None) -> None:
    """List releases and who published or rolled back to them, newest event last."""
    current = releases.current(store)
    for event in journal.read(releases.store_path(store)):
        mark = "current" if event.release_id and event.release_id == current else ""
        typer.echo(
            f"{event.happened_at}  {event.action:8}  {event.release_id or '-':24}  {event.actor}  {event.reason}  {mark}".rstrip()
        )
    for release_id in releases.available(store):
        typer.echo(f"{release_id}{'  (current)' if release_id == current else ''}")


@app.command("verify")
def verify_release(
    release: Annotated[
        str | None, typer.Argument(help="A release, or an exported zip. Default: the current release.")
    ] = None,
    store: Store = None,
) -> None:
    """Check a release against its fingerprints, its laws, and the journal against its chain; or an exported zip by itself."""
    with report_errors():
        if release and release.endswith(".zip"):
            release_id, headlines, found = verifier.check(Path(release))
            good = f"{release_id}: {len(headlines)} headline numbers follow from the tables in {release}."
        else:
            release_id = release or releases.require_current(store)
            found = list(verify.problems(release_id, store))
            good = f"{release_id}: all tables, laws and journal entries hold."
    for problem in found:
        typer.echo(problem, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(good)


@app.command()
def diff(one: str, other: str, store: Store = None) -> None:
    """What differs between two releases."""
    count = 0
    with report_errors():
        for found in release_diff.differences(one, other, store):
            count += 1
            what = (
                f"{found.column}: {found.before} → {found.after}"
                if found.column
                else ("removed: " if found.after is None else "added: ")
            )
            typer.echo(
                f"{found.table}  {found.key}  {what}{'' if found.column else found.before or found.after}"
            )
    typer.echo(f"{count} differences")


@app.command()
def describe(table: Annotated[str | None, typer.Argument()] = None) -> None:
    """What the tables and columns of a release mean."""
    if table and table not in metadata.tables:
        typer.echo(f"There is no table {table}. Tables: {', '.join(sorted(metadata.tables))}.", err=True)
        raise typer.Exit(2)
    for known in metadata.sorted_tables:
        if table is None:
            typer.echo(f"{known.name:22} {known.comment}")
        elif known.name == table:
            typer.echo(known.comment)
            for column in known.columns:
                typer.echo(
                    f"  {column.name:30} {column.info['unit']:24} {'optional' if column.nullable else '':9} {column.comment}"
                )


@app.command("query")
def query_release(
    sql: str,
    release: Annotated[str | None, typer.Option(help="Default: the current release.")] = None,
    csv: Annotated[bool, typer.Option("--csv")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    store: Store = None,
) -> None:
    """Ask a release in SQL. Read-only; no files; 30 seconds at most."""
    with report_errors():
        rows = query.ask(sql, release or releases.require_current(store), store)
    if csv:
        arrow_csv.write_csv(rows, sys.stdout.buffer)
    elif as_json:
        typer.echo(json.dumps(rows.to_pylist(), ensure_ascii=False, indent=1, default=str))
    else:
        _print(rows)


def _print(rows: pa.Table) -> None:
    table = Table(*rows.column_names)
    for row in rows.slice(0, 1000).to_pylist():
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 240).print(table)
    if rows.num_rows > 1000:
        typer.echo(f"The first 1000 of {rows.num_rows} rows. Use --csv or --json for all.", err=True)


@app.command()
def export(release: str, target: Path, store: Store = None) -> None:
    """Write a release as one zip: DuckDB, Parquet, CSV, data dictionary, the SQL of every figure, change log, checksums, and a copy of the pages."""
    with report_errors():
        writer.export(release, target, store)
    typer.echo(target)


app.command("check")(check)
register(app, take)


if __name__ == "__main__":
    app()
