"""Numbers as people type them: units of many languages, marks of decimals and thousands, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.queries.claim_check import Claim, read


@pytest.mark.parametrize(
    ("text", "amount", "words"),
    [
        ("20 bn gigafactories", "20000000000", "gigafactories"),
        ("20bn", "20000000000", ""),
        ("20B for AI", "20000000000", "for AI"),
        ("4.1 Mrd.", "4100000000", ""),
        ("4,1 Mrd EuroHPC", "4100000000", "EuroHPC"),
        ("€387.8 million LUMI", "387800000", "LUMI"),
        ("LUMI 387,8 Mio. Euro", "387800000", "LUMI"),
        ("2 milliards d'euros", "2000000000", ""),
        ("200 mil millones de euros InvestAI", "200000000000", "InvestAI"),
        ("1.234,5 Mio. €", "1234500000", ""),
        ("4 122 300 000", "4122300000", ""),
        ("4\u202f122\u202f300\u202f000 €", "4122300000", ""),
        ("€4,122.3 M", "4122300000", ""),
        ("7 mld euro", "7000000000", ""),
        ("1,2 δισ. ευρώ", "1200000000", ""),
        ("20 miljard", "20000000000", ""),
        ("8 miljoner euro", "8000000", ""),
        ("500k", "500000", ""),
        ("EU puts €20 billion into gigafactories", "20000000000", "EU puts into gigafactories"),
    ],
)
def test_a_number_with_its_unit_is_read(text: str, amount: str, words: str) -> None:
    claim = read(text)
    assert claim and claim.currency == "EUR"
    assert [reading.amount for reading in claim.readings] == [Decimal(amount)]
    assert claim.words == words


@pytest.mark.parametrize(
    "text", ["", "LUMI", "IT4LIA", "2025 AI factories", "Horizon 2020", "MareNostrum 5", "19"]
)
def test_names_years_and_counts_are_no_claims(text: str) -> None:
    assert read(text) is None


def test_a_mark_that_may_stand_before_decimals_or_thousands_is_read_both_ways() -> None:
    claim = read("4.100 Mio Euro")
    assert claim and {reading.amount for reading in claim.readings} == {
        Decimal(4_100_000),
        Decimal(4_100_000_000),
    }


def test_other_money_is_named_and_not_taken_for_euros() -> None:
    claim = read("$20bn gigafactories")
    assert claim and claim.currency == "USD"


@pytest.mark.parametrize(
    ("text", "amount", "is_covered"),
    [
        ("4.1 bn", "4122300000", True),
        ("4.1 bn", "4175000000", False),
        ("4.12 bn", "4122300000", True),
        ("4.12 bn", "4130000000", False),
        ("20 bn", "20400000000", True),
        ("2 bn", "1500000000", False),
        ("2 bn", "2065000000", True),
        ("387.8 million", "387800000", True),
        ("387.8 million", "388000000", False),
    ],
)
def test_an_amount_is_the_same_if_it_would_be_written_so(text: str, amount: str, is_covered: bool) -> None:
    claim = read(text)
    assert claim and claim.covers(Decimal(amount)) is is_covered


@given(st.text(max_size=80))
def test_any_text_is_read_or_is_no_claim(text: str) -> None:
    claim = read(text)
    assert claim is None or (isinstance(claim, Claim) and all(one.amount > 0 for one in claim.readings))


@given(st.integers(1, 999), st.integers(1, 9), st.sampled_from(["bn", "Mrd.", "miliardi", "milliards"]))
def test_decimals_are_read_with_either_mark(whole: int, decimal: int, unit: str) -> None:
    point, comma = read(f"{whole}.{decimal} {unit}"), read(f"{whole},{decimal} {unit}")
    expected = Decimal(f"{whole}.{decimal}") * 10**9
    assert point and comma and point.readings == comma.readings
    assert point.readings[0].amount == expected
