"""Killed at any moment, the public sees the old or the new release, whole; nothing that was acknowledged is
lost, and the same act then works.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import releases, verify
from tests.conftest import Small
from tests.paths import TESTS
from tests.pipelines.publishing.office import AWARD, CORRECTION, Office, template
from tests.pipelines.test_build import tiny_disk

KILLS = int(os.environ.get("KILLS", "200"))
SHARES = 2


@pytest.mark.timeout(1200)
def test_kill_at_any_step_and_any_time(small: Small, tmp_path: Path) -> None:
    seed = int(os.environ.get("KILL_SEED", "1"))
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.long.kill_harness",
                tmp_path,
                small.data,
                *map(str, (KILLS, seed, share, SHARES)),
            ],
            cwd=TESTS.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for share in range(SHARES)
    ]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * SHARES, said
    kills = [json.loads(line) for out, _ in said for line in out.splitlines()]
    assert len(kills) == KILLS
    for kill in kills:
        found, mended = kill["found"], kill["mended"]
        where = f"{kill['act']} at step {kill['at']} of {kill['of']} or {kill['seconds']} s: {found} {mended}"
        assert found["problems"] == [], where
        assert found["uploads"] in (kill["before"]["uploads"], kill["after"]["uploads"]), where
        assert (
            found["current"] == kill["before"]["current"] or found["uploads"] == kill["after"]["uploads"]
        ), where
        assert mended["problems"] == [] and mended["left"] == [], where
        assert mended["uploads"] == (kill["after"] if mended["is_repeated"] else found)["uploads"], where
    died = sum(kill["died"] for kill in kills)
    moved = sum(kill["found"]["current"] != kill["before"]["current"] for kill in kills)
    cleared = sum(bool(kill["mended"]["said"]) for kill in kills)
    repeated = sum(kill["mended"]["is_repeated"] for kill in kills)
    print(
        f"{died} killed of {KILLS}; {moved} after the event, {cleared} left something that was cleared away, {repeated} done again"
    )
    assert died > KILLS * 0.8


# --- a disk that is full or may not be written

LIMITED = """
import resource, signal, sys
from pathlib import Path
import typer
from pipelines.publishing import command
from pipelines.publishing.publish_withdraw_rollback import publish
from tests.pipelines.publishing.office import BOB, LINE
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
try:
    with command.letters():
        publish(Path(sys.argv[1]), sys.argv[3], BOB, "Checked.", LINE, Path(sys.argv[2]))
except typer.Exit as end:
    sys.exit(end.exit_code)
"""


def publish_in_a_process(office: Office, request_id: str, most: int = -1) -> tuple[int, str]:
    call = [sys.executable, "-c", LIMITED, office.store, office.data, request_id, str(most)]
    done = subprocess.run(call, cwd=TESTS.parent, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_files_that_may_not_grow_are_a_clear_message_and_nothing_is_half_done(small: Small) -> None:
    office = Office(small.store, small.data)
    asked, before = office.ask(template(AWARD)), releases.current(small.store)
    for most in (100, 3_000, 300_000):
        code, said = publish_in_a_process(office, asked.request_id, most)
        assert code == 1 and "Traceback" not in said, said
        assert "Nothing was published" in said or "cannot be used" in said, said
        assert releases.current(small.store) == before
        assert list(verify.problems(str(before), small.store)) == []
    assert office.publish(asked).is_new
    assert list(verify.problems(releases.require_current(small.store), small.store)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk in memory")
def test_a_full_disk_and_a_read_only_one_leave_the_public_on_the_last_good_release(
    small: Small, tmp_path: Path
) -> None:
    with tiny_disk(tmp_path / "disk", "size=160m") as disk:
        office = Office(disk / "store", small.data)
        shutil.copytree(small.store, office.store)
        asked, before = office.ask(template(AWARD)), releases.current(office.store)
        fill = disk / "filler"
        fill.write_bytes(bytes(shutil.disk_usage(disk).free - 65536))
        code, said = publish_in_a_process(office, asked.request_id)
        assert code == 1 and "Traceback" not in said and "Nothing was published" in said, said
        assert releases.current(office.store) == before
        with pytest.raises(OSError, match=r"[Nn]o space|disk"):
            office.upload(template(*[AWARD] * 2_000))
        fill.unlink()
        assert list(verify.problems(str(before), office.store)) == []
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        code, said = publish_in_a_process(office, asked.request_id)
        assert code == 1 and "Traceback" not in said and "Read-only file system" in said, said
        assert releases.current(office.store) == before
        with pytest.raises(OSError, match="Read-only"):
            office.upload(template(CORRECTION))
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        assert office.publish(asked).is_new
        assert list(verify.problems(releases.require_current(office.store), office.store)) == []
