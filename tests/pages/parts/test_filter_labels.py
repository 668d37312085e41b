"""What a figure says of its choice: everything that narrows it, and nothing that it does not obey."""

from pathlib import Path

import pytest

from pages.http import request_params
from pages.parts.figure_model import Figure
from pages.parts.filter_labels import only
from pages.parts.sharing import links
from pages.parts.url_state import Values
from pages.parts.views import FIGURES
from pipelines.queries.release_answers import ReleaseData
from tests.each_figure import EACH_FIGURE

NARROWING = ("programme", "initiative", "country", "event", "status")
CHOICES = [
    {},
    {"stage": ("committed",), "level": ("all",)},
    {"stage": ("contracted",), "count": ("gross",)},
    {"show": ("all",)},
]


@pytest.fixture
def answers(store: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return request_params.answers()


def chosen(name: str, answers: ReleaseData, **more: tuple[str, ...]) -> Values:
    parameters = FIGURES[name].parameters(answers)
    known = {parameter.name for parameter in parameters}
    return {parameter.name: parameter.default for parameter in parameters} | {
        word: codes for word, codes in more.items() if word in known
    }


def told(figure: Figure | None) -> tuple[object, ...]:
    """Everything of a figure that a reader can see."""
    if figure is None:
        return ()
    drawn = figure.draw("light", "wide").to_json()
    return (
        figure.title,
        figure.subtitle,
        figure.alt,
        figure.source,
        figure.rows.to_csv(),
        figure.table.to_csv(),
        figure.sql,
        drawn,
    )


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_figure_obeys_the_words_that_it_says_it_obeys_and_no_others(
    name: str, answers: ReleaseData
) -> None:
    view = FIGURES[name]
    changed: set[str] = set()
    for base in CHOICES:
        values = chosen(name, answers, **base)
        before = told(view.make(answers, values))
        for parameter in view.parameters(answers):
            codes = [code for code in parameter.allowed if (code,) != values[parameter.name]]
            tried = codes[:2] if parameter.name not in view.obeys else codes
            for code in tried:
                if told(view.make(answers, {**values, parameter.name: (code,)})) != before:
                    changed.add(parameter.name)
                    if parameter.name in view.obeys:
                        break
    assert changed == set(view.obeys)


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_what_narrows_a_figure_stands_in_its_title_or_subtitle_and_in_its_alternative_text(
    name: str, answers: ReleaseData
) -> None:
    view, tried = FIGURES[name], 0
    for base in CHOICES:
        for parameter in view.parameters(answers):
            if parameter.name not in NARROWING or parameter.name not in view.obeys:
                continue
            for code in parameter.allowed[:6]:
                values = chosen(name, answers, **{**base, parameter.name: (code,)})
                figure = view.make(answers, values)
                if figure is None:
                    continue
                tried += 1
                label = only(answers, values, parameter.name).removeprefix(" Only ").removesuffix(".")
                assert label in figure.title + figure.subtitle, (parameter.name, code)
                assert label in figure.alt
                assert label in links.choice_words(answers, view, values)
    assert tried or not set(NARROWING) & set(view.obeys)


@pytest.mark.parametrize("show", ["next", "all"])
@pytest.mark.parametrize("name", EACH_FIGURE)
def test_the_query_of_a_figure_gives_the_rows_that_it_shows(
    name: str, show: str, answers: ReleaseData
) -> None:
    figure = FIGURES[name].make(answers, chosen(name, answers, show=(show,)))
    assert figure
    assert len(answers.ask(figure.sql[0])) == len(figure.rows)


def test_words_that_a_figure_does_not_obey_are_not_said_of_it(answers: ReleaseData) -> None:
    values = chosen(
        "envelopes", answers, prices=("constant-2018",), per=("person",), currency=("USD",), count=("gross",)
    )
    said = links.choice_words(answers, FIGURES["envelopes"], values)
    assert "count with double counting" in said and not {"prices", "per", "currency"} & set(
        said.replace(";", "").split()
    )


def test_several_choices_are_listed_as_a_sentence(answers: ReleaseData) -> None:
    values = chosen("sites", answers, country=("IT", "FR"), status=("open",))
    assert only(answers, values, "status", "country") == " Only open; Italy and France."
    assert only(answers, values, "programme") == ""
