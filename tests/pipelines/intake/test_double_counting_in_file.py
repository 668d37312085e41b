"""Rows that are sums of rows, and columns that hold the money of others: left out, or asked about."""

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.intake.find_sum_rows import find_sums
from tests.pipelines.intake.conftest import Outcome, Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")
HEADER = ["Nr", "Bezeichnung", "Jahr", "Betrag (EUR)"]


def is_right_or_asked(outcome: Outcome, total: Decimal | int) -> bool:
    """Whether the sum is right, or a question offers it."""
    if outcome.is_accepted:
        return outcome.euros == total
    return any(total in question.sums.values() for question in outcome.reading.questions)


@pytest.mark.parametrize(
    "label", ["Overall", "Ensemble", "Alle Länder", "EU27", "Kokonaisuus", "Region", "TOTAL 2024"]
)
@pytest.mark.parametrize("place", [0, 4, 8])
def test_a_total_is_told_by_its_sum_wherever_it_stands(label: str, place: int, write: Write) -> None:
    draw = random.Random(place)
    amounts = [Decimal(draw.randint(1000, 999_999)) / 100 for _ in range(8)]
    rows: list[list[Any]] = [[number, f"P{number}", 2024, amount] for number, amount in enumerate(amounts)]
    rows.insert(place, [99, label, 2024, sum(amounts)])
    outcome = completed(write([HEADER, *rows]))
    assert is_right_or_asked(outcome, sum(amounts)), outcome.told


def parents(mark: str, is_below: bool = False) -> tuple[list[list[Any]], int]:
    """Three chapters with their articles: codes, labels indented by a mark, and what the articles sum to."""
    draw = random.Random(mark)
    rows: list[list[Any]] = []
    total = 0
    for chapter in range(1, 4):
        amounts = [draw.randint(100, 99_999) for _ in range(draw.randint(2, 4))]
        total += sum(amounts)
        children = [
            [f"0{chapter}.0{at + 1}", f"{mark}Titel {chapter}{at}", 2024, one]
            for at, one in enumerate(amounts)
        ]
        parent = [f"0{chapter}", f"Kapitel {chapter}", 2024, sum(amounts)]
        rows += [*children, parent] if is_below else [parent, *children]
    return rows, total


@pytest.mark.parametrize("mark", ["   ", "\u00a0\u00a0", "– ", "> ", ""])
@pytest.mark.parametrize("is_below", [False, True])
def test_parents_above_or_below_their_children(mark: str, is_below: bool, write: Write) -> None:
    rows, total = parents(mark, is_below)
    outcome = completed(write([HEADER[1:], *(row[1:] for row in rows)]))
    assert "sums" in outcome.asked and is_right_or_asked(outcome, total)


@pytest.mark.parametrize("separator", [".", "-", "/", " ", ""])
def test_parents_by_their_codes_in_any_order(separator: str, write: Write) -> None:
    rows, total = parents("")
    rows = [[row[0].replace(".", separator), *row[1:]] for row in rows]
    random.Random(7).shuffle(rows)
    outcome = completed(write([HEADER, *rows]))
    assert "sums" in outcome.asked and is_right_or_asked(outcome, total)


def test_parents_by_the_indent_of_a_workbook(workbook: Callable[[Callable[[Any], None]], Path]) -> None:
    def fill(book: Any) -> None:
        sheet, deep = book.add_worksheet("List"), book.add_format({"indent": 2})
        sheet.write_row(0, 0, HEADER[1:])
        for at, (depth, amount) in enumerate(
            [(0, 30_017), (1, 10_005), (1, 20_012), (0, 7_001), (1, 7_001)], start=1
        ):
            sheet.write(at, 0, f"Line {at}", deep if depth else None)
            sheet.write_row(at, 1, [2024, amount])

    outcome = completed(workbook(fill))
    assert is_right_or_asked(outcome, 37_018) and "sums" in outcome.asked


