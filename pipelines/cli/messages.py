"""What every command prints beside its answer, on stderr: progress, and why something was not done."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.errors import explain

MOST_LINES = 100  # of one kind; the others are counted


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn every foreseen failure into sentences on stderr and exit code 1."""
    try:
        yield
    except Exception as error:
        explanation = explain(error, MOST_LINES)
        if explanation is None:
            raise
        for line in (*explanation.problems, explanation.message):
            typer.echo(line, err=True)
        raise typer.Exit(1) from None


@contextmanager
def show_steps() -> Iterator[Progress]:
    """A progress line on stderr, so that stdout keeps the answer alone."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        yield progress
