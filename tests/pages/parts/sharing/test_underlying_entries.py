"""The entries behind a figure are those behind each of its numbers."""

from pathlib import Path

import pytest

from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.sharing import underlying_entries
from pages.parts.views import FIGURES
from pipelines.queries.release_answers import ReleaseData, opened
from tests.each_figure import EACH_FIGURE


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return opened(release_id, store)


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_the_entries_of_a_figure_are_those_of_its_numbers_asked_one_by_one(
    answers: ReleaseData, name: str
) -> None:
    values = {one.name: one.default for one in parameters(answers, FIGURES[name].page)}
    figure = FigureRequest(name, answers, values).figure()
    assert figure
    one_by_one = {
        entry_id
        for value in figure.values
        if (behind := value.known or value.question) is not None
        for entry_id in answers.read(behind())["entry_id"]
    }
    question = underlying_entries.of_figure(figure, answers)
    together = set(answers.read(question)["entry_id"]) if question is not None else set()
    assert together == one_by_one
    assert underlying_entries.number(figure, answers) == len(one_by_one)