def test_three_levels_and_a_grand_total_leave_the_leaves(write: Write) -> None:
    leaves = [[1234, 777], [85, 9301], [410, 56, 7]]
    rows: list[list[Any]] = [["", "Alles", 2024, sum(map(sum, leaves))]]
    for at, amounts in enumerate(leaves, start=1):
        rows.append([f"{at}", f"Kapitel {at}", 2024, sum(amounts)])
        rows += [
            [f"{at}.{number}", f"Titel {at}.{number}", 2024, amount]
            for number, amount in enumerate(amounts, 1)
        ]
    path = write([HEADER[1:], *(row[1:] for row in rows)])
    outcome = completed(path)
    assert is_right_or_asked(outcome, sum(map(sum, leaves)))
    answered = completed(path, {"sums": "leave_out"})
    assert answered.is_accepted and answered.euros == sum(map(sum, leaves))
    assert completed(path, {"sums": "count"}).euros == 3 * sum(map(sum, leaves))


def test_lists_without_sums_ask_nothing(write: Write) -> None:
    draw = random.Random(5)
    for count in (5, 40, 400):
        rows = [[at, f"P{at}", 2024, Decimal(draw.randint(10_000, 99_999_999)) / 100] for at in range(count)]
        outcome = completed(write([HEADER, *rows]))
        assert outcome.is_accepted and outcome.euros == sum(row[3] for row in rows)


def test_a_grant_that_two_funds_pay_in_halves_is_no_sum_among_many_rows() -> None:
    draw = random.Random(2)
    values = [draw.randint(10_000, 9_999_999) for _ in range(500)]
    assert find_sums(values) == []
    values[100:103] = [876_779_204, 292_259_735, 584_519_469]
    assert find_sums(values) == []


@pytest.mark.parametrize(
    ("part", "whole"),
    [("EU (EUR)", "Total (EUR)"), ("Förderung (EUR)", "Gesamtkosten (EUR)"), ("Contribution UE (€)", "Coût total (€)"),
     ("Dofinansowanie UE (EUR)", "Wartość (EUR)"), ("of which EU (EUR)", "Total cost (EUR)")],
)  # fmt: skip
def test_a_column_inside_another_is_asked_about(part: str, whole: str, write: Write) -> None:
    rows = [["A", 2024, 400, 1000], ["B", 2024, 900, 2000], ["C", 2024, 750, 1500]]
    path = write([["Projekt", "Jahr", part, whole], *rows])
    outcome = completed(path)
    assert outcome.asked == {"columns"} and {2050, 4500} <= set(outcome.reading.questions[0].sums.values())
    answered = completed(path, {"columns": part})
    assert answered.is_accepted and answered.euros == 2050


def test_columns_that_add_up_to_a_third_are_asked_about(write: Write) -> None:
    rows = [["A", 2024, 400, 600, 1000], ["B", 2024, 900, 300, 1200], ["C", 2024, 50, 75, 125]]
    outcome = completed(write([["Projekt", "Jahr", "EU (EUR)", "Land (EUR)", "Summe (EUR)"], *rows]))
    assert outcome.asked == {"columns"} and "the sum of" in outcome.told


def test_the_sums_of_a_check_are_what_would_be_published(write: Write) -> None:
    rows = [["A", "committed", 2023, 100], ["B", "paid", 2024, 251], ["C", "paid", 2023, 307]]
    outcome = completed(write([["Projekt", "Stage", "Jahr", "Betrag (EUR)"], *rows]), stage="")
    assert [(one.stage, one.rows, one.amount_eur, dict(one.years)) for one in outcome.verdict.sums] == [
        ("committed", 1, 100, {"2023": (1, 100)}),
        ("paid", 2, 558, {"2023": (1, 307), "2024": (1, 251)}),
    ]


@pytest.mark.parametrize("place", [0, 4])
def test_totals_of_amounts_below_zero_are_totals(place: int, write: Write) -> None:
    rows = [
        ["A", 2024, "-6871.48"],
        ["B", 2024, "12376.10"],
        ["C", 2024, "3432.07"],
        ["D", 2024, "-84506.26"],
    ]
    total = sum(Decimal(str(row[2])) for row in rows)
    rows.insert(place, ["Whole", 2024, str(total)])
    outcome = completed(write([["Projekt", "Jahr", "Betrag"], *rows]))
    assert outcome.asked == {"sums"} and f"row {place + 2}" in outcome.reading.questions[0].text
