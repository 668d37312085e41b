"""Journeys J8 and J9 in a real Chromium, signed in at a real identity provider: a bad file mended, asked for, approved, seen, and rolled back."""

import http.client
import json
import re
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from pipelines import journal, releases
from tests.browser.conftest import Visitor, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own way with authlib
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
UPLOADS = Path(__file__).parents[1] / "fixtures" / "uploads"
PEOPLE = {"carla": ("Carla Contributor", ["contributor"]), "anton": ("Anton Approver", ["approver"]), "sam": ("Sam Stranger", [])}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Address of an identity provider that knows our people."""
    users = [User(sub=sub, claims={"name": name}) for sub, (name, _) in PEOPLE.items()]
    users.append(User(sub="una", claims={"name": "Una Unverified", "email": "una@example.org", "email_verified": False}))
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def staff_store(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own, with the release of the shipped data."""
    place = tmp_path_factory.mktemp("staff") / "store"
    shutil.copytree(store, place)
    return place


@pytest.fixture(scope="module")
def staff_server(provider: str, staff_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The staff face behind the identity provider."""
    roles = tmp_path_factory.mktemp("roles") / "roles.toml"
    known = {sub: given for sub, (_, given) in PEOPLE.items() if given} | {"una": ["admin"]}
    roles.write_text("\n".join(f'[[person]]\nissuer = "{provider}"\nsubject = "{sub}"\nroles = {given}\n' for sub, given in known.items()))
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
    page.wait_for_url("**/oauth2/authorize**")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url("**/staff")
    visitor.whole()


def settled(visitor: Visitor) -> Page:
    """The page when the script has run to its end."""
    visitor.page.wait_for_timeout(400)
    visitor.until("!document.querySelector('[data-testid=stStatusWidget], [data-testid=stSpinner]')", seconds=60)
    visitor.page.wait_for_timeout(300)
    return visitor.page


def give(visitor: Visitor, name: str, content: bytes) -> Page:
    """Upload a file and wait until it was read."""
    visitor.page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    visitor.page.get_by_role("heading", name="How the file was read").wait_for(timeout=60_000)
    return settled(visitor)


def fill(page: Page, **fields: str) -> None:
    for key, text in fields.items():
        page.locator(f".st-key-{key} input").fill(text)


def asked(address: str, method: str, cookies: str = "", origin: str = "", length: int = 1) -> tuple[int, str]:
    """One request to the upload endpoint, without a browser: only its head. An answer that comes nevertheless read no body."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=10)
    headers = {"cookie": cookies, "content-type": "text/csv", "content-length": str(length)} | ({"origin": origin} if origin else {})
    connection.request(method, "/_stcore/upload_file/a/b", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def cookies_of(visitor: Visitor) -> str:
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in visitor.context.cookies(visitor.server))


def test_nobody_without_a_role_gets_in_by_page_or_by_upload(people: Any, staff_server: str) -> None:
    anonymous = people()
    page = anonymous.open("staff")
    assert anonymous.headline() == "This page is for staff" and not page.locator("input[type=file]").count()
    for method in ("PUT", "POST", "DELETE", "GET"):
        assert asked(staff_server, method)[0] == asked(staff_server, method, cookies_of(anonymous), staff_server)[0] == 403
    for name, why in (("sam", "has no role here"), ("una", "has not verified your e-mail")):
        visitor = people(name)
        assert visitor.headline() == "You cannot work here now" and why in visitor.page.inner_text(".st-key-sheet")
        assert not visitor.page.locator("input[type=file]").count()
        assert asked(staff_server, "PUT", cookies_of(visitor), staff_server)[0] == 403


def test_a_copied_cookie_is_worth_nothing_after_sign_out(people: Any, browser: Browser, staff_server: str) -> None:
    carla = people("carla")
    kept = carla.context.cookies(staff_server)
    replayed = quiet(Visitor(browser, staff_server))
    replayed.context.add_cookies(kept)
    assert "Signed in as Carla" in replayed.open("staff").inner_text(".st-key-sheet")
    header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in kept)
    assert "XSRF" in asked(staff_server, "PUT", header, staff_server)[1], "a living session reaches Streamlit, which asks for its token"
    assert asked(staff_server, "PUT", header, "http://elsewhere.example")[0] == 403, "the cookie of another address"
    status, sentence = asked(staff_server, "PUT", header, staff_server, 65 * 1024 * 1024)
    assert status == 413 and "64 MB" in sentence
    carla.page.get_by_role("button", name="Sign out").click()
    carla.page.wait_for_timeout(1500)
    assert asked(staff_server, "PUT", header, staff_server)[0] == 403
    replayed.open("staff")
    assert replayed.headline() == "You cannot work here now" and "signed out" in replayed.page.inner_text(".st-key-sheet")
    replayed.context.close()


