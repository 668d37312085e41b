"""Every page and every figure can be made of the shipped data, whatever a curator adds to it."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.http import routes
from pages.parts.page_registry import PAGES
from tests.each_figure import EACH_FIGURE
from tests.paths import FIXTURES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_opens_on_the_shipped_data(
    page, store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    app = AppTest.from_file(str(FIXTURES / "front_door.py"), default_timeout=60)
    app.run()
    if page.path:
        app.switch_page(str(page.script))
        app.run()
    text = " ".join(str(element.proto.body) for element in app.get("html"))
    assert not app.exception
    assert page.question in text
    assert release_id[11:] in text


@pytest.mark.parametrize("figure", EACH_FIGURE)
def test_each_figure_is_drawn_from_the_shipped_data(
    figure: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    answer = TestClient(Starlette(routes=routes.ROUTES)).get(f"/api/v1/figures/{figure}.json")
    assert answer.status_code == 200, answer.text
    assert answer.json()["title"]
    assert answer.json()["rows"]
