"""From the intake to publishing: a file that was read and judged becomes the Checked that a submission is
made of.
"""

from collections.abc import Collection
from pathlib import Path

from pipelines.intake.check_inputs import current_ledger, find_recipe, read_vocabularies, recipe_folders
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.recipes import read_recipes
from pipelines.intake.validate import Verdict, judge
from pipelines.publishing.submission import Checked


def checked(reading: Reading, verdict: Verdict) -> Checked:
    """The accepted rows in the columns of their template, with every finding."""
    rows = (
        verdict.rows.drop_columns(["file_row"]) if "file_row" in verdict.rows.column_names else verdict.rows
    )
    return Checked(
        sha256=reading.sha256,
        file_name=reading.file,
        rows=rows,
        findings=verdict.findings,
        recipe=reading.recipe.name or "template",
        rows_read=verdict.rows_read,
        rows_accepted=verdict.rows_accepted,
        sum_eur=verdict.sum_eur,
        shape=reading.shape,
        names_shown=verdict.names_shown,
    )


def check_file(
    path: Path,
    recipe: str = "",
    store: Path | None = None,
    show_names: Collection[str] = (),
    shape: str = "",
) -> Checked:
    """A file, read by a recipe ("" for the one that fits) and judged against the current release.

    show_names: beneficiaries to be shown by name although they may be natural persons. shape: what its rows
    are; "" where the header tells.
    Raises NotPossible for an unknown recipe.
    """
    recipes = tuple(read_recipes(*recipe_folders(store)).values())
    answers = {"shape": shape} if shape else {}
    words = read_vocabularies(store)
    reading = read(
        path, find_recipe(recipe, store) if recipe else None, answers, recipes, words=lambda: words
    )
    return checked(reading, judge(reading, words, current_ledger(store), show_names))