def mended(text: str) -> str:
    """The file of J8 without its faults."""
    lines = [line for line in text.splitlines() if line.strip()][2:]
    good = [
        line.replace("comitted", "committed").replace("=cmd", "Work package 8").replace('"', "").replace("106.000.000,50", "106.000,50")
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
    assert "rows 1–2" in text.lower() and "Traceback" not in text and not page.get_by_role("button", name="See the public effect").count()
    with page.expect_download() as marked:
        page.get_by_role("button", name="Get the file back, marked up").click()
    assert Path(marked.value.path()).read_bytes()[:2] == b"PK"
    with page.expect_download() as told:
        page.get_by_role("button", name="Findings (JSON)").click()
    listed = json.loads(Path(told.value.path()).read_text(encoding="utf-8"))["findings"]
    assert {"D7", "K11", "K13", "F9", "K16"} <= {finding["cell"] for finding in listed}

    page.get_by_role("button", name="Upload a corrected file").click()
    settled(carla)
    page = give(carla, "mended.csv", mended((UPLOADS / "journey-j8.csv").read_text(encoding="utf-8")).encode())
    assert carla.headline().startswith("No error in")
    if page.get_by_role("button", name="Confirm all warnings").count():
        page.get_by_role("button", name="Confirm all warnings").click()
        settled(carla)
    fill(page, source_publisher="Institut für Rechnen")
    page.get_by_role("button", name="See the public effect").click()
    page.get_by_text("12 added").first.wait_for(timeout=60_000)
    settled(carla)
    assert "Nothing public changes until another person approves." in page.inner_text(".st-key-sheet")
    fill(page, ask_message="The institute published its list")
    page.get_by_role("button", name="Ask for publication").click()
    page.get_by_text("waits for another person").wait_for(timeout=60_000)
    settled(carla)
    assert releases.current(staff_store) == before
    page.get_by_text("may not publish").wait_for(timeout=60_000)
    assert not page.get_by_role("button", name="Approve and publish").count()

    anton = people("anton")
    page = anton.page
    page.get_by_role("button", name="Approve and publish").wait_for(timeout=60_000)
    assert not page.locator("input[type=file]").count()
    fill(page, reason="Checked against the list", line_after="Twelve more commitments", line_why="The institute published its list")
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("The public sees release").first.wait_for(timeout=60_000)
    now = releases.require_current(staff_store)
    assert now != before
    reader.until(f"document.body.innerText.includes('{now[11:]}')", seconds=40)
    assert reader.whole().inner_text(".st-key-sheet") != old, "the open browser shows the new figures without being reloaded"

    settled(anton)
    fill(page, rollback_reason="A test of the way back")
    page.get_by_role("button", name="Roll back").click()
    page.get_by_text(f"The public sees {before} again").first.wait_for(timeout=60_000)
    assert releases.current(staff_store) == before and not journal.broken_links(staff_store)
    actors = {entry.action: json.loads(entry.details).get("name") for entry in journal.read(staff_store)}
    assert (actors["upload"], actors["request"], actors["publish"], actors["rollback"]) == ("Carla Contributor",) * 2 + (
        "Anton Approver",
    ) * 2
    assert not reader.real_errors() and reader.hosts == {urlsplit(reader.server).netloc}
