"""Cells, countries and the definition of AI relevance, as publishers write them."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.foreign_files.amounts import read_amounts
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
    mark = cell_values.decimal_mark(column, usual=".")
    assert [cell_values.read_amount(cell, mark) for cell in column] == [
        amount and Decimal(amount) for amount in expected
    ]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("75000,5", "75000.5"),
        ("2180563.94", "2180563.94"),
        ("10.125", "10.125"),
        ("1.234,56", None),
        ("1,234,567", None),
        (76258.0954, "76258.0954"),
        (0.1 + 0.2, "0.3"),
        (1_200, "1200"),
        ("-75000,5", "-75000.5"),
        ("5 EUR", "5"),
        ("5 USD", None),
        ("about 5", None),
        ("12 %", None),
        ("12345678901234567", None),
        (True, None),
        (None, None),
    ],
)
def test_amounts_without_marks_between_thousands_are_read_one_by_one(
    cell: cell_values.Cell, amount: str | None
) -> None:
    assert cell_values.read_amount(cell) == (amount and Decimal(amount))


def test_a_column_that_writes_commas_in_two_ways_is_not_guessed() -> None:
    assert cell_values.decimal_mark(["1,234.56", "12,5"], usual=".") == ""


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


@settings(max_examples=300, deadline=None)
@given(
    amounts=st.lists(
        st.decimals(Decimal("-99999999.99"), Decimal("9999999999.99"), places=2), min_size=1, max_size=6
    ),
    decimal=st.sampled_from([",", "."]),
    is_grouped=st.booleans(),
)
def test_a_column_means_the_same_in_a_published_file_and_in_an_upload(
    amounts: list[Decimal], decimal: str, is_grouped: bool
) -> None:
    """There is one grammar: an importer reads the same euros as an upload that raises no question."""
    thousands = {",": ".", ".": ","}[decimal] if is_grouped else ""
    texts = [f"{amount:,.2f}".translate({ord(","): thousands, ord("."): decimal}) for amount in amounts]
    upload = read_amounts(pa.chunked_array([pa.array(texts)]))
    assert not upload.faults and not upload.choices
    mark = cell_values.decimal_mark(texts, usual=".")
    published = [cell_values.read_amount(text, mark) for text in texts]
    assert published == [Decimal(value) for value in upload.values.to_pylist()] == amounts
