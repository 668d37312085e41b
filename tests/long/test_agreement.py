"""500 random choices of each page agree with themselves."""

import random
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import request_params, routes
from tests.pages.parts.views import agreement


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("page", agreement.PAGES)
def test_500_random_choices_of_a_page_agree(page: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    client, answers = TestClient(Starlette(routes=routes.ROUTES)), request_params.answers()
    dice = random.Random(f"long agreement of {page}")
    for _ in range(500):
        agreement.check(page, answers, client, dice)
