"""The commands that read releases, and the one that goes back to an earlier one:
releases, verify, diff, rollback, describe, query, export."""

import json
import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as arrow_csv
import typer
from rich.console import Console
from rich.table import Table

from pipelines import entry_points, journal, release_diff, releases, verify
from pipelines.bundle import verifier, writer
from pipelines.cli.messages import report_errors
from pipelines.cli.options import Store
from pipelines.publishing import permissions, publish_withdraw_rollback
from pipelines.schema import metadata
from pipelines.user_sql import run_query

MOST_ROWS = 1000  # of an answer on the terminal


def list_releases(store: Store = None) -> None:
    """List releases and who published or rolled back to them, newest event last."""
    current = releases.current(store)
    for event in journal.read(releases.store_path(store)):
        mark = "current" if event.release_id and event.release_id == current else ""
        columns = (
            f"{event.happened_at}  {event.action:8}  {event.release_id or '-':24}  {event.actor}  "
            f"{event.reason}"
        )
        typer.echo(f"{columns}  {mark}".rstrip())
    for release_id in releases.available(store):
        typer.echo(f"{release_id}{'  (current)' if release_id == current else ''}")


def verify_release(
    release: Annotated[
        str | None, typer.Argument(help="A release, or an exported zip. Default: the current release.")
    ] = None,
    store: Store = None,
) -> None:
    """Check a release against its fingerprints, its laws, and the journal against its chain; or an exported
    zip by itself.
    """
    with report_errors():
        if release and release.endswith(".zip"):
            release_id, headlines, problems = verifier.check(Path(release))
            good = f"{release_id}: {len(headlines)} headline numbers follow from the tables in {release}."
        else:
            release_id = release or releases.require_current(store)
            problems = list(verify.problems(release_id, store))
            good = f"{release_id}: all tables, laws and journal entries hold."
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo(good)


def diff(one: str, other: str, store: Store = None) -> None:
    """What differs between two releases."""
    count = 0
    with report_errors():
        for difference in release_diff.differences(one, other, store):
            count += 1
            if difference.column:
                change = f"{difference.column}: {difference.before} → {difference.after}"
            elif difference.after is None:
                change = f"removed: {difference.before}"
            else:
                change = f"added: {difference.after}"
            typer.echo(f"{difference.table}  {difference.key}  {change}")
    typer.echo(f"{count} differences")


def rollback(
    release: str,
    reason: Annotated[str, typer.Option(prompt=True, help="Why; it stands in the journal.")],
    store: Store = None,
) -> None:
    """Make an earlier release the current one. Nothing is lost: the newer release stays in the store."""
    with report_errors():
        decision = publish_withdraw_rollback.rollback(
            releases.store_path(store), release, reason, permissions.operator()
        )
        typer.echo(decision.release_id)


def describe(table: Annotated[str | None, typer.Argument()] = None) -> None:
    """What the tables and columns of a release mean."""
    if table and table not in metadata.tables:
        typer.echo(f"There is no table {table}. Tables: {', '.join(sorted(metadata.tables))}.", err=True)
        raise typer.Exit(2)
    for declared in metadata.sorted_tables:
        if table is None:
            typer.echo(f"{declared.name:22} {declared.comment}")
        elif declared.name == table:
            typer.echo(declared.comment)
            for column in declared.columns:
                optional = "optional" if column.nullable else ""
                typer.echo(f"  {column.name:30} {column.info['unit']:24} {optional:9} {column.comment}")


def query_release(
    sql: str,
    release: Annotated[str | None, typer.Option(help="Default: the current release.")] = None,
    csv: Annotated[bool, typer.Option("--csv")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    store: Store = None,
) -> None:
    """Ask a release in SQL. Read-only; no files; 30 seconds at most."""
    with report_errors():
        rows = run_query.ask(sql, release or releases.require_current(store), store)
    if csv:
        arrow_csv.write_csv(rows, sys.stdout.buffer)
    elif as_json:
        typer.echo(json.dumps(rows.to_pylist(), ensure_ascii=False, indent=1, default=str))
    else:
        _print_rows(rows)


def _print_rows(rows: pa.Table) -> None:
    table = Table(*rows.column_names)
    for row in rows.slice(0, MOST_ROWS).to_pylist():
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 240).print(table)
    if rows.num_rows > MOST_ROWS:
        typer.echo(f"The first {MOST_ROWS} of {rows.num_rows} rows. Use --csv or --json for all.", err=True)


def export(release: str, target: Path, store: Store = None) -> None:
    """Write a release as one zip: DuckDB, Parquet, CSV, data dictionary, the SQL of every figure, change log,
    checksums, and a copy of the pages.
    """
    with report_errors():
        store_folder = releases.store_path(store)
        exhibits = (
            exhibit
            for make in entry_points.functions(entry_points.EXHIBITS)
            for exhibit in make(release, store_folder)
        )
        writer.export(release, target, store_folder, exhibits)
    typer.echo(target)
