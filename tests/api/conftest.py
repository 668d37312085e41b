"""A visitor of the API behind the guard, for all tests of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from pages.http import asking, cards, routes
from pages.http.guard import Guard
from pages.parts.answers import Answers


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    """A visitor of the API behind the guard, on the release of the shipped data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        guard = Middleware(Guard, own_paths=routes.PATHS, card=cards.tags)
        yield TestClient(Starlette(routes=routes.ROUTES, middleware=[guard]), follow_redirects=False)


@pytest.fixture(scope="module")
def known(client: TestClient) -> Answers:
    return asking.answers()
