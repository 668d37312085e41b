"""A build is all or nothing, the same inputs give the same release anywhere, and whatever goes wrong the
current release stays.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import journal, releases, verify
from pipelines.build import build
from pipelines.errors import Busy
from pipelines.findings import Refused
from tests.conftest import Small
from tests.paths import DATA, TESTS

CODE = TESTS.parent
PLACES = [
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "4242"},
]
CALL = "import sys; from pathlib import Path; from pipelines.build import build; print(build(Path(sys.argv[1]), Path(sys.argv[2])).release_id)"


def start(arguments: list[str | Path], environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    whole = os.environ | (environment or {})
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=CODE,
        env=whole,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def parquet(store: Path, release_id: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (store / "releases" / release_id / "parquet").iterdir()}


def is_whole(store: Path, release_id: str) -> bool:
    return list(verify.problems(release_id, store)) == []


# --- the same inputs, the same release


def test_two_builds_in_other_time_zones_and_languages_are_equal_byte_for_byte(tmp_path: Path) -> None:
    stores = [tmp_path / f"store-{number}" for number in range(len(PLACES))]
    running = [
        start(["-m", "pipelines", "build", "--store", store], place)
        for store, place in zip(stores, PLACES, strict=True)
    ]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    ids = [out.splitlines()[-1] for out, _ in said]
    assert ids[0] == ids[1]
    assert parquet(stores[0], ids[0]) == parquet(stores[1], ids[1])
    assert releases.manifest(ids[0], stores[0]) == releases.manifest(ids[1], stores[1])


@pytest.mark.slow
def test_the_same_data_in_another_folder_gives_the_same_release(small: Small, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    moved = small.data.rename(tmp_path / "deep" / "er" / "data")
    again = build(tmp_path / "other", moved)
    assert again.release_id == releases.current(small.store)
    assert parquet(tmp_path / "other", again.release_id) == parquet(small.store, again.release_id)


@pytest.mark.slow
def test_the_same_again_is_nothing_new(small: Small) -> None:
    before, events = releases.current(small.store), journal.read(small.store)
    built = small.build()
    assert (built.release_id, built.is_new) == (before, False)
    assert journal.read(small.store) == events


@pytest.mark.slow
def test_another_input_gives_another_release_and_the_old_one_stays_readable(small: Small) -> None:
    before = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Digital Europe, called otherwise")
    built = small.build()
    assert built.is_new and built.release_id != before
    assert releases.available(small.store) == sorted([before, built.release_id])
    assert releases.current(small.store) == built.release_id
    assert is_whole(small.store, before) and is_whole(small.store, built.release_id)
    last = journal.read(small.store)[-1]
    assert (last.action, json.loads(last.details)["based_on"]) == ("publish", before)


@pytest.mark.slow
def test_the_release_is_named_after_the_day_of_its_knowledge(small: Small) -> None:
    small.replace("flows", "source.toml", "retrieved_on = 2026-11-23", "retrieved_on = 2027-02-28")
    assert small.build().release_id.startswith("2027-02-28-")


@pytest.mark.slow
def test_an_imported_source_in_the_store_is_built_in(small: Small) -> None:
    (small.store / "sources").mkdir()
    small.path("template").parent.rename(small.store / "sources" / "template")
    built = small.build()
    with releases.open_read_only(built.release_id, small.store) as connection:
        assert connection.execute("select count(*) from ledger where source_id = 'template'").fetchall() == [
            (2,)
        ]


def test_no_source_at_all_is_refused(small: Small, tmp_path: Path) -> None:
    (small.data / "sources").rename(tmp_path / "away")
    assert [finding.code for finding in small.refusal()] == ["no-source"]


# --- only if something changed


def test_nothing_is_done_if_nothing_changed(small: Small) -> None:
    said: list[str] = []
    built = build(small.store, small.data, said.append, only_if_changed=True)
    assert (built.release_id, built.is_new, said) == (releases.current(small.store), False, [])


@pytest.mark.slow
def test_a_roll_back_is_not_undone_by_a_build_that_has_nothing_new(small: Small) -> None:
    first = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    second = small.build().release_id
    journal.append(small.store, "rollback", first, "the new one was wrong", {})
    assert small.build(only_if_changed=True) == (first, False)
    assert releases.current(small.store) == first
    assert small.build() == (second, True), "who asks for a build without condition gets it"


@pytest.mark.slow
def test_a_change_is_seen_after_a_roll_back(small: Small) -> None:
    first = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    small.build()
    journal.append(small.store, "rollback", first, "the new one was wrong", {})
    small.change("envelopes", "entries.csv", 2, heading="Changed again")
    assert small.build(only_if_changed=True).is_new


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["release", "journal"])
def test_what_was_lost_is_built_again(small: Small, lost: str) -> None:
    before = releases.require_current(small.store)
    if lost == "release":
        (small.store / "releases" / before).rename(small.store / "away")
    else:
        (small.store / "journal.sqlite").unlink()
    assert small.build(only_if_changed=True).release_id == before == releases.current(small.store)
    assert is_whole(small.store, before)


# --- what can go wrong while building

DIE_AT = """
import os, signal, sys
from pathlib import Path
from pipelines.build import build

