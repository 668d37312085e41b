"""The pages of one country and one site on paper, and without barriers: in a real browser on a real server.

A PDF is what the browser itself prints: two sheets of A4, whose text can be searched.
"""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
A4 = (595, 842)  # points
SLOW = pytest.mark.slow
MENUS = ("More choices", "Download", "Search, or check a number", "All countries", "All sites")
PAGES = [
    ("countries?country=DE", "Germany"),
    pytest.param("countries?country=ES", "Spain", marks=SLOW),
    pytest.param("countries?country=FR", "France", marks=SLOW),
    pytest.param("countries?country=MT", "Malta", marks=SLOW),
    ("sites?site=it4lia", "IT4LIA"),
    pytest.param("sites?site=jupiter", "JUPITER", marks=SLOW),
    pytest.param("sites?site=hearts", "HEARTS", marks=SLOW),
]
STATES = [
    "countries?country=DE",
    pytest.param("countries?country=GE", marks=SLOW),
    pytest.param("sites?site=it4lia", marks=SLOW),
    pytest.param("sites?site=hearts", marks=SLOW),
    "compare?what=site&stage=programmed&basis=total-cost&site=it4lia&site=mimer",
    pytest.param("compare?what=programme&prices=constant-2018&currency=USD", marks=SLOW),
    pytest.param("compare?what=initiative&stage=paid", marks=SLOW),
    pytest.param("compare?country=IT", marks=SLOW),
]


def printed(page: Page) -> PdfReader:
    """What the browser prints of a page that is open."""
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def right_edge(pdf: PdfReader) -> float:
    """How far to the right any text begins, in points."""
    edges = []

    def note(text: str, matrix: list[float], of_text: list[float], _font: object, _size: float) -> None:
        if text.strip():
            edges.append(matrix[0] * of_text[4] + matrix[2] * of_text[5] + matrix[4])

    for sheet in pdf.pages:
        sheet.extract_text(visitor_text=note)
    return max(edges)


@pytest.mark.parametrize(("path", "name"), PAGES)
def test_a_country_and_a_site_are_printed_on_two_sheets_without_menus(
    path: str, name: str, visitor: Visitor
) -> None:
    page = visitor.open(path)
    headline, last = visitor.headline(), page.locator(".t-foot").inner_text().splitlines()[-1]
    titles = page.locator("h2.t-title").all_inner_texts()
    pdf = printed(page)
    assert 1 <= len(pdf.pages) <= 2
    assert all((round(float(p.mediabox.width)), round(float(p.mediabox.height))) == A4 for p in pdf.pages)
    said = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert name in headline and letters(headline) in letters(said)
    for title in titles:
        assert letters(title) in letters(said), title
    assert letters(last) in letters(said), "the foot of the page stands on the last sheet"
    assert not [menu for menu in MENUS if menu in said]
    assert right_edge(pdf) < A4[0] - 10


def letters(words: str) -> str:
    """Words without spaces and ligatures, which a PDF sets in its own way."""
    return "".join(words.replace("\ufb00", "ff").replace("\ufb01", "fi").replace("ﬃ", "ffi").split())


def test_paper_has_dark_ink_on_white_in_the_dark_theme_too(browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, color_scheme="dark")
    page = visitor.open("countries?country=DE")
    page.emulate_media(media="print", color_scheme="dark")
    for found in ("h1", "table.t-table td", ".t-foot p", ".js-plotly-plot text"):
        ink = page.evaluate(
            "name => { const found = getComputedStyle(document.querySelector(name));"
            " return found[name.endsWith('text') ? 'fill' : 'color'] }",
            found,
        )
        assert ink == "rgb(20, 24, 27)", found
    ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    visitor.context.close()
    assert ground == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=SLOW)])
@pytest.mark.parametrize("path", STATES)
def test_no_barrier_on_a_country_a_site_and_what_is_compared(
    path: str, scheme: str, browser: Browser, server: str
) -> None:
    visitor = Visitor(browser, server, color_scheme=scheme)
    page = visitor.open(path)
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": levels}).response["violations"]
    visitor.context.close()
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:3]) for rule in found] == []
