"""A recipe that is written is read back the same, whatever a publisher's titles and words hold."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.file_schemas import BUDGET_LINE
from pipelines.intake.recipes import ODD, Amount, Recipe, Skip, parse_recipe, write_recipe
from tests.paths import FIXTURES

OURS = [name for name in BUDGET_LINE if name != "amount_eur"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
filled = texts.filter(bool)
pairs = st.dictionaries(st.sampled_from(OURS), texts, max_size=3)
days = st.dates(date(1990, 1, 1), date(2050, 12, 31))
decimals = st.decimals(Decimal("0.0001"), Decimal("99999999.99"), places=4)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    rate = draw(st.none() | decimals)
    return Amount(
        column=draw(texts),
        constants=draw(pairs),
        unit=draw(st.none() | st.sampled_from([1, 1_000, 1_000_000])),
        currency=draw(st.sampled_from(["", "EUR", "GBP"])),
        rate=rate,
        rate_on=None if rate is None else draw(days),
        rate_url="" if rate is None else draw(filled),
        expect=draw(st.none() | decimals),
    )


recipes = st.builds(
    Recipe,
    name=st.just("any"),
    title=texts,
    publisher=texts,
    columns=st.dictionaries(
        texts, st.lists(st.sampled_from(OURS), min_size=1, max_size=2, unique=True).map(tuple), max_size=4
    ),
    amounts=st.lists(amounts(), min_size=1, max_size=3).map(tuple),
    ignored=st.lists(texts, max_size=3).map(tuple),
    words=st.dictionaries(st.sampled_from(OURS), st.dictionaries(texts, texts, max_size=3), max_size=2),
    constants=pairs,
    odd=st.lists(st.sampled_from(ODD), unique=True).map(tuple),
    skip=st.lists(
        st.builds(Skip, filled, st.lists(texts, min_size=1, max_size=2).map(tuple), filled), max_size=2
    ).map(tuple),
    cumulative=texts,
    nothing=st.lists(texts, max_size=2).map(tuple),
    remove_hidden=st.booleans(),
    encoding=texts,
    delimiter=texts,
    decimal=texts,
    thousands=texts,
    dates=texts,
    sheet=texts,
    header_row=st.integers(-1, 99),
    rows_expected=st.none() | st.integers(0, 10**9),
    note=texts,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(recipe=recipes)
def test_any_recipe_is_read_back_the_same(recipe: Recipe) -> None:
    assert parse_recipe(write_recipe(recipe), recipe.name) == recipe


def test_a_written_recipe_keeps_the_keys_of_the_file_it_came_from() -> None:
    """Files that were written by hand and by an earlier version say the same, key by key."""
    for path in sorted((FIXTURES / "recipes").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        assert tomllib.loads(write_recipe(parse_recipe(text, path.stem))) == _plainly(tomllib.loads(text))


def _plainly(document: dict[str, object]) -> dict[str, object]:
    """A document as we write it: units as numbers, one column of ours without a list."""
    units = {"one": 1, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
    for amount in document["amount"]:  # type: ignore[attr-defined]
        if isinstance(amount.get("unit"), str):
            amount["unit"] = units[amount["unit"]]
    return document
