"""Small files of the kinds that once brought a wrong number in, each with what is right.

tests/fixtures/cases/expected.csv gives for each file the outcomes of which one must hold, parted by `;`; the
conditions of an outcome are parted by ` & `: sum=N (accepted, and N euros are published), sum:BASIS=N,
rows=N, asks:WORDS (a question, or an error other than an unfinished recipe), refused, warns:CODE|CODE,
cell:C4 (an error or a warning names it), finding:WORDS, notfinding:WORDS. WORDS is a regular expression.
"""

import csv
import json
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.check_report import report_object
from pipelines.intake.read_upload import read
from pipelines.intake.recipes import Recipe, read_recipe
from pipelines.intake.validate import judge
from pipelines.row_checks import Vocabularies
from tests.paths import FIXTURES

pytestmark = pytest.mark.usefixtures("in_this_process")
CASES = FIXTURES / "cases"
with (CASES / "expected.csv").open(encoding="utf-8", newline="") as listed:
    LINES = list(csv.DictReader(listed))
# Columns of codes: the words of a publisher are no codes of ours, so that a person leaves them out.
CODED = ("programme", "stage", "basis", "source_url", "country", "funder", "initiative", "site")
UNFINISHED = ("recipe-incomplete", "recipe-wrong", "recipe-misfit", "more-of-the-same")

Report = dict[str, Any]  # what check --json prints


@cache
def vocabularies() -> Vocabularies:
    return read_vocabularies()


def checked(path: Path, recipe: Recipe | None) -> tuple[Report, Recipe]:
    """The report of a file, and the recipe that was used or proposed."""
    reading = read(path, recipe)
    verdict = judge(reading, vocabularies())
    report = report_object(reading, verdict) | {"blocked": verdict.is_blocked}
    return json.loads(json.dumps(report)), reading.recipe


def completed(recipe: Recipe, constants: dict[str, str]) -> Recipe:
    """A proposed recipe with constants for what it lacks, as a person would complete it."""
    columns = {title: names for title, names in recipe.columns.items() if names[0] not in CODED or names[0] in recipe.words}  # fmt: skip
    mapped = {name for names in columns.values() for name in names}

    def lacks(*names: str) -> bool:
        return not mapped & {*names} and any(not {*names} & {*one.constants} for one in recipe.amounts)

    more = {name: word for name, word in constants.items() if (lacks("year", "dated_on") if name == "year" else lacks(name))}  # fmt: skip
    ignored = (*recipe.ignored, *(title for title in recipe.columns if title not in columns))
    return replace(recipe, columns=columns, ignored=ignored, constants={**more, **recipe.constants})


def both(line: dict[str, str]) -> tuple[Report, Report]:
    """The report of a file as it comes, and under its completed recipe."""
    path = CASES / line["file"]
    first, proposed = checked(path, read_recipe(CASES / line["recipe"]) if line["recipe"] else None)
    is_unfinished = any(one["code"] == "recipe-incomplete" for one in first["findings"])
    if line["recipe"] or not line["constants"] or not is_unfinished or not proposed.amounts:
        return first, first
    return first, checked(path, completed(proposed, json.loads(line["constants"])))[0]


def said(*reports: Report) -> list[str]:
    return [f"{one['problem']} {one['remedy']}" for report in reports for one in report["findings"]]


def asked(*reports: Report) -> list[str]:
    """Questions, and errors that are more than an unfinished recipe."""
    errors = [one for report in reports for one in report["findings"] if one["severity"] == "error" and one["code"] not in UNFINISHED]  # fmt: skip
    return [f"{one['code']} {one['problem']} {one['remedy']}" for one in errors] + [
        json.dumps(question, ensure_ascii=False) for report in reports for question in report["questions"]
    ]


def published(report: Report, basis: str = "") -> Decimal:
    return sum(
        (Decimal(one["sum_eur"]) for one in report["sums"] if not basis or one["basis"] == basis), Decimal(0)
    )


def seen(pattern: str, texts: list[str]) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for text in texts)


def holds(condition: str, first: Report, last: Report) -> bool:
    """Whether one condition of an outcome is met."""
    match = re.fullmatch(
        r"(sum|rows|asks|refused|warns|cell|finding|notfinding)(.*)", condition.strip(), re.DOTALL
    )
    assert match, condition
    kind, told = match[1], match[2][1:]
    match kind:
        case "sum":
            basis, euros = told.rsplit("=", 1) if match[2][0] == ":" else ("", told)
            return not last["blocked"] and published(last, basis) == Decimal(euros)
        case "rows":
            return sum(one["rows"] for one in last["sums"]) == int(told)
        case "asks":
            return seen(told, asked(first, last))
        case "refused":
            return last["blocked"] and bool(asked(last))
        case "warns":
            codes = {one["code"] for report in (first, last) for one in report["findings"] if one["severity"] == "warning"}  # fmt: skip
            return not last["blocked"] and bool({*told.split("|")} & codes)
        case "cell":
            return any(one["cell"] == told and one["severity"] != "note" for report in (first, last) for one in report["findings"])  # fmt: skip
        case _:
            return seen(told, said(first, last)) == (kind == "finding")


@pytest.mark.parametrize("line", LINES, ids=[f"{one['file']}{' by its recipe' if one['recipe'] else ''}" for one in LINES])  # fmt: skip
def test_a_file_comes_to_what_is_right_or_is_asked_about(line: dict[str, str]) -> None:
    first, last = both(line)
    outcomes = [outcome.split(" & ") for outcome in line["right"].split(";")]
    is_right = any(all(holds(one, first, last) for one in outcome) for outcome in outcomes)
    assert is_right, (line["why"], last["sums"], asked(first, last))
