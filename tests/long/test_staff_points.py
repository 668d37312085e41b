"""What the staff page says of files that could bring in a wrong number, in a real Chromium: each is asked
about, named or left out by rule, with both sums; nothing that was decided is lost.
"""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from pages.parts.text import formatting
from pipelines import releases
from tests.long.staff_page import TRIAL, discard, fill, give, select_one, settled
from tests.pipelines.intake.ods_file import cell, hidden_sheet, ods_bytes
from tests.pipelines.intake.xls_file import Cell, Font, Rich, Sheet, xls_bytes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("no_draft"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


HEADER = "programme,stage,basis,amount_eur,year,country,site,beneficiary,heading,source_url\n"
FACTORY = "digital-europe,{stage},eu-contribution,{amount},2024,DE,{site},{who},{heading},https://example.org/list\n"


def line(**cells: str) -> str:
    """A budget line of the template."""
    usual = {"stage": "committed", "amount": "1000000.00", "site": "", "who": "", "heading": "Work"}
    return FACTORY.format(**{**usual, **cells})


def workbook() -> bytes:
    """A sheet with a raised mark, a percentage and a hidden row."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("List")
        for number, row in enumerate([["Projekt", "Jahr", "Betrag (EUR)"], ["A", 2024, 1250.5], ["B", 2024], ["C", 2024], ["D", 2024, 77.75]]):  # fmt: skip
            sheet.write_row(number, 0, row)
        sheet.write_rich_string(2, 2, "830", book.add_format({"font_script": 1}), "1")
        sheet.write_number(3, 2, 0.125, book.add_format({"num_format": "0%"}))
        sheet.set_row(4, None, None, {"hidden": True})
    return made.getvalue()


def old_workbook() -> bytes:
    """An XLS with a raised mark, a struck amount, another currency, a link, a hidden row and sheet."""
    rows = [
        ["Projekt", "Jahr", "Betrag (EUR)"],
        ["A", 2024, 1250.5],
        ["B", 2024, Rich("8301", {3: Font(position=1)})],
        ["C", 2024, Cell(120.25, font=Font(is_struck=True))],
        ["D", 2024, Cell(77.75, '#,##0.00\\ "SEK"')],
        ["E", 2024, 66.0],
        ["F", 2024, Cell(55.5, is_linked=True)],
    ]
    return xls_bytes(Sheet("Liste", rows, hidden_rows=frozenset({5})), Sheet("Alt", [["x"]], is_hidden=True))


def open_workbook() -> bytes:
    """An ODS with a raised mark, another currency, a filtered row and a hidden sheet."""

    def row(name: str, amount: str, given: str = "") -> tuple[str, list[str]]:
        return given, [cell(name), cell(2024), amount]

    rows = [
        ("", [cell("Projekt"), cell("Jahr"), cell("Betrag")]),
        row("A", cell(1250.5, "EUR")),
        row("B", cell('830<text:span text:style-name="up">1</text:span>')),
        row("C", cell(830_000, "CZK")),
        row("D", cell(66.25, "EUR"), 'table:visibility="filter"'),
    ]
    return ods_bytes(rows, hidden_sheet("Alt"))


SAID = {
    "a unit above the table": (
        "unit.csv",
        b"Angaben in Tsd. Euro;;\nProjekt;Jahr;Betrag\nA;2024;1250,50\nB;2024;830,25\nC;2023;77,75\n",
        ["row 1 above the header speaks of 1,000", "the column sums to 2,158.50", "the column sums to 2,158,500.00"],
    ),
    "sums among rows": (
        "sums.csv",
        b"Projekt;Jahr;Betrag (EUR)\nTeil 1;2024;2157,75\nA;2024;1250,50\nB;2024;907,25\nTeil 2;2024;1500,25\nC;2024;1000,10\nD;2024;500,15\n",
        ["row 2, 5. Are they totals?", "sums to 3,658.00", "sums to 7,316.00", "its amount would count twice"],
    ),
    "another currency in one row": (
        "currency.csv",
        "Projekt;Jahr;Währung;Betrag\nA;2024;EUR;1250,50\nB;2024;HUF;830000,25\nC;2023;EUR;77,75\n".encode(),
        ["D3", "“830000,25”", "is in HUF, but its column is in EUR", "name the currency and its rate"],
    ),
    "raised marks, percentages, hidden rows": (
        "parts.xlsx",
        workbook(),
        ["hidden rows or columns (row 5)", "C3", "carries the mark “¹” behind its digits", "C4", "is a percentage", "left out: the column sums to 1,328.25"],
    ),
    "what an XLS writes and hides": (
        "parts.xls",
        old_workbook(),
        ["hidden rows or columns (row 6)", "“Alt” is a hidden sheet", "C3", "carries the mark “¹” behind its digits", "C4", "is struck through: does it still hold?",
         "C5", "is in SEK, but its column is in EUR", "C7", "comes from another workbook by a formula"],
    ),
    "what an ODS writes and hides": (
        "parts.ods",
        open_workbook(),
        ["hidden rows or columns (row 5)", "“Alt” is a hidden sheet", "C3", "carries the mark “¹” behind its digits", "C4", "is in CZK, but its column is in EUR"],
    ),
    "a word for a unit that nobody knows": (
        "dozens.csv",
        "Alle Beträge in Dutzend Euro;;\nProjekt;Jahr;Betrag\nA;2024;1250,50\nB;2024;830,25\nC;2023;77,75\n".encode(),
        ["row 1 above the header holds “dutzend”, which may be a unit", "the column sums to 2,158.50", "the column sums to 2,158,500.00"],
    ),
    "years as columns, and money beside them": (
        "years.csv",
        "Projekt;Fördersumme 2023;Fördersumme 2024;Eigenmittel\nA;1250,50;1300,00;200,10\nB;830,25;900,00;150,75\n".encode(),
        ["“Fördersumme 2023” → amount_eur (year 2023)", "“Fördersumme 2024” → amount_eur (year 2024)", "It leaves out columns of money: “Eigenmittel”"],
    ),
    "names that nobody has": (
        "site.csv",
        (HEADER + line(site="lumi-ai-factori", heading="A") + line(heading="B").replace("digital-europe", "digital-europ")).encode(),
        ["G2", "Did you mean “lumi-ai-factory”", "A3", "Did you mean “digital-europe”", "The words are"],
    ),
    "more paid than committed": (
        "time.csv",
        (HEADER + line(heading="12.01 Testbed") + line(stage="paid", amount="2500000.00", heading="12.01 Testbed")).encode(),
        ["D3", "2,500,000.00 is paid, but only 1,000,000.00 is committed, by row 2 of this file"],
    ),
    "a code that lost its zero": (
        "codes.csv",
        b"Kennung;Projekt;Jahr;Betrag (EUR)\n01234;A;2024;1250,50\n1235;B;2024;830,25\n01236;C;2024;77,75\n01237;D;2024;66,10\n",
        ["seems to have lost a zero in front: 01235"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_the_page_says_what_could_make_a_wrong_number(what: str, people: Any) -> None:
    name, content, said = SAID[what]
    page = give(people("carla"), name, content)
    for one in said:
        expect(page.locator(".st-key-sheet")).to_contain_text(one, timeout=TRIAL, use_inner_text=True)
    if what != "more paid than committed":  # a warning, which a person may confirm
        assert not page.get_by_role("button", name="See the public effect").count(), (
            "no way on before it is decided"
        )
    discard(page)


def test_a_decided_unit_and_decided_sums_hold_in_a_new_session(people: Any) -> None:
    carla = people("carla")
    page = give(carla, "unit.csv", SAID["a unit above the table"][1])
    page.locator(".st-key-question_0_unit").get_by_text("1,000 euros: the column sums").click()
    page.get_by_text("Decided by you: 1,000 euros").wait_for(timeout=TRIAL)
    settled(carla)
    again = people("carla").page
    again.get_by_text("This is the file that you worked on before").wait_for(timeout=TRIAL)
    again.get_by_text("Decided by you: 1,000 euros").wait_for(timeout=TRIAL)
    discard(again)


def test_computed_cents_are_rounded_so_that_the_column_keeps_its_sum(people: Any) -> None:
    content = HEADER + line(amount="1000000.125", heading="A") + line(amount="2000000.375", heading="B")
    carla = people("carla")
    page = give(carla, "cents.csv", content.encode())
    expect(page.locator("h1")).to_have_text(re.compile("^2.errors in 2.rows"))
    page.get_by_text("Round to the cent, so that the column keeps its sum").click()
    expect(page.locator("h1")).to_have_text(re.compile("^No error in 2.rows"), timeout=TRIAL)
    settled(carla)
    words = page.locator(".st-key-sheet").inner_text()
    assert "exact sum is 3,000,000.500, the rounded sum 3,000,000.50" in words and "€3,000,000.50" in words
    discard(page)


def ready(page: Page, visitor: Any) -> None:
    """Confirm what there is to confirm, and see the public effect."""
    confirm = page.get_by_role("button", name="Confirm all warnings")
    if confirm.count():
        confirm.click()
        settled(visitor)
    fill(page, source_publisher="Example Ministry")
    page.get_by_role("button", name="See the public effect").click()
    page.get_by_text("Nothing public changes until it is approved.").first.wait_for(timeout=TRIAL)
    settled(visitor)


INSIDE = "“Digital Europe 2021–27” includes row 2 and row 3"


def decline_overlaps(page: Page) -> None:
    """Both rows lie inside the envelope of their programme: it is proposed, and nobody records it."""
    page.get_by_role("heading", name="Overlaps to record").wait_for(timeout=TRIAL)
    offered = page.get_by_role("checkbox", name=INSIDE)
    expect(offered).to_have_count(1)
    expect(offered).not_to_be_checked()


def test_from_headlines_that_change_to_a_roll_back_that_is_seen_first(people: Any, staff_store: Path) -> None:
    before = releases.require_current(staff_store)
    carla, content = people("carla"), HEADER + line(amount="90000000.00", who="Dr. Anna Example", heading="A") + line(amount="80000000.00", heading="B")  # fmt: skip
    page = give(carla, "list of the ministry.csv", content.encode())
    assert "may be a natural person" in page.locator(".st-key-sheet").inner_text()
    ready(page, carla)
    words = page.locator(".st-key-sheet").inner_text()
    at = [words.find(one) for one in ("What the pages would say", "Now", "After", "2 added", "Numbers that would change")]  # fmt: skip
    assert -1 not in at and at == sorted(at), "headlines first, now and after"
    decline_overlaps(page)
    fill(page, ask_message="The ministry published its list")
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("waits for an approver").wait_for(timeout=TRIAL)

    # who asked takes it back, and asks again
    settled(carla)
    fill(page, take_back_reason="A row is missing")
    page.get_by_role("button", name="Take back my request").click()
    page.get_by_text("was taken back").wait_for(timeout=TRIAL)
    settled(carla)
    page = give(carla, "list of the ministry.csv", content.encode())
    ready(page, carla)
    decline_overlaps(page)
    fill(page, ask_message="The ministry published its list, whole")
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("waits for an approver").wait_for(timeout=TRIAL)

    anton = people("anton")
    page = anton.page
    page.get_by_role("button", name="Approve and publish").wait_for(timeout=TRIAL)
    words = settled(anton).locator(".st-key-sheet").inner_text()
    assert "Overlaps that were not recorded" in words and INSIDE in " ".join(words.split())
    fill(page, reason="Checked", line_after="Two more lines", line_why="The ministry published its list")
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("The public sees release").first.wait_for(timeout=TRIAL)
    assert releases.require_current(staff_store) != before
    settled(anton)
    _is_named(page, "list of the ministry")
    select_one(page, "rollback_to", formatting.spelt(before))
    settled(anton)
    page.get_by_role("button", name="See what the public would see", exact=True).click()
    page.get_by_role("button", name="Roll back to this release").wait_for(timeout=TRIAL)
    words = settled(anton).locator(".st-key-sheet").inner_text()
    assert "What the public would see after going back to" in words and "What the pages would say" in words
    fill(page, rollback_reason="A test of the way back")
    page.get_by_role("button", name="Roll back to this release").click()
    page.get_by_text(f"The public sees {before} again").first.wait_for(timeout=TRIAL)
    assert releases.current(staff_store) == before


def _is_named(page: Page, name: str) -> None:
    """The uploads that can be withdrawn are named as their owners named them."""
    option = page.get_by_role("option").first
    for _ in range(10):  # a run of the page closes the list
        if option.count():
            break
        page.locator(".st-key-withdraw_what").get_by_role("button", name="Open").click()
        page.wait_for_timeout(700)
    assert name in option.inner_text()
    page.keyboard.press("Escape")


def test_ten_thousand_rows_have_all_their_findings_within_five_seconds(
    people: Any, record_property: Callable[[str, object], None]
) -> None:
    rows = [
        line(amount=f"{1000 + number}.25", who=f"Institute {number % 500}", heading=f"Work {number}")
        for number in range(10_000)
    ]
    rows[5_000] = rows[5_000].replace("committed", "comitted")
    carla = people("carla")
    page = give(carla, "small.csv", (HEADER + line()).encode())  # what is read once was read
    discard(page)
    settled(carla)
    start = time.monotonic()
    page.locator("input[type=file]").set_input_files(
        {"name": "rows.csv", "mimeType": "text/csv", "buffer": (HEADER + "".join(rows)).encode()}
    )
    page.get_by_text("Did you mean “committed”?").first.wait_for(timeout=TRIAL)
    seconds = time.monotonic() - start
    record_property("seconds", round(seconds, 2))
    print(f"10,000 rows: all findings after {seconds:.2f} s")
    expect(page.locator("h1")).to_have_text(re.compile("^1.error in 10,000.rows"))
    discard(settled(carla))
    assert seconds <= 5, f"{seconds:.1f} s"
