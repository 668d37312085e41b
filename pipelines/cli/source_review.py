"""The commands that look whether a release is still true: stale, sources."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Select

from pipelines import link_check, releases
from pipelines.cli.messages import report_errors, show_steps
from pipelines.cli.options import Store
from pipelines.queries import stale_and_weak_sources
from pipelines.queries.release_answers import opened

Rows = list[dict[Any, Any]]


def stale(
    days: Annotated[
        int, typer.Option(help="How many days a row may go without being looked at.")
    ] = stale_and_weak_sources.DAYS,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to judge by. Default: today.")
    ] = None,
    release: Annotated[str | None, typer.Option(help="Default: the current release.")] = None,
    store: Store = None,
) -> None:
    """List what nobody has looked at for long, promises whose date has passed, and figures of headlines,
    ladders, totals and site cards that rest on press or weaker documents.
    """
    day = on.date() if on else date.today()
    with report_errors():
        release_id = release or releases.require_current(store)
        old = _read(release_id, store, stale_and_weak_sources.unchecked(day - timedelta(days=days)))
        passed = _read(release_id, store, stale_and_weak_sources.passed_promises(day))
        weak = _read(release_id, store, stale_and_weak_sources.weak_headlines())
        (share,) = _read(release_id, store, stale_and_weak_sources.primary_share())
    typer.echo(f"Not looked at for {days} days on {day}: {len(old)}")
    for row in old:
        typer.echo(f"  {row['table_name']:13} {_day(row['checked_on']):10}  {row['key']}  {row['words']}")
    typer.echo(f"Promised dates that have passed: {len(passed)}")
    for row in passed:
        typer.echo(f"  {_day(row['dated_until'])}  {row['milestone_id']}  {row['title']}")
    typer.echo(
        f"Headline figures on press or weaker documents: {len(weak)} of {share['headlines']}; "
        f"of all figures in force, {share['figures_primary']} of {share['figures']} rest on primary ones"
    )
    for row in weak:
        typer.echo(f"  {row['tier']:12} {row['amount_eur']:>18}  {row['entry_id']}  {row['source_url']}")


def sources(
    check: Annotated[
        bool, typer.Option("--check", help="Ask each address whether its document is still there.")
    ] = False,
    host: Annotated[list[str] | None, typer.Option(help="Only documents of this host.")] = None,
    release: Annotated[str | None, typer.Option(help="Default: the current release.")] = None,
    store: Store = None,
) -> None:
    """List the documents that are cited; with --check, ask for each politely: HEAD, then GET, one request to
    a host in a second, and never what its robots.txt forbids.
    """
    with report_errors():
        release_id = release or releases.require_current(store)
        cited = _read(release_id, store, stale_and_weak_sources.cited())
        urls = [
            row["source_url"] for row in cited if not host or link_check.host_of(row["source_url"]) in host
        ]
        if not check:
            typer.echo("\n".join(urls))
            return
        kept = releases.store_path(store) / link_check.KEPT
        with show_steps() as steps:
            task = steps.add_task("Asking for documents", total=len(urls))
            found = link_check.check(urls, lambda _: steps.advance(task))
        if link_check.is_offline(found):
            typer.echo(
                "No host could be reached: this machine seems to be offline. Nothing was judged.", err=True
            )
            raise typer.Exit(1)
        link_check.keep(kept, link_check.read(kept) | {answer.url: answer for answer in found})
    for state, title in link_check.STATES.items():
        of_state = [answer for answer in found if answer.state == state]
        typer.echo(f"{title}: {len(of_state)}")
        for answer in of_state if state != "there" else ():
            typer.echo(
                f"  {answer.status or '-':>4}  {answer.url}{f' → {answer.moved_to}' if answer.moved_to else ''}"
            )


def _day(value: Any) -> str:
    """A day as YYYY-MM-DD; "never" if none is known."""
    return "never" if value is None or value != value else str(value)[:10]


def _read(release_id: str, store: Path | None, question: Select[Any]) -> Rows:
    rows: Rows = opened(release_id, releases.store_path(store)).read(question).to_dict("records")
    return rows
