"""The titles of a file's columns → our columns, by the words of header_words.csv."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.file_schemas import BUDGET_LINE
from pipelines.foreign_files.header_words import known_titles, plain

_PARTS = re.compile(r"\s*(?:/|\||\n|\r|\(|\)|\[|\]| - | – |\s{3,})\s*")


@dataclass(frozen=True)
class Guess:
    """Which of our columns a title means.

    score: 1 if the title is one of our words, less if it only holds one.
    """

    column: str
    score: float
    language: str


@lru_cache(maxsize=1)
def all_titles() -> frozenset[str]:
    """Every title that we know, of every language, and our own."""
    own = (plain(name) for name in BUDGET_LINE)
    return frozenset(word for words in known_titles().values() for word in words) | frozenset(own)


def is_known(title: str) -> bool:
    """Whether a title, or a part of it, is one of the words that we know."""
    return any(part in all_titles() for part in _readings(title))


def _readings(title: str) -> list[str]:
    """The whole title and its parts (two languages, a unit in brackets), compared forms."""
    return [
        part for part in dict.fromkeys([plain(title), *(plain(part) for part in _PARTS.split(title))]) if part
    ]


def language_of(titles: Sequence[str]) -> str:
    """The language in which most of the titles are known; empty if none is."""
    votes: Counter[str] = Counter()
    for title in titles:
        readings = _readings(title)
        for language, words in known_titles().items():
            if any(reading in words for reading in readings):
                votes[language] += 2
            elif _inside(readings, words):
                votes[language] += 1
    best = max(votes.values(), default=0)
    return next((language for language in known_titles() if votes[language] == best), "") if best else ""


def guess_columns(titles: Sequence[str]) -> dict[int, Guess]:
    """Place → what the title there may mean.

    Our own names come first, then the language of the file, then all others.
    """
    own = {plain(name): name for name in BUDGET_LINE}
    language = language_of(titles)
    order = (
        [language, *(other for other in known_titles() if other != language)]
        if language
        else list(known_titles())
    )
    guesses: dict[int, Guess] = {}
    for column_index, title in enumerate(titles):
        readings = _readings(title)
        if readings and readings[0] in own:
            guesses[column_index] = Guess(own[readings[0]], 1.0, "")
            continue
        guess = _guess(readings, order)
        if guess:
            guesses[column_index] = guess
    return guesses


def _guess(readings: Sequence[str], order: Sequence[str]) -> Guess | None:
    for exact in (True, False):
        for language in order:
            words = known_titles()[language]
            for reading in readings:
                if exact and reading in words:
                    return Guess(words[reading], 1.0 if reading == readings[0] else 0.95, language)
            if not exact and (word := _inside(readings, words)):
                return Guess(words[word], 0.4 + 0.5 * len(word) / len(readings[0]), language)
    return None


def _inside(readings: Iterable[str], words: dict[str, str]) -> str:
    """The longest of the words that stands inside a reading as whole words, of four letters at least."""
    best = ""
    for reading in readings:
        padded = f" {reading} "
        for word in words:
            if len(word) > max(3, len(best)) and f" {word} " in padded:
                best = word
    return best
