"""What differs between two releases is said figure by figure, and nothing else is said."""

import operator
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet
import pytest

from pipelines import releases
from pipelines.errors import NoRelease
from pipelines.release_diff import Difference, changed_numbers, changes, differences
from tests.conftest import Small
from tests.paths import ROOT


def test_a_release_does_not_differ_from_itself(small: Small) -> None:
    release_id = releases.require_current(small.store)
    assert list(differences(release_id, release_id, small.store)) == []


@pytest.mark.slow
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


@pytest.mark.slow
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


def without(store: Path, release_id: str, table: str, column: str = "") -> str:
    """A copy of a release as an older program would have made it: without a table, or without one of its
    columns.
    """
    older = f"2020-01-01-{table.replace('_', '')}{column}"
    folder = store / "releases" / older
    shutil.copytree(store / "releases" / release_id, folder)
    path = folder / "parquet" / f"{table}.parquet"
    rows = parquet.read_table(path)
    path.unlink()
    if column:
        parquet.write_table(rows.drop_columns([column]), path)
    return older


def test_a_column_that_only_one_release_has_is_empty_in_the_other(small: Small) -> None:
    now = releases.require_current(small.store)
    older = without(small.store, now, "sites", "city")
    found = list(differences(older, now, small.store))
    rows = releases.read(
        now, "select site_id, city from sites where city is not null", small.store
    ).to_pylist()
    assert {(one.table, one.key, one.column, one.before, one.after) for one in found} == {
        ("sites", row["site_id"], "city", None, row["city"]) for row in rows
    }
    assert changes(older, now, small.store).total == 0, "a new column is no news of a site"


def test_a_table_that_only_one_release_has_is_added_row_by_row(small: Small) -> None:
    now = releases.require_current(small.store)
    older = without(small.store, now, "milestones")
    found = list(differences(older, now, small.store))
    assert len(found) == releases.manifest(now, small.store)["tables"]["milestones"]["rows"]
    assert all((one.table, one.column, one.before) == ("milestones", "", None) for one in found)


def test_a_table_that_neither_release_has_is_no_difference(small: Small) -> None:
    older = without(small.store, releases.require_current(small.store), "milestones")
    assert list(differences(older, older, small.store)) == []


@pytest.mark.slow
def test_who_follows_a_country_hears_of_rows_that_came_and_went(small: Small) -> None:
    before = releases.require_current(small.store)
    row = small.row_of("sites", "sites.csv", site_id="it4lia")
    small.change("sites", "sites.csv", row, country="FI")
    after = small.build().release_id
    for country, kind in (("IT", "removed"), ("FI", "added")):
        found = [
            one
            for one in changes(before, after, small.store, "country", country).listed
            if one.table == "sites"
        ]
        assert [(one.key, one.kind, one.cells["country"]) for one in found] == [
            ("it4lia", kind, ("IT", "FI"))
        ]
    assert changes(before, after, small.store, "country", "PT").total == 0
    everything = changes(before, after, small.store)
    assert everything.total == len(everything.listed) >= 1


def test_equal_numbers_of_one_name_are_left_out_and_the_others_paired_in_order() -> None:
    before = [("a", 1), ("a", 2), ("a", 3), ("gone", 4), ("same", 5)]
    after = [("same", 5), ("new", 6), ("a", 2), ("a", 7)]
    assert changed_numbers(before, after, operator.eq) == [
        ("a", 1, 7),
        ("a", 3, None),
        ("gone", 4, None),
        ("new", None, 6),
    ]


@pytest.mark.clock
def test_a_million_entries_are_compared_in_seconds_and_in_bounded_memory(small: Small) -> None:
    first = releases.require_current(small.store)
    paths = []
    for name in ("before", "after"):
        shutil.copytree(small.store / "releases" / first, small.store / "releases" / f"2020-01-01-{name}")
        paths.append(small.store / "releases" / f"2020-01-01-{name}" / "parquet" / "ledger.parquet")
        paths[-1].unlink()
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        entries = connection.read_parquet(
            str(small.store / "releases" / first / "parquet" / "ledger.parquet")
        ).to_arrow_table()
        connection.register("entries", entries)
        connection.execute(
            "create view many as select * replace (printf('%s:%06d', entry_id, number) as entry_id) "
            "from entries, range(1000000 // (select count(*) from entries) + 1) as numbers (number)"
        )
        connection.sql("select * exclude number from many").write_parquet(str(paths[0]))
        connection.sql(
            "select * exclude number replace (if(number < 5, 'Changed', heading) as heading) from many"
        ).write_parquet(str(paths[1]))
    program = (
        "import re, sys, time; from pathlib import Path; from pipelines.release_diff import differences\n"
        "def most_memory(): return int(re.search(r'VmHWM:\\s+(\\d+) kB', "
        "Path('/proc/self/status').read_text())[1])\n"
        "began, before = time.perf_counter(), most_memory()\n"
        "count = sum(1 for _ in differences('2020-01-01-before', '2020-01-01-after', Path(sys.argv[1])))\n"
        "print(count, time.perf_counter() - began, (most_memory() - before) // 1024)"
    )
    call = [sys.executable, "-c", program, str(small.store)]
    count, seconds, megabytes = subprocess.check_output(call, cwd=ROOT, text=True).split()
    assert int(count) == 5 * entries.num_rows
    assert float(seconds) <= 5, f"{seconds} s"
    assert int(megabytes) <= 600, f"{megabytes} MB more"
