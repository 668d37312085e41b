"""Journeys J8 and J9 in a real Chromium, signed in at a real identity provider: a bad file mended, asked for,
approved, seen, and rolled back.
"""

import http.client
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from pages.parts.text import formatting
from pipelines import journal, releases
from tests.browser.conftest import Visitor
from tests.long.staff_page import TRIAL, choose, fact, fill, give, quiet, select_one, settled, typed
from tests.paths import FIXTURES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("no_draft"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
UPLOADS = FIXTURES / "uploads"


def asked(address: str, method: str, cookies: str = "", origin: str = "", length: int = 1) -> tuple[int, str]:
    """One request to the upload endpoint, without a browser: only its head.

    An answer that comes nevertheless read no body.
    """
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"cookie": cookies, "content-type": "text/csv", "content-length": str(length)} | (
        {"origin": origin} if origin else {}
    )
    connection.request(method, "/_stcore/upload_file/a/b", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def cookies_of(visitor: Visitor) -> str:
    return "; ".join(
        f"{cookie['name']}={cookie['value']}" for cookie in visitor.context.cookies(visitor.server)
    )


def test_nobody_without_a_role_gets_in_by_page_or_by_upload(people: Any, staff_server: str) -> None:
    anonymous = people()
    page = anonymous.open("staff")
    assert anonymous.headline() == "This page is for staff" and not page.locator("input[type=file]").count()
    for method in ("PUT", "POST", "DELETE", "GET"):
        assert (
            asked(staff_server, method)[0]
            == asked(staff_server, method, cookies_of(anonymous), staff_server)[0]
            == 403
        )
    for name, why in (("sam", "has no role here"), ("una", "has not verified your e-mail")):
        visitor = people(name)
        assert visitor.headline() == "You cannot work here now" and why in visitor.page.inner_text(
            ".st-key-sheet"
        )
        assert not visitor.page.locator("input[type=file]").count()
        assert asked(staff_server, "PUT", cookies_of(visitor), staff_server)[0] == 403


def test_a_copied_cookie_is_worth_nothing_after_sign_out(
    people: Any, browser: Browser, staff_server: str
) -> None:
    carla = people("carla")
    kept = carla.context.cookies(staff_server)
    replayed = quiet(Visitor(browser, staff_server))
    replayed.context.add_cookies(kept)
    assert "Signed in as Carla" in replayed.open("staff").inner_text(".st-key-sheet")
    header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in kept)
    assert "XSRF" in asked(staff_server, "PUT", header, staff_server)[1], (
        "a living session reaches Streamlit, which asks for its token"
    )
    assert asked(staff_server, "PUT", header, "http://elsewhere.example")[0] == 403, (
        "the cookie of another address"
    )
    status, sentence = asked(staff_server, "PUT", header, staff_server, 65 * 1024 * 1024)
    assert status == 413 and "64 MB" in sentence
    carla.page.get_by_role("button", name="Sign out").click()
    carla.page.wait_for_timeout(1500)
    assert asked(staff_server, "PUT", header, staff_server)[0] == 403
    replayed.open("staff")
    assert replayed.headline() == "You cannot work here now" and "signed out" in replayed.page.inner_text(
        ".st-key-sheet"
    )
    replayed.context.close()


def mended(text: str) -> str:
    """The file of J8 without its faults."""
    lines = [line for line in text.splitlines() if line.strip()][2:]
    good = [
        line.replace("comitted", "committed")
        .replace("=cmd", "Work package 8")
        .replace('"', "")
        .replace("106.000.000,50", "106.000,50")
        for line in lines
    ]
    return "\n".join(good[:-1]) + "\n"


