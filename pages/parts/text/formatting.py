"""How numbers and dates are worded on screen: €1.2 bn, 45 %, Q3 2026. Pure; knows no data and no page.

Amounts are Decimal and are rounded once, half up, here. Tables and exports show plain euros instead, see
`plain_euros`.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from pages.parts.text import cldr
from pages.parts.text.cldr import BILLION, ENGLISH, MILLION
from pages.parts.text.translation import message, say
from pipelines import as_of_days

NBSP = "\u00a0"
UNPUBLISHED = message("not published")
WITHOUT_DATA = message("no data")
WITHOUT_DATE = message("no date")

QUALIFIERS = {
    "exact": message("{amount}"),
    "about": message("about {amount}"),
    "over": message("over {amount}"),
    "at-least": message("≥\u00a0{amount}"),
    "up-to": message("up to {amount}"),
    "nearly": message("nearly {amount}"),
}
NONE = "none"  # the qualifier of money that a source denies
NONE_SAYS_THE_SOURCE = message("none, says the source")
NONE_SAID_ON = message("none, says the source of {day}")
UNDER, OVER = message("under {amount}"), message("over {amount}")
HALVES = (message("first half of {year:d}"), message("second half of {year:d}"))
SHORT_YEAR = message("’{year}")
# A language whose words for numbers change with what is counted translates them as figures.
NUMBERS = (
    message("none"),
    message("one"),
    message("two"),
    message("three"),
    message("four"),
    message("five"),
    message("six"),
    message("seven"),
    message("eight"),
    message("nine"),
    message("ten"),
    message("eleven"),
    message("twelve"),
)


def is_missing(value: object) -> bool:
    """Whether a cell of a frame holds no amount, date or word: None, NaN or NaT."""
    return value is None or value != value  # only a missing value differs from itself


def not_published(locale: str = ENGLISH) -> str:
    """What stands for an amount that no source publishes."""
    return say(UNPUBLISHED, locale)


def no_data(locale: str = ENGLISH) -> str:
    """What stands for a measure that cannot be calculated."""
    return say(WITHOUT_DATA, locale)


def euros(
    amount: Decimal | None, qualifier: str = "exact", decimals: int | None = None, locale: str = ENGLISH
) -> str:
    """An amount for a sentence or a label: "€1.2 bn", "€434.5 M", "over €2.6 bn", "not published" for None.

    One decimal; none from €100 bn, nor where it would be .0 from 10 on. `decimals` fixes the number of
    decimals instead, where a sum is to be followed. Below a million the euros are written out. Raises
    ValueError for a qualifier outside the vocabulary.
    """
    if qualifier not in QUALIFIERS and qualifier != NONE:
        raise ValueError(f"“{qualifier}” is not a qualifier. See the table qualifiers.")
    if amount is None:
        return not_published(locale)
    unit, places = _unit(abs(amount), decimals)
    shown = cldr.currency(amount, places, locale, unit)
    return _qualified(shown, qualifier, locale)


def denied(day: date | None, locale: str = ENGLISH) -> str:
    """What stands for money that a source denies, with its date: "none, says the source of 31 March 2026"."""
    if day is None:
        return say(NONE_SAYS_THE_SOURCE, locale)
    return say(NONE_SAID_ON, locale, day=day)


def _qualified(shown: str, qualifier: str, locale: str) -> str:
    """An amount in words with its qualifier; no amount at all where the source says that there is none."""
    if qualifier == NONE:
        return say(NONE_SAYS_THE_SOURCE, locale)
    return say(QUALIFIERS[qualifier], locale, amount=shown)


def dollars(amount: Decimal, locale: str = ENGLISH) -> str:
    """An amount in dollars of the United States, written as `euros` writes euros: "US$1.2 bn"."""
    unit, places = _unit(abs(amount), None)
    return cldr.currency(amount, places, locale, unit, "USD")


def short_amount(amount: Decimal, decimals: int | None = None, locale: str = ENGLISH) -> str:
    """An amount of a currency that stands beside it, written as `euros` writes euros: "1.2 bn"."""
    unit, places = _unit(abs(amount), decimals)
    if unit == 1:
        return cldr.decimal(amount, places, locale)
    return cldr.compact(amount, places, locale, unit)


def _unit(size: Decimal, decimals: int | None) -> tuple[Decimal, int]:
    """In which unit an amount is written, and with how many decimals. size: the amount without its sign."""
    # The smaller unit decides: 999.96 M would read €1,000.0 M and is therefore €1.0 bn; 950 M stays €950 M.
    if cldr.rounded(size / MILLION, 1) >= 1000:
        places = decimals if decimals is not None else 0 if size >= 100 * BILLION else 1
        return BILLION, _shortest(size / BILLION, places, decimals)
    if cldr.rounded(size, 0) >= MILLION:
        return MILLION, _shortest(size / MILLION, 1 if decimals is None else decimals, decimals)
    return Decimal(1), 0 if cldr.rounded(size, 0) or not size else 2


def _shortest(size: Decimal, places: int, decimals: int | None) -> int:
    """How many decimals are written: none where they would be .0 from 10 on, unless their number is fixed."""
    shown = cldr.rounded(size, places)
    return 0 if decimals is None and shown >= 10 and shown == shown.to_integral_value() else places


def unitless(
    amount: Decimal, qualifier: str = "exact", decimals: int | None = None, locale: str = ENGLISH
) -> str:
    """An amount as `euros` writes it, without sign and unit, for a label on an axis that names them: "14.1".

    In a language that counts in other units than the axis does, sign and unit stay.
    """
    unit, places = _unit(abs(amount), decimals)
    if unit != 1 and unit not in cldr.forms(locale).amounts:
        return euros(amount, qualifier, decimals, locale)
    return _qualified(cldr.decimal(amount / unit, places, locale), qualifier, locale)


def axis(values: Sequence[Decimal], locale: str = ENGLISH) -> list[str]:
    """The labels of an axis of euros: plain numbers, sign and unit at the last only: "5", "10", "€15 bn".

    values: rising from 0, at least one. In a language that counts in other units all labels have the unit.
    """
    unit = next((unit for unit in (BILLION, MILLION) if values[-1] >= unit), Decimal(1))
    numbers = [cldr.rounded(value / unit, 2).normalize() for value in values]
    has_units = unit != 1 and unit not in cldr.forms(locale).amounts
    return [
        cldr.currency(number * unit, _decimals(number), locale, unit)
        if has_units or index == len(numbers) - 1
        else exact(number, locale)
        for index, number in enumerate(numbers)
    ]


def bare_millions(amount: Decimal, qualifier: str = "exact", locale: str = ENGLISH) -> str:
    """An amount in millions for a column whose title names the unit: "434.5", "over 2,600"."""
    millions = cldr.rounded(amount / MILLION, 1)
    shown = cldr.decimal(millions, 0 if millions == millions.to_integral_value() else 1, locale)
    return _qualified(shown, qualifier, locale)


def euros_in_millions(amount: Decimal | None, locale: str = ENGLISH) -> str:
    """An amount in millions with one decimal, for a sum that a reader is to follow: "€112,137.3 M"."""
    return not_published(locale) if amount is None else cldr.currency(amount, 1, locale, MILLION)


def plain_euros(amount: Decimal | None, locale: str = ENGLISH) -> str:
    """An amount for a table on screen: every euro, and the cents if there are any: "1,660,000,000",
    "29,052,310,073.50".
    """
    if amount is None:
        return not_published(locale)
    cents = cldr.rounded(amount, 2)
    return cldr.decimal(cents, 0 if cents == cents.to_integral_value() else 2, locale)


def euros_in_full(amount: Decimal | None, locale: str = ENGLISH) -> str:
    """An amount with its sign, every euro and the cents if there are any: "€29,052,310,073.50"."""
    if amount is None:
        return not_published(locale)
    cents = cldr.rounded(amount, 2)
    return cldr.currency(cents, 0 if cents == cents.to_integral_value() else 2, locale)


def percent(part: Decimal, whole: Decimal, locale: str = ENGLISH) -> str:
    """A share in whole percent, "45 %"; "under 1 %", "over 99 %", "over 100 %" where rounding would hide it.

    Raises ValueError if whole is not above 0.
    """
    if whole <= 0:
        raise ValueError("A share needs a denominator above zero.")
    share = 100 * part / whole
    rounded = cldr.rounded(share, 0)
    if share > 0 and rounded == 0:
        return say(UNDER, locale, amount=cldr.percent(Decimal(1), 0, locale))
    if share < 100 and rounded == 100:
        return say(OVER, locale, amount=cldr.percent(Decimal(99), 0, locale))
    if share > 100 and rounded == 100:
        return say(OVER, locale, amount=cldr.percent(Decimal(100), 0, locale))
    return cldr.percent(rounded, 0, locale)


def per_person(amount: Decimal | None, locale: str = ENGLISH) -> str:
    """Euros for each person, to the cent: "€37.12"; "under €0.01" where rounding would say none; "no data"
    for None.
    """
    if amount is None:
        return no_data(locale)
    if amount and not cldr.rounded(amount, 2):
        return say(UNDER, locale, amount=cldr.currency(Decimal("0.01"), 2, locale))
    return cldr.currency(amount, 2, locale)


def fine_percent(share: Decimal | None, locale: str = ENGLISH) -> str:
    """A small share that is given in percent: "0.028 %"; "no data" for None.

    It has two significant digits and at most four decimals.
    """
    if share is None:
        return no_data(locale)
    rounded = cldr.rounded(share, _places(share))
    if rounded:  # 0.0999 becomes 0.100, and that is 0.10
        rounded = cldr.rounded(rounded, _places(rounded))
    if share and not rounded:
        return say(UNDER, locale, amount=cldr.percent(Decimal("0.0001"), 4, locale))
    return cldr.percent(rounded, _places(rounded), locale)


def _places(share: Decimal) -> int:
    return min(4, max(0, 1 - share.adjusted())) if share else 0


def whole(value: int | Decimal, locale: str = ENGLISH) -> str:
    """A whole number in figures: "15,341"."""
    return cldr.decimal(value, 0, locale)


def fixed(value: Decimal, places: int, locale: str = ENGLISH) -> str:
    """A number with a fixed number of decimals: "3.10"."""
    return cldr.decimal(value, places, locale)


def exact(value: Decimal, locale: str = ENGLISH) -> str:
    """A number with all its decimals and no zero at its end, such as a rate: "1.0876"."""
    return cldr.decimal(value, _decimals(value), locale)


def _decimals(value: Decimal) -> int:
    """How many decimals a number has, zeros at its end left out."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def count(number: int, one: str, many: str | None = None, locale: str = ENGLISH) -> str:
    """How many of something, in figures: "1 source", "15,341 rows". `many` defaults to `one` with an s.

    For rooms whose sentences are not in the catalogue yet; a sentence of the catalogue is a `plural`.
    """
    form = one if number == 1 else (many or f"{one}s")
    return f"{whole(number, locale)}{NBSP}{form}"


