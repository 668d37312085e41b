"""The names of countries are those of the EU's protocol; Babel names the member states alike."""

from pathlib import Path

import duckdb
import pytest

from pages.http import request_params
from pages.parts.text import cldr, formatting
from pages.parts.views import FIGURES, euros


def test_every_member_state_has_the_name_that_babel_gives_it(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("select code, label, iso2, is_member from countries").fetchall()
    english, german = (cldr.babel_locale(locale).territories for locale in ("en", "de"))
    alike = {code for code, label, iso2, _ in rows if english.get(iso2) == label}
    assert {code for code, _, _, is_member in rows if is_member} <= alike
    for code, label, iso2, _ in rows:
        name = formatting.country(code, label, "de")
        assert name == (german[iso2] if code in alike else label)


def test_rival_bids_are_listed_and_never_added(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    answers = request_params.answers()
    chosen = {parameter.name: parameter.default for parameter in euros.parameters(answers)} | {
        "stage": ("announced",),
        "basis": ("private-contribution",),
        "initiative": ("ai-gigafactories",),
    }
    words = euros.words(answers, chosen)
    assert words.set_aside is not None and words.set_aside.num_rows > 1
    assert FIGURES["countries"].make(answers, chosen) is None
    assert words.nothing and "can be added up" in words.nothing[0]


@pytest.mark.parametrize(
    ("stage", "initiative", "amount"),
    [
        ("announced", "genai4eu", "€700"),
        ("announced", "apply-ai", "€1.0"),
        ("announced", "ai-gigafactories", "€5.0"),
    ],
)
def test_an_initiative_is_found_where_no_programme_is_stated(
    store: Path, monkeypatch: pytest.MonkeyPatch, stage: str, initiative: str, amount: str
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    answers = request_params.answers()
    chosen = {parameter.name: parameter.default for parameter in euros.parameters(answers)} | {
        "stage": (stage,),
        "initiative": (initiative,),
    }
    said = euros.answer(answers, chosen).headline
    assert answers.labels("initiatives")[initiative] in said and amount in said
