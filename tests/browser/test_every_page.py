"""What holds of every page, in a real browser against a real server: `make test` looks at the pages that are
read most, `make long` at the others.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from pages.parts.page_registry import PAGES
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
READ_MOST = ("", "euros", "sites", "timeline")
EACH_PAGE = [
    pytest.param(page.path, marks=[] if page.path in READ_MOST else [pytest.mark.slow]) for page in PAGES
]


@pytest.mark.parametrize("path", EACH_PAGE)
def test_a_direct_visit_to_a_page_is_whole_and_asks_nobody_else(path: str, visitor: Visitor) -> None:
    visitor.open(path)
    expect(visitor.page.locator("h1")).to_have_count(1)
    assert "could not be finished" not in visitor.page.content()
    assert visitor.hosts <= {visitor.server.removeprefix("http://"), "data"}
    assert visitor.real_errors() == []


@pytest.mark.parametrize("path", EACH_PAGE)
def test_nothing_scrolls_sideways_on_a_phone(path: str, on_a_phone: Visitor) -> None:
    on_a_phone.open(path)
    sideways = on_a_phone.page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth - document.documentElement.clientWidth"
    )
    assert sideways <= 0


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("path", EACH_PAGE)
def test_no_serious_barrier_in_either_theme(path: str, scheme: str, browser: Browser, server: str) -> None:
    visitor = Visitor(browser, server, color_scheme=scheme)
    visitor.open(path)
    found = Axe().run(visitor.page).response["violations"]
    serious = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    visitor.context.close()
    assert serious == []
