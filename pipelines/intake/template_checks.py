"""Where the header of a file in the staff template differs from it. Pure."""

import re
from collections.abc import Iterator, Mapping

import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, column_letters, nearest
from pipelines.foreign_files.grid import Grid
from pipelines.intake.header_matching import Guess, guess_columns
from pipelines.intake.recipes import NEEDED
from pipelines.intake.table_layout import Layout, template_columns

_SURE = 0.75  # of the score of a guess


def template_findings(file: str, grid: Grid, layout: Layout) -> Iterator[Finding]:
    """Where the header of a file in the template differs from it."""
    header = int(grid.numbers[layout.header[-1]]) if layout.header else 1
    column_indices, guesses = template_columns(layout.titles), guess_columns(layout.titles)
    for name in BUDGET_LINE:
        if name not in column_indices and (name in NEEDED or name == "amount_eur"):
            near = nearest(name, [title for title in layout.titles if title and title not in column_indices])
            yield make_finding(
                "column-missing",
                file,
                "is a column that the template must have.",
                row=header,
                column=name,
                remedy=near or f"The columns are {', '.join(BUDGET_LINE)}.",
            )
    if "year" not in column_indices and "dated_on" not in column_indices:
        yield make_finding(
            "column-missing",
            file,
            "neither year nor dated_on is among the columns.",
            row=header,
            column="year",
            remedy="Give one of them.",
        )
    for column_index, title in enumerate(layout.titles):
        name = re.sub(r"[\s\-]+", "_", title.strip()).casefold()
        if name not in BUDGET_LINE and (title or _has_cells(grid, layout, column_index)):
            near = nearest(name, [one for one in BUDGET_LINE if one not in column_indices])
            problem = "is not a column of the template. It is left out and never published."
            yield make_finding(
                "column-unknown",
                file,
                problem,
                row=header,
                column=title or column_letters(column_index + 1),
                column_index=column_index,
                value=title,
                remedy=near or _for_title(column_index, guesses, column_indices),
            )
        elif title != name and title:
            yield make_finding(
                "column-renamed",
                file,
                f"is read as {name}.",
                row=header,
                column=name,
                column_index=column_index,
                value=title,
            )


def _for_title(column_index: int, guesses: Mapping[int, Guess], column_indices: Mapping[str, int]) -> str:
    """What to do with a column whose title the template does not know, by what the title means elsewhere."""
    guess = guesses.get(column_index)
    if guess is None or guess.score < _SURE:
        return "Delete it, or rename it."
    if guess.column not in column_indices:
        return f"Rename it to `{guess.column}` if it holds that, or delete it."
    return f"If it holds what belongs into `{guess.column}`, write it there; else delete it."


def _has_cells(grid: Grid, layout: Layout, column_index: int) -> bool:
    return (
        bool(pc.any(pc.not_equal(grid.column(column_index).slice(int(layout.rows[0])), "")).as_py())
        if len(layout.rows)
        else False
    )
