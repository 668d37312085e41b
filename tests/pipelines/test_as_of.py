"""The world on a day: which rows count, what is made of them, and that it is the release on its own day."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import as_of_build, as_of_cache, as_of_days, releases
from pipelines.as_of_days import View
from pipelines.engines import duckdb_engine
from pipelines.errors import NoRelease, NotPossible
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData
from pipelines.schema import metadata
from tests.conftest import Small

INVESTAI = date(2025, 2, 11)
DAYS = tuple(map(date.fromisoformat, ("2018-06-10", "2021-05-01", "2024-03-01", "2025-02-11", "2026-01-20")))
OF_THE_RELEASE = ("laws", "row_outcomes", "dossier_rows")
"""Tables that speak of the release, not of a day."""


@pytest.fixture(autouse=True, scope="module")
def _worlds_of_their_own(tmp_path_factory: pytest.TempPathFactory):
    """Worlds that tests make lie in a folder of their own."""
    folder = tmp_path_factory.mktemp("worlds")
    before, as_of_cache.tempfile.tempdir = as_of_cache.tempfile.tempdir, str(folder)
    yield
    as_of_cache.tempfile.tempdir = before


def on(day: date, release_id: str, store: Path) -> ReleaseData:
    return release_answers.opened(as_of_days.name_of(release_id, day), store)


def rows(store: Path, release_id: str, sql: str) -> list[tuple]:
    found = releases.read(release_id, sql, store)
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


# --- names


def test_a_view_has_a_name_that_gives_it_back() -> None:
    view = View("2026-11-23-abcdef0123", INVESTAI)
    assert view.name == "2026-11-23-abcdef0123-as-of-2025-02-11"
    assert as_of_days.view(view.name) == view
    assert as_of_days.view("2026-11-23-abcdef0123") == View("2026-11-23-abcdef0123")
    assert as_of_days.words(view.name) == {"release": "2026-11-23-abcdef0123", "as_of": "2025-02-11"}
    assert as_of_days.words(as_of_days.of_current(view.name)) == {"as_of": "2025-02-11"}
    assert as_of_days.of_current("2026-11-23-abcdef0123") is None


@pytest.mark.parametrize(
    "text", ["", "2025-2-11", "2025-02-30", "11.02.2025", "20250211", "1999-12-31", "today"]
)
def test_what_is_no_day_is_refused_with_the_way_to_write_one(text: str) -> None:
    assert as_of_days.read_day(text) is None
    with pytest.raises(NotPossible, match="year-month-day"):
        as_of_days.day_to_look_at(text)


def test_a_day_to_come_is_refused() -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with pytest.raises(NotPossible, match="has not come yet"):
        as_of_days.day_to_look_at(tomorrow.isoformat())
    assert as_of_days.day_to_look_at(as_of_days.today().isoformat()) == as_of_days.today()


def test_from_the_day_of_its_knowledge_on_a_release_is_itself(release_id: str) -> None:
    known_on = date.fromisoformat(release_id[:10])
    assert as_of_days.name_of(release_id, known_on) == release_id
    assert as_of_days.name_of(release_id, known_on + timedelta(days=300)) == release_id
    assert as_of_days.name_of(release_id, known_on - timedelta(days=1)) != release_id


# --- what counts


def test_on_the_day_of_its_knowledge_the_world_is_the_release(
    tmp_path: Path, store: Path, release_id: str
) -> None:
    """Made as for any other day, every table has the same rows."""
    known_on = date.fromisoformat(release_id[:10])
    as_of_build.make(releases.folder(release_id, store), View(release_id, known_on), tmp_path)
    with duckdb.connect(":memory:") as connection:
        for name in set(metadata.tables) - set(OF_THE_RELEASE):
            sides = [
                f"read_parquet({duckdb_engine.literal(folder / 'parquet' / f'{name}.parquet')})"
                for folder in (releases.folder(release_id, store), tmp_path)
            ]
            if name == "changes":  # the log may hold lines of days after the newest source
                sides = [f"(from {side} where changed_on <= date '{known_on}')" for side in sides]
            assert duckdb_engine.differing(connection, *sides) == 0, name


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_entry_counts_from_its_date_until_it_was_replaced(day: date, store: Path, release_id: str) -> None:
    world = on(day, release_id, store)
    there = {
        entry: (superseded_on, by)
        for entry, superseded_on, by in rows(
            store, world.release_id, "select entry_id, superseded_on, superseded_by from ledger"
        )
    }
    every = rows(
        store,
        release_id,
        "select entry_id, dated_on, dated_precision, superseded_on, superseded_by from ledger",
    )
    successors = {by for *_, by in every if by}
    for entry, dated_on, precision, superseded_on, by in every:
        if dated_on and precision == "day" and entry not in successors:
            assert (entry in there) == (dated_on <= day), entry
        if entry in there:
            is_replaced = superseded_on is not None and superseded_on <= day
            assert there[entry] == ((superseded_on, by) if is_replaced else (None, None)), entry
        if superseded_on and superseded_on <= day and entry in there:
            assert by in there, f"{entry} was replaced by {by} on {superseded_on}"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_laws_of_money_hold_on_every_day(day: date, store: Path, release_id: str) -> None:
    world = on(day, release_id, store)
    assert rows(store, world.release_id, "select law from laws where breaking_rows > 0") == []
    assert len(rows(store, world.release_id, "select law from laws")) == 11


def test_entries_only_come_and_never_go(store: Path, release_id: str) -> None:
    """What was known on a day is known on every later one."""
    before: set[str] = set()
    for day in DAYS:
        name = on(day, release_id, store).release_id
        entries = {entry for (entry,) in rows(store, name, "select entry_id from ledger")}
        assert before <= entries
        before = entries
    assert before


def test_what_was_known_when_investai_was_announced(store: Path, release_id: str) -> None:
    name = on(INVESTAI, release_id, store).release_id
    [(ceiling, entries)] = rows(
        store,
        name,
        "select amount_eur, entries from mart_ladder where ladder = 'investai' and stage = 'programmed'",
    )
    assert (ceiling, entries) == (3081300000, 3), "the ceiling of 2021, whose parts the act of 2026 raised"
    later = rows(
        store,
        name,
        "select part.entry_id from mart_ladder_entries as part join ledger as entry using (entry_id) "
        "where entry.dated_on > date '2025-02-11' or entry.superseded_on is not null",
    )
    assert later == [], "no step counts what came later, or had been replaced"
    [(found,)] = rows(
        store, name, "select amount_eur from ledger where entry_id = 'envelopes:investai-total'"
    )
    assert found == 200000000000


def test_a_site_is_as_far_as_it_had_come(store: Path, release_id: str) -> None:
    then = {
        site: (status, operational_on)
        for site, status, operational_on in rows(
            store,
            on(date(2022, 1, 1), release_id, store).release_id,
            "select site_id, status, operational_on from sites where kind = 'supercomputer'",
        )
    }
    now = rows(
        store,
        release_id,
        "select site_id, operational_on, operational_until from sites where kind = 'supercomputer'",
    )
    for site, operational_on, until in now:
        if site in then:
            serves = until is not None and until <= date(2022, 1, 1)
            assert then[site] == ("operational", operational_on) if serves else then[site][1] is None
    assert {status for status, _ in then.values()} > {"operational"}


def test_a_promise_is_known_once_it_was_made_and_kept_once_it_happened(store: Path, release_id: str) -> None:
    day = date(2025, 12, 31)
    name = on(day, release_id, store).release_id
    for said, happened in rows(store, name, "select said_until, happened_until from promises"):
        assert said is None or said <= day
        assert happened is None or happened <= day
    assert (
        rows(store, name, "select 1 from milestones where dated_until > date '2025-12-31' and not is_planned")
        == []
    )


def test_before_the_first_amount_nothing_is_there(store: Path, release_id: str) -> None:
    world = on(date(2010, 1, 1), release_id, store)
    assert world.is_empty
    for table in ("ledger", "sites", "milestones", "promises", "projects", "mart_ladder", "mart_purses"):
        assert rows(store, world.release_id, f'select 1 from "{table}"') == []  # noqa: S608
    assert not on(INVESTAI, release_id, store).is_empty


def test_what_stood_in_the_place_of_an_entry_keeps_its_parts(store: Path, release_id: str) -> None:
    """The whole of 2021 holds what the one that took its place holds: nothing counts twice then either."""
    name = on(date(2023, 1, 1), release_id, store).release_id
    contained = {
        part
        for (part,) in rows(
            store,
            name,
            'select contained_entry_id from "overlaps" '
            "where container_entry_id = 'envelopes:horizon-europe-total-2021'",
        )
    }
    now = {
        part
        for (part,) in rows(
            store,
            release_id,
            "select contained_entry_id from \"overlaps\" where container_entry_id = 'envelopes:horizon-europe-total'",
        )
    }
    there = {entry for (entry,) in rows(store, name, "select entry_id from ledger")}
    assert contained >= now & there
    assert now & there


# --- an older release, and what a newer one knows of its day


def test_a_newer_release_on_the_day_of_an_older_one_is_that_one(small: Small) -> None:
    old = releases.require_current(small.store)
    row = small.row_of("envelopes", "entries.csv", entry_key="investai-private")
    newer = {"entry_key": "investai-private-2026", "dated_on": "2026-11-26", "amount_eur": "90000000000.00"}
    small.add("envelopes", "entries.csv", row, **newer)
    replaced = {"superseded_on": "2026-11-26", "superseded_by": "envelopes:investai-private-2026"}
    small.change("envelopes", "entries.csv", row, **replaced)
    toml = small.path("envelopes").read_text(encoding="utf-8")
    before = toml.split("retrieved_on = ")[1][:10]
    small.replace("envelopes", "source.toml", f"retrieved_on = {before}", "retrieved_on = 2026-11-28")
    new = small.build().release_id
    assert new[:10] == "2026-11-28" > old[:10]
    then = as_of_days.name_of(new, date.fromisoformat(old[:10]))
    for table in (
        "ledger",
        "overlaps",
        "overlap_paths",
        "overlap_splits",
        "mart_euros",
        "mart_ladder",
        "sites",
    ):
        keys = ", ".join(column.name for column in metadata.tables[table].primary_key)
        cells = ", ".join(
            f'"{column.name}"'
            for column in metadata.tables[table].columns
            if column.name != "source_row"  # where a row stands in its file
        )
        sql = f'select {cells} from "{table}" order by {keys}'  # noqa: S608
        assert rows(small.store, then, sql) == rows(small.store, old, sql), table


def test_a_release_that_is_not_there_has_no_days(store: Path) -> None:
    with pytest.raises(NoRelease):
        releases.folder("2026-01-01-0123456789-as-of-2025-02-11", store)


# --- what is kept


def test_a_world_is_made_once_and_the_longest_unused_gives_way(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id = releases.require_current(small.store)
    made: list[str] = []
    make = as_of_build.make
    monkeypatch.setattr(
        as_of_build,
        "make",
        lambda release, view, folder: (made.append(view.name), make(release, view, folder)),
    )
    monkeypatch.setattr(as_of_cache, "MOST_FOLDERS", 2)
    for kept in as_of_cache.kept():
        shutil.rmtree(kept)
    names = [as_of_days.name_of(release_id, day) for day in (*DAYS[:2], DAYS[0], DAYS[2])]
    for name in names:
        assert (releases.folder(name, small.store) / "tracker.duckdb").is_file()
    assert made == [names[0], names[1], names[3]]
    assert {path.name for path in as_of_cache.kept()} == {names[0], names[3]}


def test_a_day_that_breaks_a_law_is_not_shown(
    tmp_path: Path, store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = duckdb_engine.read
    monkeypatch.setattr(
        duckdb_engine,
        "read",
        lambda name: "-- law_05: Stated.\nselect 1" if name.startswith("law_05") else read(name),
    )
    with pytest.raises(NotPossible, match="break a law of money: Stated"):
        as_of_build.make(releases.folder(release_id, store), View(release_id, DAYS[0]), tmp_path)


def test_every_table_with_days_says_which_rows_count() -> None:
    """A table with a day of its own is filtered by a file of sql/as_of/ or made anew; others are copied."""
    yardsticks = {"country_indicators"}
    own = {name.removeprefix(as_of_build.OWN) for name in duckdb_engine.names(as_of_build.OWN)}
    dated = {
        table.name
        for table in metadata.sorted_tables
        if any(column.info.get("unit") == "day" for column in table.columns)
    }
    assert dated - yardsticks <= own | set(as_of_build.MADE_ANEW)
