"""Many lists with a known sum: each is read to that sum or asked about, and many are read without a question.

tests/pipelines/intake/test_no_wrong_number.py tries few of them each time.
"""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pipelines.foreign_files import file_reader
from tests.pipelines.intake.conftest import completed
from tests.pipelines.intake.known_lists import Listed, lists

EXAMPLES = 2_000


def test_two_thousand_lists_are_read_to_their_sums_or_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)
    outcomes: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(listed=lists)
    def tried(listed: Listed) -> None:
        with tempfile.TemporaryDirectory() as folder:
            outcome = completed(listed.write(Path(folder)))
        outcomes["read" if outcome.is_accepted else "asked"] += 1
        if outcome.is_accepted:
            assert outcome.euros == listed.euros, (listed.rows(), outcome.told)

    tried()
    assert outcomes["read"] >= EXAMPLES // 10, outcomes
