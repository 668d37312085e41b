"""What a page says of an address that it cannot follow as it is written. Pure."""

from collections.abc import Sequence

from pages.parts.text.cldr import ENGLISH, listed
from pages.parts.text.translation import message, say

NO_CHOICE = message("“{name}” is not a choice on this page. It was ignored. Choices are {choices}.")
NO_CHOICES = message("“{name}” is not a choice on this page. It was ignored. This page has no choices.")
UNKNOWN = message("“{name}={value}” is unknown. It was ignored. Allowed: {allowed}.")
UNKNOWN_NEAR = message(
    "“{name}={value}” is unknown. It was ignored. Did you mean {near}? Allowed: {allowed}."
)
ONE_VALUE = message("“{name}” takes one value. The link gives {values}; {used} is used.")
READ_AS = message("“{name}={value}” is read as {codes}.")
FIRST_AND_MORE = message("{first} and {number} more")
MOST_ALLOWED = 8


def no_choice(name: str, choices: Sequence[str], locale: str = ENGLISH) -> str:
    """The page has no such choice. choices: those that it has."""
    if not choices:
        return say(NO_CHOICES, locale, name=name)
    return say(NO_CHOICE, locale, name=name, choices=list(choices))


def unknown(name: str, value: str, near: str, allowed: Sequence[str], locale: str = ENGLISH) -> str:
    """The choice has no such value. near: the value that was perhaps meant, or ""."""
    fields = {"name": name, "value": value, "allowed": _allowed(allowed, locale)}
    return say(UNKNOWN_NEAR, locale, near=near, **fields) if near else say(UNKNOWN, locale, **fields)


def one_value(name: str, values: Sequence[str], locale: str = ENGLISH) -> str:
    """Several values where one may be chosen; the last is used."""
    return say(ONE_VALUE, locale, name=name, values=list(values), used=values[-1])


def read_as(name: str, value: str, codes: Sequence[str], locale: str = ENGLISH) -> str:
    """The value spells these codes otherwise."""
    return say(READ_AS, locale, name=name, value=value, codes=list(codes))


def _allowed(values: Sequence[str], locale: str) -> str:
    if len(values) <= MOST_ALLOWED:
        return listed(list(values), "or", locale)
    first, more = ", ".join(values[:MOST_ALLOWED]), len(values) - MOST_ALLOWED
    return say(FIRST_AND_MORE, locale, first=first, number=more)
