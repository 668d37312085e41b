"""Whether a beneficiary's name may be that of a natural person, by data/reference/person_names.toml; and rows
without such names.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference

WITHHELD = "a natural person (name withheld)"
_SPEAKING = ("heading", "note")  # columns of free text, which may repeat a name
_MOST_WORDS = 4
_LONGEST_ABBREVIATION = 3
_SURE_TITLES = ("dr", "mr", "mrs", "mme")  # also in capitals
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_INITIAL = re.compile(r"[^\W\d_]\.(?:-[^\W\d_]\.)?")
_LIKE_A_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’`-])*")


class _Lists(NamedTuple):
    """The declared words, in plain letters. organisation: whole words; organisation_parts: with a *."""

    titles: frozenset[str]
    degrees: frozenset[str]
    sole_trader: re.Pattern[str]
    sole_trader_starts: frozenset[str]
    sole_trader_words: re.Pattern[str]
    marks: frozenset[str]
    organisation: frozenset[str]
    organisation_parts: re.Pattern[str]
    given: frozenset[str]
    family_endings: tuple[str, ...]
    withheld: re.Pattern[str]


def looks_like_a_person(name: str) -> bool:
    """Whether a name has a title, a sole trader's form, a given name or the form “Family, Given”.

    Some companies bear only the name of a person: they count as persons, because nothing tells them apart.
    """
    return bool(sign_of_a_person(name))


def sign_of_a_person(name: str) -> str:
    """What in a name tells that it may be a natural person's, in a few words; empty where nothing does."""
    plain = _plain(name)
    lists = _lists()
    words = _words(plain)
    if not words or lists.withheld.search(plain):
        return ""
    if any(word in lists.sole_trader_starts for word in words) and (found := lists.sole_trader.search(plain)):
        return f"a sole trader's form, {found[0].strip('() ,')}"
    mark = _sole_trader_mark(name)
    if any(_is_of_an_organisation(word) for word in words):
        own = [word for word in _words(lists.sole_trader_words.sub(" ", plain)) if word != _plain(mark)]
        is_own = 2 <= len(own) < len(words) and not any(map(_is_of_an_organisation, own))
        return "a given name beside a trade" if is_own and _has_given_name(own) else ""
    if mark:
        return f"a sole trader's form, {mark}"
    if plain in lists.titles or (words[0].rstrip(".") in lists.titles and _is_a_title(name, words)):
        return f"a title, {words[0]}"
    people = [word for word in words if word.rstrip(".") not in lists.degrees]
    if len(people) > _MOST_WORDS or not all(_LIKE_A_NAME.fullmatch(word) for word in people):
        return ""
    if people and len(people) < len(words):
        return "a degree behind the name"
    if len(people) < 2:
        return ""
    if _has_given_name(people):
        return "a given name"
    if sum(bool(_INITIAL.fullmatch(word)) for word in people) not in (0, len(people)):
        return "an initial and a name"
    if any(len(word) > 6 and word.endswith(lists.family_endings) for word in people):
        return "a family name"
    return "the form “Family, Given”" if _is_family_and_given(name) else ""


def _words(plain: str) -> list[str]:
    """The words of a name without the marks around them."""
    return [bare for word in re.split(r"[\s,;]+", plain) if (bare := word.strip("()[]"))]


def _is_a_title(name: str, words: Sequence[str]) -> bool:
    """Whether the first word is a title: one in capitals alone, as HR, may be an abbreviation."""
    first = name.split()[0]
    is_plain = not first.isupper() or first.endswith(".") or len(first) > _LONGEST_ABBREVIATION
    return len(words) > 1 and (is_plain or words[0] in _SURE_TITLES or _has_given_name(words[1:]))


def _has_given_name(words: Sequence[str]) -> bool:
    given = _lists().given
    return any(part in given for word in words for part in (word, *word.split("-")))


