"""The commands that read one release: describe, query, export."""

import json
import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as arrow_csv
import typer
from rich.console import Console
from rich.table import Table

from pipelines import entry_points, releases
from pipelines.bundle import writer
from pipelines.cli.messages import report_errors
from pipelines.cli.options import Store
from pipelines.schema import metadata
from pipelines.user_sql import run_query

MOST_ROWS = 1000  # of an answer on the terminal


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
