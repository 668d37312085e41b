"""The commands for published bulk files: import, sums, lines."""

from datetime import datetime
from typing import Annotated

import typer

from pipelines import files, journal, releases
from pipelines.cli.build import build_and_print
from pipelines.cli.messages import MOST_LINES, report_errors
from pipelines.cli.options import Store
from pipelines.importers import IMPORTERS, shrink_check
from pipelines.importers.progress import Bars
from pipelines.importers.source_writer import import_source
from pipelines.importers.write_shipped_lines import write_shipped_lines
from pipelines.importers.write_shipped_sums import write_line_sums
from pipelines.settings import DATA
from pipelines.source_reader import source_folders


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
    store_folder = releases.store_path(store)
    with report_errors():
        held = (
            {}
            if accept_smaller
            else shrink_check.held(
                DATA / "sources" / "published-sums", source_folders(store_folder / "sources")
            )
        )
        with Bars() as bars:
            imported = import_source(kind, inputs, store_folder, bars, sha256, held)
        for finding in imported.findings[:MOST_LINES]:
            typer.echo(str(finding), err=True)
        rows = ", ".join(f"{name}: {number:,} rows" for name, number in imported.rows.items())
        typer.echo(f"{imported.source_id}: {rows or 'nothing new, these bytes are already here'}", err=True)
        if imported.is_new:
            details = {"source_id": imported.source_id, "folder": files.folder_sha256(imported.folder)}
            journal.append(store_folder, "import", None, imported.title, details)
    if build:
        build_and_print(store, if_changed=True)


def publish_sums(store: Store = None) -> None:
    """Draw the sums that ship in data/sources/published-sums from the imports in the store."""
    with report_errors():
        imports = source_folders(releases.store_path(store) / "sources")
        rows = write_line_sums(imports, DATA / "sources" / "published-sums")
    typer.echo(f"{len(rows)} sums")


def publish_lines(
    checked_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day on which you looked for newer lists. Default: today."),
    ] = None,
    store: Store = None,
) -> None:
    """Draw the published lines that ship in data/sources/ from the imports in the store."""
    with report_errors():
        imports = source_folders(releases.store_path(store) / "sources")
        looked_on = (checked_on or datetime.now()).date()
        written = write_shipped_lines(imports, DATA / "sources", looked_on)
    for folder, lines in written:
        typer.echo(f"{folder}: {lines:,} lines")
