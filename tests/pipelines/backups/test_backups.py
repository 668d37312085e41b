"""A store becomes a zip, and an empty folder becomes that store again: the same exports, the same history."""

import json
import signal
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import files, journal, releases, verify
from pipelines.backups import restore, writer
from pipelines.bundle import writer as bundle
from pipelines.errors import Busy, NoRelease, NotPossible
from pipelines.publishing import publication_requests, publish_withdraw_rollback
from tests.pipelines.backups.broken_off import end_of, killed_at_member, killed_at_rename, with_small_files
from tests.pipelines.cli.test_commands import run
from tests.pipelines.full_store import Full
from tests.pipelines.publishing.office import BOB, Office


def bytes_of(store: Path, release_id: str, target: Path) -> bytes:
    bundle.export(release_id, target, store)
    return target.read_bytes()


def held(store: Path) -> list[str]:
    """Everything in a store but locks."""
    return sorted(path.name for path in store.rglob("*") if not path.name.endswith(".lock"))


@pytest.mark.slow
def test_the_drill_gives_the_same_exports_byte_for_byte_and_a_store_that_is_whole(
    full: Full, tmp_path: Path
) -> None:
    store = tmp_path / "new" / "store"
    code, out, err = run("restore", full.every, "--sha256", full.written.sha256, "--store", store)
    assert (code, out) == (0, f"{releases.current(full.store)}\n"), err
    for number, release_id in enumerate(releases.available(full.store)):
        before = bytes_of(full.store, release_id, tmp_path / f"before-{number}.zip")
        assert bytes_of(store, release_id, tmp_path / f"after-{number}.zip") == before
    assert list(verify.problems(releases.require_current(store), store)) == []
    assert run("verify", "--store", store)[0] == 0
    assert journal.read(store)[:-1] == journal.read(full.store), "the chain is that of before"
    assert journal.read(store)[-1].action == "restore"
    kept = {name for name, _ in files.file_sha256s(store)} - {"journal.sqlite", "current.json"}
    for name in kept:
        if not name.endswith(".lock"):
            assert (store / name).read_bytes() == (full.store / name).read_bytes(), name
    assert not (store / "sessions.sqlite").exists(), "nobody stays signed in"
    assert not (store / "downloads").exists()
    assert (store / "recipes" / "agency.toml").is_file()
    upload = next((store / "uploads").iterdir())
    assert stat.S_IMODE(upload.stat().st_mode) == files.PRIVATE


@pytest.mark.slow
def test_work_goes_on_in_a_restored_store(full: Full, tmp_path: Path) -> None:
    store = tmp_path / "store"
    restore.restore(full.every, store, "ann")
    office = Office(store, full.office.data)
    (asked,) = [
        found for found in publication_requests.requests(store) if found.request_id == full.waiting.request_id
    ]
    assert asked.state == "waiting"
    before = releases.require_current(store)
    decision = office.publish(asked)
    assert releases.current(store) == decision.release_id != before
    first = journal.read(store)[0].release_id
    assert first
    publish_withdraw_rollback.rollback(store, first, "It was better.", BOB)
    assert releases.current(store) == first
    assert list(verify.problems(first, store)) == []


