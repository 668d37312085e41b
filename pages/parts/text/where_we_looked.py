"""Where and until when something was looked for: no absence is said without it. Pure."""

from datetime import date
from typing import NamedTuple

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import message, say

PLACES = {  # by the tier of the documents that were found there
    "law-or-institution": message("EU laws and budgets"),
    "host-or-government": message("pages of governments and hosts"),
    "press": message("the press"),
}
OUR_SOURCES = message("our sources")
NO_PAYMENT = message("We found no published payment for {name}; we looked in {places}.")
NO_PAYMENT_UNTIL = message("We found no published payment for {name}; we looked in {places} until {day}.")
NO_AMOUNT = message("{name}, “{what}”: we found no published total; we looked in {places}.")
NO_AMOUNT_UNTIL = message("{name}, “{what}”: we found no published total; we looked in {places} until {day}.")
NO_PAYMENT_IN = message("{scope}: we found no published payment ({basis}); we looked in {places}.")
NO_PAYMENT_IN_UNTIL = message(
    "{scope}: we found no published payment ({basis}); we looked in {places} until {day}."
)
COMPILED = message("Compiled on {day}.")
NEWEST_AND_COMPILED = message("Newest source: {newest}. Compiled on {day}.")


class Search(NamedTuple):
    """How far a release looked. tiers: of its documents, the best first. until: the day of its newest source,
    if any is known.
    """

    tiers: tuple[str, ...]
    until: date | None

    def places(self, locale: str = ENGLISH) -> str:
        """The kinds of sources in words."""
        places = [say(PLACES[tier], locale) for tier in self.tiers if tier in PLACES]
        return formatting.listed(places, "and", locale) if places else say(OUR_SOURCES, locale)


def no_payment(name: str, search: Search, locale: str = ENGLISH) -> str:
    """That no payment was found: for what, where and until when. name: in words."""
    fields: dict[str, str | date] = {"name": name, "places": search.places(locale)}
    if search.until is None:
        return say(NO_PAYMENT, locale, **fields)
    return say(NO_PAYMENT_UNTIL, locale, day=search.until, **fields)


def no_amount(name: str, what: str, search: Search, locale: str = ENGLISH) -> str:
    """That no total was found: of what, where and until when. name, what: the thing and its step in words."""
    fields: dict[str, str | date] = {"name": name, "what": what, "places": search.places(locale)}
    if search.until is None:
        return say(NO_AMOUNT, locale, **fields)
    return say(NO_AMOUNT_UNTIL, locale, day=search.until, **fields)


def no_payment_in(scope: str, basis: str, search: Search, locale: str = ENGLISH) -> str:
    """That no payment was found in a choice, where and until when. scope, basis: the choice in words."""
    fields: dict[str, str | date] = {"scope": scope, "basis": basis, "places": search.places(locale)}
    if search.until is None:
        return say(NO_PAYMENT_IN, locale, **fields)
    return say(NO_PAYMENT_IN_UNTIL, locale, day=search.until, **fields)


def two_dates(newest: date | None, compiled: date, locale: str = ENGLISH) -> str:
    """The two dates of a release: of its newest source, if any is known, and of the day it was compiled."""
    if newest is None:
        return say(COMPILED, locale, day=compiled)
    return say(NEWEST_AND_COMPILED, locale, newest=newest, day=compiled)