def _is_family_and_given(name: str) -> bool:
    """Whether a name is one to three words, a comma, and one or two words."""
    family, comma, given = name.partition(",")
    counts = len(family.split()), len(given.split())
    is_short_form = given.isupper() and not family.isupper()  # of an organisation
    return (
        bool(comma) and "," not in given and 1 <= counts[0] <= 3 and 1 <= counts[1] <= 2 and not is_short_form
    )


def _sole_trader_mark(name: str) -> str:
    """The short form of a sole trader that a name begins or ends with, beside another word; or nothing."""
    words = [word.strip("()[],;") for word in name.split()]
    ends = (words[0], words[-1], " ".join(words[-2:])) if len(words) > 1 else ()
    return next((word for word in ends if word in _lists().marks), "")


@lru_cache(maxsize=200_000)
def _is_of_an_organisation(word: str) -> bool:
    """Whether a word, or a part of it between hyphens, is one that organisations have in their names."""
    lists = _lists()
    parts = (word, word.rstrip("."), word.replace(".", ""), *re.split(r"[-–/]", word))
    return any(part in lists.organisation or lists.organisation_parts.fullmatch(part) for part in parts)


def _plain(name: str) -> str:
    """A name in small letters without accents, words parted by one space."""
    if name.isascii():
        return " ".join(name.lower().split())
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


@cache
def _lists() -> _Lists:
    declared = reference.read_declaration("person_names")
    plain = {name: [_plain(word) for word in words] for name, words in declared.items()}
    parts = [word for word in plain["organisation"] if "*" in word]
    return _Lists(
        frozenset(plain["titles"]),
        frozenset(plain["degrees"]),
        _whole_words(plain["sole_trader"]),
        frozenset(word for phrase in plain["sole_trader"] for word in phrase.split()[:1]),
        _whole_words(plain["sole_trader_words"]),
        frozenset(declared["sole_trader_marks"]),
        frozenset(word for word in plain["organisation"] if "*" not in word),
        re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in parts)),
        frozenset(plain["given"]),
        tuple(plain["family_endings"]),
        _whole_words(plain["withheld"]),
    )


def _whole_words(words: Sequence[str]) -> re.Pattern[str]:
    forms = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{forms})(?![\w])")


def names_of_persons(table: pa.Table) -> dict[str, str]:
    """Beneficiary → what tells that it may be a natural person. table: has a text column `beneficiary`."""
    names = (name for name in pc.unique(table["beneficiary"]).to_pylist() if name)
    return {name: sign for name in names if (sign := sign_of_a_person(name))}


def without_names(table: pa.Table, names: Collection[str]) -> pa.Table:
    """The rows with these beneficiaries withheld, also where heading or note repeat them."""
    if not names or not table.num_rows:
        return table
    where = np.asarray(pc.is_in(table["beneficiary"], pa.array(sorted(names), pa.string())))
    for column in _SPEAKING:
        table = _set(table, column, _without_mentions(table, column, where))
    hidden = pc.if_else(pa.array(where), pa.scalar(WITHHELD), table["beneficiary"])
    return _set(table, "beneficiary", hidden)


def _without_mentions(table: pa.Table, column: str, where: np.ndarray[Any, Any]) -> pa.ChunkedArray:
    """A column of text in which the rows named say nothing of their own beneficiary's name."""
    positions = np.flatnonzero(where & np.asarray(pc.is_valid(table[column])))
    if not len(positions):
        return table[column]
    chosen = pa.array(positions)
    names, texts = table["beneficiary"].take(chosen).to_pylist(), table[column].take(chosen).to_pylist()
    changed = [_without(text, name) for text, name in zip(texts, names, strict=True)]
    return pc.replace_with_mask(
        table[column].combine_chunks(),
        pa.array(np.isin(np.arange(table.num_rows), positions)),
        pa.array(changed, pa.string()),
    )


def _without(text: str, name: str) -> str:
    return re.sub(re.escape(name), WITHHELD, text, flags=re.IGNORECASE)


def _set(table: pa.Table, name: str, column: pa.ChunkedArray | pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)
