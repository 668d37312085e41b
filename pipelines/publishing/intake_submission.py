"""From the intake to the decisions: a file that was read and judged, as a submission is made of it."""

from pathlib import Path

from pipelines.cli.uploads import current_ledger, find_recipe, read_words, recipe_folders
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.recipes import read_recipes
from pipelines.intake.validate import Verdict, judge
from pipelines.publishing.submission import Checked


def checked(reading: Reading, verdict: Verdict) -> Checked:
    """The accepted rows in the columns of the template, with everything that was found."""
    rows = (
        verdict.rows.drop_columns(["file_row"]) if "file_row" in verdict.rows.column_names else verdict.rows
    )
    name = reading.recipe.name or "template"
    return Checked(
        reading.sha256,
        reading.file,
        rows,
        verdict.findings,
        name,
        verdict.rows_read,
        verdict.rows_accepted,
        verdict.sum_eur,
    )


def take(path: Path, recipe: str = "", store: Path | None = None) -> Checked:
    """A file, read by a recipe ("" for the one that fits) and judged against the current release. Raises LookupError for an unknown recipe."""
    known = tuple(read_recipes(*recipe_folders(store)).values())
    reading = read(path, find_recipe(recipe, store) if recipe else None, known=known)
    return checked(reading, judge(reading, read_words(), current_ledger(store)))
