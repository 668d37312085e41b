"""Words that stand for our codes: the labels and official names of data/reference, and the names
of countries in the languages of the EU. Pure, but for the lists, which are read once.
"""

from functools import lru_cache

from babel import Locale

from pipelines import reference
from pipelines.foreign_files.header_words import plain

_LANGUAGES = ("bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu", "ga", "it", "lv", "lt", "mt", "pl", "pt", "ro", "sk", "sl", "es", "sv")  # fmt: skip
_NAMES = ("label", "official")
# What people write for the codes of countries that the EU writes otherwise, and by three letters.
_ISO = ("iso2", "iso3")


@lru_cache
def codes_by_word(vocabulary: str) -> dict[str, str]:
    """Plain word → our code, for every word that stands for one code alone.

    vocabulary: a list of data/reference. A code in other letters or with spaces is one of its words.
    """
    rows = reference.read_rows(vocabulary)
    found: dict[str, set[str]] = {}
    for row in rows:
        words = [row["code"], *(row.get(name, "") for name in (*_NAMES, *_ISO))]
        if vocabulary == "countries":
            words += _country_names(row.get("iso2") or row["code"])
        for word in words:
            if word and plain(word):
                found.setdefault(plain(word), set()).add(row["code"])
    return {word: codes.pop() for word, codes in found.items() if len(codes) == 1}


def _country_names(iso2: str) -> list[str]:
    """What a country is called in the languages of the EU."""
    names = (Locale(language).territories.get(iso2) for language in _LANGUAGES)
    return [name for name in names if name]
