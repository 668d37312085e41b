"""Reads an uploaded file under a recipe: shows what was detected, asks what a person must decide."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.file_schemas import SHAPES
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, column_letters, shown
from pipelines.foreign_files.csv_dialect import MARKS
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.sandbox import open_file
from pipelines.intake import file_checks, read_curated_upload
from pipelines.intake.apply_recipe import Mapper
from pipelines.intake.column_kinds import column_kinds
from pipelines.intake.double_counting_in_file import CountedTwice
from pipelines.intake.header_matching import all_titles, language_of
from pipelines.intake.lost_cells import mixed_delimiters
from pipelines.intake.mixed_stage_columns import different_steps
from pipelines.intake.percentages import percent_columns, percent_findings
from pipelines.intake.read_curated_upload import CuratedTable
from pipelines.intake.recipe_proposal import described, propose, speaks_template, template_recipe
from pipelines.intake.recipe_result import Applied, Block, Question
from pipelines.intake.recipes import Recipe, misfit
from pipelines.intake.site_names import columns_of_places
from pipelines.intake.table_layout import Layout, find_layout
from pipelines.intake.template_checks import template_findings
from pipelines.row_checks import Vocabularies


@dataclass(frozen=True)
class Reading:
    """One file under one recipe.

    blocks: the rows that each column of amounts gives; the first is the one whose sum is told.

    detected: what was found out, in words, in the order in which it is shown. findings: all that concerns
    the form of the file. rows_read: the filled rows below the header. left_out: index of a row → why no
    entry is made of it. is_proposed: the recipe was made up for this file.
    """

    file: str
    sha256: str
    recipe: Recipe
    grid: Grid | None = None
    layout: Layout | None = None
    blocks: tuple[Block, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    detected: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)
    is_template: bool = False
    is_proposed: bool = False
    curated: CuratedTable | None = None

    @property
    def shape(self) -> str:
        """The shape of the file's rows: budget_line unless it holds curated rows."""
        return self.curated.shape if self.curated else "budget_line"

    @property
    def rows_read(self) -> int:
        """The filled rows below the header."""
        if self.layout is None:
            return 0
        return len(self.layout.rows) + sum(kind != "blank" for kind in self.layout.odd.values())

    @property
    def encoding(self) -> str:
        return str(self.facts.get("encoding", ""))

    @property
    def delimiter(self) -> str:
        return str(self.facts.get("delimiter", ""))

    @property
    def decimal(self) -> str:
        """The mark before the decimals of the first column of amounts; empty if none was seen, ?

        if it is asked.
        """
        if not self.blocks or self.layout is None:
            return ""
        title = self.layout.titles[self.blocks[0].column_indices["amount_eur"]]
        return {"comma": ",", "point": ".", "unsure": "?"}.get(
            self.detected.get(f"decimals in {title}", ""), ""
        )


def read(
    path: Path,
    recipe: Recipe | None = None,
    answers: Mapping[str, str] | None = None,
    known_recipes: Iterable[Recipe] = (),
    name: str = "",
    words: Callable[[], Vocabularies] = dict,
) -> Reading:
    """Read a file.

    recipe: how; without one, the template needs none, and for others one is proposed from its titles and
    from known recipes.

    answers: what a person decided (encoding, delimiter, sheet, shape, header, decimal, dates, unit); a file
    whose rows are no budget lines is known by its header. name: what the file is called by people. words:
    gives what read_vocabularies reads, and is asked where a title seems to say that its column names sites.
    """
    answer_of = dict(answers or {})
    file = name or path.name
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    how = {
        "encoding": answer_of.get("encoding") or (recipe.encoding if recipe else ""),
        "delimiter": answer_of.get("delimiter") or (recipe.delimiter if recipe else ""),
        "sheet": answer_of.get("sheet") or (recipe.sheet if recipe else ""),
        "known": sorted(all_titles()),
    }
    grid, facts = open_file(path, how)
    if grid is None:
        code, row, value, problem = facts["stopped"]
        stop = make_finding(code, file, f"{problem}.", row=row, value=value, column_index=0 if row else -1)
        return Reading(file, digest.hexdigest(), recipe or Recipe("none"), facts=facts, findings=(stop,))
    chosen = answer_of.get("shape", "")
    shapes = [chosen] if chosen else read_curated_upload.shapes_of(grid) if recipe is None else []
    if shapes and shapes[0] != "budget_line":
        return _curated(file, digest.hexdigest(), grid, facts, shapes)
    header_row = int(answer_of.get("header") or (recipe.header_row if recipe else 0))
    layout = find_layout(grid, header_row)
    return _mapped(
        file, digest.hexdigest(), grid, layout, facts, recipe, answer_of, list(known_recipes), words
    )


