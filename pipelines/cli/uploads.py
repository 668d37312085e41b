"""The command `check`: a file in, every finding out. Exit 0 without a blocking finding, 1 with one, 2 if it was called wrongly."""

import json
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pyarrow as pa
import typer

from pipelines import releases
from pipelines.checks import Vocabularies
from pipelines.findings import Finding, Refused, nearest
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.recipes import Recipe, read_recipe, read_recipes
from pipelines.intake.validate import Verdict, judge
from pipelines.sources import read_reference, vocabularies

DATA = Path(__file__).resolve().parent.parent.parent / "data"
SHOWN = 100


def recipe_folders(store: Path | None = None) -> tuple[Path, Path]:
    """Where recipes lie: those that ship with the project, and those that were saved in the store."""
    return DATA / "recipes", releases.store_path(store) / "recipes"


def find_recipe(name: str, store: Path | None = None) -> Recipe:
    """A recipe by its name, or by the path of its TOML. Raises LookupError with the names there are."""
    if name.endswith(".toml") and Path(name).is_file():
        return read_recipe(Path(name))
    known = read_recipes(*recipe_folders(store))
    if name not in known:
        raise LookupError(
            f"There is no recipe {name}. {nearest(name, known)}Recipes: {', '.join(sorted(known)) or 'none yet'}."
        )
    return known[name]


def read_words() -> Vocabularies:
    """The words that a file may use."""
    return vocabularies(read_reference(DATA / "reference"))


def current_ledger(store: Path | None = None) -> pa.Table | None:
    """What is published now, to compare with; None before the first release."""
    release = releases.current(store)
    if release is None:
        return None
    with releases.open_read_only(release, store) as connection:
        return connection.execute(
            "select entry_id, programme, initiative, stage, basis, amount_eur, year, country, site_id, beneficiary, heading, superseded_on from ledger"
        ).to_arrow_table()


def check(
    file: Annotated[Path, typer.Argument(help="A CSV, TSV, TXT, XLSX, XLS or ODS file.")],
    recipe: Annotated[
        str, typer.Option(help="Name of a recipe, or the path of its TOML. The template needs none.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    store: Annotated[Path | None, typer.Option(help="Where releases and recipes are kept.")] = None,
) -> None:
    """Check a budget file: every problem with its cell and how to mend it. Changes nothing."""
    if not file.is_file():
        typer.echo(f"There is no file {file}.", err=True)
        raise typer.Exit(2)
    try:
        chosen = find_recipe(recipe, store) if recipe else None
    except (LookupError, Refused) as problem:
        typer.echo(str(problem.args[0]), err=True)
        raise typer.Exit(2) from None
    known = () if chosen else tuple(read_recipes(*recipe_folders(store)).values())
    reading = read(file, chosen, known=known)
    try:
        ledger = current_ledger(store)
    except (releases.NoRelease, duckdb.Error, OSError):
        ledger = None
    verdict = judge(reading, read_words(), ledger)
    if as_json:
        typer.echo(json.dumps(as_object(reading, verdict), ensure_ascii=False))
    else:
        _print(reading, verdict)
    raise typer.Exit(1 if verdict.is_blocked else 0)


def as_object(reading: Reading, verdict: Verdict) -> dict[str, Any]:
    """What `check --json` prints."""
    return {
        "file": reading.file,
        "sha256": reading.sha256,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "decimal": reading.decimal,
        "rows_read": verdict.rows_read,
        "rows_accepted": verdict.rows_accepted,
        "rows_refused": verdict.rows_refused,
        "sum_eur": f"{verdict.sum_eur:.2f}",
        "recipe": reading.recipe.name,
        "detected": dict(reading.detected),
        "sums": [
            {"column": one.column, "stage": one.stage, "basis": one.basis, "rows": one.rows, "sum_eur": f"{one.amount_eur:.2f}",
             "sum_original": f"{one.original:.2f}", "currency": one.currency}
            for one in verdict.sums
        ],
        "questions": [
            {"code": one.code, "column": one.column, "text": one.text, "choices": dict(one.choices), "sums": {key: f"{number:f}" for key, number in one.sums.items()}}
            for one in reading.questions
        ],
        "findings": [finding_object(finding) for finding in verdict.findings],
    }  # fmt: skip


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as the interface has it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "value": finding.value,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }


def _print(reading: Reading, verdict: Verdict) -> None:
    for name, value in reading.detected.items():
        typer.echo(f"{name}: {value}", err=True)
    for finding in verdict.findings[:SHOWN]:
        cell = f"{finding.cell}: " if finding.cell else ""
        typer.echo(f"{cell}{finding}")
    if len(verdict.findings) > SHOWN:
        typer.echo(f"… and {len(verdict.findings) - SHOWN:,} more. Use --json for all.")
    for question in reading.questions:
        typer.echo(f"Question: {question.text}")
        for choice in question.choices.values():
            typer.echo(f"  {choice}")
    counts = {
        severity: sum(finding.severity == severity for finding in verdict.findings)
        for severity in ("error", "warning", "note")
    }
    told = ", ".join(
        f"{number:,} {severity}{'s' if number != 1 else ''}" for severity, number in counts.items()
    )
    typer.echo(
        f"{reading.file}: {verdict.rows_read:,} rows read, {verdict.rows_accepted:,} accepted, {verdict.rows_refused:,} refused; "
        f"{verdict.sum_eur:,.2f} euros; {told}."
    )
