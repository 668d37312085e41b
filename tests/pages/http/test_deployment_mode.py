"""Which face is shown: what it needs to start, what it has at all, and whom the upload endpoint lets in
before it reads a byte.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message
from streamlit import config
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages.http import deployment_mode, staff_auth
from pages.http.security_middleware import SecurityMiddleware
from pages.parts.auth import identity, sessions
from pages.parts.page_registry import PAGES, STAFF
from pipelines.errors import Misconfigured
from pipelines.releases import store_path
from pipelines.settings import ROOT
from tests.pages.parts.auth.test_identity import ISSUER, LIST, claims

HERE = "http://localhost"
UPLOAD = f"{staff_auth.UPLOADS}a/b"
SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "roles.toml").write_text(LIST, encoding="utf-8")
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("TRACKER_ROLES", str(tmp_path / "roles.toml"))
    before = config.get_option("server.maxUploadSize")
    yield
    config.set_option("server.maxUploadSize", before)


@pytest.fixture
def oidc(tmp_path: Path) -> dict[str, str]:
    return {
        "TRACKER_FACE": "staff",
        "TRACKER_ROLES": str(tmp_path / "roles.toml"),
        "TRACKER_OIDC_METADATA_URL": f"{ISSUER}/.well-known/openid-configuration",
        "TRACKER_OIDC_CLIENT_ID": "tracker",
        "TRACKER_OIDC_CLIENT_SECRET": "secret",
        "TRACKER_OIDC_REDIRECT_URI": "https://tracker.example.org/oauth2callback",
        "TRACKER_OIDC_COOKIE_SECRET": SECRET,
    }


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], None]:
    """Sets variables of the environment, and no other of the front."""

    def configure(values: Mapping[str, str]) -> None:
        for name in ("TRACKER_FACE", *deployment_mode.OIDC):
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return configure


def cookie(told: dict[str, Any], secret: str = "", origin: str = HERE) -> str:
    content = json.dumps({**told, "is_logged_in": True, "origin": origin})
    return f"{staff_auth.COOKIE}={create_signed_value(secret or get_cookie_secret(), staff_auth.COOKIE, content).decode()}"


async def streamlit(request: Request) -> Response:
    """Stands for Streamlit: reads the body, signs in, signs out."""
    if request.url.path == "/oauth2callback":
        answer = RedirectResponse("/", 302)
        answer.headers.append("set-cookie", f"{cookie(claims('contributor'))}; Path=/; HttpOnly")
        return answer
    return PlainTextResponse(f"read {len(await request.body())}")


def front_door(*own: str, entries: Any = (*PAGES, STAFF)) -> TestClient:
    routes = [Route("/{path:path}", streamlit, methods=["GET", "PUT", "POST", "DELETE"])]
    middleware = [Middleware(SecurityMiddleware, own_paths=own, pages=entries), Middleware(staff_auth.Door)]
    return TestClient(Starlette(routes=routes, middleware=middleware), base_url=HERE, follow_redirects=False)


@pytest.fixture
def staff() -> TestClient:
    return front_door(staff_auth.UPLOADS, "/auth/logout", "/oauth2callback")


def test_the_public_face_has_no_staff_page_and_no_upload_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_FACE", raising=False)
    front = deployment_mode.front()
    assert (
        front.pages == deployment_mode.pages() == PAGES
        and not front.routes
        and not front.own_paths
        and front.secrets is None
    )
    public = front_door(entries=PAGES)
    identity.begin(claims("admin"))
    for method in ("GET", "PUT", "POST", "DELETE"):
        assert (
            public.request(
                method, UPLOAD, headers={"cookie": cookie(claims("admin")), "origin": HERE}
            ).status_code
            == 403
        )
    assert {
        public.get(path).status_code for path in ("/staff", "/auth/login", "/oauth2callback", "/sign-in")
    } == {404}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"TRACKER_FACE": "other"}, "may be public, staff or both"),
        ({"TRACKER_OIDC_CLIENT_ID": ""}, "TRACKER_OIDC_CLIENT_ID is not set"),
        ({"TRACKER_OIDC_COOKIE_SECRET": "short"}, "too weak"),
        ({"TRACKER_OIDC_COOKIE_SECRET": "changeme" * 8}, "too weak"),
        ({"TRACKER_OIDC_METADATA_URL": "http://login.example.org/x"}, "https://"),
        ({"TRACKER_OIDC_REDIRECT_URI": "https://tracker.example.org/"}, "/oauth2callback"),
        ({"TRACKER_ROLES": ""}, "TRACKER_ROLES"),
        ({"TRACKER_ROLES": "/nowhere.toml"}, "cannot be read"),
        (dict.fromkeys(deployment_mode.OIDC, ""), "needs an identity provider"),
    ],
)
def test_a_weak_or_half_configuration_does_not_start(
    change: dict[str, str],
    word: str,
    oidc: dict[str, str],
    configured: Callable[[Mapping[str, str]], None],
) -> None:
    configured(oidc | change)
    with pytest.raises(Misconfigured, match=word):
        deployment_mode.front()


def test_a_whole_configuration_starts_and_gives_streamlit_its_secrets(
    oidc: dict[str, str], configured: Callable[[Mapping[str, str]], None]
) -> None:
    configured(oidc)
    front = deployment_mode.front()
    assert front.pages[-1] == STAFF and front.link is None and not front.before
    assert front.secrets is not None and front.secrets["auth"]["cookie_secret"] == SECRET
    assert config.get_option("server.maxUploadSize") == staff_auth.MOST_MEGABYTES


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "tracker.example.org", "::"])
def test_local_mode_does_not_start_on_any_other_address(
    address: str, configured: Callable[[Mapping[str, str]], None]
) -> None:
    configured({"TRACKER_FACE": "both"})
    with pytest.raises(Misconfigured, match="this machine only"):
        deployment_mode.front(address)


def test_the_link_of_local_mode_works_once_and_only_from_this_machine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = staff_auth.Link("http://localhost:1")
    app = Starlette(routes=[link.route], middleware=[Middleware(staff_auth.ThisMachineOnly)])
    here = TestClient(app, base_url=HERE, follow_redirects=False, client=("127.0.0.1", 5))
    key = link.key
    assert here.get("/sign-in").status_code == here.get("/sign-in?key=wrong").status_code == 403
    for headers in ({"host": "tracker.example.org"}, {"x-forwarded-for": "192.0.2.7"}):
        assert here.get(f"/sign-in?key={key}", headers=headers).status_code == 403
    assert (
        TestClient(app, base_url=HERE, client=("192.0.2.7", 5)).get(f"/sign-in?key={key}").status_code == 403
    )
    answer = here.get(f"/sign-in?key={key}")
    assert (
        answer.status_code == 303
        and answer.headers["location"] == "/staff"
        and "HttpOnly" in answer.headers["set-cookie"]
    )
    assert here.get(f"/sign-in?key={key}").status_code == 403 and link.key in capsys.readouterr().out
    assert [one.issuer for one in sessions.listed(store_path())] == [identity.LOCAL]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_only_staff_with_a_living_session_reach_the_upload_endpoint(method: str, staff: TestClient) -> None:
    def status(value: str = "", origin: str = HERE) -> int:
        return staff.request(
            method, UPLOAD, headers={"cookie": value, "origin": origin}, content=b"x"
        ).status_code

    for name in ("contributor", "approver", "admin", "stranger", "revoked"):
        identity.begin(claims(name))
    for name in ("contributor", "approver", "admin"):
        assert status(cookie(claims(name))) == 200
    sessions.revoke(store_path(), ISSUER, "approver")
    assert {
        "anonymous": status(),
        "nonsense": status(f"{staff_auth.COOKIE}=abc"),
        "stranger": status(cookie(claims("stranger"))),
        "forged": status(cookie(claims("admin"), "another secret of another server")),
        "other address": status(cookie(claims("admin"), origin="https://elsewhere.example")),
        "other page": status(cookie(claims("admin")), "https://elsewhere.example"),
        "no origin": status(cookie(claims("admin")), ""),
        "revoked": status(cookie(claims("approver"))),
        "never began": status(cookie(claims("admin", nonce="other"))),
    } == dict.fromkeys(
        (
            "anonymous",
            "nonsense",
            "stranger",
            "forged",
            "other address",
            "other page",
            "no origin",
            "revoked",
            "never began",
        ),
        403,
    )
    staff.get("/auth/logout", headers={"cookie": cookie(claims("admin")), "sec-fetch-site": "cross-site"})
    assert status(cookie(claims("admin"))) == 200, "another site cannot sign staff out"
    staff.get("/auth/logout", headers={"cookie": cookie(claims("admin")), "sec-fetch-site": "same-origin"})
    assert status(cookie(claims("admin"))) == 403, "a copied cookie is worth nothing after sign-out"


def test_coming_back_from_the_provider_begins_a_session_on_the_staff_page(staff: TestClient) -> None:
    answer = staff.get("/oauth2callback?state=x&code=y")
    assert answer.headers["location"] == "/staff" and [
        one.subject for one in sessions.listed(store_path())
    ] == ["contributor"]


def _scope(told: dict[str, Any], **headers: str) -> dict[str, Any]:
    given = {"host": "localhost", "origin": HERE, "cookie": cookie(told), **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    return {
        "type": "http",
        "method": "PUT",
        "path": UPLOAD,
        "query_string": b"",
        "headers": pairs,
        "scheme": "http",
        "server": ("localhost", 80),
    }


def test_a_refusal_never_reads_the_body_and_a_limit_holds_while_reading() -> None:
    sent: list[Message] = []
    given = 0

    async def receive() -> Message:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    app = Starlette(
        routes=[Route(UPLOAD, streamlit, methods=["PUT"])], middleware=[Middleware(staff_auth.Door)]
    )
    asyncio.run(app(_scope(claims("admin")), receive, send))
    assert (sent[0]["status"], given) == (403, 0)
    sent.clear()
    identity.begin(claims("admin"))
    asyncio.run(app(_scope(claims("admin"), content_length=str(10**9)), receive, send))
    assert (sent[0]["status"], given) == (413, 0)
    sent.clear()
    asyncio.run(app(_scope(claims("admin"), transfer_encoding="chunked"), receive, send))
    assert sent[0]["status"] == 413 and given == staff_auth.MOST_MEGABYTES + 1 and b"64 MB" in sent[1]["body"]


def test_claims_are_read_as_streamlit_reads_them() -> None:
    told = claims("admin", iat=int(time.time()))
    name, value = cookie(told).split("=", 1)
    assert (
        staff_auth.claims({name: value}, HERE) is not None
        and staff_auth.claims({name: value + "x"}, HERE) is None
    )
    assert staff_auth.claims({name: value}, "http://127.0.0.1") is None and staff_auth.claims({}) is None


@pytest.mark.slow
def test_a_server_that_is_told_to_end_leaves_nothing_behind(
    store: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("temporary")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    environment = {**os.environ, "TRACKER_STORE": str(store), "TRACKER_FACE": "public", "TMPDIR": str(place)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        for part in ("bundle.zip", "figures/ladder.png"):
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://localhost:{port}/api/v1/{part}", timeout=60).close()
                    break
                except OSError:
                    time.sleep(0.25)
        assert {path.name[:13] for path in place.iterdir()} >= {"tracker-bundl", "tracker-fonts"}
        started = [
            child
            for task in Path(f"/proc/{process.pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        process.terminate()
        process.wait(60)
    assert [path.name for path in place.iterdir()] == []
    assert started and not [child for child in started if Path("/proc", child).exists()]
