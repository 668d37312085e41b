"""The commands that change what the public sees: publish, withdraw, rollback, recover, requests. Parses, calls, prints; decides nothing.

They act as the user of the operating system, with the roles in TRACKER_OPERATOR_ROLES. The staff page may run at the same time.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from sqlalchemy.exc import DatabaseError

from pipelines import journal, releases
from pipelines.build import DATA
from pipelines.findings import Refused
from pipelines.publishing import dry_run, permissions, publish, requests, submission
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.ledger_changes import PublicLine
from pipelines.publishing.submission import Checked

Check = Callable[[Path, str], Checked]
"""Reads any file by a recipe ("" for the one that fits). Gives its rows and every finding; raises Refused if it cannot be read at all."""

Store = Annotated[
    Path | None,
    typer.Option(
        help="Where releases, uploads and the journal are kept. Default: TRACKER_STORE, else data/store."
    ),
]
Data = Annotated[Path, typer.Option(hidden=True)]
Reason = Annotated[str, typer.Option(help="Why; it stands in the journal.")]
SHOWN = 100


def register(app: typer.Typer, check: Check) -> None:
    """Add the commands to the command line."""

    @app.command("publish")
    def publish_file(
        file: Annotated[
            Path | None, typer.Argument(help="A budget file. Without it, name a request.")
        ] = None,
        request: Annotated[str, typer.Option(help="Publish what somebody asked for, as request-12.")] = "",
        recipe: Annotated[
            str, typer.Option(help="How to read the file. Default: the recipe that fits.")
        ] = "",
        reason: Reason = "",
        subject: Annotated[str, typer.Option(help="Change log: what changed.")] = "",
        after: Annotated[str, typer.Option(help="Change log: how it is now.")] = "",
        before: Annotated[str, typer.Option(help="Change log: how it was.")] = "",
        why: Annotated[str, typer.Option(help="Change log: why.")] = "",
        title: Annotated[str, typer.Option(help="What the file is called in the source line.")] = "",
        publisher: Annotated[str, typer.Option(help="Who published it.")] = "",
        licence: Annotated[str, typer.Option(help="Its licence.")] = "",
        acknowledge: Annotated[
            list[str] | None,
            typer.Option(help="Code of a warning that is known to be right. May be repeated."),
        ] = None,
        accept_overlaps: Annotated[
            bool, typer.Option(help="Record every overlap that the dry run proposes.")
        ] = False,
        ask: Annotated[bool, typer.Option("--ask", help="Only ask; an approver publishes.")] = False,
        only_dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="The dry run as JSON.")] = False,
        store: Store = None,
        data: Data = DATA,
    ) -> None:
        """Bring in a budget file: check, dry run, ask, publish. Prints the release id, or with --ask the request."""
        place = releases.store_path(store)
        with report_errors():
            person = permissions.operator()
            if (file is None) == (not request):
                typer.echo("Name a file, or a request with --request.", err=True)
                raise typer.Exit(2)
            if file is not None:
                content, checked = file.read_bytes(), check(file, recipe)
                for finding in checked.findings[:SHOWN]:
                    typer.echo(str(finding), err=True)
                receipt = requests.upload(place, content, checked, person, "command line", acknowledge or ())
                typer.echo(receipt.said, err=True)
                found = submission.submission(checked, receipt.received_on, title, publisher, licence)
                seen = dry_run.dry_run(place, found, person, data)
                if accept_overlaps and seen.proposals:
                    found = found.with_overlaps(seen.proposals)
                    seen = dry_run.dry_run(place, found, person, data)
                if as_json:
                    typer.echo(json.dumps(seen.as_dict(), ensure_ascii=False, indent=1, default=str))
                else:
                    _show(seen)
                if only_dry_run:
                    raise typer.Exit(0 if seen.can_be_published else 1)
                request = requests.ask(place, found, seen, person, reason).request_id
                if ask:
                    typer.echo(request)
                    return
            line = PublicLine(subject, after, why, before)
            decision = publish.publish(place, request, person, reason, line, data)
            typer.echo(decision.said, err=True)
            typer.echo(decision.release_id)

    @app.command()
    def withdraw(
        upload: Annotated[
            str, typer.Argument(help="Folder name of the upload, or the beginning of its sha256.")
        ],
        reason: Reason = "",
        subject: Annotated[str, typer.Option(help="Change log: what changed.")] = "",
        after: Annotated[str, typer.Option(help="Change log: how it is now.")] = "Withdrawn.",
        why: Annotated[str, typer.Option(help="Change log: why.")] = "",
        store: Store = None,
        data: Data = DATA,
    ) -> None:
        """Publish a release without one upload. Its bytes stay in the store. Prints the release id."""
        with report_errors():
            line = PublicLine(subject or upload, after, why)
            decision = publish.withdraw(
                releases.store_path(store), upload, permissions.operator(), reason, line, data
            )
            typer.echo(decision.release_id)

    @app.command()
    def rollback(
        release: str,
        reason: Annotated[str, typer.Option(prompt=True, help="Why; it stands in the journal.")],
        store: Store = None,
    ) -> None:
        """Make an earlier release the current one. Nothing is lost: the newer release stays in the store."""
        with report_errors():
            typer.echo(
                publish.rollback(
                    releases.store_path(store), release, reason, permissions.operator()
                ).release_id
            )

    @app.command()
    def recover(store: Store = None) -> None:
        """Clear away what a killed upload, dry run or publication left behind. Every publication does so first, too."""
        with report_errors():
            said = publish.recover(releases.store_path(store))
        typer.echo("\n".join(said) or "Nothing was left behind.")

    @app.command("requests")
    def list_requests(store: Store = None) -> None:
        """List what was asked for and what became of it."""
        with report_errors():
            for found in requests.requests(releases.store_path(store)):
                decided = f"  {found.decided_by}: {found.reason}" if found.decided_by else ""
                typer.echo(
                    f"{found.request_id:12} {found.state:10} {found.asked_at}  {found.requester}  {found.file_name}{decided}"
                )


@contextmanager
def report_errors() -> Iterator[None]:
    """Turn every foreseen failure into a message and exit 1."""
    try:
        yield
        return
    except Refused as refusal:
        more = len(refusal.findings) - SHOWN
        for finding in refusal.findings[:SHOWN]:
            typer.echo(str(finding), err=True)
        message = f"{len(refusal.findings)} findings{f', the first {SHOWN} shown' if more > 0 else ''}. Nothing was changed."
    except (
        releases.NoRelease,
        releases.Busy,
        submission.NotPossible,
        permissions.Forbidden,
        journal.Damaged,
    ) as problem:
        message = str(problem.args[0])
    except OSError as problem:
        message = f"{problem.strerror or problem}{f': {problem.filename}' if problem.filename else ''}. Nothing was published."
    except (duckdb.Error, DatabaseError, sqlite3.DatabaseError) as problem:
        message = f"{str(problem).splitlines()[0]}. Nothing was published."
    typer.echo(message, err=True)
    raise typer.Exit(1)


def _show(seen: Effect) -> None:
    """The dry run for people, on stderr."""
    counts = ", ".join(f"{seen.count(kind)} {kind}" for kind in ("added", "corrected", "removed", "changed"))
    lines = [f"On {seen.base}: {counts}, {len(seen.repeats)} rows repeat what is there."]
    lines += [
        f"  {entry.kind:9} {entry.entry_id}  {entry.heading}  {entry.before} → {entry.after}"
        f"{'' if entry.is_of_file else '  (not by this file: data changed since)'}"
        for entry in seen.entries[:SHOWN]
    ]
    lines += [
        f"  {figure.page}: {figure.name} ({figure.stage}, {figure.basis}): {figure.before} → {figure.after} {figure.unit}"
        for figure in seen.moved[:SHOWN]
    ]
    lines += [
        f"  ranking of {order.of}, {order.stage}, {order.basis}: {', '.join(order.before)} → {', '.join(order.after)}"
        for order in seen.rankings
    ]
    lines += [
        f"  overlap proposed: {edge.container} includes {edge.contained}. {edge.reason}"
        for edge in seen.proposals[:SHOWN]
    ]
    lines += [str(finding) for finding in seen.broken[:SHOWN]]
    typer.echo("\n".join(lines), err=True)
