"""J5, J6, J7 in a real browser: take a figure away, share it and come back, embed it elsewhere.

Walks the figures: a new one is covered by itself.
"""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import threading
import time
import unicodedata
import urllib.request
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from pages.parts.page_registry import PAGES
from pages.parts.views import FIGURES
from pipelines.build import build
from tests.browser.conftest import Visitor, serving
from tests.paths import ROOT

pytestmark = pytest.mark.browser
NAMES = list(FIGURES)
PATHS = list(dict.fromkeys(view.page for view in FIGURES.values()))


def squeezed(text: str) -> str:
    """The text without spaces and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class Taken(NamedTuple):
    """What one visit to a page takes away of one figure."""

    title: str
    source: str
    drawn: str
    files: dict[str, str]
    link: str
    embeds: list[str]
    card: str


class Visit(NamedTuple):
    """One visit to a page: its headline and its figures."""

    headline: str
    figures: dict[str, Taken]


def opened(page: Page, figure: str, word: str) -> None:
    """Open one of the quiet words under a figure."""
    page.locator(f".st-key-row_{figure}").get_by_text(word, exact=True).first.click()
    page.wait_for_timeout(400)


def codes(page: Page, first: str) -> list[str]:
    """The lines to copy that are shown, when one with these words is among them."""
    lines = page.locator("[data-testid=stPopoverBody] code")
    lines.filter(has_text=first, visible=True).first.wait_for()
    return [line.inner_text().replace("\n", "") for line in lines.all() if line.is_visible()]


def taken(page: Page, name: str) -> Taken:
    """Open every word under a figure, one after the other."""
    title = page.locator(f".st-key-wide_{name}").locator("xpath=preceding::h2[1]").inner_text()
    source = (
        page.locator(f".st-key-row_{name}")
        .locator("xpath=preceding::p[contains(@class,'t-source')][1]")
        .inner_text()
    )
    plot = page.locator(f".st-key-wide_{name} .js-plotly-plot")
    expect(plot).to_have_text(re.compile(r"\S"), timeout=15_000)
    drawn = plot.text_content() or ""
    opened(page, name, "Download")
    offered = page.locator("[data-testid=stPopoverBody] a.t-button")
    offered.first.wait_for()
    links = offered.all()
    files = {
        link.get_attribute("aria-label") or link.inner_text(): str(link.evaluate("link => link.href"))
        for link in links
    }
    page.keyboard.press("Escape")
    opened(page, name, "Share")
    link = codes(page, "release=")[0]
    page.get_by_role("tab", name="Embed").click()
    embeds = codes(page, "<iframe")
    page.keyboard.press("Escape")
    opened(page, name, "Numbers")
    page.get_by_role("option").or_(page.get_by_role("menuitem")).first.click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Report an error", timeout=15_000)
    said = card.inner_text()
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    return Taken(title, source, drawn, files, link, embeds, said)


@pytest.fixture(scope="module")
def visits(browser: Browser, server: str) -> Iterator[Callable[[str], Visit]]:
    """Each page visited once."""

    @cache
    def visit(path: str) -> Visit:
        visitor = Visitor(browser, server)
        page = visitor.open(path)
        found = Visit(
            page.locator("h1").inner_text(),
            {name: taken(page, name) for name in FIGURES if FIGURES[name].page == path},
        )
        visitor.context.close()
        return found

    yield visit


# --- J5: take it away


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_a_figure_opens_elsewhere_and_says_what_it_is(
    name: str, visits: Callable[[str], Visit], server: str, release_id: str, tmp_path: Path
) -> None:
    figure = visits(FIGURES[name].page).figures[name]
    assert {
        "PNG 1200×675",
        "PNG square",
        "SVG",
        "PDF",
        "Pack, all sizes",
        "CSV",
        "CSV for Excel",
        "XLSX",
        "Parquet",
        "JSON",
        "README and citation",
    } <= set(figure.files)
    shown = {}
    for label, address in figure.files.items():
        assert f"release={release_id}" in address
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert label.startswith("JSON") or release_id in answer.headers["content-disposition"]
            shown[label] = answer.read()
    assert Image.open(io.BytesIO(shown["PNG 1200×675"])).size == (2400, 1350)
    assert Image.open(io.BytesIO(shown["PNG square"])).size == (2160, 2160)
    svg = squeezed("".join(ElementTree.fromstring(shown["SVG"]).itertext()))
    where = urlsplit(server).netloc
    for must in (
        figure.title,
        figure.source.removeprefix("Sources "),
        "Choice:",
        "CC BY 4.0",
        release_id[11:],
        where,
        "release=",
    ):
        assert squeezed(must) in svg
    pdf = squeezed(PdfReader(io.BytesIO(shown["PDF"])).pages[0].extract_text())
    assert release_id[11:] in pdf and squeezed(figure.title) in pdf
    with zipfile.ZipFile(io.BytesIO(shown["Pack, all sizes"])) as pack:
        assert pack.testzip() is None and pack.read("alternative-text.txt").strip()
    for label in [label for label in shown if label in ("CSV", "CSV of the ledger entries")]:
        rows = list(csv.reader(io.StringIO(shown[label].decode())))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1
    others_open(name, shown["SVG"], shown["PDF"], figure.title, tmp_path)


def others_open(name: str, svg: bytes, pdf: bytes, title: str, place: Path) -> None:
    """Readers of others open the files, where they are installed."""
    (place / f"{name}.svg").write_bytes(svg)
    (place / f"{name}.pdf").write_bytes(pdf)
    if shutil.which("rsvg-convert"):
        subprocess.run(
            ["rsvg-convert", f"{name}.svg", "-o", f"{name}.png"], cwd=place, check=True, capture_output=True
        )
        assert Image.open(place / f"{name}.png").size == (1200, 675)
    if shutil.which("pdftotext"):
        subprocess.run(
            ["pdftotext", f"{name}.pdf", f"{name}.txt"], cwd=place, check=True, capture_output=True
        )
        assert squeezed(title) in squeezed((place / f"{name}.txt").read_text(encoding="utf-8"))


def test_a_click_saves_the_image_under_its_name(visitor: Visitor, release_id: str) -> None:
    page = visitor.open()
    opened(page, "ladder", "Download")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PNG 1200×675").click()
    assert waiting.value.suggested_filename == f"eu-ai-ladder-1200x675-2x-{release_id}.png"


def test_an_image_comes_again_much_faster_than_first(server: str, visitor: Visitor) -> None:
    visitor.open()  # a visit to any page makes the browser for images ready
    address = f"{server}/api/v1/figures/ladder.png?size=as-shown&theme=dark&ladder=eurohpc-ju"
    taken = []
    for _ in range(2):
        start = time.monotonic()
        assert visitor.context.request.get(address).ok
        taken.append(time.monotonic() - start)
    print(f"first image {taken[0]:.2f} s, again {taken[1]:.3f} s, ratio {taken[0] / taken[1]:.0f}")
    assert taken[1] < taken[0]


def test_without_a_browser_for_images_the_page_says_so_and_data_still_comes(
    store: Path, release_id: str, browser: Browser
) -> None:
    with serving(store, BROWSER_PATH="/nowhere/chromium") as address:
        alone = Visitor(browser, address)
        page = alone.open()
        opened(page, "ladder", "Download")
        expect(page.get_by_text("This server has no Chromium").first).to_be_visible()
        sheet = page.locator("[data-testid=stPopoverBody] .js-plotly-plot")
        sheet.wait_for()
        assert release_id[11:] in sheet.inner_text()
        sheet.hover()
        with page.expect_download() as waiting:
            page.locator("[data-testid=stPopoverBody] .modebar-btn").first.click()
        assert waiting.value.suggested_filename == f"eu-ai-ladder-1200x675-{release_id}.png"
        assert Image.open(waiting.value.path()).width >= 2399
        assert alone.context.request.get(f"{address}/api/v1/figures/ladder.csv").ok
        refused = alone.context.request.get(f"{address}/api/v1/figures/ladder.png")
        assert refused.status == 503 and "no Chromium" in refused.text()
        alone.context.close()


# --- J6: share it, come back


@pytest.mark.parametrize("path", PATHS)
def test_the_copied_link_shows_the_same_elsewhere(
    path: str, visits: Callable[[str], Visit], another: Visitor, release_id: str
) -> None:
    here = visits(path)
    (frozen,) = {figure.link for figure in here.figures.values()}
    assert (
        parse_qs(urlsplit(frozen).query)["release"] == [release_id]
        and urlsplit(frozen).path.strip("/") == path
    )
    there = another.open(frozen)
    assert there.locator("h1").inner_text() == here.headline
    for name, figure in here.figures.items():
        expect(there.locator(f".st-key-wide_{name} .js-plotly-plot")).to_have_text(
            figure.drawn, timeout=15_000
        )
    assert there.locator(".t-notice").count() == 0


def test_five_filters_come_back_from_the_link(visitor: Visitor, another: Visitor) -> None:
    page = visitor.open(
        "euros?stage=programmed&programme=digital-europe&programme=horizon-europe&count=gross&prices=constant-2018&level=all"
    )
    opened(page, "envelopes", "Share")
    link = codes(page, "release=")[0]
    there = another.open(link)
    assert there.locator("h1").inner_text() == page.locator("h1").inner_text()
    for word in (
        "programme=digital-europe",
        "programme=horizon-europe",
        "count=gross",
        "prices=constant-2018",
        "level=all",
        "release=",
    ):
        assert word in there.url


class Kept(NamedTuple):
    """A dashboard whose current release is not its only one."""

    address: str
    before: str
    after: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Two releases: Horizon Europe was raised in the second."""
    place, data = (tmp_path_factory.mktemp("kept") / name for name in ("store", "data"))
    before = build(place).release_id
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("store"))
    log, envelopes = data / "reference" / "changes.csv", data / "sources" / "envelopes"
    url = next(
        row["source_url"]
        for row in csv.DictReader((envelopes / "entries.csv").open())
        if row["entry_key"] == "horizon-europe-total"
    )
    lines = f"2026-11-22,test-raise,raised,Horizon Europe,,more,The test raised it.,{url},\n2026-11-22,test-other,raised,Another,,more,Not this.,,\n"
    log.write_text(log.read_text(encoding="utf-8") + lines, encoding="utf-8")
    raise_horizon_europe(envelopes / "entries.csv", envelopes / "source.toml")
    after = build(place, data).release_id
    assert after != before
    with serving(place) as address:
        yield Kept(address, before, after)


