"""500 random choices of each page of what ships agree with themselves."""

import random
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import request_params, routes
from pipelines.build import build
from tests.pages.parts.views.agreement import PAGES, Agreement


@pytest.fixture(scope="module")
def agreement(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agreement]:
    store = tmp_path_factory.mktemp("shipped") / "store"
    build(store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        client = TestClient(Starlette(routes=routes.ROUTES))
        yield Agreement(request_params.answers(), client, random.Random("many choices"))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("page", PAGES)
def test_500_random_choices_of_a_page_agree(page: str, agreement: Agreement) -> None:
    for _ in range(500):
        agreement.check(page)
