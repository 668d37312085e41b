"""What holds of every page, in a real browser against a real server: `make test` looks at the pages that are
read most, `make long` at the others.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from pages.parts.page_registry import PAGES
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
READ_MOST = ("", "euros")
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


NAMES_OVER_BARS = """(() => {
    const plots = [...document.querySelectorAll('.js-plotly-plot')]
    const plot = plots.find(one => one.textContent.includes('EU and states together'))
    if (!plot) return ['not drawn yet']
    const box = found => found.getBoundingClientRect()
    const bars = [...plot.querySelectorAll('.barlayer .point path')].map(box).filter(bar => bar.width > 1)
    return [...plot.querySelectorAll('.annotation-text')].filter(words => {
        const name = box(words)
        return bars.some(bar => name.left + 1 < bar.right && bar.left + 1 < name.right
            && name.top + 4 < bar.bottom && bar.top + 4 < name.bottom)
    }).map(words => words.textContent)
})()"""


@pytest.mark.parametrize(
    "width", [375, pytest.param(768, marks=pytest.mark.slow), pytest.param(1100, marks=pytest.mark.slow)]
)
def test_the_list_of_sites_shows_its_amounts_and_names_keep_clear_of_bars(
    width: int, browser: Browser, server: str
) -> None:
    visitor = Visitor(browser, server, viewport={"width": width, "height": 1600})
    page = visitor.open("sites")
    page.wait_for_selector(".st-key-site_list .t-scroll", timeout=60_000)
    visitor.until(f"{NAMES_OVER_BARS}.length === 0")
    sideways = page.locator(".st-key-site_list .t-scroll").evaluate(
        "list => list.scrollWidth - list.clientWidth"
    )
    visitor.context.close()
    assert sideways <= 1


LABELS_IN_LINE = """(() => {
    const places = [...document.querySelectorAll('.st-key-choices [data-testid=stWidgetLabel]')].map(label => ({
        top: label.getBoundingClientRect().top,
        bottom: label.parentElement.getBoundingClientRect().bottom,
        isSwitch: label.parentElement.dataset.testid === 'stButtonGroup',
    }))
    const switches = places.filter(place => place.isSwitch)
    return switches.length > 0 && switches.every(one => {
        const beside = places.filter(place => !place.isSwitch && Math.abs(place.bottom - one.bottom) < 20)
        return beside.length > 0 && beside.every(place => Math.abs(place.top - one.top) < 1)
    })
})()"""


@pytest.mark.slow
@pytest.mark.parametrize("path", ["timeline", "countries", "flows", "sites"])
def test_labels_of_switches_stand_as_high_as_those_beside_them(path: str, visitor: Visitor) -> None:
    visitor.open(path)
    visitor.until(LABELS_IN_LINE)
