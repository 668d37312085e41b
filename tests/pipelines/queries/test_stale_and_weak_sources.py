"""What a release says of its own age, counted a second time from its files."""

from datetime import date

import pytest

from pipelines import build
from pipelines.queries import stale_and_weak_sources
from pipelines.queries.release_answers import ReleaseData, opened
from tests.conftest import Small


@pytest.fixture
def answers(small: Small) -> ReleaseData:
    """A release of the fixtures: one milestone was looked at in November 2026, all other rows never."""
    rows = small.rows("milestones", "milestones.csv")
    rows[0] |= {"checked_on": "2026-11-20"}
    for row in rows[1:]:
        row |= {"checked_on": ""}
    small.write_rows("milestones", "milestones.csv", rows)
    return opened(build.build(small.store, small.data).release_id, small.store)


def test_a_row_is_old_once_its_day_lies_before_the_limit(answers: ReleaseData, small: Small) -> None:
    key = small.rows("milestones", "milestones.csv")[0]["milestone_id"]
    before, after = (answers.read(stale_and_weak_sources.unchecked, date(2026, 11, day)) for day in (20, 21))
    assert key not in set(before["key"]) and key in set(after["key"])
    assert set(after["table_name"]) >= {"sites", "promises", "facts", "sources", "ledger"}
    ledger = answers.read(stale_and_weak_sources.unchecked, date(2026, 11, 20))
    assert not any("fts/" in str(key) for key in ledger["key"]), (
        "published lines are as fresh as their source"
    )


def test_a_promise_has_passed_when_its_last_date_has_and_nothing_happened(answers: ReleaseData) -> None:
    passed = answers.read(stale_and_weak_sources.passed_promises, date(2040, 1, 1))
    none_yet = answers.read(stale_and_weak_sources.passed_promises, date(2000, 1, 1))
    assert len(passed) and not len(none_yet)
    assert passed["promise_id"].notna().all()


def test_the_share_of_primary_documents_is_that_of_the_lists(answers: ReleaseData) -> None:
    share, weak = (
        answers.row(stale_and_weak_sources.primary_share),
        answers.read(stale_and_weak_sources.weak_headlines),
    )
    assert share["headlines"] - share["headlines_primary"] == len(weak)
    assert 0 <= share["figures_primary"] <= share["figures"] >= share["headlines"] > 0
    assert not set(weak["tier"]) & set(stale_and_weak_sources.FIRST_TIERS)


def test_every_address_of_a_document_is_listed_once(answers: ReleaseData, small: Small) -> None:
    urls = list(answers.read(stale_and_weak_sources.cited)["source_url"])
    assert len(urls) == len(set(urls)) > 0
    cited = {row["source_url"] for row in small.rows("sites", "sites.csv")}
    assert cited <= set(urls)
