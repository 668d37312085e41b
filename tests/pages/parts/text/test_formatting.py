"""Numbers and dates in words: what a reader sees is the amount, rounded once."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.parts.text import formatting

AMOUNTS = st.decimals(
    min_value=0, max_value=Decimal("9999999999999999.99"), places=2, allow_nan=False, allow_infinity=False
)
SCALES = {"bn": Decimal(10) ** 9, "M": Decimal(10) ** 6, "": Decimal(1)}


def read_back(text: str) -> tuple[Decimal, str, int]:
    match = re.fullmatch(r"€([\d,]+)(?:\.(\d+))?(?:\u00a0(bn|M))?", text)
    assert match, text
    number = Decimal(match[1].replace(",", "") + (f".{match[2]}" if match[2] else ""))
    return number, match[3] or "", len(match[2] or "")


@given(AMOUNTS)
def test_an_amount_in_words_is_the_amount_rounded_half_up_at_its_last_digit(amount: Decimal) -> None:
    number, unit, decimals = read_back(formatting.euros(amount))
    scale = SCALES[unit]
    # A dropped ".0" is the same number with one decimal, except from €100 bn on, where whole billions are
    # meant.
    shown = 1 if unit and not (unit == "bn" and amount >= 100 * scale) else decimals
    assert number == (amount / scale).quantize(Decimal(1).scaleb(-shown), rounding=ROUND_HALF_UP)


@given(AMOUNTS)
def test_the_number_before_the_unit_never_reaches_a_thousand_millions(amount: Decimal) -> None:
    number, unit, _ = read_back(formatting.euros(amount))
    assert unit != "M" or 1 <= number < 1000
    assert unit != "" or number < 1_000_000
    assert unit != "bn" or number >= 1


@given(AMOUNTS, AMOUNTS)
def test_a_larger_amount_never_reads_smaller(first: Decimal, second: Decimal) -> None:
    values = [
        number * SCALES[unit]
        for number, unit, _ in (read_back(formatting.euros(a)) for a in sorted((first, second)))
    ]
    assert values[0] <= values[1]


@given(AMOUNTS)
def test_plain_euros_lose_no_cent(amount: Decimal) -> None:
    assert Decimal(formatting.plain_euros(amount).replace(",", "")) == amount


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("200000000000", "€200 bn"),
        ("1200000000", "€1.2 bn"),
        ("4122300000", "€4.1 bn"),
        ("50000000000", "€50 bn"),
        ("93500000000", "€93.5 bn"),
        ("434500000", "€434.5 M"),
        ("107000000", "€107 M"),
        ("950000000", "€950 M"),
        ("999960000", "€1.0 bn"),
        ("209500.49", "€209,500"),
        ("0", "€0"),
        ("-4122300000", "−€4.1 bn"),
    ],
)
def test_amounts_are_worded_as_the_house_words_them(amount: str, said: str) -> None:
    assert formatting.euros(Decimal(amount)) == said.replace(" bn", "\u00a0bn").replace(" M", "\u00a0M")


def test_the_qualifier_of_the_source_is_never_dropped() -> None:
    amount = Decimal(2_600_000_000)
    said = {qualifier: formatting.euros(amount, qualifier) for qualifier in formatting.QUALIFIERS}
    assert (
        said["over"] == "over €2.6\u00a0bn"
        and said["up-to"] == "up to €2.6\u00a0bn"
        and said["at-least"] == "≥\u00a0€2.6\u00a0bn"
    )
    assert len(set(said.values())) == len(said)
    with pytest.raises(ValueError, match="not a qualifier"):
        formatting.euros(amount, "roughly")


def test_missing_is_not_zero() -> None:
    assert (
        formatting.euros(None)
        == formatting.euros(None, "over")
        == formatting.plain_euros(None)
        == formatting.euros_in_millions(None)
        == "not published"
    )
    assert formatting.euros(Decimal(0)) != formatting.euros(None)


def test_a_sum_can_be_followed_in_millions() -> None:
    assert formatting.euros_in_millions(Decimal("112137300000")) == "€112,137.3\u00a0M"
    assert formatting.euros(Decimal("103733000000"), decimals=1) == "€103.7\u00a0bn"


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_share_says_none_or_all_only_when_it_is(part: int, whole: int) -> None:
    said = formatting.percent(Decimal(part), Decimal(whole))
    assert (said == "0\u00a0%") == (part == 0)
    assert part == whole or said != "100\u00a0%"


def test_a_share_without_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="denominator"):
        formatting.percent(Decimal(1), Decimal(0))


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ("0.5326", "0.53"),
        ("0.02771", "0.028"),
        ("0.000349", "0.0003"),
        ("12.34", "12"),
        ("-0.05", "\u22120.050"),
        ("0", "0"),
        ("250", "250"),
    ],
)
def test_a_small_share_keeps_two_digits_that_say_something(share: str, said: str) -> None:
    assert formatting.fine_percent(Decimal(share)) == f"{said}\u00a0%"


def test_the_least_share_and_the_least_cent_are_not_none() -> None:
    assert (
        formatting.fine_percent(Decimal("0.00001")) == "under 0.0001\u00a0%"
        and formatting.fine_percent(None) == "no data"
    )
    assert (
        formatting.per_person(Decimal("0.001")) == "under €0.01"
        and formatting.per_person(Decimal(0)) == "€0.00"
    )
    assert (
        formatting.per_person(Decimal("689.8516")) == "€689.85" and formatting.per_person(None) == "no data"
    )


@pytest.mark.parametrize(
    ("precision", "said"),
    [
        ("day", "1\u00a0July 2026"),
        ("month", "July 2026"),
        ("quarter", "Q3\u00a02026"),
        ("half", "second half of 2026"),
        ("year", "2026"),
    ],
)
def test_a_date_is_worded_as_exactly_as_it_is_known(precision: str, said: str) -> None:
    assert formatting.moment(date(2026, 7, 1), precision) == said


def test_a_missing_or_unknown_precision() -> None:
    assert formatting.moment(None, None) == "no date"
    with pytest.raises(ValueError, match="precision"):
        formatting.moment(date(2026, 7, 1), "week")


def test_an_axis_names_its_unit_once() -> None:
    values = [Decimal(0), Decimal(5_000_000_000), Decimal(7_500_000_000)]
    assert formatting.axis(values) == ["0", "5", "€7.5\u00a0bn"]
    assert formatting.axis([Decimal(0), Decimal(250_000_000)]) == ["0", "€250\u00a0M"]
    assert formatting.axis([Decimal(0), Decimal("0.5")]) == ["0", "€0.5"]
    assert formatting.axis(values, "de")[1:] == ["5\u00a0Mrd.\u00a0€", "7,5\u00a0Mrd.\u00a0€"], (
        "a language that may count in other units names them each time"
    )


def test_an_amount_without_its_unit_is_the_same_number() -> None:
    amount = Decimal(14_060_000_000)
    assert formatting.euros(amount, "at-least", 1) == "≥\u00a0€14.1\u00a0bn"
    assert formatting.unitless(amount, "at-least", 1) == "≥\u00a014.1"
    assert formatting.unitless(Decimal(950_400)) == "950,400"
    assert formatting.unitless(amount, locale="de") == formatting.euros(amount, locale="de")


def test_sentences_stand_one_after_the_other() -> None:
    assert formatting.paragraph("One.", "", " Only Italy.") == "One. Only Italy."
    assert formatting.paragraph("", "") == ""


def test_years_and_months_for_narrow_axes() -> None:
    assert formatting.short_year(2026) == "’26" and formatting.short_year(2005) == "’05"
    assert formatting.month_name(date(2026, 7, 1)) == "Jul"
    assert formatting.month_name(date(2026, 7, 1), "fr") == "juil."


def test_counts_spans_and_lists() -> None:
    assert (
        formatting.count(1, "source") == "1\u00a0source"
        and formatting.count(15341, "entry", "entries") == "15,341\u00a0entries"
    )
    assert (
        formatting.years(2021, 2027) == "2021–27"
        and formatting.years(1999, 2004) == "1999–2004"
        and formatting.years(2026, 2026) == "2026"
    )
    assert formatting.listed([]) == "" and formatting.listed(["A", "B", "C"]) == "A, B and C"


def test_every_kind_of_missing_cell_is_missing_and_zero_is_not() -> None:
    assert all(formatting.is_missing(cell) for cell in (None, float("nan"), pd.NaT))
    assert not any(formatting.is_missing(cell) for cell in (0, "", Decimal(0), False, date(2026, 1, 1)))
