"""How numbers and dates are worded on screen: €1.2 bn, 45 %, Q3 2026. Pure; knows no data and no page.

Amounts are Decimal and are rounded once, half up, here. Tables and exports show plain euros instead, see `plain_euros`.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

NBSP = "\u00a0"
MINUS = "\u2212"
NOT_PUBLISHED = "not published"
NO_DATA = "no data"

QUALIFIERS = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "at-least": f"≥{NBSP}",
    "up-to": "up to ",
    "nearly": "nearly ",
}
WEAKEST_FIRST = ("about", "nearly", "up-to", "over", "at-least", "exact")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def is_missing(value: object) -> bool:
    """Whether a cell of a frame holds no amount, date or word: None, NaN or NaT."""
    return value is None or value != value  # only a missing value differs from itself


def euros(amount: Decimal | None, qualifier: str = "exact", decimals: int | None = None) -> str:
    """An amount for a sentence or a label: "€1.2 bn", "€434.5 M", "over €2.6 bn", "not published" for None.

    One decimal; none from €100 bn, nor where it would be .0 from 10 on. `decimals` fixes the number of decimals instead, where a sum is to be
    followed. Below a million the euros are written out. Raises ValueError for a qualifier outside the vocabulary.
    """
    if qualifier not in QUALIFIERS:
        raise ValueError(f"“{qualifier}” is not a qualifier. See data/reference/qualifiers.csv.")
    if amount is None:
        return NOT_PUBLISHED
    sign = MINUS if amount < 0 else ""
    return f"{QUALIFIERS[qualifier]}{sign}€{_magnitude(abs(amount), decimals)}"


def _magnitude(amount: Decimal, decimals: int | None) -> str:
    million = Decimal(10) ** 6
    # The smaller unit decides: 999.96 M would read €1,000.0 M and is therefore €1.0 bn; 950 M stays €950 M.
    if _round(amount / million, 1) >= 1000:
        places = decimals if decimals is not None else 0 if amount >= 100_000 * million else 1
        return f"{_shortest(_round(amount / (1000 * million), places), decimals)}{NBSP}bn"
    if _round(amount, 0) >= million:
        return f"{_shortest(_round(amount / million, 1 if decimals is None else decimals), decimals)}{NBSP}M"
    whole = _round(amount, 0)
    return f"{whole:,f}" if whole or not amount else f"{_round(amount, 2):,f}"


def _shortest(rounded: Decimal, decimals: int | None) -> str:
    is_whole = decimals is None and rounded >= 10 and rounded == rounded.to_integral_value()
    return f"{_round(rounded, 0) if is_whole else rounded:,f}"


def _round(value: Decimal, places: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def euros_in_millions(amount: Decimal | None) -> str:
    """An amount in millions with one decimal, for a sum that a reader is to follow: "€112,137.3 M"."""
    if amount is None:
        return NOT_PUBLISHED
    sign = MINUS if amount < 0 else ""
    return f"{sign}€{_round(abs(amount) / Decimal(10) ** 6, 1):,f}{NBSP}M"


def plain_euros(amount: Decimal | None) -> str:
    """An amount for a table on screen: every euro, and the cents if there are any: "1,660,000,000", "29,052,310,073.50"."""
    if amount is None:
        return NOT_PUBLISHED
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{MINUS if amount < 0 else ''}{text}"


def percent(part: Decimal, whole: Decimal) -> str:
    """A share in whole percent, "45 %"; "under 1 %" and "over 99 %" where rounding would say none or all. Raises ValueError if whole is not above 0."""
    if whole <= 0:
        raise ValueError("A share needs a denominator above zero.")
    share = 100 * part / whole
    rounded = _round(share, 0)
    if share > 0 and rounded == 0:
        return f"under 1{NBSP}%"
    if share < 100 and rounded == 100:
        return f"over 99{NBSP}%"
    return f"{rounded:f}{NBSP}%".replace("-", MINUS)


def per_person(amount: Decimal | None) -> str:
    """Euros for each person, to the cent: "€37.12"; "under €0.01" where rounding would say none; "no data" for None."""
    if amount is None:
        return NO_DATA
    cents = _round(abs(amount), 2)
    return "under €0.01" if amount and not cents else f"{MINUS if amount < 0 else ''}€{cents:,f}"


def fine_percent(share: Decimal | None) -> str:
    """A small share that is given in percent, with two significant digits and at most four decimals: "0.028 %"; "no data" for None."""
    if share is None:
        return NO_DATA
    rounded = _round(abs(share), _places(share))
    if rounded:  # 0.0999 becomes 0.100, and that is 0.10
        rounded = _round(rounded, _places(rounded))
    return (
        f"under 0.0001{NBSP}%"
        if share and not rounded
        else f"{MINUS if share < 0 else ''}{rounded:,f}{NBSP}%"
    )


def _places(share: Decimal) -> int:
    return min(4, max(0, 1 - share.adjusted())) if share else 0


def count(number: int, one: str, many: str | None = None) -> str:
    """How many of something, in figures: "1 source", "15,341 rows". `many` defaults to `one` with an s."""
    return f"{number:,}{NBSP}{one if number == 1 else (many or one + 's')}"


def day(value: date) -> str:
    """A day for a sentence: "25 June 2026"."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """A day for a label in a figure: "25 Jun 2026"."""
    return f"{value.day}{NBSP}{MONTHS[value.month - 1][:3]}{NBSP}{value.year}"


def moment(first: date | None, precision: str | None) -> str:
    """A date as exactly as it is known: "25 June 2026", "July 2026", "Q3 2026", "second half of 2026", "2026"; "no date" if there is none.

    first: the first day of the stated period. Raises ValueError for a precision outside the vocabulary.
    """
    if first is None or precision is None:
        return "no date"
    match precision:
        case "day":
            return day(first)
        case "month":
            return f"{MONTHS[first.month - 1]} {first.year}"
        case "quarter":
            return f"Q{(first.month + 2) // 3}{NBSP}{first.year}"
        case "half":
            return f"{'first' if first.month < 7 else 'second'} half of {first.year}"
        case "year":
            return str(first.year)
    raise ValueError(f"“{precision}” is not a precision of dates. See data/reference/date_precisions.csv.")


def years(first: int, last: int) -> str:
    """A span of years: "2021–27", "1999–2004", "2026"."""
    if first == last:
        return str(first)
    return f"{first}–{last % 100:02d}" if first // 100 == last // 100 else f"{first}–{last}"


def listed(words: list[str], last: str = "and") -> str:
    """Words in a row: "A", "A and B", "A, B and C"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


_NUMBERS = (
    "none",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def number(value: int) -> str:
    """A small number as a word, a larger one in figures: "seven", "19"."""
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else f"{value:,}"


def spelt(release_id: str) -> str:
    """The id of a release as readers see it: its day and its fingerprint."""
    return f"{release_id[:10]} · {release_id[11:]}"
