"""The commands for uploads: template, check, publish, withdraw, retract, requests, recover.

They act as the user of the operating system, with the roles in TRACKER_OPERATOR_ROLES. The staff page may run
at the same time.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from pipelines import files, releases
from pipelines.cli.messages import MOST_LINES, report_errors
from pipelines.cli.options import Data, Reason, Shape, Store
from pipelines.errors import NotPossible, explain
from pipelines.file_schemas import SHAPES, uploadable
from pipelines.findings import Refused, nearest
from pipelines.intake.check_inputs import (
    current_ledger,
    find_recipe,
    published_names,
    read_vocabularies,
    recipe_folders,
)
from pipelines.intake.check_report import report_object
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.recipes import read_recipes, write_recipe
from pipelines.intake.validate import Verdict, judge
from pipelines.publishing import (
    dry_run,
    permissions,
    publication_requests,
    publish_withdraw_rollback,
    submission,
)
from pipelines.publishing.checked_upload import check_file
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.submission_plan import PublicLine
from pipelines.settings import DATA
from pipelines.upload_templates import csv_template, xlsx_template


def template(
    shape: Annotated[str, typer.Option(help="What the rows are, as site. Without it, all are listed.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write it: .csv, or .xlsx with the allowed words on a second sheet."),
    ] = None,
    store: Store = None,
) -> None:
    """Write an empty file for an upload, or list the kinds of rows that can be uploaded.

    Without --out the header is printed as CSV.
    """
    with report_errors():
        if not shape:
            for name in uploadable():
                typer.echo(f"{name:20} {SHAPES[name].title}")
            return
        name = known_shape(shape)
        is_workbook = out is not None and out.suffix.lower() == ".xlsx"
        content = xlsx_template(name, published_names(store)) if is_workbook else csv_template(name)
        if out is None:
            typer.echo(content.decode(), nl=False)
        else:
            files.write(out, content)
            typer.echo(out)


def known_shape(name: str) -> str:
    """The shape of this name, or none. Raises NotPossible for one that cannot be uploaded."""
    if name and name not in uploadable():
        raise NotPossible(f"{name} cannot be uploaded. {nearest(name, uploadable())}See `template`.")
    return name


def check(
    file: Annotated[Path, typer.Argument(help="A CSV, TSV, TXT, XLSX, XLS or ODS file.")],
    recipe: Annotated[
        str, typer.Option(help="Name of a recipe, or the path of its TOML. The template needs none.")
    ] = "",
    recipe_out: Annotated[
        Path | None,
        typer.Option(help="Write the recipe that was used or proposed here, to complete and give back."),
    ] = None,
    shape: Shape = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    store: Annotated[Path | None, typer.Option(help="Where releases and recipes are kept.")] = None,
) -> None:
    """Check a file of budget lines or of curated rows: every problem with its cell and how to mend it.

    Changes nothing that is kept.
    """
    if not file.is_file():
        typer.echo(f"There is no file {file}.", err=True)
        raise typer.Exit(2)
    try:
        known_shape(shape)
        chosen = find_recipe(recipe, store) if recipe else None
    except (NotPossible, Refused) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None
    recipes = () if chosen else tuple(read_recipes(*recipe_folders(store)).values())
    with ThreadPoolExecutor(1) as beside:  # the file is read in a process of its own: nobody need wait for it
        words, ledger = beside.submit(read_vocabularies, store), beside.submit(_ledger, store)
        reading = read(file, chosen, {"shape": shape} if shape else {}, recipes, words=words.result)
    verdict = judge(reading, words.result(), ledger.result())
    if recipe_out is not None:
        files.write(recipe_out, write_recipe(reading.recipe))
        typer.echo(f"The recipe is in {recipe_out}. Complete it, and give it back with --recipe.", err=True)
    if as_json:
        typer.echo(json.dumps(report_object(reading, verdict), ensure_ascii=False))
    else:
        _print_check(reading, verdict)
    raise typer.Exit(1 if verdict.is_blocked else 0)


def _ledger(store: Path | None) -> pa.Table | None:
    """What is published now. A store that cannot be read is no reason not to check a file."""
    try:
        return current_ledger(store)
    except Exception as error:
        if explain(error) is None:
            raise
        return None


def _print_check(reading: Reading, verdict: Verdict) -> None:
    for name, value in reading.detected.items():
        typer.echo(f"{name}: {value}", err=True)
    for finding in verdict.findings[:MOST_LINES]:
        cell = f"{finding.cell}: " if finding.cell else ""
        typer.echo(f"{cell}{finding}")
    if len(verdict.findings) > MOST_LINES:
        typer.echo(f"… and {len(verdict.findings) - MOST_LINES:,} more. Use --json for all.")
    for question in reading.questions:
        typer.echo(f"Question: {question.text}")
        for choice in question.choices.values():
            typer.echo(f"  {choice}")
    counts = {
        severity: sum(finding.severity == severity for finding in verdict.findings)
        for severity in ("error", "warning", "note")
    }
    counted = ", ".join(
        f"{number:,} {severity}{'s' if number != 1 else ''}" for severity, number in counts.items()
    )
    typer.echo(
        f"{reading.file}: {verdict.rows_read:,} rows read, {verdict.rows_accepted:,} accepted, "
        f"{verdict.rows_refused:,} refused; {_published(reading, verdict)}; {counted}."
    )


def _published(reading: Reading, verdict: Verdict) -> str:
    """What would be published: one sum for each stage and basis, with its years; never one over several. Of
    curated rows what they are.
    """
    if reading.curated is not None:
        return f"rows of “{SHAPES[reading.shape].title}”"
    found: dict[tuple[str, str], tuple[Decimal, set[str]]] = {}
    for one in verdict.sums:
        euros, years = found.setdefault((one.stage, one.basis), (Decimal(0), set()))
        found[one.stage, one.basis] = (euros + one.amount_eur, years | set(filter(None, one.years)))
    told = [
        f"{euros:,.2f} euros{f' {stage}, {basis}' if stage and basis else ''}"
        f"{f' ({_span(years)})' if years else ''}"
        for (stage, basis), (euros, years) in sorted(found.items())
    ]
    return "; ".join(told) or "0.00 euros"


def _span(years: set[str]) -> str:
    """Years as a reader says them: 2024, or 2022–2024."""
    return min(years) if len(years) == 1 else f"{min(years)}–{max(years)}"


def publish_file(
    file: Annotated[Path | None, typer.Argument(help="A file to upload. Without it, name a request.")] = None,
    request: Annotated[str, typer.Option(help="Publish what somebody asked for, as request-12.")] = "",
    recipe: Annotated[str, typer.Option(help="How to read the file. Default: the recipe that fits.")] = "",
    shape: Shape = "",
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
    show_name: Annotated[
        list[str] | None,
        typer.Option(help="Ask to show a beneficiary by name that may be a natural person. May be repeated."),
    ] = None,
    allow_names: Annotated[
        bool,
        typer.Option(help="As a second person: the names that the request asks to show may be shown."),
    ] = False,
    accept_overlaps: Annotated[
        bool, typer.Option(help="Record every overlap that the dry run proposes.")
    ] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Only ask; an approver publishes.")] = False,
    only_dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The dry run as JSON.")] = False,
    store: Store = None,
    data: Data = DATA,
) -> None:
    """Bring in a file of budget lines or of curated rows: check, dry run, ask, publish.

    Prints the release id, or with --ask the request.
    """
    store_folder = releases.store_path(store)
    with report_errors():
        person = permissions.operator()
        if (file is None) == (not request):
            typer.echo("Name a file, or a request with --request.", err=True)
            raise typer.Exit(2)
        if file is not None:
            names, kind = show_name or (), known_shape(shape)
            content, checked = file.read_bytes(), check_file(file, recipe, store, names, kind)
            for finding in checked.findings[:MOST_LINES]:
                typer.echo(str(finding), err=True)
            receipt = publication_requests.upload(
                store_folder, content, checked, person, "command line", acknowledge or ()
            )
            typer.echo(receipt.message, err=True)
            handed_in = submission.submission(checked, receipt.received_on, title, publisher, licence)
            effect = dry_run.dry_run(store_folder, handed_in, person, data)
            if accept_overlaps and effect.proposals:
                handed_in = handed_in.with_overlaps(effect.proposals)
                effect = dry_run.dry_run(store_folder, handed_in, person, data)
            if as_json:
                typer.echo(json.dumps(effect.as_dict(), ensure_ascii=False, indent=1, default=str))
            else:
                _print_effect(effect)
            if only_dry_run:
                raise typer.Exit(0 if effect.can_be_published else 1)
            request = publication_requests.ask(store_folder, handed_in, effect, person, reason).request_id
            if ask:
                typer.echo(request)
                return
        line = PublicLine(subject, after, why, before)
        decision = publish_withdraw_rollback.publish(
            store_folder, request, person, reason, line, data, allow_names=allow_names
        )
        typer.echo(decision.message, err=True)
        typer.echo(decision.release_id)


def _print_effect(effect: Effect) -> None:
    """The dry run for people, on stderr."""
    counts = ", ".join(
        f"{effect.count(kind)} {kind}" for kind in ("added", "corrected", "removed", "changed")
    )
    lines = [f"On {effect.base}: {counts}, {len(effect.repeats)} rows repeat what is there."]
    for sentence in effect.sentences:
        lines += [f"  {sentence.page}:", f"    now:   {sentence.before}", f"    after: {sentence.after}"]
    lines += [
        f"  {entry.kind:9} {entry.entry_id}  {entry.heading}  {entry.before} → {entry.after}"
        f"{'' if entry.is_of_file else '  (not by this file: data changed since)'}"
        for entry in effect.entries[:MOST_LINES]
    ]
    lines += [
        f"  {row.kind:9} {row.table}: {row.key}  {row.name}{f'  ({row.reason})' if row.reason else ''}"
        for row in effect.rows[:MOST_LINES]
    ]
    lines += [
        f"  {figure.page}: {figure.name} ({figure.stage}, {figure.basis}): "
        f"{figure.before} → {figure.after} {figure.unit}"
        for figure in effect.moved[:MOST_LINES]
    ]
    lines += [
        f"  ranking of {order.of}, {order.stage}, {order.basis}: "
        f"{', '.join(order.before)} → {', '.join(order.after)}"
        for order in effect.rankings
    ]
    lines += [
        f"  overlap proposed: {edge.container} includes {edge.contained}. {edge.reason}"
        for edge in effect.proposals[:MOST_LINES]
    ]
    lines += [str(finding) for finding in effect.broken[:MOST_LINES]]
    typer.echo("\n".join(lines), err=True)


def withdraw(
    upload: Annotated[str, typer.Argument(help="Folder name of the upload, or the beginning of its sha256.")],
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
        person = permissions.operator()
        decision = publish_withdraw_rollback.withdraw(
            releases.store_path(store), upload, person, reason, line, data
        )
        typer.echo(decision.release_id)


def take_back(
    request: Annotated[str, typer.Argument(help="A request of your own that waits, as request-12.")],
    reason: Reason = "",
    store: Store = None,
) -> None:
    """Take back a request for publication that nobody has decided yet. The file stays in the store."""
    with report_errors():
        asked = publication_requests.take_back(
            releases.store_path(store), request, permissions.operator(), reason
        )
        typer.echo(f"{asked.request_id} was taken back.")


def list_requests(store: Store = None) -> None:
    """List what was asked for and what became of it."""
    with report_errors():
        for request in publication_requests.requests(releases.store_path(store)):
            decided = f"  {request.decided_by}: {request.reason}" if request.decided_by else ""
            typer.echo(
                f"{request.request_id:12} {request.state:10} {request.asked_at}  "
                f"{request.requester}  {request.file_name}{decided}"
            )


def recover(store: Store = None) -> None:
    """Clear away what a killed upload, dry run or publication left behind.

    Every publication does so first, too.
    """
    with report_errors():
        removed = publish_withdraw_rollback.recover(releases.store_path(store))
    typer.echo("\n".join(removed) or "Nothing was left behind.")
