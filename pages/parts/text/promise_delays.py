"""How far a promise has slipped, in words. Pure."""

from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import message, plural, say

NO_CHANGE = message("no change")
EARLIER = plural("\u2212{number} month", "\u2212{number} months")
LATER = plural("+{number} month", "+{number} months")
LATER_BETWEEN = message("+{least} to {most} months")
PERHAPS = plural("perhaps +{number} month", "perhaps +{number} months")
LATER_UP_TO = plural("up to +{number} month", "up to +{number} months")
DONE = message("done {when}")
DONE_MOVED = message("done {when}, {moved}")
NOT_CONFIRMED = message("not confirmed")
MOVED_NOT_CONFIRMED = message("{moved}, not confirmed")
NOT_LOOKED_AT = message("not looked at yet")
MOVED_NOT_LOOKED_AT = message("{moved}, not looked at yet")
WITHDRAWN = message("withdrawn")
NO_EARLIER_DATE = message("no earlier date")


def month_words(least: int, most: int, is_later: bool = True, locale: str = ENGLISH) -> str:
    """Months of delay in words: "+7 months", "+3 to 12 months", "up to +12 months", "no change"; "perhaps +6
    months" where a period that may hold the first date is all that is stated.
    is_later: as of `promise_delays.Slip`.
    """
    if most == 0:
        return say(NO_CHANGE, locale)
    if most < 0:
        return say(EARLIER, locale, number=-most)
    if least == most:
        return say(LATER, locale, number=most)
    if least > 0:
        return say(LATER_BETWEEN, locale, least=least, most=most)
    return say(LATER_UP_TO if is_later else PERHAPS, locale, number=most)


def slip_words(
    state: str,
    least: int | None,
    most: int | None,
    is_later: bool,
    when: str,
    locale: str,
) -> str:
    """The word at the right of a promise. state, least, most, is_later: as of
    `promise_delays.Slip`. when: the day on which it
    happened, in words; empty if it did not.
    """
    moved = month_words(least, most, is_later, locale) if least is not None and most is not None else ""
    if when:
        return say(DONE_MOVED, locale, when=when, moved=moved) if most else say(DONE, locale, when=when)
    if state == "withdrawn":
        return say(WITHDRAWN, locale)
    if state == "due":
        return say(MOVED_NOT_CONFIRMED, locale, moved=moved) if most else say(NOT_CONFIRMED, locale)
    if state == "unseen":
        return say(MOVED_NOT_LOOKED_AT, locale, moved=moved) if most else say(NOT_LOOKED_AT, locale)
    return say(NO_EARLIER_DATE, locale) if state == "alone" else moved
