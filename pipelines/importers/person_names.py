"""Whether a beneficiary's name may be that of a natural person, by data/reference/person_names.toml."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from pipelines import reference

_MOST_WORDS = 4


def looks_like_a_person(name: str) -> bool:
    """Whether a name has a title, a given name or the form “Family, Given”, and no word of an organisation.

    Some companies bear only the name of a person: they count as persons, because nothing tells them apart.
    """
    plain = _plain(name)
    words = plain.replace(",", " ").split()
    titles, given, organisation = _lists()
    if not words or organisation.search(plain):
        return False
    if words[0].rstrip(".") in titles or plain in titles:
        return True
    is_name = 2 <= len(words) <= _MOST_WORDS and all(re.fullmatch(r"[a-z][a-z.'’-]*", word) for word in words)
    if not is_name:
        return False
    has_given_name = any(part in given for word in words for part in (word, word.split("-")[0]))
    return has_given_name or re.fullmatch(r"[a-z'’ -]+, [a-z. -]+", plain) is not None


def _plain(name: str) -> str:
    """A name in small letters without accents, words parted by one space."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    declared = reference.read_declaration("person_names")
    return frozenset(declared["titles"]), frozenset(declared["given"]), _whole_words(declared["organisation"])


def _whole_words(words: Sequence[str]) -> re.Pattern[str]:
    forms = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<![\w.])(?:{forms})(?![\w])")