@pytest.mark.slow
def test_older_releases_may_be_left_out_and_the_store_is_whole_all_the_same(
    full: Full, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    code, out, err = run("restore", full.current, "--store", store)
    first, second = (entry.release_id for entry in journal.read(full.store) if entry.release_id)
    assert (code, out) == (0, f"{second}\n") and f"not in this backup: {first}" in err
    assert releases.available(store) == [second]
    assert run("verify", "--store", store)[0] == 0
    code, _, err = run("rollback", first, "--reason", "x", "--store", store)
    assert code == 1 and f"There is no release {first}." in err
    # A backup of this store can be made and restored too.
    assert run("backup", tmp_path / "again.zip", "--store", store)[0] == 0
    assert run("restore", tmp_path / "again.zip", "--store", tmp_path / "third")[0] == 0
    assert run("verify", "--store", tmp_path / "third")[0] == 0


def test_a_backup_is_for_its_owner_alone_and_says_its_fingerprint(full: Full, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    code, out, err = run("backup", target, "--all-releases", "--store", full.store)
    assert (code, out) == (0, f"{files.file_sha256(target)}\n") and "left out: 0" in err
    assert stat.S_IMODE(target.stat().st_mode) & 0o077 == 0
    assert target.read_bytes() == full.every.read_bytes(), "the same store gives the same bytes"


@pytest.mark.parametrize("case", ["there already", "no folder", "in the store", "empty store"])
def test_a_backup_that_cannot_be_written_says_why(full: Full, tmp_path: Path, case: str) -> None:
    target, store, sentence = {
        "there already": (full.every, full.store, "is already there"),
        "no folder": (tmp_path / "none" / "b.zip", full.store, "Make it first"),
        "in the store": (full.store / "b.zip", full.store, "would be lost with it"),
        "empty store": (tmp_path / "b.zip", tmp_path / "store", "nothing to back up"),
    }[case]
    with pytest.raises((NotPossible, NoRelease), match=sentence):
        writer.write(store, target)
    assert case == "there already" or not target.exists()
    assert not (tmp_path / "store").exists()


def test_a_store_that_is_not_whole_is_not_backed_up(full: Full, tmp_path: Path) -> None:
    store = full.copy(tmp_path / "store")
    upload = next((store / "uploads").iterdir())
    upload.chmod(0o600)
    upload.write_bytes(b"other")
    code, out, err = run("backup", tmp_path / "b.zip", "--store", store)
    assert (code, out) == (1, "") and f"were changed: {upload.name}" in err
    assert not list(tmp_path.glob("*.zip")) and not list(tmp_path.glob(".incoming*"))


def test_a_backup_waits_for_nobody_who_publishes(full: Full, tmp_path: Path) -> None:
    with releases.publishing(full.store), pytest.raises(Busy):
        writer.write(full.store, tmp_path / "b.zip")


def test_what_was_never_published_and_what_leads_elsewhere_is_not_backed_up(
    full: Full, tmp_path: Path
) -> None:
    store = full.copy(tmp_path / "store")
    (store / "sources" / "upload-0123456789ab").mkdir()
    (store / "sources" / "upload-0123456789ab" / "lines.csv").write_text("a\n", encoding="utf-8")
    writer.write(store, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert not [
            name for name in archive.namelist() if "0123456789ab/lines.csv" in name and "upload" in name
        ]
    (store / "recipes" / "link.toml").symlink_to("/etc/hostname")
    with pytest.raises(NotPossible, match=r"link\.toml is neither a file nor a folder"):
        writer.write(store, tmp_path / "c.zip")


# --- a store that holds something


@pytest.mark.parametrize("name", ["journal.sqlite", "uploads/x", "releases/x/manifest.json", "notes.txt"])
def test_a_restore_never_overwrites(full: Full, tmp_path: Path, name: str) -> None:
    store = tmp_path / "store"
    (store / name).parent.mkdir(parents=True)
    (store / name).write_bytes(b"mine")
    before = held(store)
    code, out, err = run("restore", full.every, "--store", store)
    assert (code, out) == (1, "") and f"holds {name.split('/')[0]}" in err and "TRACKER_STORE" in err
    assert held(store) == before and (store / name).read_bytes() == b"mine"


def test_locks_and_empty_folders_are_no_obstacle(full: Full, tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "releases").mkdir(parents=True)
    (store / "publish.lock").touch()
    restore.restore(full.current, store, "ann")
    assert releases.current(store) == releases.current(full.store)


# --- a backup that is not what it should be


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup with other members."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def listed(members: dict[str, bytes], name: str, content: bytes) -> None:
    """Put a member in, and into the list as if it belonged there."""
    members[name] = content
    listing = json.loads(members["backup.json"])
    listing["files"][name] = {"sha256": files.sha256(content), "bytes": len(content), "private": False}
    members["backup.json"] = json.dumps(listing).encode()


def of_list(members: dict[str, bytes], **changes: object) -> None:
    members["backup.json"] = json.dumps(json.loads(members["backup.json"]) | changes).encode()


def first(members: dict[str, bytes], beginning: str) -> str:
    return next(name for name in sorted(members) if name.startswith(beginning))


def _flip(members: dict[str, bytes]) -> str:
    name = first(members, "uploads/")
    members[name] = bytes([members[name][0] ^ 1]) + members[name][1:]
    return name


def _drop(members: dict[str, bytes]) -> str:
    name = first(members, "requests/")
    del members[name]
    return name


def _drop_listed(members: dict[str, bytes]) -> str:
    name = first(members, "uploads/")
    del members[name]
    listing = json.loads(members["backup.json"])
    del listing["files"][name]
    members["backup.json"] = json.dumps(listing).encode()
    return name.removeprefix("uploads/")


def _add(members: dict[str, bytes]) -> str:
    members["uploads/more"] = b"more"
    return "uploads/more"


def _climb(members: dict[str, bytes]) -> str:
    listed(members, "../outside.txt", b"out")
    return "../outside.txt"


def _climb_inside(members: dict[str, bytes]) -> str:
    listed(members, "uploads/../../outside.txt", b"out")
    return "uploads/../../outside.txt"


def _absolute(members: dict[str, bytes]) -> str:
    listed(members, "/tmp/outside.txt", b"out")
    return "/tmp/outside.txt"


def _sign_ins(members: dict[str, bytes]) -> str:
    listed(members, "sessions.sqlite", b"sign-ins")
    return "sessions.sqlite"


def _hidden(members: dict[str, bytes]) -> str:
    listed(members, "sources/.hidden/x", b"x")
    return "sources/.hidden/x"


def _no_list(members: dict[str, bytes]) -> str:
    del members["backup.json"]
    return "backup.json"


def _broken_list(members: dict[str, bytes]) -> str:
    members["backup.json"] = b'{"form": "other"'
    return "backup.json"


def _newer(members: dict[str, bytes]) -> str:
    of_list(members, version=99)
    return "backup.json has form 99"


def _no_journal(members: dict[str, bytes]) -> str:
    listing = json.loads(members["backup.json"])
    del listing["files"]["journal.sqlite"], members["journal.sqlite"]
    members["backup.json"] = json.dumps(listing).encode()
    return "journal.sqlite"


def _other_current(members: dict[str, bytes]) -> str:
    of_list(members, current="2020-01-01-0000000000")
    return "journal.sqlite"


def _forged_upload(members: dict[str, bytes]) -> str:
    name = first(members, "uploads/")
    listed(members, name, b"forged")
    return name.removeprefix("uploads/")


def _forged_table(members: dict[str, bytes]) -> str:
    name = first(members, f"releases/{json.loads(members['backup.json'])['current']}/parquet/ledger")
    listed(members, name, members[first(members, "releases/")])
    return "ledger.parquet"


def _forged_database(members: dict[str, bytes]) -> str:
    name = f"releases/{json.loads(members['backup.json'])['current']}/tracker.duckdb"
    listed(members, name, members[name] + b"\0")
    return "tracker.duckdb"


def _forged_import(members: dict[str, bytes]) -> str:
    name = first(members, "sources/notes")
    listed(members, name, members[name] + b"\n")
    return "notes-0123456789ab"


def _forged_journal(members: dict[str, bytes]) -> str:
    content = members["journal.sqlite"]
    assert b"It is right." in content
    listed(members, "journal.sqlite", content.replace(b"It is right.", b"It is wrong.", 1))
    return "was changed after it was written"


def _bomb(members: dict[str, bytes]) -> str:
    listed(members, "sources/bomb/zeros.csv", bytes(80 * 1024**2))
    return "packed"


CHANGES = (
    _flip, _drop, _drop_listed, _add, _climb, _climb_inside, _absolute, _sign_ins, _hidden, _no_list,
    _broken_list, _newer, _no_journal, _other_current, _forged_upload, _forged_table, _forged_database,
    _forged_import, _forged_journal, _bomb,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_changed_or_hostile_backup_is_refused_by_name_and_leaves_nothing(
    full: Full, tmp_path: Path, change: Callable[[dict[str, bytes]], str]
) -> None:
    told: list[str] = []
    hostile = rewritten(full.current, tmp_path / "hostile.zip", lambda members: told.append(change(members)))
    store = tmp_path / "inner" / "store"
    code, out, err = run("restore", hostile, "--store", store)
    assert (code, out) == (1, "") and told[0] in err, err
    assert not store.exists() or held(store) == []
    assert not list(tmp_path.rglob("outside.txt")) and not Path("/tmp/outside.txt").exists()
    restore.restore(full.current, store, "ann")  # the good one fits afterwards


def test_a_member_that_is_larger_than_it_says_is_cut_off(full: Full, tmp_path: Path) -> None:
    """The sizes in the list and in the zip agree, and both lie."""
    target = tmp_path / "lying.zip"
    with (
        zipfile.ZipFile(full.current) as archive,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as lying,
    ):
        listing = json.loads(archive.read("backup.json"))
        name = next(name for name in listing["files"] if name.startswith("uploads/"))
        for member in archive.infolist():
            if member.filename not in (name, "backup.json"):
                lying.writestr(member, archive.read(member))
        lying.writestr(name, archive.read(name) + bytes(5 * 1024**2))
        lying.writestr("backup.json", json.dumps(listing))
        lying.getinfo(name).file_size = listing["files"][name]["bytes"]
    code, _, err = run("restore", target, "--store", tmp_path / "store")
    assert code == 1 and name in err
    assert held(tmp_path / "store") == []


def test_links_and_twins_in_a_zip_are_refused(full: Full, tmp_path: Path) -> None:
    for kind in ("link", "twin", "locked"):
        target = tmp_path / f"{kind}.zip"
        with zipfile.ZipFile(full.current) as archive, zipfile.ZipFile(target, "w") as hostile:
            names = archive.namelist()
            name = next(name for name in names if name.startswith("recipes/"))
            for member in archive.infolist():
                content = archive.read(member)
                if kind == "link" and member.filename == name:
                    member.external_attr = (stat.S_IFLNK | 0o777) << 16
                hostile.writestr(member, content)
            if kind == "twin":
                with pytest.warns(UserWarning):
                    hostile.writestr(name, b"other")
            if kind == "locked":
                hostile.getinfo(name).flag_bits |= 1
        code, _, err = run("restore", target, "--store", tmp_path / kind)
        assert code == 1 and name in err, err


@pytest.mark.parametrize("cut", [0, 1, 22, 1_000, 0.5, 0.99], ids=str)
def test_a_backup_that_is_cut_off_is_refused(full: Full, tmp_path: Path, cut: float) -> None:
    content = full.current.read_bytes()
    short = tmp_path / "short.zip"
    short.write_bytes(content[: int(cut * len(content)) if isinstance(cut, float) else cut])
    code, _, err = run("restore", short, "--store", tmp_path / "store")
    assert code == 1 and err.startswith("short.zip ")
    assert not (tmp_path / "store").exists()


def test_the_fingerprint_that_was_printed_is_compared(full: Full, tmp_path: Path) -> None:
    code, _, err = run("restore", full.every, "--sha256", "0" * 64, "--store", tmp_path / "store")
    assert code == 1 and "expected was" in err and not (tmp_path / "store").exists()


# --- full disks and kills


def test_a_disk_that_is_too_small_is_found_before_anything_is_unpacked(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda folder: 1024)
    with pytest.raises(NotPossible, match="Make room"):
        restore.restore(full.current, tmp_path / "store", "ann")
    assert not (tmp_path / "store").exists()


@pytest.mark.slow
def test_a_disk_that_fills_up_in_the_middle_leaves_nothing(full: Full, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert end_of(with_small_files, full.current, store, 100_000) == 1
    assert held(store) == []
    restore.restore(full.current, store, "ann")
    assert list(verify.store_problems(store)) == []


@pytest.mark.slow
def test_a_restore_that_is_killed_at_any_step_leaves_nothing_or_everything(
    full: Full, tmp_path: Path
) -> None:
    """The rename of each name is a step; the one of the journal decides."""
    steps = 0
    for die_at in range(1, 40):
        store = tmp_path / f"store-{die_at}"
        if end_of(killed_at_rename, full.current, store, die_at) == 0:
            break
        steps += 1
        assert releases.current(store) in (None, releases.current(full.store))
        assert not (store / "journal.sqlite").exists()
        restore.restore(full.current, store, "ann")
        assert held(store).count("manifest.json") == 1 and not list(store.glob(".restoring*"))
        assert releases.current(store) == releases.current(full.store)
    assert steps >= 5


@pytest.mark.slow
def test_a_restore_that_is_killed_while_it_unpacks_leaves_what_the_next_one_clears(
    full: Full, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert end_of(killed_at_member, full.current, store, 20) == -signal.SIGKILL
    assert releases.current(store) is None and list(store.glob(".restoring*"))
    restore.restore(full.current, store, "ann")
    assert not list(store.glob(".restoring*"))
    assert list(verify.store_problems(store)) == []