def test_an_old_link_shows_the_old_figures_and_says_what_moved_and_why(kept: Kept, browser: Browser) -> None:
    reader = Visitor(browser, kept.address)
    page = reader.open(f"euros?release={kept.before}")
    assert "the sum is €103.7\u00a0bn, not €112.1\u00a0bn" in reader.titles()
    notice = page.locator(".t-notice", has_text="Some numbers on this page are different")
    expect(notice).to_contain_text(
        "Horizon Europe: here €93.5\u00a0bn (93,500,000,000), now €94.5\u00a0bn (94,500,000,000)"
    )
    expect(notice).to_contain_text("Why:")
    expect(notice).to_contain_text("The test raised it.")
    expect(notice).not_to_contain_text("Not this.")
    now = reader.open("euros")
    assert (
        "the sum is €104.7\u00a0bn, not €113.1\u00a0bn" in reader.titles()
        and now.locator(".t-notice").count() == 0
    )
    reader.context.close()


def test_an_old_release_stays_on_every_page_until_the_reader_leaves_it(kept: Kept, browser: Browser) -> None:
    reader = Visitor(browser, kept.address)
    page = reader.open(f"euros?count=gross&release={kept.before}")
    strip, old = page.locator(".t-strip"), f"release={kept.before}"
    first = page.evaluate("history.length")

    def arrived(path: str, *words: str) -> None:
        reader.until(
            f"location.pathname === '/{path}' && {json.dumps(words)}.every(word => location.search.includes(word))"
        )
        question = next(entry.question for entry in PAGES if entry.path == path)
        expect(strip).to_contain_text(question, timeout=30_000)
        expect(strip).to_contain_text((kept.before if old in words else kept.after)[11:])
        reader.whole()

    for title, path in (("Sites", "sites"), ("About", "about"), ("Overview", "")):
        page.get_by_role("link", name=title, exact=True).first.click()
        arrived(path, old)
    page.get_by_role("link", name="All dates and delays").click()
    arrived("timeline", old)
    assert page.evaluate("history.length") == first + 4, "each page is one step of the history"
    for path in ("", "about", "sites", "euros"):
        page.go_back()
        arrived(path, old)
    assert (
        "count=gross" in page.url
        and "Including double counting, €112.1\u00a0bn is programmed" in reader.titles()
    )
    page.go_forward()
    arrived("sites", old)
    page.get_by_text("Antenna", exact=False).first.click()
    reader.until("location.search.includes('kind=')")
    arrived("sites", old, "kind=")

    page.get_by_role("link", name="Data", exact=True).first.hover()
    assert old in str(page.get_by_role("link", name="Data", exact=True).first.get_attribute("href")), (
        "a new tab keeps it too"
    )
    assert old in str(page.locator(".t-foot a").first.get_attribute("href"))
    way = page.locator(".t-notice a", has_text="Read this page in the current release")
    expect(way).to_have_attribute("href", re.compile(r"^\./sites\?kind=[^?]*$"))
    way.click()
    arrived("sites", "kind=")
    assert "release=" not in page.url and page.locator(".t-notice").count() == 0
    page.get_by_role("link", name="Euros", exact=True).first.click()
    arrived("euros")
    assert "release=" not in page.url
    page.go_back()
    arrived("sites", "kind=")
    page.go_back()
    arrived("sites", old, "kind=")
    assert reader.real_errors() == []
    reader.context.close()


