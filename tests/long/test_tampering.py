"""A thousand changes of a store, each found by the command `verify` as a person types it."""

from pathlib import Path

import pytest

from tests.pipelines.cli.test_commands import run
from tests.pipelines.full_store import Full, full
from tests.pipelines.tampering import copied, tamper

__all__ = ["full"]

CASES = 1000


@pytest.mark.timeout(7200)
def test_the_command_names_the_first_bad_thing_every_time(full: Full, tmp_path: Path) -> None:
    missed = []
    for seed in range(10_000, 10_000 + CASES):
        store = copied(full.store, tmp_path / f"store-{seed}")
        done = tamper(store, seed)
        code, _, err = run("verify", "--store", store)
        first = (err.splitlines() or [""])[0]
        # The command checks the current release first and names its files without the name of the release.
        words = [*done.named, *(word.partition(": ")[2] or word for word in done.named)]
        if code != 1 or not any(word in first for word in words):
            missed.append(f"seed {seed}, {done}: {code} {first}")
    assert missed == []
