"""What an XLS says beside its cells: hidden parts, struck, raised and rich text, number formats, links."""

from pathlib import Path

import pytest

from pipelines.foreign_files.xls_formatting import read_xls
from tests.pipelines.intake.conftest import Outcome, completed
from tests.pipelines.intake.xls_file import Cell, Font, Rich, Sheet, write_xls

pytestmark = pytest.mark.usefixtures("in_this_process")
HEADER = ["Projekt", "Jahr", "Betrag"]
RAISED, LOWERED, STRUCK = Font(position=1), Font(position=2), Font(is_struck=True)


def listed(folder: Path, *amounts: float | Cell | Rich, **more: frozenset[int]) -> Outcome:
    """A list with these amounts, as it is read."""
    rows = [HEADER, *([f"Vorhaben {at}", 2024, one] for at, one in enumerate(amounts))]
    return completed(write_xls(folder / "list.xls", Sheet("Liste", rows, **more)))


def test_a_plain_list_is_read_to_its_sum(tmp_path: Path) -> None:
    outcome = listed(tmp_path, 1250.0, 830.5, 4120.0)
    assert outcome.is_accepted and outcome.euros == 6200.5, outcome.told


def test_hidden_rows_columns_and_sheets_are_named(tmp_path: Path) -> None:
    rows = [HEADER, ["A", 2024, 1250.0], ["B", 2024, 99999.0], ["C", 2024, 830.0]]
    path = write_xls(
        tmp_path / "list.xls",
        Sheet("Liste", rows, hidden_rows=frozenset({2}), hidden_columns=frozenset({0})),
        Sheet("Alt", [["x"]], is_hidden=True),
    )
    told = completed(path).told
    assert "row 3" in told and "columns 1–1" in told and "“Alt” is a hidden sheet" in told


@pytest.mark.parametrize("font", [STRUCK, RAISED, LOWERED])
@pytest.mark.parametrize("value", [830.0, "830"])
def test_a_struck_or_raised_cell_is_no_amount(font: Font, value: str | float, tmp_path: Path) -> None:
    outcome = listed(tmp_path, 1250.0, Cell(value, font=font), 4120.0)
    assert outcome.errors == {"not-euros"} and outcome.euros == 5370


@pytest.mark.parametrize(("font", "sign"), [(RAISED, "¹"), (LOWERED, "₁")])
def test_a_raised_digit_is_no_digit_of_the_amount(font: Font, sign: str, tmp_path: Path) -> None:
    outcome = listed(tmp_path, Rich("12501", {4: font}), 830.0, 4120.0)
    assert outcome.errors == {"not-euros"} and outcome.euros == 4950 and sign in outcome.told


def test_a_struck_part_of_a_text_is_no_digit_of_the_amount(tmp_path: Path) -> None:
    outcome = listed(tmp_path, Rich("9001250", {0: STRUCK, 3: Font()}), 830.0, 4120.0)
    assert not outcome.is_accepted and outcome.euros == 4950


def test_texts_that_go_on_in_a_second_record_keep_their_marks(tmp_path: Path) -> None:
    rows = [HEADER, *([f"{'Ä' * 90} {at}", 2024, 100.0 + at] for at in range(60)), ["Z", 2024, Rich("71", {1: RAISED})]]  # fmt: skip
    path = write_xls(tmp_path / "list.xls", Sheet("Liste", rows))
    assert read_xls(path).sheets["Liste"].texts == {(62, 2): "7¹"}


def test_the_currency_and_the_scale_of_a_number_format_are_used(tmp_path: Path) -> None:
    foreign = listed(tmp_path, 1250.0, Cell(830.0, '#,##0\\ "SEK"'), 4120.0)
    assert foreign.errors == {"foreign-currency"} and foreign.euros == 5370
    scaled = listed(tmp_path, *(Cell(one, "#,##0,") for one in (1_250_000.0, 830_000.0, 4_120_000.0)))
    assert not scaled.is_accepted or scaled.euros == 6_200_000


def test_a_value_from_another_workbook_is_read_and_named(tmp_path: Path) -> None:
    outcome = listed(tmp_path, 1250.0, Cell(830.0, is_linked=True), 4120.0)
    links = [finding for finding in outcome.verdict.findings if finding.code == "external-link"]
    assert [finding.cell for finding in links] == ["C3"] and outcome.euros == 6200
