"""What differs between two releases is said figure by figure, and nothing else is said."""

from decimal import Decimal

import pytest

from pipelines import releases
from pipelines.errors import NoRelease
from pipelines.release_diff import Difference, differences
from tests.conftest import Small


def test_a_release_does_not_differ_from_itself(small: Small) -> None:
    release_id = releases.require_current(small.store)
    assert list(differences(release_id, release_id, small.store)) == []


def test_a_changed_an_added_and_a_removed_figure_are_named(small: Small) -> None:
    before = releases.require_current(small.store)
    entries = ("envelopes", "entries.csv")
    small.change(*entries, small.row_of(*entries, entry_key="techeu-total"), amount_eur="70000000000.01")
    small.add(*entries, like=small.row_of(*entries, entry_key="techeu-total"), entry_key="techeu-again")
    rows = [row for row in small.rows("template", "lines.csv") if row["year"] != "2026"]
    small.write_rows("template", "lines.csv", rows)
    after = small.build().release_id
    found = [
        difference for difference in differences(before, after, small.store) if difference.table == "ledger"
    ]
    assert (
        Difference(
            "ledger",
            "envelopes:techeu-total",
            "amount_eur",
            Decimal("70000000000.00"),
            Decimal("70000000000.01"),
        )
        in found
    )
    (added,) = [difference for difference in found if difference.key == "envelopes:techeu-again"]
    assert added.before is None and "70000000000.01 EUR" in str(added.after)
    (removed,) = [difference for difference in found if difference.key == "template:3"]
    assert removed.after is None and "13000000000.00 EUR" in str(removed.before)
    moved = {difference.table for difference in differences(before, after, small.store)}
    assert "mart_purses" in moved, "a sum that moved is said too"
    assert not moved & {"milestones", "sites", "stages", "rates"}


def test_the_other_way_round_is_the_same_the_other_way_round(small: Small) -> None:
    before = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    after = small.build().release_id
    there, back = (
        list(differences(one, other, small.store)) for one, other in ((before, after), (after, before))
    )
    assert [(found.table, found.key, found.column, found.after, found.before) for found in there] == [
        tuple(found) for found in back
    ]


def test_an_unknown_release_is_named(small: Small) -> None:
    with pytest.raises(NoRelease):
        list(differences(releases.require_current(small.store), "2020-01-01-0000000000", small.store))
