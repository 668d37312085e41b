"""Columns of amounts whose titles speak of different steps of money, such as a plan and what was paid."""

from collections.abc import Iterator, Mapping

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, shown
from pipelines.foreign_files.money_words import stage_word
from pipelines.intake.recipe_result import Applied, Question
from pipelines.intake.recipes import Recipe
from pipelines.intake.table_layout import Layout


def different_steps(
    file: str, layout: Layout, recipe: Recipe, answers: Mapping[str, str], done: Applied
) -> Iterator[Finding]:
    """Columns whose titles speak of different steps of money (planned, committed, paid) at one stage."""
    stage = recipe.constants.get("stage", "")
    if not stage or answers.get("plans") == "all":
        return
    title_of = {id(block): layout.titles[block.column_indices["amount_eur"]] for block in done.blocks}
    titles: dict[str, list[str]] = {}
    for block in done.blocks:
        step = stage_word(title_of[id(block)])
        if step and "stage" not in block.amount.constants and "stage" not in block.column_indices:
            titles.setdefault(step, []).append(title_of[id(block)])
    if len(titles) < 2:
        return
    if answers.get("plans") in titles:
        gone = {title for step, listed in titles.items() if step != answers["plans"] for title in listed}
        done.blocks[:] = [block for block in done.blocks if title_of[id(block)] not in gone]
        return
    told = "; ".join(f"{', '.join(map(shown, listed))}: {step}" for step, listed in titles.items())
    done.questions.append(
        Question(
            "plans",
            "",
            f"The titles speak of different steps of the money ({told}), and all would be published as {stage}. "
            "Which stage of the money is each?",
            {
                **{
                    step: f"only these are taken: {', '.join(map(shown, listed))}"
                    for step, listed in titles.items()
                },
                "all": f"all of them are {stage}",
            },
        )
    )
    last = list(titles.values())[-1][0]
    yield make_finding(
        "plan-and-actual",
        file,
        f"stands beside columns of another step of the money ({told}): which stage is it? All would be {stage}.",
        row=_title_row(layout),
        column=last,
        column_index=layout.titles.index(last),
    )


def _title_row(layout: Layout) -> int:
    """The row of the titles, counted from 1, where every row of the file is a row of the grid."""
    return layout.header[-1] + 1 if layout.header else 1
