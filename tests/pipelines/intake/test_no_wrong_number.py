"""A list with a known sum, in any shape, unit, currency and place, is read to that sum or asked about.

tests/long/test_no_wrong_number.py tries many more.
"""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.pipelines.intake.conftest import completed
from tests.pipelines.intake.known_lists import Listed, lists

pytestmark = pytest.mark.usefixtures("in_this_process")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=lists)
def test_a_known_sum_is_read_or_asked_about_and_never_another(listed: Listed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = completed(listed.write(Path(folder)))
    if outcome.is_accepted:
        assert outcome.euros == listed.euros, (listed.rows(), outcome.told)