def day(value: date, locale: str = ENGLISH) -> str:
    """A day for a sentence: "25 June 2026"."""
    return cldr.day(value, locale)


def short_day(value: date, locale: str = ENGLISH) -> str:
    """A day for a label in a figure: "25 Jun 2026"."""
    return cldr.short_day(value, locale)


def short_month(value: date, locale: str = ENGLISH) -> str:
    """A month for a label in a figure: "Jun 2026"."""
    return cldr.short_month(value, locale)


def moment(first: date | None, precision: str | None, locale: str = ENGLISH) -> str:
    """A date as exactly as it is known: "25 June 2026", "July 2026", "Q3 2026", "second half of 2026",
    "2026"; "no date" if there is none.

    first: the first day of the stated period. Raises ValueError for a precision outside the vocabulary.
    """
    if first is None or precision is None:
        return say(WITHOUT_DATE, locale)
    match precision:
        case "day":
            return cldr.day(first, locale)
        case "month":
            return cldr.month(first, locale)
        case "quarter":
            return cldr.quarter(first, locale)
        case "half":
            return say(HALVES[0 if first.month < 7 else 1], locale, year=first.year)
        case "year":
            return str(first.year)
    raise ValueError(f"“{precision}” is not a precision of dates. See the table date_precisions.")


