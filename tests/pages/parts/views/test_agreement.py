"""Random choices of each page agree with themselves; tests/long has more of them."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import request_params, routes
from tests.pages.parts.views.agreement import PAGES, Agreement

FEW = 4  # choices of each page


@pytest.fixture(scope="module")
def agreement(store: Path) -> Iterator[Agreement]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        client = TestClient(Starlette(routes=routes.ROUTES))
        yield Agreement(request_params.answers(), client, random.Random("some choices"))


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_random_choices_of_a_page_agree(page: str, agreement: Agreement) -> None:
    for _ in range(FEW):
        agreement.check(page)
