"""An index of names that finds them in spite of typing errors, accents, other alphabets and other languages.
Pure: names in, places of names out.

A word of a question meets a word of a name if it is the same, begins it, sounds like it, or differs in a few
letters. Rare words count for more than frequent ones.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from pipelines.queries.search_spelling import sound, words

Array = np.ndarray[tuple[int], np.dtype[np.float32]]
Places = np.ndarray[tuple[int], np.dtype[np.int32]]

MOST_WORDS = 12  # of a question; further ones are not looked for
SHORTEST_BEGINNING, SHORTEST_HEARD, SHORTEST_MISTYPED = 2, 3, 4
MOST_BEGUN, MOST_MISTYPED = 400, 40  # words of names that one word of a question is compared with
SHORTEST_STEM, LONGEST_ENDING = 6, 4  # letters of a name of a place that has other endings
LEAST_ALIKE = 0.72  # share of letters that two words have in common
SAME, TRANSLATED, HEARD, BEGUN, MISTYPED, BESIDE = 1.0, 0.92, 0.85, 0.9, 0.8, 0.8
JOINED = 5  # names of fewer words are also found with two words written as one
OWN_SHARE = 0.35  # how much it counts that a question names all of a name


class Found(NamedTuple):
    """A name that was found: its place in the list of names, and how well it fits, from 0 to 1."""

    place: int
    score: float


class Name(NamedTuple):
    """What is searched for: a name, and words beside it that help to find it, such as the country."""

    name: str
    beside: str = ""


class Index:
    """Names, ready to be searched.

    translations: sets of words that mean the same. places: names of one place in several languages, which
    names also hold with other endings, as Warszawa in Politechnika Warszawska.
    """

    def __init__(
        self,
        names: Sequence[Name],
        translations: Iterable[Sequence[str]] = (),
        places: Iterable[Sequence[str]] = (),
    ) -> None:
        self.size = len(names)
        own_words = [list(dict.fromkeys(words(name.name))) for name in names]
        by_word: dict[str, list[int]] = defaultdict(list)
        by_word_beside: dict[str, list[int]] = defaultdict(list)
        for place, (name, own) in enumerate(zip(names, own_words, strict=True)):
            joined = [f"{first}{second}" for first, second in pairwise(own)] if len(own) < JOINED else []
            for word in dict.fromkeys((*own, *joined)):
                by_word[word].append(place)
            for word in set(words(name.beside)).difference(own) if name.beside else ():
                by_word_beside[word].append(place)
        translations, places = list(translations), list(places)
        translated, translated_beside = (
            _translated(known, translations, places) for known in (by_word, by_word_beside)
        )
        every = (by_word, by_word_beside, translated, translated_beside)
        self._words = sorted(set().union(*every))
        self._places, self._beside, self._others, self._others_beside = (
            [np.array(sorted(names_of.get(word, ())), np.int32) for word in self._words] for names_of in every
        )
        known = [
            len(own) + max(len(beside), len(others))
            for own, beside, others in zip(self._places, self._beside, self._others, strict=True)
        ]
        self._weights = np.log1p(self.size / np.maximum(1, np.array(known, np.float32)))
        self._name_weights = self._weigh_names(own_words)
        self._heard: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._words):
            self._heard[sound(word)].append(number)
        self._letters = np.array([len(word) + 1 for word in self._words], np.float32)
        self._pairs = _pairs_of(self._words)

    def _weigh_names(self, own_words: Sequence[Sequence[str]]) -> Array:
        weight_of = dict(zip(self._words, self._weights.tolist(), strict=True))
        weights = [sum(weight_of[word] for word in own) for own in own_words]
        return np.maximum(np.array(weights, np.float32), np.float32(1e-6))

    def find(self, question: str, most: int = 200) -> list[Found]:
        """The names that fit a question, the best first; at most `most`. Empty if it has no word."""
        asked = words(question)[:MOST_WORDS]
        if not asked or not self.size:
            return []
        met = [self._meet(word) for word in asked]
        for left, (first, second) in enumerate(pairwise(asked)):
            together = self._alike(f"{first}{second}", is_exact=True)
            for part in (left, left + 1):
                met[part] = _better(met[part], together)
        total, weight = np.zeros(self.size, np.float32), np.float32(0)
        for found in met:
            closest = max(found, key=lambda number: (found[number], -number), default=None)
            own = np.log1p(np.float32(self.size)) if closest is None else self._weights[closest]
            weight += own
            total += own * self._fit(found)
        places = np.flatnonzero(total)
        covered = total[places] / weight
        share = np.minimum(1, total[places] / self._name_weights[places])
        scores = covered * (1 - OWN_SHARE + OWN_SHARE * share)
        if len(places) > most:
            best = np.argpartition(-scores, most)[:most]
            places, scores = places[best], scores[best]
        order = np.lexsort((places, -scores))
        return [Found(int(places[number]), float(scores[number])) for number in order]

    def _fit(self, found: dict[int, float]) -> Array:
        """How well each name fits one word of the question. found: number of a word of names → how alike."""
        fits = np.zeros(self.size, np.float32)
        for number, alike in sorted(found.items(), key=lambda item: item[1]):
            for places, share in (
                (self._others_beside[number], BESIDE * TRANSLATED),
                (self._beside[number], BESIDE),
                (self._others[number], TRANSLATED),
                (self._places[number], SAME),
            ):
                if len(places):
                    fits[places] = np.maximum(fits[places], np.float32(alike * share))
        return fits

    def _meet(self, word: str) -> dict[int, float]:
        """The words of names that a word of a question may mean → how alike they are."""
        found = self._alike(word)
        if any(alike >= HEARD for alike in found.values()) or any(char.isdigit() for char in word):
            return found
        return _better(self._mistyped(word), found)

    def _alike(self, word: str, is_exact: bool = False) -> dict[int, float]:
        found: dict[int, float] = {}
        first = bisect_left(self._words, word)
        if not is_exact and len(word) >= SHORTEST_BEGINNING:
            last = bisect_left(self._words, f"{word}\uffff")
            for number in range(first, min(last, first + MOST_BEGUN)):
                found[number] = BEGUN * (0.5 + 0.5 * len(word) / len(self._words[number]))
        if len(word) >= SHORTEST_MISTYPED and not word.isdigit():
            heard = sound(word)
            for number in self._heard.get(heard, ()) if len(heard) >= SHORTEST_HEARD else ():
                found[number] = max(found.get(number, 0), HEARD)
        if first < len(self._words) and self._words[first] == word:
            found[first] = SAME
        return found

    def _mistyped(self, word: str) -> dict[int, float]:
        """Words of names that differ in a few letters."""
        if len(word) < SHORTEST_MISTYPED:
            return {}
        common = np.zeros(len(self._words), np.float32)
        for pair in _pairs(word):
            if (numbers := self._pairs.get(pair)) is not None:
                common[numbers] += 1
        common = 2 * common / (self._letters + len(word) + 1)
        most = min(MOST_MISTYPED, len(common) - 1)
        found = {}
        heard = sound(word)
        for number in np.argpartition(-common, most)[:most] if most > 0 else range(len(common)):
            other = self._words[number]
            if common[number] <= 0 or len(other) < SHORTEST_MISTYPED:
                continue
            alike = max(_ratio(word, other), _ratio(heard, sound(other)))
            if alike >= LEAST_ALIKE:
                found[int(number)] = MISTYPED * alike
        return found


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _better(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return {number: max(one.get(number, 0), other.get(number, 0)) for number in one.keys() | other.keys()}


def _pairs(word: str) -> list[str]:
    return list(dict.fromkeys(map("".join, pairwise(f" {word} "))))


def _pairs_of(vocabulary: Sequence[str]) -> dict[str, Places]:
    """Two letters side by side → the words that have them."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(vocabulary):
        for pair in _pairs(word):
            numbers[pair].append(number)
    return {pair: np.array(found, np.int32) for pair, found in numbers.items()}


def _translated(
    known: dict[str, list[int]],
    translations: Iterable[Sequence[str]],
    places: Iterable[Sequence[str]],
) -> dict[str, set[int]]:
    """Each word with translations → the names, by their number, that have one of them."""
    found: dict[str, set[int]] = defaultdict(set)
    vocabulary = sorted(known)
    for is_place, sets in ((False, translations), (True, places)):
        for same in sets:
            plain = list(dict.fromkeys(word for text in same for word in ["".join(words(text))] if word))
            meant = {form for word in plain for form in (_forms(word, vocabulary) if is_place else [word])}
            names = {name for word in meant for name in known.get(word, ())}
            if names:
                for word in plain:
                    found[word] |= names
    return found


def _forms(word: str, vocabulary: Sequence[str]) -> list[str]:
    """A name of a place, and the words that begin like it and end in another way."""
    if len(word) < SHORTEST_STEM:
        return [word]
    stem = word[:-1]
    first, last = bisect_left(vocabulary, stem), bisect_left(vocabulary, f"{stem}\uffff")
    return [word, *(form for form in vocabulary[first:last] if len(form) <= len(word) + LONGEST_ENDING)]
