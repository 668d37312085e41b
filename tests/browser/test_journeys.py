"""What a policymaker and a journalist do, in a real browser against a real server."""

import csv
import io
import json
import urllib.error
import urllib.request
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor
from tests.paths import ROOT

pytestmark = pytest.mark.browser


def test_a_policymaker_sees_how_much_is_real_and_what_was_counted_twice(visitor: Visitor) -> None:
    page = visitor.open()
    assert visitor.headline() == (
        "Europe announced €200\u00a0bn for AI, mostly private money. Apart from it, over €2.6\u00a0bn is "
        "programmed for named sites (EU + national contribution)."
    )
    expect(page.get_by_text("We found no published payment for InvestAI").first).to_be_visible()
    page.get_by_role("link", name="Euros").first.click()
    page.wait_for_url("**/euros")
    expect(page.locator("h1")).to_contain_text("for AI by the strict reading", timeout=60_000)
    totals = page.locator("h2").filter(has_text="EU programmes, totals only")
    expect(totals).to_contain_text("the sum is €103.7\u00a0bn, not €112.1\u00a0bn", timeout=60_000)
    visitor.whole()
    page.get_by_role("button", name="More choices").click()
    page.get_by_role("radio", name="With double counting").or_(
        page.get_by_role("button", name="With double counting")
    ).first.click()
    expect(totals).to_contain_text("Including double counting, €112.1\u00a0bn is programmed", timeout=60_000)
    visitor.until("location.search.includes('count=gross')")


def test_a_link_shows_the_same_in_another_browser(visitor: Visitor, another: Visitor) -> None:
    visitor.open("euros?stage=committed&programme=digital-europe&count=gross")
    another.open(visitor.page.url)
    assert visitor.headline() == another.headline()
    assert "programme=digital-europe" in another.page.url
    assert "stage=committed" in another.page.url


def test_a_link_with_unknown_parts_says_so(visitor: Visitor) -> None:
    page = visitor.open("euros?stage=spent&colour=red")
    expect(page.get_by_text("“stage=spent” is unknown.")).to_be_visible()
    expect(page.get_by_text("“colour” is not a choice on this page.")).to_be_visible()


def test_a_choice_stays_when_another_filter_leaves_nothing_of_it(visitor: Visitor) -> None:
    page = visitor.open("euros?programme=digital-europe")
    programme, stage = page.get_by_test_id("stMultiSelect").first, page.get_by_test_id("stSelectbox").first
    for word, label in (("paid", "Digital Europe (none)"), ("programmed", "Digital Europe")):
        stage.locator("input").click()
        page.get_by_role("option", name=word).click()
        expect(programme.get_by_text(label, exact=True)).to_be_visible()
        visitor.whole()
        assert "programme=digital-europe" in page.url
        assert ("stage=paid" in page.url) == (word == "paid")
    assert not visitor.real_errors()


@pytest.mark.slow
def test_a_hearing_learns_what_is_counted_twice_in_three_steps(visitor: Visitor) -> None:
    page = visitor.open()
    page.get_by_role("link", name="Counted twice").first.click()
    page.wait_for_url("**/overlaps")
    visitor.whole()
    expect(page.locator("h1")).to_contain_text("amounts are inside larger ones", timeout=60_000)
    page.get_by_text("Pair by pair: which holds which, why, and who says so").click()
    story = page.get_by_role("region", name="Pair by pair")
    expect(story).to_contain_text(
        "“InvestAI: investment to be mobilised” (€200\u00a0bn) holds", timeout=60_000
    )
    assert not visitor.real_errors()


@pytest.mark.slow
def test_a_hearing_learns_which_promises_of_2025_were_kept_in_three_steps(visitor: Visitor) -> None:
    page = visitor.open("timeline")
    visitor.whole()
    page.locator(".st-key-choices_league").get_by_test_id("stSelectbox").first.locator("input").click()
    page.get_by_role("option", name="2025").click()
    title = page.locator("h2").filter(has_text="promises for 2025")
    expect(title).to_contain_text("1 kept", timeout=60_000)
    visitor.until("location.search.includes('year=2025')")
    assert not visitor.real_errors()


@pytest.mark.slow
def test_back_returns_to_the_page_with_its_filters(visitor: Visitor) -> None:
    page = visitor.open("euros?stage=committed")
    before = visitor.headline()
    page.get_by_role("link", name="Sites").first.click()
    page.wait_for_url("**/sites")
    visitor.whole()
    page.go_back()
    page.wait_for_url("**/euros**")
    visitor.whole()
    expect(page.locator("h1")).to_have_text(before)
    assert "stage=committed" in page.url


def test_the_menu_of_a_phone_closes_when_a_page_is_chosen(on_a_phone: Visitor) -> None:
    page = on_a_phone.open()
    page.get_by_test_id("stExpandSidebarButton").click()
    close = page.get_by_test_id("stSidebarCollapseButton")
    expect(close).to_have_count(1)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Countries").click()
    page.wait_for_url("**/countries")
    on_a_phone.whole()
    expect(close).to_have_count(0)


