"""One definition of due, slipped and next: what a headline says is what a reader counts."""

from pathlib import Path

import pytest

from pages.parts.views import timeline
from pipelines import releases
from pipelines.queries.release_answers import ReleaseData, opened
from tests import planned_dates


@pytest.fixture
def answers(store: Path) -> ReleaseData:
    return opened(releases.require_current(store), store)


@pytest.mark.slow
def test_the_timeline_says_what_its_tables_hold_in_every_choice(answers: ReleaseData) -> None:
    for values in planned_dates.choices(answers):
        planned_dates.compare(answers, values)


def test_the_overview_lists_the_dates_of_the_timeline_in_their_state(answers: ReleaseData) -> None:
    planned_dates.compare_with_the_overview(answers)


def test_a_date_after_the_newest_source_is_not_due(answers: ReleaseData) -> None:
    states = {row["title"]: row["state"] for row in timeline.plans(answers).to_dict("records")}
    assert states["MareNostrum 5 AI upgrade"] == "planned"
    assert states["Groningen expertise centre"] == states["Gigafactory call opens"] == "unseen"
    assert states["VLQ, calibration complete"] == "due"
