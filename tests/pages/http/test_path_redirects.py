"""Addresses that name one site or country in their path lead to its page."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pages.http import routes
from pages.http.security_middleware import SecurityMiddleware


@pytest.fixture
def client() -> TestClient:
    guard = Middleware(SecurityMiddleware, own_paths=routes.PATHS)
    return TestClient(Starlette(routes=routes.ROUTES, middleware=[guard]), follow_redirects=False)


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/sites/hammerhai", "/sites?site=hammerhai"),
        ("/countries/DE", "/countries?country=DE"),
        ("/countries/gr", "/countries?country=EL"),
        ("/countries/EL/", "/countries?country=EL"),
        ("/projects/cordis:101070014", "/projects?project=cordis%3A101070014"),
        ("/sites/", "/sites"),
        ("/sites/it4lia?x=%26a", "/sites?site=it4lia&x=%26a"),
        ("/sites/jupiter?release=2026-11-23-ab&site=other", "/sites?site=jupiter&release=2026-11-23-ab"),
    ],
)
def test_a_path_leads_to_the_parameter(asked: str, leads_to: str, client: TestClient) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (308, leads_to)


@pytest.mark.parametrize(
    "asked",
    [
        "/countries/_stcore/health",
        "/sites/_stcore/host-config",
        "/sites/_stcore",
        "/sites/a/b",
        "/sites//example.org",
        "/euros/paid",
    ],
)
def test_what_streamlit_asks_below_a_page_is_still_not_there(asked: str, client: TestClient) -> None:
    assert client.get(asked).status_code == 404