def test_from_a_bad_file_to_a_public_figure_and_back(people: Any, staff_store: Path) -> None:
    carla, reader = people("carla"), people()
    before = releases.require_current(staff_store)
    figures = "euros?stage=committed&basis=eu-contribution"
    reader.open(figures)
    old = reader.page.inner_text(".st-key-sheet")

    page = give(carla, "j8.csv", (UPLOADS / "journey-j8.csv").read_bytes())
    text = page.inner_text(".st-key-sheet")
    assert re.search(r"^\d+ errors in \d+ rows", carla.headline().replace("\u00a0", " "))
    for cell, word in (
        ("D7", "Did you mean “committed”?"),
        ("K11", "formula"),
        ("K13", "quotation mark"),
        ("F9", "986 times"),
        ("K16", "row 5"),
    ):
        assert cell in text and word in text
    assert (
        "rows 1–2" in text.lower()
        and "Traceback" not in text
        and not page.get_by_role("button", name="See the public effect").count()
    )
    with page.expect_download() as marked:
        page.get_by_role("button", name="Get the file back, marked up").click()
    assert Path(marked.value.path()).read_bytes()[:2] == b"PK"
    with page.expect_download() as told:
        page.get_by_role("button", name="Findings (JSON)").click()
    listed = json.loads(Path(told.value.path()).read_text(encoding="utf-8"))["findings"]
    assert {"D7", "K11", "K13", "F9", "K16"} <= {finding["cell"] for finding in listed}

    page.get_by_role("button", name="Upload a corrected file").click()
    settled(carla)
    page = give(
        carla, "mended.csv", mended((UPLOADS / "journey-j8.csv").read_text(encoding="utf-8")).encode()
    )
    assert carla.headline().startswith("No error in")
    if page.get_by_role("button", name="Confirm all warnings").count():
        page.get_by_role("button", name="Confirm all warnings").click()
        settled(carla)
    fill(page, source_publisher="Institut für Rechnen")
    page.get_by_role("button", name="See the public effect").click()
    page.get_by_text("12 added").first.wait_for(timeout=TRIAL)
    settled(carla)
    assert "Nothing public changes until it is approved." in page.inner_text(".st-key-sheet")
    fill(page, ask_message="The institute published its list")
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("waits for an approver").wait_for(timeout=TRIAL)
    settled(carla)
    assert releases.current(staff_store) == before
    page.get_by_text("may not publish").wait_for(timeout=TRIAL)
    assert not page.get_by_role("button", name="Approve and publish").count()

    anton = people("anton")
    page = anton.page
    page.get_by_role("button", name="Approve and publish").wait_for(timeout=TRIAL)
    assert not page.locator("input[type=file]").count()
    fill(
        page,
        reason="Checked against the list",
        line_after="Twelve more commitments",
        line_why="The institute published its list",
    )
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("The public sees release").first.wait_for(timeout=TRIAL)
    now = releases.require_current(staff_store)
    assert now != before
    reader.until(f"document.body.innerText.includes('{now[11:]}')", seconds=40)
    assert reader.whole().inner_text(".st-key-sheet") != old, (
        "the open browser shows the new figures without being reloaded"
    )

    settled(anton)
    select_one(page, "rollback_to", formatting.spelt(before))
    settled(anton)
    assert not page.get_by_role("button", name="Roll back to this release").count(), "seen before it acts"
    page.get_by_role("button", name="See what the public would see", exact=True).click()
    page.get_by_role("button", name="Roll back to this release").wait_for(timeout=TRIAL)
    settled(anton)
    fill(page, rollback_reason="A test of the way back")
    page.get_by_role("button", name="Roll back to this release").click()
    page.get_by_text(f"The public sees {before} again").first.wait_for(timeout=TRIAL)
    assert releases.current(staff_store) == before and not journal.broken_links(staff_store)
    actors = {entry.action: json.loads(entry.details).get("name") for entry in journal.read(staff_store)}
    assert (actors["upload"], actors["request"], actors["publish"], actors["rollback"]) == (
        "Carla Contributor",
    ) * 2 + ("Anton Approver",) * 2
    assert not reader.real_errors() and reader.hosts == {urlsplit(reader.server).netloc}


SHEET = """Titel;Stand;Betrag;Jahr;Land;Bemerkung
Rechenzentrum A;bewilligt;1.234;2024;DE;x
Rechenzentrum B;bewilligt;5.678;2024;DE;y
"""


