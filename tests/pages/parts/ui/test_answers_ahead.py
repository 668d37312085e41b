"""What readers are likely to choose is answered before they do, while nobody waits."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.ui import answers_ahead
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, euros
from pipelines import releases
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return release_answers.opened(release_id, store)


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_choice_that_was_answered_ahead_asks_no_question(
    answers: ReleaseData, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = {parameter.name: parameter.default for parameter in parameters(answers, "euros")}
    values = {**opened, "stage": ("committed",)}
    answers_ahead.answer("euros", answers, values, [euros.words])
    monkeypatch.setattr(releases, "read", lambda *_: pytest.fail("A question was asked."))
    assert answers_ahead.words_of(euros.words, answers, values).answer.headline
    for name, view in FIGURES.items():
        if view.page == "euros":
            FigureRequest(name, answers, values).figure()


def test_the_thread_goes_through_a_page_once_and_a_fault_does_not_end_it(answers: ReleaseData) -> None:
    asked: list[Values] = []
    is_done = threading.Event()

    def broken(_answers: ReleaseData, values: Values) -> Any:
        asked.append(values)
        raise ValueError("This choice has no answer.")

    def last(_answers: ReleaseData, _values: Values) -> str:
        is_done.set()
        return ""

    ahead = answers_ahead.Ahead()
    ahead.start()
    for path, make in (("", broken), ("sites", last)):
        ahead.says(path, make)
        ahead.was_shown(path, answers)
        ahead.was_shown(path, answers)
    assert is_done.wait(60)
    choices = [tuple(values.items()) for values in asked]
    assert len(choices) == len(set(choices)) > 1


def test_nothing_is_answered_until_readers_have_been_quiet_for_a_while(answers: ReleaseData) -> None:
    now = 0.0
    is_asked = threading.Event()

    def note(_answers: ReleaseData, _values: Values) -> str:
        is_asked.set()
        return ""

    ahead = answers_ahead.Ahead(clock=lambda: now)
    ahead.start()
    ahead.says("", note)
    ahead.was_shown("", answers)
    now = answers_ahead.QUIET_SECONDS * 0.9
    ahead.is_running()
    now = answers_ahead.QUIET_SECONDS * 1.8
    assert not is_asked.wait(3 * answers_ahead.QUIET_SECONDS)
    now = answers_ahead.QUIET_SECONDS * 2
    assert is_asked.wait(60)


def test_without_a_start_nothing_is_answered_ahead(answers: ReleaseData) -> None:
    before = threading.active_count()
    ahead = answers_ahead.Ahead()
    ahead.says("", lambda _answers, _values: pytest.fail("Somebody asked."))
    ahead.was_shown("", answers)
    time.sleep(0.2)
    assert threading.active_count() <= before


def test_the_figures_that_a_page_shows_are_made_beside_it(
    answers: ReleaseData, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def exhibit(request: FigureRequest, _theme: str, _width: str) -> None:
        made.append(request.name)
        if request.name == "years":
            raise ValueError("This figure cannot be made.")

    monkeypatch.setattr(FigureRequest, "exhibit", exhibit)
    ahead = answers_ahead.Ahead()
    values = {parameter.name: parameter.default for parameter in parameters(answers, "euros")}
    ahead.make_figures("euros", answers, values, "light", "wide")
    for name in ("ai", "years", "headings"):
        ahead.shows("euros", name)
        ahead.shows("euros", name)
    ahead.make_figures("euros", answers, values, "light", "wide")
    until(lambda: len(made) == 3)
    assert made == ["headings", "years", "ai"]
