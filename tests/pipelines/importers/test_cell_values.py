"""Cells, countries and the definition of AI relevance, as publishers write them."""

from decimal import Decimal

import pytest

from pipelines.importers import cell_values, country_codes
from pipelines.importers.ai_relevance import read_definition


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1,234,567.89", "58,123"], ["1234567.89", "58123"]),
        (["1.234.567,89", "58,12"], ["1234567.89", "58.12"]),
        (["58,123"], ["58123"]),
        (["76258,0954"], ["76258.0954"]),
        (["-12.5", "12"], ["-12.5", "12"]),
        (["1_000", "١٢", "1e5"], [None, None, None]),
    ],
)
def test_amounts_are_read_as_their_column_writes_them(column: list[str], expected: list[str | None]) -> None:
    comma = cell_values.comma_is_decimal(column)
    assert [cell_values.published(cell, bool(comma)) for cell in column] == [
        amount and Decimal(amount) for amount in expected
    ]


def test_a_column_that_writes_commas_in_two_ways_is_not_guessed() -> None:
    assert cell_values.comma_is_decimal(["1,234.56", "12,5"]) is None


def test_rounding_together_keeps_the_sum() -> None:
    shares = [Decimal("0.3333")] * 10_000
    assert sum(cell_values.rounded_together(shares)) == Decimal("3333.00")
    assert set(cell_values.rounded_together(shares)) <= {Decimal("0.33"), Decimal("0.34")}


def test_countries_are_known_under_the_names_that_publishers_use() -> None:
    known = country_codes.read_country_codes()
    names = {
        "Greece": "EL",
        "GR": "EL",
        "United Kingdom": "UK",
        "Czech Republic": "CZ",
        "Türkiye": "TR",
        "Turkey": "TR",
        "-": "",
        "germany": "DE",
    }
    assert {name: known.code(name) for name in names} == names


def test_every_rule_of_the_definition_matches_something_and_says_its_name() -> None:
    definition = read_definition()
    examples = {
        "classified-artificial-intelligence": {
            "paths": "/natural sciences/computer and information sciences/artificial intelligence/machine learning"
        },
        "ai-budget-line": {"label": "02 04 03 Digital Europe Programme — Artificial intelligence"},
        "words-artificial-intelligence": {"text": "Trustworthy Artificial Intelligence for farms"},
        "words-ai": {"text": "An AI-based service"},
        "words-learning": {"text": "DEEP-LEARNING FOR SENSORS"},
        "words-ai-computing": {"text": "EuroHPC supercomputers"},
        "topic-code": {"code": "HORIZON-RAISE-2026-01-01"},
    }
    assert {rule: definition.relevance(**lines)[1] for rule, lines in examples.items()} == {
        rule.name: rule.name for rule in definition.rules
    }
    assert definition.relevance(text="Aid for AIMA; l'ai sensi; regenerative farms; maintain") == (
        "outside",
        "",
    )


def test_words_alone_are_never_strict_where_the_source_classifies() -> None:
    assert read_definition().relevance(text="Artificial intelligence", paths="") == ("broad", "words-ai")