def short_year(year: int, locale: str = ENGLISH) -> str:
    """A year for a narrow axis: "’24"."""
    return say(SHORT_YEAR, locale, year=f"{year % 100:02d}")


def month_name(value: date, locale: str = ENGLISH) -> str:
    """A month without its year, for an axis that names the year: "Jul"."""
    return cldr.month_name(value, locale)


def years(first: int, last: int) -> str:
    """A span of years: "2021–27", "1999–2004", "2026"."""
    if first == last:
        return str(first)
    return f"{first}–{last % 100:02d}" if first // 100 == last // 100 else f"{first}–{last}"


def listed(words: Sequence[str], last: Literal["and", "or"] = "and", locale: str = ENGLISH) -> str:
    """Words in a row: "A", "A and B", "A, B and C"."""
    return cldr.listed(words, last, locale)


def number(value: int, locale: str = ENGLISH) -> str:
    """A small number as a word, a larger one in figures: "seven", "19"."""
    return say(NUMBERS[value], locale) if 0 <= value < len(NUMBERS) else whole(value, locale)


def paragraph(*sentences: str) -> str:
    """Whole sentences one after the other; empty ones are left out."""
    return " ".join(text.strip() for text in sentences if text.strip())


def sentence(text: str) -> str:
    """Text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def country(code: str, label: str, locale: str = ENGLISH) -> str:
    """The name of a country. code: EU code, as EL for Greece.

    label: its name in the table countries of the release.

    In English the label has precedence: it is the name that the EU's protocol uses. In another language it is
    Babel's name, if Babel's English name is the label too; a country that the protocol names in its own way,
    such as Kosovo*, keeps its label, because Babel names something else.
    """
    if locale == ENGLISH:
        return label
    iso = {"EL": "GR", "UK": "GB"}.get(code, code)
    is_same = cldr.babel_locale(ENGLISH).territories.get(iso) == label
    return cldr.babel_locale(locale).territories.get(iso, label) if is_same else label


RELEASE_ON_A_DAY = message("{release}, as it stood on {day}")


def spelt(release_id: str, locale: str = ENGLISH) -> str:
    """The id of a release as readers see it: its day and its fingerprint; and the day that is looked at."""
    release = as_of_days.view(release_id).release_id
    return _on_the_day(f"{release[:10]} · {release[11:]}", release_id, locale)


def named(release_id: str, locale: str = ENGLISH) -> str:
    """The id of a release as it is cited, and the day that is looked at."""
    return _on_the_day(as_of_days.view(release_id).release_id, release_id, locale)


def _on_the_day(release: str, release_id: str, locale: str) -> str:
    looked_at = as_of_days.view(release_id).day
    return say(RELEASE_ON_A_DAY, locale, release=release, day=looked_at) if looked_at else release