def test_every_form_changes_how_a_file_is_read_and_what_is_decided(people: Any, staff_store: Path) -> None:
    carla = people("carla")
    page = give(carla, "forms.csv", SHEET.encode())
    assert re.match("8.errors in 2.rows", carla.headline())

    # a question that only a person can decide, decided, taken back, and decided again
    question = page.locator(".st-key-question_0_decimal")
    expect(question).to_contain_text(re.compile("6,912.000.*6.912", re.DOTALL), timeout=30_000)
    question.get_by_text("a point parts the decimals").click()
    fact(page, "Decimals in Betrag", "point")
    page.get_by_text("Decided by you: a point parts the decimals").wait_for()
    page.get_by_role("button", name="Ask again").click()
    question.get_by_text("a comma parts the decimals").click()
    fact(page, "Sum of Betrag", "6,912.00 EUR")

    # words and columns
    settled(carla)
    choose(page, "words_stage_0", 0, "committed")
    expect(page.locator("h1")).to_have_text(re.compile("^3.errors"), timeout=30_000)
    settled(carla)
    choose(page, "columns_0", 5, "left out")
    fact(page, "Recipe", "edited here")
    expect(page.locator(".st-key-sheet")).to_contain_text("Every column is mapped or left out by name.")

    # unit, currency and rate, and back
    settled(carla)
    select_one(page, "unit_0_0", "thousand")
    fact(page, "Unit of Betrag", "1,000")
    settled(carla)
    typed(page, "currency_0_0", "SEK")
    page.get_by_text("The rate holds when").wait_for(timeout=30_000)
    settled(carla)
    typed(page, "currency_0_0", "")
    page.get_by_text("The rate holds when").wait_for(state="detached", timeout=30_000)

    # constants
    for name, value in (("programme", "digital-europe"), ("basis", "eu-contribution")):
        settled(carla)
        select_one(page, f"constant_{name}_0", value)
        expect(page.locator(".st-key-sheet")).not_to_contain_text(
            f"{name} is neither a column", timeout=30_000
        )
    settled(carla)
    typed(page, "constant_source_url_0", "https://example.org/liste")
    expect(page.locator("h1")).to_have_text(re.compile("^No error in 2.rows"), timeout=30_000)
    fact(page, "Sum", "€6,912,000")

    # the recipe as text: what it says holds against what the forms said before, and a mistake in it is told
    settled(carla)
    page.get_by_text("The recipe: how their columns").click()
    settled(carla)
    page.get_by_text("The recipe as text, and saving it").click()
    area = page.get_by_label("Recipe (TOML)")
    text = area.input_value()
    assert "digital-europe" in text and "bewilligt" in text
    area.fill(text.replace("digital-europe", "horizon-europe"))
    page.get_by_role("button", name="Read the file by this text").click()
    expect(page.locator(".st-key-constant_programme_1 input")).to_have_value("horizon-europe", timeout=30_000)
    assert 'programme = "horizon-europe"' in settled(carla).get_by_label("Recipe (TOML)").input_value()
    fill(page, recipe_name="No Such Name!")
    page.get_by_role("button", name="Save for the next file").click()
    page.get_by_text("Name the recipe with small letters").wait_for(timeout=30_000)
    fill(page, recipe_name="rechenzentren")
    page.get_by_role("button", name="Save for the next file").click()
    page.get_by_text("The recipe rechenzentren was saved").wait_for(timeout=30_000)
    assert (staff_store / "recipes" / "rechenzentren.toml").is_file()

    # the publisher's next file is read by it
    settled(carla)
    page.get_by_role("button", name="Upload a corrected file").click()
    settled(carla)
    page = give(carla, "next.csv", SHEET.replace("1.234", "1.234,50").encode())
    fact(page, "Recipe", "rechenzentren, an earlier one that fits")
    fact(page, "Sum", "€6,912,500")

    # warnings: one by one, then all
    boxes = page.get_by_role("checkbox", name=re.compile("looked at, and right"))
    assert boxes.count() > 1 and not page.get_by_role("button", name="See the public effect").count()
    page.get_by_text("looked at, and right").first.click()
    settled(carla)
    assert boxes.first.is_checked() and not page.get_by_role("button", name="See the public effect").count()
    page.get_by_role("button", name="Confirm all warnings").click()

    # the public effect, with an overlap recorded
    page.get_by_role("button", name="See the public effect").wait_for(timeout=30_000)
    fill(
        page, source_title="Bewilligungen 2024", source_publisher="Rechenzentrum", source_licence="CC BY 4.0"
    )
    page.get_by_role("button", name="See the public effect").click()
    page.get_by_text("2 added").first.wait_for(timeout=TRIAL)
    before = page.locator(".st-key-sheet").inner_text()
    page.get_by_text(re.compile("^“.*” includes row 2 and row 3$")).click()
    settled(carla)
    page.get_by_role("button", name="Record the chosen ones and look again").click()
    page.get_by_role("heading", name="Overlaps to record").wait_for(state="detached", timeout=TRIAL)
    assert settled(carla).locator(".st-key-sheet").inner_text() != before

    # a request needs a reason, and so does a refusal
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("Say in a sentence why this should be published.").wait_for(timeout=30_000)
    fill(page, ask_message="The centre published its list")
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("waits for an approver").wait_for(timeout=TRIAL)
    anton = people("anton")
    page = anton.page
    page.get_by_role("button", name="Decline").wait_for(timeout=TRIAL)
    assert "amounts-restyled" in settled(anton).inner_text(".st-key-sheet"), (
        "which warnings the contributor confirmed"
    )
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("it stands in the journal").first.wait_for(timeout=TRIAL)
    fill(page, reason="The list is not public yet")
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("was declined").wait_for(timeout=TRIAL)
    refused = "ERR_FAILED"  # the stylesheet of the provider's own pages
    assert not [
        error for visitor in (carla, anton) for error in visitor.real_errors() if refused not in error
    ]
    last = journal.read(staff_store)[-1]
    assert (last.action, last.reason) == ("decline", "The list is not public yet")
