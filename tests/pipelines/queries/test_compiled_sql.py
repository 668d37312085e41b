"""A text that is filled in is the text that would be made; what is counted in memory is what the database
counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from duckdb_sqlalchemy import Dialect
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from pipelines import releases
from pipelines.queries import ai_readings, euros, release_answers, site_money, timeline
from pipelines.queries.choice import Choice
from pipelines.queries.compiled_sql import Code, Codes

QUESTIONS: tuple[Callable[..., Select[Any]], ...] = (
    euros.totals,
    euros.readings,
    ai_readings.ai,
    ai_readings.ai_years,
    ai_readings.ai_credit,
    euros.envelopes,
    euros.sums,
    euros.entries,
    euros.years,
    euros.headings,
    euros.countries,
    euros.beyond,
    euros.removed,
    euros.splits,
    euros.set_aside,
    euros.credit,
)
PROGRAMMES = ("digital-europe", "horizon-europe", "cef-digital", "national", "investeu")
CODES = st.sampled_from(("o'brien", *PROGRAMMES))


def several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


CHOICES = st.builds(
    Choice,
    stage=st.sampled_from(("", "announced", "programmed", "committed", "contracted")),
    basis=st.sampled_from(("eu-contribution", "guarantee-cover", "total-cost")),
    level=st.sampled_from(("", "whole", "part", "year", "line")),
    programme=several(CODES),
    initiative=several(st.sampled_from(("ai-factories", "eurohpc-ju", "it's one"))),
    country=several(st.sampled_from(("DE", "FI", "LU"))),
    year=several(st.integers(2018, 2030)),
    tracked=st.booleans(),
    located=st.booleans(),
    bodies=st.sampled_from(("", "out", "only")),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(CHOICES, st.sampled_from(QUESTIONS))
def test_a_text_that_is_filled_in_is_the_text_that_would_be_made(
    choice: Choice, question: Callable[..., Select[Any]]
) -> None:
    made = question(choice).compile(dialect=Dialect(), compile_kwargs={"literal_binds": True})
    assert release_answers.sql_of(question, choice) == str(made)


LISTS: tuple[Callable[..., Select[Any]], ...] = (
    site_money.payers,
    site_money.amounts,
    site_money.behind_payers,
    site_money.credit,
    timeline.promises_of_sites,
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(LISTS),
    *(several(st.sampled_from(("ai-factory", "it's one", "DE"))).map(Codes) for _ in range(3)),
    st.sampled_from(("", "jupiter", "o'brien")).map(Code),
)
def test_lists_of_codes_are_filled_in_as_they_would_be_written(
    question: Callable[..., Select[Any]], kinds: Codes, statuses: Codes, countries: Codes, site: Code
) -> None:
    values = (tuple(kinds), tuple(statuses), tuple(countries), str(site))
    made = question(*values).compile(dialect=Dialect(), compile_kwargs={"literal_binds": True})
    assert release_answers.sql_of(question, kinds, statuses, countries, site) == str(made)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(choice=CHOICES.filter(lambda choice: choice.stage), question=st.sampled_from(QUESTIONS))
def test_a_page_is_answered_as_the_text_that_it_shows_is(
    store: Path, choice: Choice, question: Callable[..., Select[Any]]
) -> None:
    answers = release_answers.opened(releases.current(store), store)
    page, shown = answers.read(question, choice), answers.ask(release_answers.sql_of(question, choice))
    assert list(page.columns) == list(shown.columns)
    assert page.to_dict("records") == shown.to_dict("records")


def test_a_release_with_many_overlaps_is_counted_by_the_database(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id = releases.current(store)
    entries = release_answers.sql_of(lambda: select(euros._entries(Choice(), False)))
    in_memory = release_answers._count(release_id, entries, store)
    monkeypatch.setattr(release_answers, "MOST_OVERLAPS", 0)
    release_answers._overlaps.cache_clear()
    by_database = release_answers._count(release_id, entries, store)
    release_answers._overlaps.cache_clear()
    assert by_database.schema.names == in_memory.schema.names
    key = [("entry_id", "ascending")]
    assert by_database.sort_by(key).to_pylist() == in_memory.sort_by(key).to_pylist()
