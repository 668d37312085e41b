"""The command `build`."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.build import build as build_release
from pipelines.cli.messages import report_errors, show_steps
from pipelines.cli.options import Store


def build(
    store: Store = None,
    if_changed: Annotated[bool, typer.Option(help="Only if an input changed since the last build.")] = False,
) -> None:
    """Build a release from data/ and the store and make it the current one. Prints the release id."""
    build_and_print(store, if_changed)


def build_and_print(store: Path | None, if_changed: bool) -> None:
    """The build with its progress on stderr and its release id as the last line of stdout."""
    with report_errors(), show_steps() as progress:
        task = progress.add_task("Starting", total=None)
        built = build_release(
            store, progress=lambda step: progress.update(task, description=step), only_if_changed=if_changed
        )
        progress.update(
            task, description="Published" if built.is_new else "Nothing changed", completed=1, total=1
        )
    typer.echo(built.release_id)
