"""A figure that is known costs no question, no compilation and no drawing, and what a figure does not obey
leaves it as it is.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import plotly.graph_objects as go
import plotly.io
import pytest
from sqlalchemy.sql.compiler import SQLCompiler
from streamlit.testing.v1 import AppTest

from pages.parts import unvalidated_plotly as drawing_module
from pages.parts.figure_request import FigureRequest
from pages.parts.page_registry import PAGES
from pages.parts.ui.plotly_json_chart import FinishedFigure
from pages.parts.views import FIGURES
from pipelines import releases
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import Small
from tests.each_figure import EACH_FIGURE
from tests.paths import FIXTURES

PAGES_WITH_FIGURES = sorted({view.page for view in FIGURES.values()})


@pytest.fixture
def release(store: Path, release_id: str) -> ReleaseData:
    return release_answers.opened(release_id, store)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How many questions reach a release, how many statements are compiled and how many drawings are made."""
    counts = {"questions": 0, "compilations": 0, "drawings": 0, "plotly figures": 0}

    def count(name: str, owner: object, attribute: str) -> None:
        before = getattr(owner, attribute)

        def call(*args: object, **kwargs: object) -> object:
            counts[name] += 1
            return before(*args, **kwargs)

        patch.setattr(owner, attribute, call)

    with monkeypatch.context() as patch:
        count("questions", releases, "read")
        count("compilations", SQLCompiler, "__init__")
        count("drawings", drawing_module.Drawing, "__init__")
        count("plotly figures", go.Figure, "__init__")
        yield counts


@pytest.mark.parametrize("path", PAGES_WITH_FIGURES)
def test_a_page_whose_figures_are_known_asks_and_draws_nothing(
    path: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    app = AppTest.from_file(str(FIXTURES / "front_door.py"), default_timeout=60).run()
    if path:
        app.switch_page(str(next(page for page in PAGES if page.path == path).script)).run()
    assert not app.exception
    with counted(monkeypatch) as counts:
        app.run()
    assert not app.exception
    assert counts == {"questions": 0, "compilations": 0, "drawings": 0, "plotly figures": 0}


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_what_a_figure_does_not_obey_leaves_it_as_it_is(name: str, release: ReleaseData) -> None:
    plain = FigureRequest(name, release, {})
    first = plain.exhibit("light", "wide")
    others = [parameter for parameter in plain.parameters if parameter.name not in plain.view.obeys]
    for parameter in others:
        code = next((code for code in parameter.allowed if code not in parameter.default), None)
        if code is not None:
            again = FigureRequest(name, release, {parameter.name: (code,)}).exhibit("light", "wide")
            assert again is first, parameter.name
    assert plain.exhibit("dark", "wide") is not first
    assert FigureRequest(name, release, {}, locale="de").exhibit("light", "wide") is not first


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_the_browser_gets_what_a_plotly_figure_would_send(name: str, release: ReleaseData) -> None:
    figure = FigureRequest(name, release, {}).figure()
    assert figure is not None
    drawing = figure.draw("light", "wide")
    finished, by_plotly = (
        json.loads(plotly.io.to_json(made, validate=False))  # as st.plotly_chart writes it
        for made in (FinishedFigure(drawing.finished()), drawing.figure())
    )
    assert finished["data"]
    assert finished == by_plotly


@pytest.mark.slow
def test_figures_of_two_releases_never_mix(small: Small, release: ReleaseData) -> None:
    other = release_answers.opened(releases.require_current(small.store), small.store)
    for name in FIGURES:
        here, there = (FigureRequest(name, one, {}).exhibit("light", "wide") for one in (release, other))
        assert here is not there
        assert here is FigureRequest(name, release, {}).exhibit("light", "wide")
