"""Sentences come from a catalogue: whole, with named fields, in the forms and the numbers of each
language."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pages.parts.text import formatting, translation
from pages.parts.text.translation import message, plural, say
from tests.paths import ROOT

FILES = plural("{number} file holds {rows}.", "{number} files hold {rows}.")
KNOWN = message("Known on {day}, in {year:d}: {names}.")


@pytest.fixture
def polish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A catalogue of Polish, whose plural has three forms."""
    catalogue = Catalog(locale="pl")
    catalogue.add(
        (FILES.one, FILES.many),
        ("{number} plik: {rows}.", "{number} pliki: {rows}.", "{number} plików: {rows}."),
    )
    catalogue.add(KNOWN.one, "{names} ({year:d}), stan na {day}.")
    catalogue.add("over {amount}", "ponad {amount}")
    path = tmp_path / "pl" / "LC_MESSAGES" / "messages.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as stream:
        write_mo(stream, catalogue)
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    yield "pl"
    translation.translations.cache_clear()


def test_a_sentence_takes_the_plural_form_of_its_language(polish: str) -> None:
    said = [say(FILES, polish, number=number, rows="x") for number in (1, 2, 5, 22, 1000)]
    assert said == ["1 plik: x.", "2 pliki: x.", "5 plików: x.", "22 pliki: x.", "1\u00a0000 plików: x."]
    assert say(FILES, number=1, rows="x") == "1 file holds x."
    assert say(FILES, number=15_341, rows="x") == "15,341 files hold x."


def test_fields_stand_where_the_language_wants_them_and_are_written_as_it_writes(polish: str) -> None:
    fields = {"day": date(2026, 11, 3), "year": 2026, "names": ["A", "B", "C"]}
    assert say(KNOWN, **fields) == "Known on 3\u00a0November 2026, in 2026: A, B and C."
    assert say(KNOWN, polish, **fields) == "A, B i C (2026), stan na 3 listopada 2026."


def test_what_a_language_has_not_translated_is_said_in_english(polish: str) -> None:
    assert say(message("Nobody translated this."), polish) == "Nobody translated this."
    amount = formatting.euros(Decimal(2_600_000_000), "over", locale=polish)
    assert amount == "ponad 2,6\u00a0mld\u00a0€"


@pytest.mark.parametrize(
    "fields", [{}, {"number": 1}, {"number": 1, "rows": "x", "more": "y"}, {"number": "1", "rows": "x"}]
)
def test_a_sentence_without_its_fields_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        say(FILES, **fields)


def test_a_field_of_another_kind_is_refused() -> None:
    for value in (Decimal(1), 1.5, True, None):
        with pytest.raises(TypeError):
            say(message("{value}"), value=value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "billions", "millions", "small", "share", "day"),
    [
        (
            "en",
            "€1.2\u00a0bn",
            "\u2212€434.5\u00a0M",
            "€209,500",
            "45\u00a0%",
            "3\u00a0November 2026",
        ),
        (
            "de",
            "1,2\u00a0Mrd.\u00a0€",
            "-434,5\u00a0Mio.\u00a0€",
            "209.500\u00a0€",
            "45\u00a0%",
            "3. November 2026",
        ),
        (
            "es",
            "1.200\u00a0M€",
            "-434,5\u00a0M€",
            "209.500\u00a0€",
            "45\u00a0%",
            "3 de noviembre de 2026",
        ),
    ],
)
def test_each_language_writes_numbers_and_days_its_own_way(
    locale: str, billions: str, millions: str, small: str, share: str, day: str
) -> None:
    assert formatting.euros(Decimal(1_200_000_000), locale=locale) == billions
    assert formatting.euros(Decimal(-434_500_000), locale=locale) == millions
    assert formatting.euros(Decimal(209_500), locale=locale) == small
    assert formatting.percent(Decimal(45), Decimal(100), locale) == share
    assert formatting.day(date(2026, 11, 3), locale) == day


def test_countries_have_their_label_in_english_and_the_name_of_babel_elsewhere() -> None:
    labels = {"FR": "France", "EL": "Greece", "UK": "United Kingdom", "XK": "Kosovo*", "EU": "European Union"}
    assert all(formatting.country(code, label) == label for code, label in labels.items())
    german = {code: formatting.country(code, label, "de") for code, label in labels.items()}
    assert german == {
        "FR": "Frankreich",
        "EL": "Griechenland",
        "UK": "Vereinigtes Königreich",
        "XK": "Kosovo*",
        "EU": "Europäische Union",
    }


def test_the_template_for_translators_holds_every_sentence(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = ["-k", "message", "-k", "plural:1,2", "-o", str(template), "pages/parts/text"]
    babel = [sys.executable, "-m", "babel.messages.frontend", "extract"]
    subprocess.run([*babel, *command], cwd=ROOT, check=True, capture_output=True)
    catalogue = read_po(StringIO(template.read_text(encoding="utf-8")))
    assert catalogue.get("not published") is not None
    entries = catalogue.get("{number}\u00a0entry")
    assert entries is not None and entries.id == ("{number}\u00a0entry", "{number}\u00a0entries")
    assert len(catalogue) > 200
