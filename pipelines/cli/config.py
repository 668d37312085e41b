"""The command `config`."""

from typing import Annotated

import typer

from pipelines import settings


def config(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table of docs/settings.md.")
    ] = False,
) -> None:
    """Print every setting with its value, default and source; secrets are hidden.

    Exit 1 if a value is wrong.
    """
    if markdown:
        typer.echo(settings.as_markdown(), nl=False)
        return
    problems = []
    for group in settings.GROUPS:
        typer.echo(f"{group.__doc__}:")
        for setting in settings.declared(group):
            value = "wrong, see below" if setting.problem else setting.value or "not set"
            default = f", default {setting.default or 'not set'}" if setting.source == "environment" else ""
            typer.echo(f"  {setting.name:28} {value}  ({setting.source}{default})")
            problems += [setting.problem] if setting.problem else []
    for problem in dict.fromkeys(problems):
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
