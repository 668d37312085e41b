"""The commands backup and restore."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipelines import releases
from pipelines.backups import restore, writer
from pipelines.cli.messages import report_errors
from pipelines.cli.options import Store
from pipelines.foreign_files.limits import megabytes


def backup(
    target: Annotated[Path, typer.Argument(help="The zip to write; it must not be there yet.")],
    all_releases: Annotated[
        bool, typer.Option("--all-releases", help="The older releases too, and not the current one alone.")
    ] = False,
    store: Store = None,
) -> None:
    """Write journal, uploads, imports and the current release into one zip, verified. Prints its sha256.

    The zip holds what staff uploaded: keep it as private as the store.
    """
    with report_errors():
        written = writer.write(releases.store_path(store), target, all_releases)
    typer.echo(
        f"{target}: {written.files:,} files, {megabytes(written.bytes)}, "
        f"releases: {', '.join(written.releases) or 'none'}; left out: {len(written.left_out)}",
        err=True,
    )
    typer.echo(written.sha256)


def restore_backup(
    source: Annotated[Path, typer.Argument(help="A zip that `backup` wrote.")],
    sha256: Annotated[str, typer.Option(help="What `backup` printed for it.")] = "",
    store: Store = None,
) -> None:
    """Put a backup into a store that holds nothing, whole or not at all. Prints the current release.

    Stop the service first.
    """
    with report_errors():
        done = restore.restore(source, releases.store_path(store), getpass.getuser(), sha256)
    typer.echo(
        f"{done.files:,} files restored; releases: {', '.join(done.releases) or 'none'}; "
        f"not in this backup: {', '.join(done.left_out) or 'none'}",
        err=True,
    )
    typer.echo(done.current or "no release")
