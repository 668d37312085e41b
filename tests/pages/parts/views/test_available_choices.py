"""What a filter says would be left is what the database counts for that choice."""

import itertools
from pathlib import Path

import pytest

from pages.parts.views import euros
from pipelines.queries import euros as ask
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData, opened


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return opened(release_id, store)


@pytest.mark.parametrize(
    "columns", [("level",), ("stage",), ("basis",), ("programme",), ("initiative",), ("stage", "basis")]
)
def test_what_each_value_would_leave_is_what_the_database_counts(
    answers: ReleaseData, columns: tuple[str, ...]
) -> None:
    counted = 0
    for stage, basis, payer, is_tracked, is_located in itertools.product(
        ("programmed", "committed"),
        ("eu-contribution", "total-cost"),
        ({}, {"programme": ("horizon-europe", "digital-europe")}, {"initiative": ("eurohpc",)}),
        (True, False),
        (True, False),
    ):
        for level in ("", "whole", "rival-bid"):
            chosen = Choice(stage, basis, level, **payer, tracked=is_tracked, located=is_located)
            rows = answers.read(ask.available, chosen, *columns)
            keys = zip(*(rows[column] for column in columns), strict=True)
            expected = {
                key if len(columns) > 1 else key[0]: entries
                for key, entries in zip(keys, rows["entries"], strict=True)
            }
            assert dict(euros.available(answers, chosen, *columns)) == expected, chosen
            counted += len(expected)
    assert counted > 10
