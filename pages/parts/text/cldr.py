"""How each language writes numbers, amounts, dates and lists: Babel's CLDR data, and patterns of ours where
the product's form differs. Pure.

A language needs nothing here: what `OWN` does not name is written as CLDR has it. English is the English of
Ireland, with the euro sign before the amount and the day before the month.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import NumberPattern, get_minus_sign_symbol, parse_pattern

ENGLISH = "en"
BILLION, MILLION = Decimal(10) ** 9, Decimal(10) ** 6


class Forms(NamedTuple):
    """The patterns of one language that differ from CLDR, in the notation of CLDR; "" stands for the pattern
    of CLDR.

    region: the locale of CLDR for everything else. amounts: thousand millions and millions of a currency,
    where ¤ is its sign. numbers: the same without a currency.
    """

    region: str
    minus: str = ""
    percent: str = ""
    currency: str = ""
    amounts: Mapping[Decimal, str] = {}
    numbers: Mapping[Decimal, str] = {}
    day: str = ""
    short_day: str = ""
    quarter: str = ""


OWN: Mapping[str, Forms] = {
    ENGLISH: Forms(
        region="en_IE",
        minus="\u2212",
        percent="#,##0\u00a0%",
        currency="¤#,##0",
        amounts={BILLION: "¤#,##0\u00a0bn", MILLION: "¤#,##0\u00a0M"},
        numbers={BILLION: "#,##0\u00a0bn", MILLION: "#,##0\u00a0M"},
        day="d\u00a0MMMM y",
        short_day="d\u00a0MMM\u00a0y",
        quarter="QQQ\u00a0y",
    )
}


@lru_cache(maxsize=64)
def babel_locale(locale: str) -> Locale:
    """The locale of Babel for a language of ours.

    Raises babel.UnknownLocaleError for a language that CLDR does not know.
    """
    return Locale.parse(forms(locale).region)


def forms(locale: str) -> Forms:
    """The patterns of ours for a language."""
    return OWN.get(locale) or Forms(region=locale)


def rounded(value: Decimal, places: int) -> Decimal:
    """A number rounded half up, once."""
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=256)
def _pattern(text: str, places: int, locale: str) -> NumberPattern:
    """A pattern of CLDR with a fixed number of decimals, groups of three digits, and the minus of the
    language.
    """
    parsed: NumberPattern = parse_pattern(text)
    minus = forms(locale).minus or get_minus_sign_symbol(babel_locale(locale))
    parsed.frac_prec, parsed.grouping, parsed.scale = (places, places), (3, 3), 0
    parsed.prefix = (parsed.prefix[0], minus + parsed.prefix[0])
    return parsed


@lru_cache(maxsize=4096)  # the numbers of a figure stand in its table, its title and its small print too
def _written(value: Decimal, places: int, pattern: str, locale: str, currency: str | None = None) -> str:
    shown = rounded(value, places) + 0  # no minus before a zero
    applied: str = _pattern(pattern, places, locale).apply(
        shown, babel_locale(locale), currency=currency, currency_digits=False
    )
    return applied


def decimal(value: Decimal | int, places: int = 0, locale: str = ENGLISH) -> str:
    """A number with its groups and a fixed number of decimals: "15,341", "3.10"."""
    return _written(Decimal(value), places, "#,##0", locale)


def percent(value: Decimal, places: int = 0, locale: str = ENGLISH) -> str:
    """A number that is given in percent: "45 %"."""
    pattern = forms(locale).percent or babel_locale(locale).percent_formats[None].pattern
    return _written(value, places, pattern, locale)


def currency(
    value: Decimal, places: int, locale: str = ENGLISH, unit: Decimal = Decimal(1), code: str = "EUR"
) -> str:
    """Money with the sign of its currency: "€209,500"; in thousand millions or millions with their unit:
    "€1.2 bn". unit: 1, MILLION or BILLION.

    Some languages count thousand millions in millions; the number is then that of the millions.
    """
    own, babel = forms(locale), babel_locale(locale)
    if unit == 1:
        pattern = own.currency or babel.currency_formats["standard"].pattern
        return _written(value, places, pattern, locale, code)
    return _in_units(value, places, unit, own.amounts, babel.compact_currency_formats, locale, code)


def compact(value: Decimal, places: int, locale: str = ENGLISH, unit: Decimal = MILLION) -> str:
    """A number in thousand millions or millions with their unit: "1.2 bn". unit: MILLION or BILLION."""
    babel = babel_locale(locale)
    return _in_units(value, places, unit, forms(locale).numbers, babel.compact_decimal_formats, locale, None)


def _in_units(
    value: Decimal,
    places: int,
    unit: Decimal,
    own: Mapping[Decimal, str],
    compact_formats: Any,
    locale: str,
    code: str | None,
) -> str:
    if unit in own:
        return _written(value / unit, places, own[unit], locale, code)
    pattern = compact_formats["short"]["other"][str(int(unit))].pattern
    more = pattern.count("0") - 1  # the number of digits by which a language counts in a smaller unit
    scaled = value / (unit / 10**more)
    return _written(scaled, max(0, places - more), pattern.replace("0" * (more + 1), "0"), locale, code)


def day(value: date, locale: str = ENGLISH) -> str:
    """A day for a sentence: "25 June 2026"."""
    return format_date(value, forms(locale).day or "long", babel_locale(locale))


def short_day(value: date, locale: str = ENGLISH) -> str:
    """A day for a label in a figure: "25 Jun 2026"."""
    return format_date(value, forms(locale).short_day or "medium", babel_locale(locale))


def month(value: date, locale: str = ENGLISH) -> str:
    """A month: "June 2026"."""
    return format_skeleton("yMMMM", value, locale=babel_locale(locale))


def short_month(value: date, locale: str = ENGLISH) -> str:
    """A month in short: "Jun 2026"."""
    return format_skeleton("yMMM", value, locale=babel_locale(locale))


def month_name(value: date, locale: str = ENGLISH) -> str:
    """A month in short, without its year: "Jun"."""
    return format_skeleton("MMM", value, locale=babel_locale(locale))


def quarter(value: date, locale: str = ENGLISH) -> str:
    """A quarter: "Q3 2026"."""
    own = forms(locale).quarter
    return (
        format_date(value, own, babel_locale(locale))
        if own
        else format_skeleton("yQQQ", value, locale=babel_locale(locale))
    )


def listed(words: Sequence[str], last: Literal["and", "or"] = "and", locale: str = ENGLISH) -> str:
    """Words in a row: "A", "A and B", "A, B and C"; "" for none."""
    return format_list(words, "standard" if last == "and" else "or", babel_locale(locale)) if words else ""
