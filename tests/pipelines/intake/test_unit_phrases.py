"""Units in every language, plain, plural, inflected and abbreviated: read or asked about in every place."""

from decimal import Decimal

import pytest

from pipelines.foreign_files.money_words import read_cell, read_line, read_title
from tests.pipelines.intake.conftest import Write, completed
from tests.pipelines.intake.unit_phrases import UNIT_PHRASES

pytestmark = pytest.mark.usefixtures("in_this_process")
ROWS = [["Alpha", 2024, 1250], ["Beta", 2024, 830], ["Gamma", 2023, 4120]]
SUM = Decimal(6200)
PLACES = {
    "title": lambda phrase: read_title(f"Betrag ({phrase})"),
    "title without brackets": lambda phrase: read_title(f"Betrag {phrase}"),
    "line": read_line,
    "note": lambda phrase: read_line(f"Note: {phrase}"),
    "line with a comma": lambda phrase: read_line(f"Amounts, {phrase}"),
    "cell of a column of units": read_cell,
}
# Words that mean another unit in another language, or a letter beside a currency that may be no unit.
SEVERAL = ("mil.", "mil EUR", "bil.", "bln", "c€", "€c", "EURc", "cEUR", "G€", "mM€", "E euró", "eEUR")

OFFICIAL = frozenset(
    ("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv")
)  # fmt: skip


def _phrases(language: str) -> list[tuple[int, str]]:
    return [
        (power, phrase.strip())
        for power, phrases in UNIT_PHRASES[language].items()
        for phrase in phrases.split(";")
    ]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", UNIT_PHRASES)
def test_every_way_of_saying_a_unit_is_read_in_every_place(language: str, place: str) -> None:
    for power, phrase in _phrases(language):
        words = PLACES[place](phrase)
        assert Decimal(10) ** power in words.factors, (phrase, words)
        is_asked = any(word in phrase for word in SEVERAL)
        assert (words.factor is None) == is_asked and not words.unknown, (phrase, words)


def test_all_official_languages_of_the_eu_have_every_unit() -> None:
    assert len(OFFICIAL) == 24
    assert all(set(UNIT_PHRASES[language]) == {-2, 3, 6, 9, 12} for language in OFFICIAL)


@pytest.mark.parametrize("language", UNIT_PHRASES)
def test_a_list_whose_line_says_a_unit_is_never_published_as_plain_euros(language: str, write: Write) -> None:
    phrases = UNIT_PHRASES[language]
    power = sorted(phrases)[len(language + phrases[3]) % len(phrases)]
    line = phrases[power].split(";")[0]
    outcome = completed(write([[line, "", ""], ["Projekt", "Jahr", "Betrag (EUR)"], *ROWS]))
    (question,) = outcome.reading.questions
    assert question.code == "unit" and SUM * Decimal(10) ** power in question.sums.values()


@pytest.mark.parametrize(
    "line",
    [
        "Beträge in Dutzend EUR", "Amounts in thousnd EUR", "Milllionen Euro", "Montants en dizaines d'euros", "tauzend Euro",
        "Source: ministry. Amounts in zillions of euros",
    ],
)  # fmt: skip
def test_a_word_in_the_place_of_a_unit_that_nobody_knows_is_asked_about(line: str, write: Write) -> None:
    outcome = completed(write([[line, "", ""], ["Projekt", "Jahr", "Betrag"], *ROWS]))
    (question,) = outcome.reading.questions
    assert question.code == "unit" and {SUM, SUM * 1000, SUM * 10**6} <= set(question.sums.values())


@pytest.mark.parametrize(
    "line",
    [
        "Alle Beträge in vollen Euro", "Amounts in current euros", "Förderung in Deutschland: EUR 5 Mio.", "Projects in Germany EUR 20",
        "Source: Ministry of Finance, in euro", "Todos los importes están expresados en euros", "Digital Euro", "Übersicht EUR",
    ],
)  # fmt: skip
def test_a_line_about_euros_that_says_no_unit_asks_nothing(line: str, write: Write) -> None:
    outcome = completed(write([[line, "", ""], ["Projekt", "Jahr", "Betrag (EUR)"], *ROWS]))
    assert outcome.is_accepted and outcome.euros == SUM, outcome.told


def test_thousands_of_millions_are_one_unit_and_a_letter_beside_a_currency_is_asked_about() -> None:
    assert read_title("Importe (miles de M€)").factor == 10**9 == read_cell("1 000 Mio. EUR").factor
    assert read_title("hundreds of millions of euros").factor == 10**8
    assert read_title("Amount EURc").factors == {Decimal("0.01"), Decimal(1)}
    assert read_title("Programme C (€)").factors == frozenset()
