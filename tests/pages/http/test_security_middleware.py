"""The guard at the door: headers on every answer, refusals before the body is read, the raw HTML of pages,
and no soft 404.
"""

import asyncio
import base64
import gzip
import hashlib
import re
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from pages.http.security_middleware import OWN_FILES, STREAMLIT_FILES, SecurityMiddleware
from pages.parts.page_registry import PAGES
from pages.parts.views import FIGURES


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for Streamlit: answers everything with 200."""
    await PlainTextResponse("from streamlit")(scope, receive, send)


@pytest.fixture(scope="module")
def visitor() -> TestClient:
    return TestClient(SecurityMiddleware(streamlit, own_paths=("/healthz",)), follow_redirects=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_has_its_language_title_and_description_in_the_raw_html(
    visitor: TestClient, page: Any
) -> None:
    answer = visitor.get(f"/{page.path}")
    assert (
        answer.status_code == 200
        and answer.text.startswith("<!DOCTYPE html>")
        and '<html lang="en">' in answer.text
    )
    assert (
        "<title>Streamlit</title>" not in answer.text
        and "_stcore/agent" not in answer.text
        and page.description in answer.text
    )
    assert page.title in re.findall(r"<title>(.*?)</title>", answer.text)[0] or not page.path
    assert all(f'href="./{other.path}"' in answer.text for other in PAGES)


def test_the_policy_allows_own_scripts_and_the_inline_script_by_its_hash_only(visitor: TestClient) -> None:
    answer = visitor.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert digests and "unsafe-inline" not in policy["script-src"]
    assert re.findall(r"'sha256-(.*?)'", policy["script-src"]) == digests
    assert (
        policy["connect-src"] == "'self'"
        and policy["frame-ancestors"] == "'self'"
        and "http" not in " ".join(policy.values())
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_pages_with_figures_load_the_script_that_draws_charts_at_once(visitor: TestClient, page: Any) -> None:
    has_figures = any(view.page == page.path for view in FIGURES.values())
    assert page.has_charts == has_figures
    html = visitor.get(f"/{page.path}").text
    preloads = re.findall(r'<link rel="modulepreload"[^>]*href="\.(/static/js/Plotly[^"]+)"', html)
    assert len(preloads) == has_figures
    for address in preloads:
        assert visitor.get(address, headers={"accept-encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/nope", "/_stcore/health", "/_stcore/metrics", "/static/nope.js"]
)
def test_every_answer_carries_the_headers(visitor: TestClient, path: str) -> None:
    headers = visitor.get(path).headers
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "SAMEORIGIN"
    assert (
        "content-security-policy" in headers
        and "referrer-policy" in headers
        and "permissions-policy" in headers
    )


@pytest.mark.parametrize(
    "path", ["/nope", "/euros/more", "/index.html", "/static/nope.js", "/_stcore/other", "/%3Cscript%3E"]
)
def test_an_unknown_address_is_404_with_ways_on_and_no_markup_of_the_stranger(
    visitor: TestClient, path: str
) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404 and "from streamlit" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "GET"])
@pytest.mark.parametrize(
    "path",
    ["/_stcore/upload_file/a/b", "/_stcore/upload_file", "/_stcore/metrics", "/_stcore/agent/interact"],
)
def test_refused_addresses_are_refused_for_every_method(visitor: TestClient, method: str, path: str) -> None:
    assert visitor.request(method, path).status_code == 403


def test_an_upload_is_refused_before_its_body_is_read() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("The body was read.")

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/_stcore/upload_file/a/b",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(SecurityMiddleware(streamlit)(scope, receive, send))
    assert sent[0]["status"] == 403


def test_pages_are_read_only_and_have_one_address(visitor: TestClient) -> None:
    assert visitor.post("/euros").status_code == 405
    for path, target in {
        "/overview?a=1": "/?a=1",
        "/euros/": "/euros",
        "/favicon.png": "/app/static/icon.svg",
    }.items():
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["location"]) == (308, target)


@pytest.mark.parametrize(
    "host", ["tracker.example.org", "localhost:8501", "[::1]:8501", "my_box", "xn--bcher-kva.example:443"]
)
def test_a_host_that_can_be_is_answered(visitor: TestClient, host: str) -> None:
    assert visitor.get("/euros", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ['a"><script>', "a b", "a/b", "user@evil.example", "evil.example?x", "a:b", "a,b", "[x]", "é.example"],
)
def test_a_host_that_no_host_has_is_refused(visitor: TestClient, host: str) -> None:
    answer = visitor.get("/euros", headers={"host": host.encode()})
    assert answer.status_code == 400 and "<script>" not in answer.text


def test_what_streamlit_serves_is_passed_on(visitor: TestClient) -> None:
    for path in ("/_stcore/health", "/media/x.csv", "/healthz", "/_stcore/bidi-components/x"):
        assert visitor.get(path).text == "from streamlit"


def test_files_are_compressed_for_those_who_take_it_and_equal_for_all(visitor: TestClient) -> None:
    answer = visitor.get("/app/static/topojson/world_50m.json", headers={"accept-encoding": "gzip"})
    whole = (OWN_FILES / "topojson" / "world_50m.json").read_bytes()
    assert answer.headers["content-encoding"] == "gzip" and answer.content == whole
    assert int(answer.headers["content-length"]) == len(gzip.compress(whole, 6, mtime=0)) < len(whole) / 2
    assert (
        visitor.get("/app/static/topojson/world_50m.json", headers={"accept-encoding": "identity"}).text
        == "from streamlit"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py",
        "/app/static/../../etc/passwd",
        "/static/../index.html",
        "/static/../../config.py",
    ],
)
def test_no_file_outside_the_static_folders_is_served(path: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"accept-encoding", b"gzip")],
    }
    asyncio.run(SecurityMiddleware(streamlit)(scope, receive, send))
    assert b"content-encoding" not in dict(sent[0]["headers"])


def test_the_map_has_every_member_state_and_kosovo() -> None:
    text = (OWN_FILES / "topojson" / "world_50m.json").read_text(encoding="utf-8")
    members = [
        "AUT",
        "BEL",
        "BGR",
        "HRV",
        "CYP",
        "CZE",
        "DNK",
        "EST",
        "FIN",
        "FRA",
        "DEU",
        "GRC",
        "HUN",
        "IRL",
        "ITA",
        "LVA",
        "LTU",
        "LUX",
        "MLT",
        "NLD",
        "POL",
        "PRT",
        "ROU",
        "SVK",
        "SVN",
        "ESP",
        "SWE",
    ]
    participants = [
        "ISL",
        "NOR",
        "CHE",
        "GBR",
        "TUR",
        "SRB",
        "MKD",
        "MNE",
        "ALB",
        "MDA",
        "ISR",
        "XKX",
        "BIH",
        "UKR",
    ]
    assert not [code for code in members + participants if f'"id":"{code}"' not in text]
    assert len(text) < 250_000 and (STREAMLIT_FILES / "index.html").is_file()
