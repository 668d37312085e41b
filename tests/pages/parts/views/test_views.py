"""Views in the language of their reader: all words of a figure are asked of the catalogue, and amounts are
written as the language writes them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.support import NullTranslations

from pages.http import request_params
from pages.parts.figure_model import Figure
from pages.parts.text import translation
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, euros, flows, overview, sites, timeline
from pipelines.queries.release_answers import ReleaseData
from tests.each_figure import EACH_FIGURE

CHOICES: dict[str, list[dict[str, tuple[str, ...]]]] = {
    "ladder": [{}, {"ladder": ("horizon-europe",)}, {"ladder": ("cef-digital",)}],
    "ai": [{}, {"initiative": ("ai-factories",)}],
    "envelopes": [{}, {"count": ("gross",)}, {"stage": ("committed",), "level": ("year",)}],
    "years": [{"stage": ("committed",)}, {"prices": ("constant-2018",)}],
    "headings": [{}],
    "countries": [{"stage": ("committed",), "per": (per,)} for per in ("country", "person", "gdp")],
    "compare": [
        {},
        {"country": ("DE", "MT", "EL"), "stage": ("contracted",)},
        {"prices": ("gdp-2018",), "currency": ("USD",)},
    ],
    "compare_programmes": [{}, {"stage": ("programmed",), "prices": ("constant-2018",)}],
    "compare_initiatives": [{"stage": ("programmed",)}, {"currency": ("USD",)}],
    "compare_sites": [{"stage": ("programmed",), "site": ("it4lia", "hammerhai")}],
    "compute_cost": [{}, {"unit": ("petaflop",)}],
    "flows": [{}, {"initiative": (), "detail": ("sites",)}, {"node": ("initiative:eurohpc-ju",)}],
    "amounts_inside": [{}, {"of": ("horizon-europe",)}, {"of": ("ai-factories",)}],
    "counted_twice": [{}, {"level": ("all",)}, {"stage": ("committed",), "level": ("all",)}],
    "sites": [{}, {"country": ("IT",)}],
    "ai_series": [{}, {"programme": ("horizon-europe",)}],
    "ai_lines": [{}, {"stage": ("committed",), "by": ("country",)}],
    "recipients": [{}, {"bodies": ("in",)}],
    "calls": [{}, {"state": ("closed",)}],
    "recipient_years": [{}],
    "site_payers": [{}, {"site": ("it4lia",)}],
    "site_promises": [{}, {"country": ("EL",)}],
    "state_payers": [{}, {"country": ("IT",)}],
    "state_size": [{}, {"country": ("IT",), "per": ("gdp",)}],
    "promises": [{}],
    "slips": [{}, {"year": ("2025",)}, {"by": ("statement",)}, {"by": ("country",)}, {"year_of": ("said",)}],
    "milestones": [{}, {"show": ("all",)}],
}
MARK = "⟦"


class Marked(NullTranslations):
    """A language in which each sentence of the catalogue is the English one with a mark before it."""

    def gettext(self, message: str) -> str:
        return MARK + message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return MARK + (msgid1 if n == 1 else msgid2)


@pytest.fixture
def answers(store: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return request_params.answers()


@pytest.fixture
def marked(answers: ReleaseData, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    """The release, read where all sentences are marked."""
    monkeypatch.setattr(translation, "translations", lambda locale, folder: Marked())
    return answers


def values(name: str, answers: ReleaseData, chosen: dict[str, tuple[str, ...]]) -> Values:
    return {parameter.name: parameter.default for parameter in FIGURES[name].parameters(answers)} | chosen


def drawn(name: str, answers: ReleaseData, locale: str) -> Iterator[Figure]:
    for chosen in CHOICES[name]:
        figure = FIGURES[name].make(answers, values(name, answers, chosen), locale)
        assert figure, chosen
        yield figure


def unmarked(texts: list[str]) -> list[str]:
    """Texts with words that no sentence of the catalogue says."""
    return [text for text in texts if re.search(r"[A-Za-z]", text) and MARK not in text]


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_every_text_of_a_figure_is_asked_of_the_catalogue(name: str, marked: ReleaseData) -> None:
    for figure in drawn(name, marked, "en"):
        texts = [figure.title, figure.subtitle, figure.alt, figure.source, *map(str, figure.table.columns)]
        assert unmarked(texts) == []
        titles = [title for value in figure.values for title, _ in value.facts]
        assert unmarked(titles) == []
        if name != "sites":  # its key names kinds of the vocabulary
            assert unmarked([mark.meaning for mark in figure.key("light")]) == []


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_figure_is_drawn_in_the_language_of_its_reader(name: str, answers: ReleaseData) -> None:
    for figure in drawn(name, answers, "de"):
        for width in ("wide", "narrow"):
            drawing: Any = figure.draw("light", width).figure()  # type: ignore[arg-type]
            said = drawing.to_json()
            assert "\\u00a0bn" not in said and "\u00a0bn" not in said
        amounts = [value.said for value in figure.values if "€" in value.said]
        assert not any(re.search(r"€[0-9]|\bbn\b", amount) for amount in amounts), amounts


def test_what_a_page_says_beside_its_figures_is_asked_of_the_catalogue(marked: ReleaseData) -> None:
    said = [
        overview.words(marked, values("ladder", marked, {}), "light").answer,
        euros.words(marked, values("envelopes", marked, {})).answer,
        flows.words(marked, values("flows", marked, {})).answer,
        sites.words(marked, values("sites", marked, {})).answer,
        timeline.words(marked, values("milestones", marked, {})).answer,
    ]
    assert unmarked([text for answer in said for text in answer]) == []
    for stage, basis in (
        ("paid", "eu-contribution"),
        ("announced", "provisioning"),
        ("announced", "investment-mobilised"),
    ):
        nothing = euros.words(
            marked, values("envelopes", marked, {"stage": (stage,), "basis": (basis,)})
        ).nothing
        assert nothing and unmarked([*nothing[:2], *(label for label, _ in nothing[2])]) == []
