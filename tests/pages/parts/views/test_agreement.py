"""Random choices of each page agree with themselves; tests/long has more of them."""

import random
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import request_params, routes
from tests.pages.parts.views import agreement

CHOICES = {
    "euros": 30,
    "": 10,
    "sites": 10,
    "timeline": 10,
    "projects": 10,
    "countries": 10,
    "flows": 10,
    "compare": 10,
}


@pytest.mark.parametrize("page", CHOICES)
def test_random_choices_of_a_page_agree(page: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    client, answers = TestClient(Starlette(routes=routes.ROUTES)), request_params.answers()
    dice = random.Random(f"agreement of {page}")
    for _ in range(CHOICES[page]):
        agreement.check(page, answers, client, dice)


def test_every_page_with_figures_is_asked() -> None:
    assert set(CHOICES) == set(agreement.PAGES)