def _curated(file: str, sha256: str, grid: Grid, facts: Mapping[str, Any], shapes: list[str]) -> Reading:
    """A file of curated rows. shapes: those that its header fits; the first is read, several are asked."""
    rows = read_curated_upload.read_rows(file, grid, shapes[0])
    above = tuple(index for index in range(rows.header) if grid.filled[index])
    layout = Layout(
        (rows.header,),
        rows.titles,
        rows.rows,
        dict.fromkeys(rows.blank, "blank"),
        above,
        is_template=True,
        heading_text=" ".join(filter(None, grid.row(above[0]))) if above else "",
    )
    used = {place: name for name, place in rows.columns.items()}
    findings = [
        *file_checks.seen_findings(file, facts),
        *file_checks.shape_findings(file, grid, layout, Recipe("template")),
        *rows.findings,
        *file_checks.cell_findings(file, grid, layout, facts, used),
    ]
    questions = (read_curated_upload.shape_question(shapes),) if len(shapes) > 1 else ()
    detected = {"rows": SHAPES[rows.shape].title, **_detected(grid, layout, facts, Applied())}
    return Reading(
        file, sha256, Recipe("template"), grid, layout, facts=facts, detected=detected, questions=questions,
        findings=tuple(findings), left_out=layout.odd, is_template=True, curated=rows,
    )  # fmt: skip


def _mapped(
    file: str,
    sha256: str,
    grid: Grid,
    layout: Layout,
    facts: Mapping[str, Any],
    recipe: Recipe | None,
    answers: Mapping[str, str],
    known_recipes: Sequence[Recipe],
    words: Callable[[], Vocabularies],
) -> Reading:
    is_template = recipe is None and (layout.is_template or speaks_template(layout))
    is_proposed = recipe is None and not is_template
    percents = percent_columns(grid, layout, facts) if is_proposed else frozenset()
    places = columns_of_places(grid, layout, words) if is_proposed else frozenset()
    kinds = tuple(
        "rate" if column_index in percents else "place" if column_index in places else kind
        for column_index, kind in enumerate(column_kinds(grid, layout) if is_proposed else ())
    )
    money = [title for title, kind in zip(layout.titles, kinds, strict=False) if kind == "money"]
    chosen = recipe or (template_recipe(layout) if is_template else propose(layout, known_recipes, kinds))
    findings = [
        *file_checks.seen_findings(file, facts),
        *file_checks.shape_findings(file, grid, layout, chosen),
    ]
    if is_template:
        findings += template_findings(file, grid, layout)
    elif is_proposed:
        findings.append(
            make_finding(
                "recipe-proposed",
                file,
                f"is not in our template. Its titles say: {described(chosen, money) or 'nothing that we know'}.",
            )
        )
        findings += file_checks.recipe_findings(file, layout, chosen)
        findings += percent_findings(file, grid, layout, chosen, kinds)
    else:
        findings += misfit(chosen, layout, file)
        findings += file_checks.recipe_findings(file, layout, chosen)
    done = Mapper(file, grid, layout, chosen, answers, facts=facts).apply()
    CountedTwice(file, grid, layout, chosen, answers, facts).settle(done)
    readings = file_checks.encoding_readings(facts)
    if readings:
        text = "These words can be read in several encodings, and nothing decides. Which reading is right?"
        choices = {name: f"{name}: {', '.join(map(shown, words))}" for name, words in readings.items()}
        done.questions.insert(0, Question("encoding", "", text, choices))
    findings += done.findings
    findings += different_steps(file, layout, chosen, answers, done)
    findings += mixed_delimiters(file, grid, layout, facts)
    findings += file_checks.cell_findings(
        file, grid, layout, facts, file_checks.used_columns(chosen, layout.titles)
    )
    findings += file_checks.stated_findings(file, grid, layout, done)
    reading = Reading(
        file, sha256, chosen, grid, layout, tuple(done.blocks), facts, _detected(grid, layout, facts, done), tuple(done.questions),
        tuple(findings), {**layout.odd, **done.left_out}, is_template, is_proposed,
    )  # fmt: skip
    if chosen.rows_expected is not None and chosen.rows_expected != reading.rows_read:
        problem = f"has {reading.rows_read:,} rows, but the recipe expects {chosen.rows_expected:,}."
        findings.append(make_finding("rows-differ", file, problem))
    return Reading(**{**reading.__dict__, "findings": tuple(findings)})


def _detected(grid: Grid, layout: Layout, facts: Mapping[str, Any], done: Applied) -> dict[str, str]:
    """What was found out, in the words in which it is shown."""
    detected = {"encoding": f"{facts['encoding']} ({facts['encoding_why']})"}
    if facts.get("delimiter"):
        detected["delimiter"] = (
            f"{MARKS.get(facts['delimiter'], facts['delimiter'])} ({facts['delimiter_why']})"
        )
    if facts.get("sheet"):
        detected["sheet"] = facts["sheet"]
    detected["header"] = " and ".join(f"row {int(grid.numbers[index])}" for index in layout.header) or "none"
    detected["columns"] = f"{len(layout.titles)} (A to {column_letters(max(1, len(layout.titles)))})"
    language = language_of(layout.titles)
    if language:
        detected["language"] = language
    for block in done.blocks:
        title = layout.titles[block.column_indices["amount_eur"]]
        detected[f"unit of {title}"] = f"{block.unit:,f}"
        detected[f"sum of {title}"] = f"{block.sum_original:,.2f} {block.currency}"
    return {**detected, **done.detected}


def file_rows(reading: Reading) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The indices of all filled rows below the header, in order."""
    if reading.layout is None:
        return np.zeros(0, dtype=np.int64)
    odd = [index for index, kind in reading.layout.odd.items() if kind != "blank"]
    return np.sort(np.concatenate([reading.layout.rows, np.array(odd, dtype=np.int64)]))
