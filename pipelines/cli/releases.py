"""The commands that list, verify and compare releases, and the one that goes back to an earlier one."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines import journal, release_diff, releases, verify
from pipelines.bundle import verifier
from pipelines.cli.messages import report_errors
from pipelines.cli.options import Store
from pipelines.publishing import permissions, publish_withdraw_rollback


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
