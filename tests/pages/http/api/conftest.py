"""A visitor of the API behind the guard, for all tests of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pages.http import link_preview, request_params, routes
from pages.http.security_middleware import SecurityMiddleware
from pages.parts.views import FIGURES
from pipelines.queries.release_answers import ReleaseData


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    """A visitor of the API behind the guard, on the release of the kept edition."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        guard = Middleware(SecurityMiddleware, own_paths=routes.PATHS, card=link_preview.tags)
        yield TestClient(Starlette(routes=routes.ROUTES, middleware=[guard]), follow_redirects=False)


@pytest.fixture(scope="module")
def known(client: TestClient) -> ReleaseData:
    return request_params.answers()


def choices(figure: str, known: ReleaseData) -> list[dict[str, list[str]]]:
    """The preset choice of a figure, and for each parameter another one: a figure that is added is covered
    without being named here.
    """
    found: list[dict[str, list[str]]] = [{}]
    for parameter in FIGURES[figure].parameters(known):
        others = [code for code in parameter.allowed if code not in parameter.default]
        found += [{parameter.name: [others[len(others) // 2]]}] if others else []
        found += [{parameter.name: others[:3]}] if parameter.several and len(others) > 1 else []
    return found
