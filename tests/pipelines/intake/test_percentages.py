"""Percentages are left out by a rule or asked about: never read as amounts, never a dead end."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.read_upload import read
from pipelines.intake.recipes import parse_recipe, write_recipe
from tests.pipelines.intake.conftest import Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")
ROWS = [["A", 2024, "1250.00"], ["B", 2024, "12,5 %"], ["C", 2024, "4120.00"]]


def test_a_percentage_among_amounts_is_asked_about_and_can_be_left_out(write: Write) -> None:
    path = write([["Projekt", "Jahr", "Betrag (EUR)"], *ROWS])
    asked = completed(path)
    assert "percentages" in asked.asked and "percentages" in asked.errors and asked.euros == 5370
    (finding,) = [one for one in asked.verdict.findings if one.code == "percentages"]
    assert (finding.cell, finding.value) == ("C3", "12,5 %")
    answered = completed(path, {"percentages": "leave_out"})
    assert answered.is_accepted and answered.euros == 5370
    assert {one.code for one in answered.verdict.findings} >= {"percentages-left-out"}


@pytest.mark.parametrize(
    "share", ["50%", "50 %", "12,5 Prozent", "50 v.H.", "12 pct.", "50 por ciento", "50 ％"]
)
def test_a_percentage_is_known_by_its_sign_or_its_word(share: str, write: Write) -> None:
    path = write([["Projekt", "Jahr", "Betrag (EUR)"], ROWS[0], ["B", 2024, share], ROWS[2]])
    assert completed(path).asked == {"percentages"}
    assert completed(path, {"percentages": "leave_out"}).euros == 5370


def test_the_rule_stands_in_the_recipe(write: Write) -> None:
    path = write([["Projekt", "Jahr", "Betrag (EUR)"], *ROWS])
    recipe = replace(completed(path).reading.recipe, percentages="leave_out")
    assert parse_recipe(write_recipe(recipe), "r").percentages == "leave_out"
    assert not read(path, recipe).questions


@pytest.mark.parametrize("form", ["0%", "0.00%", "0.0 %"])
def test_a_column_whose_format_is_a_percentage_is_left_out_and_named(
    form: str, workbook: Callable[[Callable[[Any], None]], Path]
) -> None:
    def fill(book: Any) -> None:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": form})
        sheet.write_row(0, 0, ["Projekt", "Jahr", "Betrag EU", "Betrag Anteil"])
        for at, (amount, share) in enumerate([(1250, 0.5), (830, 0.75), (4120, 1.2)], start=1):
            sheet.write_row(at, 0, [f"P{at}", 2024, amount])
            sheet.write_number(at, 3, share, percent)

    path = workbook(fill)
    outcome = completed(path)
    assert outcome.is_accepted and outcome.euros == 6200, outcome.told
    assert [one.column for one in read(path).findings if one.code == "percent-column"] == ["Betrag Anteil"]


def test_a_single_cell_with_the_format_of_a_percentage_is_asked_about(
    workbook: Callable[[Callable[[Any], None]], Path],
) -> None:
    def fill(book: Any) -> None:
        sheet, percent = book.add_worksheet(), book.add_format({"num_format": "0%"})
        sheet.write_row(0, 0, ["Projekt", "Jahr", "Betrag EUR"])
        for at, amount in enumerate([1250, 830, 4120], start=1):
            sheet.write_row(at, 0, [f"P{at}", 2024, amount])
        sheet.write_row(4, 0, ["P4", 2024])
        sheet.write_number(4, 2, 0.5, percent)

    outcome = completed(workbook(fill))
    assert outcome.asked == {"percentages"} and outcome.euros == 6200


def test_a_value_from_another_workbook_is_read_and_named(
    workbook: Callable[[Callable[[Any], None]], Path],
) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Projekt", "Jahr", "Betrag EUR"])
        formulas = ["=[1]Tabelle1!C2", "='[2]Plan - alt'!C3", "=SUM(C2:C2)*0+5", "=Liste[2024]*1"]
        for at, (formula, amount) in enumerate(zip(formulas, [1250, 830, 4120, 77], strict=True), start=1):
            sheet.write_row(at, 0, [f"P{at}", 2024])
            sheet.write_formula(at, 2, formula, None, amount)

    outcome = completed(workbook(fill))
    assert outcome.euros == 6277
    links = [one.cell for one in outcome.verdict.findings if one.code == "external-link"]
    assert links == ["C2", "C3"]
