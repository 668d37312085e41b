"""`verify` names the first bad thing, whatever was changed in a store. tests/long does more of the same."""

import shutil
from pathlib import Path

import pytest

from pipelines import verify
from tests.pipelines.full_store import Full
from tests.pipelines.tampering import copied, tamper

CASES = 100
TOGETHER = 10  # cases of one test


def test_an_untouched_store_is_whole(full: Full, tmp_path: Path) -> None:
    store = copied(full.store, tmp_path / "store")
    assert list(verify.store_problems(store)) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, CASES, TOGETHER))
def test_whatever_was_changed_is_named_first(full: Full, tmp_path: Path, first: int) -> None:
    for seed in range(first, first + TOGETHER):
        store = copied(full.store, tmp_path / f"store-{seed}")
        done = tamper(store, seed)
        problems = list(verify.store_problems(store))
        assert problems, f"seed {seed}, {done.what}: nothing was found"
        assert any(word in problems[0] for word in done.named), f"seed {seed}, {done}: {problems[0]}"
        shutil.rmtree(store)