def progress(step):
    if step.startswith(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

build(Path(sys.argv[1]), Path(sys.argv[2]), progress)
"""
STEPS = ["Loading rows", "Checking the laws", "Writing tables", "Publishing"]


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_the_current_release_and_the_next_one_works(small: Small) -> None:
    before = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    for step in STEPS:
        process = start(["-c", DIE_AT, small.store, small.data, step])
        process.communicate()
        assert process.returncode == -signal.SIGKILL, step
        assert releases.current(small.store) == before
    assert is_whole(small.store, before)
    built = small.build()
    assert built.is_new and releases.current(small.store) == built.release_id
    assert is_whole(small.store, built.release_id)
    assert not list((small.store / "releases").glob(".*")), "what killed builds left is swept away"


@pytest.mark.slow
def test_a_build_that_is_killed_after_a_second_leaves_the_current_release(small: Small) -> None:
    before = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    process = start(["-c", CALL, small.store, small.data])
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    assert is_whole(small.store, before)
    built = small.build()
    assert releases.current(small.store) == built.release_id != before


@pytest.mark.slow
def test_the_first_build_of_all_may_be_killed_too(small: Small, tmp_path: Path) -> None:
    process = start(["-c", DIE_AT, tmp_path / "fresh", small.data, "Writing"])
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert releases.current(tmp_path / "fresh") is None
    assert releases.available(tmp_path / "fresh") == []
    assert build(tmp_path / "fresh", small.data).release_id == releases.current(small.store)


@pytest.mark.slow
def test_two_builds_at_once_are_refused(small: Small) -> None:
    with releases.publishing(small.store):
        with pytest.raises(Busy, match="Wait until it has ended"):
            small.build()
        process = start(["-m", "pipelines", "build", "--store", small.store])
        _, said = process.communicate()
        assert process.returncode == 1
        assert "Another build or publication is running" in said and "Traceback" not in said
    assert not small.build().is_new


@contextmanager
def tiny_disk(place: Path, options: str) -> Iterator[Path]:
    """A disk of its own, where the machine lets us have one."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this machine lets us mount no disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk in memory")
def test_a_full_disk_is_a_clear_message_and_the_current_release_stays(small: Small, tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", "size=80m") as disk:
        store = disk / "store"
        before = build(store, small.data).release_id
        (disk / "filler").write_bytes(bytes(shutil.disk_usage(disk).free - 1024 * 1024))
        process = start(["-m", "pipelines", "build", "--store", store])
        _, said = process.communicate()
        assert process.returncode == 1
        assert "Traceback" not in said, said
        assert "Nothing was published" in said
        assert releases.current(store) == before and is_whole(store, before)
        (disk / "filler").unlink()
        assert not build(store, small.data).is_new


@pytest.mark.slow
def test_a_file_that_may_not_grow_is_a_clear_message(small: Small) -> None:
    before = releases.require_current(small.store)
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); runpy.run_module('pipelines', run_name='__main__')"
    process = start(["-c", limited, "build", "--store", small.store])
    _, said = process.communicate()
    assert process.returncode == 1, said
    assert "Traceback" not in said, said
    assert "Nothing was published" in said
    assert releases.current(small.store) == before and is_whole(small.store, before)
    assert not list((small.store / "releases").glob(".*"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk in memory")
def test_a_store_that_may_not_be_written_is_a_clear_message(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", "size=1m,ro") as disk:
        process = start(["-m", "pipelines", "build", "--store", disk / "store"])
        _, said = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in said, said
    assert "Read-only file system" in said and str(disk) in said


@pytest.mark.slow
def test_a_store_in_the_way_of_a_file_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    process = start(["-m", "pipelines", "build", "--store", tmp_path / "file" / "store"])
    _, said = process.communicate()
    assert process.returncode == 1
    assert "Traceback" not in said and "Nothing was published" in said, said


# --- what came out


def test_no_raw_table_is_published(small: Small) -> None:
    with releases.open_read_only(releases.require_current(small.store), small.store) as connection:
        found = connection.execute(
            "select table_name from information_schema.tables where table_name like 'raw%' or table_name like 'stg%'"
        )
        assert found.fetchall() == []


def test_the_sums_of_the_ledger_are_those_of_each_source(store: Path, release_id: str) -> None:
    with releases.open_read_only(release_id, store) as connection:
        (ledger,) = connection.execute("select sum(amount_eur) from ledger").fetchone() or ()
        (sources,) = connection.execute("select sum(amount_eur) from sources").fetchone() or ()
    manifest = releases.manifest(release_id, store)
    assert ledger == sources
    assert f"{ledger}" == f"{sum(Decimal(line['amount_eur'] or 0) for line in manifest['sums'])}"


def test_a_refusal_writes_nothing_to_a_fresh_store(small: Small, tmp_path: Path) -> None:
    small.change("envelopes", "entries.csv", 2, stage="programed")
    with pytest.raises(Refused):
        build(tmp_path / "fresh", small.data)
    assert releases.current(tmp_path / "fresh") is None
    assert releases.available(tmp_path / "fresh") == []


def test_what_ships_says_its_licence() -> None:
    assert "CC BY 4.0" in (DATA / "LICENSE.md").read_text(encoding="utf-8")
