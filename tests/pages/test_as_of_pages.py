"""Each page as it stood on another day, run by Streamlit itself: it says so and has a way back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.page_registry import PAGES
from pages.parts.text import ui as text
from pages.parts.text.translation import say
from tests.paths import FIXTURES

DAYS = (
    pytest.param("2018-06-10"),
    *(pytest.param(day, marks=pytest.mark.slow) for day in ("2020-06-01", "2023-01-01", "2026-06-30")),
    pytest.param("2025-02-11"),
)


@pytest.fixture
def visit(store: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that opens a page with parameters, as a visitor's browser would."""
    monkeypatch.setenv("TRACKER_STORE", str(store))

    def open_page(path: str, **parameters: str) -> AppTest:
        app = AppTest.from_file(str(FIXTURES / "front_door.py"), default_timeout=60)
        page = next(page for page in PAGES if page.path == path)
        app.query_params["as_of"] = parameters.get("as_of", "")
        app.run()
        if path:
            app.switch_page(str(page.script))
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_page


def words_of(app: AppTest) -> str:
    """Everything that is written on the page."""
    return " ".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_says_how_it_stood_and_shows_the_way_back(page, day: str, visit) -> None:
    said = words_of(visit(page.path, as_of=day))
    assert say(text.BACK_TO_TODAY) in said
    assert "could not be finished" not in said
    year, month, number = day.split("-")
    assert f"how things stood on {int(number)} " in said and year in said and month


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_before_the_first_amount_each_page_says_that_nothing_is_known_yet(page, visit) -> None:
    said = words_of(visit(page.path, as_of="2010-01-01"))
    assert "Nothing is known yet on 1 January 2010" in said
    assert "as_of=2018-04-25" in said, "the way to the first day"


def test_the_day_stays_on_the_way_to_other_pages_and_beside_the_choice(visit) -> None:
    app = visit("", as_of="2025-02-11")
    app.switch_page(str(next(page for page in PAGES if page.path == "sites").script))
    app.run()
    assert app.query_params["as_of"] == "2025-02-11"
    assert "how things stood on 11 February 2025" in words_of(app)


@pytest.mark.parametrize("day", ["2025-02-30", "11 February 2025", "1999-12-31"])
def test_a_day_that_is_none_is_refused_in_words(day: str, visit) -> None:
    said = words_of(visit("", as_of=day))
    assert "is no day that can be looked at" in said
    assert say(text.BACK_TO_TODAY) not in said


def test_a_day_to_come_is_refused_in_words(visit) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    assert "has not come yet" in words_of(visit("", as_of=tomorrow.isoformat()))


def test_today_is_the_page_without_a_day(visit) -> None:
    today = visit("", as_of=datetime.now(UTC).date().isoformat())
    plain = visit("")
    assert [element.proto.spec for element in today.get("plotly_chart")] == [
        element.proto.spec for element in plain.get("plotly_chart")
    ]
    assert say(text.BACK_TO_TODAY) not in words_of(today)
