"""What the shipped release says of planned dates is what a reader counts in its tables."""

from pathlib import Path

import pytest

from pipelines.queries.release_answers import opened
from tests import planned_dates


@pytest.mark.slow
def test_headlines_figures_and_tables_give_one_set_of_dates(store: Path, release_id: str) -> None:
    answers = opened(release_id, store)
    for values in planned_dates.choices(answers):
        planned_dates.compare(answers, values)
    planned_dates.compare_with_the_overview(answers)