def raise_horizon_europe(entries: Path, toml: Path) -> None:
    """One billion more in the envelope of Horizon Europe, with the fingerprint and sum of the file."""
    old = entries.read_bytes()
    new = re.sub(rb"(?m)^(horizon-europe-total,.*?)93500000000\.00", rb"\g<1>94500000000.00", old)
    assert new != old
    entries.write_bytes(new)
    text = toml.read_text(encoding="utf-8").replace(
        hashlib.sha256(old).hexdigest(), hashlib.sha256(new).hexdigest()
    )
    toml.write_text(re.sub(r'\[file\."entries\.csv"\.expect\]\n(\w.*\n)*', "", text), encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_number_says_where_it_comes_from(
    name: str, visits: Callable[[str], Visit], release_id: str
) -> None:
    card = visits(FIGURES[name].page).figures[name].card
    assert release_id[11:] in card and "Where this number comes from" in card and "Copy citation" in card


def test_the_four_totals_open_their_card(visitor: Visitor) -> None:
    page = visitor.open()
    page.get_by_text("Where these totals come from").click()
    page.get_by_role("option").or_(page.get_by_role("menuitem")).first.click()
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("They add up to €4,122,300,000 in current prices.", timeout=15_000)
    expect(card).to_contain_text("Part of")


# --- J7: embed it


@pytest.fixture(scope="module")
def other_site() -> Iterator[tuple[str, dict[str, str]]]:
    """Another origin, whose pages are what the test puts there."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as there:
        threading.Thread(target=there.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{there.server_port}", pages
        there.shutdown()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_lives_on_the_page_of_another(
    name: str, visits: Callable[[str], Visit], visitor: Visitor, other_site: tuple[str, dict[str, str]]
) -> None:
    (site, pages), page = other_site, visitor.page
    live, frozen, image = visits(FIGURES[name].page).figures[name].embeds
    # Live and frozen differ in their words only: one figure is shown both ways.
    frames = {"live": live, "frozen": frozen} if name == NAMES[0] else {"live": live}
    pages[f"/{name}"] = (
        f'<!DOCTYPE html><html lang="en"><title>Another paper</title><body>{"".join(frames.values())}{image}</body></html>'
    )
    page.goto(f"{site}/{name}")
    for number, kind in enumerate(frames):
        page.locator("iframe").nth(number).scroll_into_view_if_needed()
        frame = page.frame_locator("iframe").nth(number)
        frame.locator("html[data-drawn]").wait_for(timeout=20_000, state="attached")
        expect(frame.locator("main")).to_contain_text(f", {kind}.")
        expect(frame.get_by_role("link", name="Open in the EU AI funding tracker")).to_be_visible()
        assert frame.locator("#drawing .main-svg").count()
        assert not frame.locator("[data-testid=stSidebar], [data-testid=stToolbar]").count()
        high = frame.locator("main").evaluate("element => Math.ceil(element.getBoundingClientRect().height)")
        visitor.until(f"Math.abs(document.querySelectorAll('iframe')[{number}].clientHeight - {high}) <= 2")
    visitor.until(
        "document.querySelector('img').complete && document.querySelector('img').naturalWidth > 600"
    )

    assert visitor.hosts <= {visitor.server.removeprefix("http://"), site.removeprefix("http://"), "data"}


def test_other_pages_cannot_be_framed(visitor: Visitor, other_site: tuple[str, dict[str, str]]) -> None:
    site, pages = other_site
    pages["/thief"] = "<!DOCTYPE html><title>x</title>" + "".join(
        f'<iframe src="{visitor.server}/{path}"></iframe>' for path in ("", "euros", "staff")
    )
    visitor.page.goto(f"{site}/thief")
    visitor.page.wait_for_timeout(1500)
    assert all(frame.url.startswith("chrome-error:") for frame in visitor.page.frames[1:])
    assert sum("frame" in error.lower() for error in visitor.errors) >= 3


def test_without_scripts_an_embed_is_an_image(browser: Browser, server: str) -> None:
    plain = Visitor(browser, server, java_script_enabled=False)
    plain.page.goto(f"{server}/embed/ladder")
    image = plain.page.locator("noscript img, main img[alt^='Funding ladder']").last
    expect(image).to_be_visible()
    assert plain.context.request.get(f"{server}{image.get_attribute('src')}").ok
    plain.context.close()
