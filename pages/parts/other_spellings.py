"""Codes that an address writes otherwise: in other letters, in a list with commas, by another code of a
country; and the code that a name means. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from pages.parts.filter_labels import VOCABULARIES
from pages.parts.text import address_notices
from pages.parts.text.cldr import ENGLISH
from pages.parts.url_state import RECODED, RETIRED, Parameter
from pipelines.code_synonyms import code_of
from pipelines.foreign_files.header_words import plain

_BETWEEN = re.compile(r"[,;|]")
_MORE_VOCABULARIES = {"ladder": ("programmes",)}  # besides the one that filter_labels names


def respelt(
    query: Mapping[str, Sequence[str]],
    parameters: Iterable[Parameter],
    locale: str = ENGLISH,
    with_names: bool = False,
) -> tuple[dict[str, list[str]], list[str]]:
    """The query with our codes in the place of other spellings of them, and a sentence for each.

    query: parameter → its values, in the order of the address. with_names: names are read as codes too, as
    pages do. What is no spelling of a code stays.
    """
    by_name = {parameter.name: parameter for parameter in parameters}
    written: dict[str, list[str]] = {}
    notices = []
    for name, values in query.items():
        parameter = by_name.get(name) or by_name.get(RETIRED.get(name, name))
        written[name] = []
        for value in values:
            codes = codes_of(parameter, value, with_names) if parameter else []
            if codes:
                notices.append(address_notices.read_as(name, value, codes, locale))
            written[name] += codes or [value]
    return written, notices


def codes_of(parameter: Parameter, value: str, with_names: bool = False) -> list[str]:
    """The codes that a value spells otherwise; empty where it is a code, empty or spells none.

    with_names: names of codes count as spellings of them.
    """
    known = {*parameter.allowed, ""}
    if value in known or RECODED.get((parameter.name, value), value) in known:
        return []
    if code := _code_of(parameter, value) or (with_names and code_meant(parameter, value)):
        return [code]
    parts = [part.strip() for part in _BETWEEN.split(value) if part.strip()]
    codes = [_code_of(parameter, part) for part in parts]
    return list(dict.fromkeys(codes)) if all(codes) else []


def code_meant(parameter: Parameter, word: str) -> str:
    """The code of which a word is the name, in any language of the EU; empty where it is none."""
    first = VOCABULARIES.get(parameter.name)
    for vocabulary in (*((first,) if first else ()), *_MORE_VOCABULARIES.get(parameter.name, ())):
        code = code_of(vocabulary, word)
        if code in parameter.allowed:
            return code
    return ""


def _code_of(parameter: Parameter, word: str) -> str:
    """The one code that a word is in other letters, or by ISO 3166; empty where it is none."""
    if word in parameter.allowed:
        return word
    wanted = plain(word)
    same = [code for code in parameter.allowed if plain(code) == wanted] if wanted else []
    if len(same) == 1:
        return same[0]
    is_iso = parameter.name == "country" and re.fullmatch(r"[A-Za-z]{2,3}", word.strip())
    return code_meant(parameter, word) if is_iso else ""
