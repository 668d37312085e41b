"""What the journeys on the staff page share: an identity provider, a server behind it, people who are signed
in, and how they fill in the forms.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from pipelines.build import build
from tests.browser.conftest import Visitor, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own way with authlib
    from oidc_provider_mock import User, run_server_in_thread

PATIENCE = 90_000  # milliseconds for one step, on a machine that is busy
TRIAL = 300_000  # milliseconds for a trial release, on a machine that is busy
PEOPLE = {
    "carla": ("Carla Contributor", ["contributor"]),
    "anton": ("Anton Approver", ["approver"]),
    "sam": ("Sam Stranger", []),
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Address of an identity provider that knows our people."""
    users = [User(sub=sub, claims={"name": name}) for sub, (name, _) in PEOPLE.items()]
    users.append(
        User(
            sub="una", claims={"name": "Una Unverified", "email": "una@example.org", "email_verified": False}
        )
    )
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def staff_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own, with a release of what ships: the server's dry runs build from that too."""
    place = tmp_path_factory.mktemp("staff") / "store"
    build(place)
    return place


@pytest.fixture(scope="module")
def staff_server(provider: str, staff_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The staff face behind the identity provider."""
    roles = tmp_path_factory.mktemp("roles") / "roles.toml"
    known = {sub: given for sub, (_, given) in PEOPLE.items() if given} | {"una": ["admin"]}
    roles.write_text(
        "\n".join(
            f'[[person]]\nissuer = "{provider}"\nsubject = "{sub}"\nroles = {given}\n'
            for sub, given in known.items()
        )
    )
    settings = {
        "TRACKER_FACE": "staff",
        "TRACKER_ROLES": str(roles),
        "TRACKER_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "TRACKER_OIDC_CLIENT_ID": "tracker",
        "TRACKER_OIDC_CLIENT_SECRET": "a secret of the test",
        "TRACKER_OIDC_REDIRECT_URI": "http://localhost:{port}/oauth2callback",  # Streamlit fills in the port
        "TRACKER_OIDC_COOKIE_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz",
        "AUTHLIB_INSECURE_TRANSPORT": "1",
    }
    with serving(staff_store, **settings) as address:
        yield address


def quiet(visitor: Visitor) -> Visitor:
    """The pages of the mock load a stylesheet from elsewhere."""
    visitor.context.route("**cdn.jsdelivr.net/**", lambda route: _abort(route))
    return visitor


def _abort(route: Route) -> None:
    route.abort()


@pytest.fixture
def people(browser: Browser, staff_server: str) -> Iterator[Any]:
    """A function: name → their own browser, signed in; without a name, somebody who is not."""
    found: list[Visitor] = []

    def come(name: str = "") -> Visitor:
        visitor = quiet(Visitor(browser, staff_server))
        visitor.page.set_default_timeout(PATIENCE)
        found.append(visitor)
        if name:
            sign_in(visitor, name)
        return visitor

    yield come
    for visitor in found:
        visitor.context.close()


def sign_in(visitor: Visitor, name: str) -> None:
    page = visitor.open("staff")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/oauth2/authorize**", timeout=PATIENCE)
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/staff", timeout=PATIENCE)
    visitor.whole()


def settled(visitor: Visitor) -> Page:
    """The page when the script has run to its end."""
    visitor.page.wait_for_timeout(400)
    running = (
        "document.querySelector('[data-testid=stStatusWidget], [data-testid=stSpinner], [data-stale=true]')"
    )
    for _ in range(2):  # one run may ask for another
        visitor.until(
            f"!{running} && document.querySelector('[data-test-script-state=notRunning]')", seconds=60
        )
        visitor.page.wait_for_timeout(300)
    return visitor.page


def give(visitor: Visitor, name: str, content: bytes) -> Page:
    """Upload a file and wait until it was read."""
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    visitor.page.get_by_role("heading", name="How the file was read").wait_for(timeout=PATIENCE)
    return settled(visitor)


def discard(page: Page) -> None:
    """Give up the file that is being worked on, and wait until another can be chosen."""
    page.get_by_role("button", name="Discard").first.click()
    page.locator("input[type=file]").wait_for(state="attached")


def fill(page: Page, **fields: str) -> None:
    for key, text in fields.items():
        page.locator(f".st-key-{key} input").fill(text)


ROW = 35  # pixels of a row in an editable table


def choose(page: Page, table: str, row: int, text: str) -> None:
    """Another word in the last column of an editable table. row: counted from 0 below the head."""
    grid, words = (
        page.locator(f".st-key-{table} canvas").first,
        page.locator("[data-st-overlay-root] input[role=combobox]"),
    )
    grid.scroll_into_view_if_needed()
    for _ in range(10):  # the page may still move below the pointer
        page.wait_for_timeout(500)
        if words.count():
            break
        box = grid.bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + ROW * (row + 1.5))
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
    words.fill(text)
    page.get_by_role("option", name=text, exact=True).click()


def select_one(page: Page, key: str, text: str) -> None:
    """Another option of a select box."""
    option = page.get_by_role("option", name=text, exact=True)
    for _ in range(10):  # a run of the page closes the list
        if option.count():
            break
        page.locator(f".st-key-{key}").get_by_role("button", name="Open").click()
        page.wait_for_timeout(700)
    option.click()


def typed(page: Page, key: str, text: str) -> None:
    """A field that is not part of a form: what was typed holds when the cursor leaves it."""
    page.locator(f".st-key-{key} input").fill(text)
    page.keyboard.press("Tab")


def fact(page: Page, name: str, value: str) -> None:
    """Wait until the page says so of how the file was read."""
    expect(page.locator(".st-key-sheet")).to_contain_text(
        re.compile(rf"{re.escape(name)}\s*{re.escape(value)}"), timeout=30_000
    )