def test_a_site_is_found_on_the_list_and_its_page_opens(visitor: Visitor) -> None:
    page = visitor.open("sites")
    page.locator(".st-key-site_list").get_by_role("link", name="IT4LIA", exact=True).click()
    page.wait_for_url("**/sites?site=it4lia")
    visitor.whole()
    sheet = page.locator(".st-key-sheet")
    expect(sheet).to_contain_text("CINECA")
    expect(sheet).to_contain_text("We found no published payment for ")
    amounts = sheet.locator("dd", has_text="€").evaluate_all(
        "cells => cells.map(cell => cell.getBoundingClientRect().width)"
    )
    assert amounts and min(amounts) > 80, "there is no room for an amount beside what it is for"
    page.get_by_role("link", name="All sites").click()
    page.wait_for_url("**/sites")
    visitor.whole()
    expect(page.locator(".st-key-site_list")).to_have_count(1)


def test_the_map_draws_every_member_and_kosovo_without_a_third_party(visitor: Visitor) -> None:
    page = visitor.open("sites")
    page.wait_for_selector(
        ".st-key-wide_sites .geo .land path, .st-key-wide_sites .layer.land path",
        timeout=20_000,
        state="attached",
    )
    shapes = json.loads((ROOT / "static" / "topojson" / "world_50m.json").read_text())
    drawn = {shape["id"] for shape in shapes["objects"]["countries"]["geometries"]}
    members = {
        row["iso3"]
        for row in csv.DictReader((ROOT / "data" / "reference" / "countries.csv").open())
        if row["is_member"] == "true"
    }
    assert len(members) == 27
    assert members | {"XKX", "ISL", "NOR", "TUR", "GBR", "CHE", "MDA", "MKD", "MNE", "SRB", "ALB"} <= drawn
    assert visitor.hosts <= {visitor.server.removeprefix("http://"), "data"}


@pytest.mark.slow
def test_the_csv_holds_what_is_shown(visitor: Visitor) -> None:
    page = visitor.open("euros")
    page.locator(".st-key-row_envelopes").get_by_text("Download", exact=True).click()
    with page.expect_download() as waiting:
        page.locator(".st-key-pop_download_envelopes, [data-testid=stPopoverBody]").get_by_role(
            "link", name="CSV", exact=True
        ).click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    assert waiting.value.suggested_filename.endswith(".csv")
    assert sum(Decimal(row["amount_eur"]) for row in rows) == Decimal("112137300000.00")
    assert sum(Decimal(row["amount_eur"]) for row in rows if row["is_removed"].lower() == "false") == Decimal(
        "103733000000.00"
    )
    assert {(row["stage"], row["basis"]) for row in rows} == {("programmed", "eu-contribution")}
    assert all(row["release"] and row["licence"] for row in rows)


@pytest.mark.slow
def test_everything_that_the_data_page_offers_is_there(visitor: Visitor) -> None:
    links = visitor.open("data").locator(".t-buttons a")
    addresses = links.evaluate_all("found => found.map(link => link.href)")
    wanted = [urlsplit(address).path.rpartition("/")[2] for address in addresses[:3]]
    assert wanted == ["entries.csv", "entries.xlsx", "bundle.zip"] and len(addresses) == 8
    for address in addresses:
        assert visitor.page.request.get(address).ok, address


@pytest.mark.slow
def test_a_change_of_theme_redraws_the_figures(visitor: Visitor) -> None:
    page = visitor.open()
    ink = ".st-key-wide_ladder .annotation-text, .st-key-wide_ladder text"
    page.wait_for_selector(ink, state="attached")
    before = page.evaluate(f"document.querySelector('{ink}').style.fill")
    page.emulate_media(color_scheme="dark")
    visitor.until(
        f"(drawn => drawn && drawn.style.fill !== {json.dumps(before)})(document.querySelector('{ink}'))"
    )


def test_a_keyboard_reaches_the_pages_and_the_choices(visitor: Visitor) -> None:
    page = visitor.open("sites")
    focused = "(document.activeElement.innerText || document.activeElement.getAttribute('aria-label') || '').slice(0, 40)"
    reached: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(focused))
        if reached[-1].startswith("AI factory"):
            page.keyboard.press("ArrowRight")
            reached.append(page.evaluate(focused))
    assert "Timeline" in reached
    assert any(name.startswith("Antenna") for name in reached), reached
    assert any(name.startswith("Table") for name in reached), reached


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_can_upload(method: str, server: str) -> None:
    request = urllib.request.Request(f"{server}/_stcore/upload_file/a/b", data=b"x" * 1000, method=method)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 403


def test_an_unknown_address_is_404_and_nothing_leaks(server: str) -> None:
    for path in ("/nowhere", "/_stcore/metrics", "/app/static/../app.py"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(server + path, timeout=10)
        assert refused.value.code in (400, 403, 404)


def test_headers_keep_others_out(server: str) -> None:
    with urllib.request.urlopen(server, timeout=10) as answer:
        policy = answer.headers["content-security-policy"]
        page = answer.read().decode()
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert '<html lang="en"' in page
    assert "<title>Streamlit</title>" not in page


@pytest.mark.parametrize(
    "size", [pytest.param((1280, 800), marks=pytest.mark.slow), (375, 740)], ids=["wide", "phone"]
)
def test_the_first_and_the_last_of_many_numbers_can_be_reached(
    browser: Browser, server: str, size: tuple[int, int]
) -> None:
    visitor = Visitor(browser, server, viewport={"width": size[0], "height": size[1]})
    page = visitor.open("timeline")
    page.locator(".st-key-row_promises").get_by_text("Numbers").first.click()
    items = page.get_by_role("menuitem")
    items.first.wait_for()
    box = page.locator("[data-testid=stMenuButtonBody]").bounding_box()
    assert box and box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert items.count() > 20
    items.last.click()
    expect(page.get_by_role("dialog")).to_contain_text("Report an error")
    visitor.context.close()
