"""The catalogue of what people read: whole sentences with named fields, in English here, in other languages
in gettext files. Pure.

A sentence is declared once, as `message("…")` or `plural("…", "…")`, in the module of pages/parts/text that
is named like the room that says it, and is said by `say`. It is never put together from pieces: a language
may need another order. Text that stands inside a sentence comes in as a field.

The template of all sentences, for translators, is made from the declarations; *Add a language* in
CONTRIBUTING.md has the commands. What a language has not translated is said in English. In a translation the
fields may stand in another order; each must be there.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from babel.support import NullTranslations, Translations

from pages.parts.text import cldr
from pages.parts.text.cldr import ENGLISH

FOLDER = Path(__file__).parent / "locales"

Field = str | int | date | Sequence[str]


class Message(NamedTuple):
    """One sentence, or one label. many: the form for other numbers than one, "" if there is one form only.

    by: the field that decides.
    """

    one: str
    many: str = ""
    by: str = ""


def message(text: str) -> Message:
    """A sentence with one form. text: a template with {named} fields."""
    return Message(text)


def plural(one: str, many: str, by: str = "number") -> Message:
    """A sentence whose form depends on a number.

    one, many: the two forms of English; other languages have as many as CLDR gives them.
    """
    return Message(one, many, by)


def say(sentence: Message, locale: str = ENGLISH, /, **fields: Field) -> str:
    """A sentence in a language.

    fields: by name; whole numbers, days and lists are written as the language writes them, text as it is.

    A whole number that is no count, such as a year, is written plainly by {year:d} in the template. Raises
    TypeError if a field is missing, unknown, or of another kind.
    """
    texts = translations(locale, FOLDER)
    if sentence.many:
        number = fields.get(sentence.by)
        if not isinstance(number, int):
            raise TypeError(f"“{sentence.one}” needs the number {sentence.by}.")
        template = str(texts.ngettext(sentence.one, sentence.many, number))
    else:
        template = str(texts.gettext(sentence.one))
    if set(fields) != field_names(sentence):
        raise TypeError(
            f"“{sentence.one}” has the fields {sorted(field_names(sentence))}, not {sorted(fields)}."
        )
    return "".join(
        literal if name is None else literal + _written(fields[name], form, locale)
        for literal, name, form in _parsed(template)
    )


@lru_cache(maxsize=1024)
def field_names(sentence: Message) -> frozenset[str]:
    """The fields of a sentence, in either form."""
    names = {name for form in sentence[:2] for _, name, _, _ in Formatter().parse(form) if name is not None}
    return frozenset({*names, *([sentence.by] if sentence.by else [])})


@lru_cache(maxsize=64)
def translations(locale: str, folder: Path) -> NullTranslations:
    """The sentences of a language; those of English stand in the code.

    folder: holds <locale>/LC_MESSAGES/messages.mo.
    """
    return Translations.load(folder, [locale])


@lru_cache(maxsize=2048)
def _parsed(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """The parts of a template: text, the field after it or None, how that is written."""
    return tuple((literal, name, form or "") for literal, name, form, _ in Formatter().parse(template))


def _written(value: object, form: str, locale: str) -> str:
    """One field of a template, as the language writes it."""
    match value:
        case str():
            return value
        case bool():
            raise TypeError("A sentence has no field for true or false.")
        case int():
            return str(value) if form == "d" else cldr.decimal(value, 0, locale)
        case date():
            return cldr.day(value, locale)
        case list() | tuple():
            return cldr.listed(value, "and", locale)
    raise TypeError(f"A sentence has no field of the kind {type(value).__name__}.")
