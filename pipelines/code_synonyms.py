"""Words that stand for our codes: the labels and official names of data/reference, the words of its
code_words.csv, and the names of countries in the languages of the EU. Pure, but for the lists, which are read
once.
"""

import difflib
import re
from functools import lru_cache

from babel import Locale

from pipelines import reference
from pipelines.foreign_files.header_words import plain

_LANGUAGES = ("bg", "hr", "cs", "da", "nl", "en", "et", "fi", "fr", "de", "el", "hu", "ga", "it", "lv", "lt", "mt", "pl", "pt", "ro", "sk", "sl", "es", "sv")  # fmt: skip
_NAMES = ("label", "official")
# What people write for the codes of countries that the EU writes otherwise, and by three letters.
_ISO = ("iso2", "iso3")
_BETWEEN = re.compile(r"[()\[\]/|,;:=]|\s[-–—]\s")
_NEAR = 0.7


@lru_cache
def codes_by_word(vocabulary: str) -> dict[str, str]:
    """Plain word → our code, for every word that stands for one code alone.

    vocabulary: a list of data/reference. A code in other letters or with spaces is one of its words.
    """
    found: dict[str, set[str]] = {}
    for row in reference.read_rows(vocabulary):
        words = [row["code"], *(row.get(name, "") for name in (*_NAMES, *_ISO))]
        if vocabulary == "countries":
            words += _country_names(row.get("iso2") or row["code"])
        for word in words:
            if word and plain(word):
                found.setdefault(plain(word), set()).add(row["code"])
    for row in reference.read_rows("code_words"):
        if row["vocabulary"] == vocabulary:
            for word in row["words"].split(";"):
                found.setdefault(plain(word), set()).add(row["code"])
    return {word: codes.pop() for word, codes in found.items() if len(codes) == 1}


def code_of(vocabulary: str, word: str) -> str:
    """The code that a word stands for, or that all parts of it do, as “DE – Deutschland”; empty if none."""
    codes = codes_by_word(vocabulary)
    if code := codes.get(plain(word), "") or codes.get(plain(word).removeprefix("the "), ""):
        return code
    parts = {codes.get(part, "") for part in map(plain, _BETWEEN.split(word)) if part}
    return parts.pop() if len(parts) == 1 else ""


def nearest_code(vocabulary: str, word: str) -> str:
    """The code whose words are nearest to a word; empty where none is near."""
    codes = codes_by_word(vocabulary)
    near = difflib.get_close_matches(plain(word), list(codes), n=1, cutoff=_NEAR)
    return codes[near[0]] if near else ""


@lru_cache
def label_of(vocabulary: str, code: str) -> str:
    """What a code is called; empty where it is not in the list."""
    return next((row["label"] for row in reference.read_rows(vocabulary) if row["code"] == code), "")


def _country_names(iso2: str) -> list[str]:
    """What a country is called in the languages of the EU."""
    names = (Locale(language).territories.get(iso2) for language in _LANGUAGES)
    return [name for name in names if name]
