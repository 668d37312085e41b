"""The sentences that the pages say of a release, asked of who writes them; and those that would be others."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipelines import registered


class Sentence(NamedTuple):
    """A sentence on a page, now and after; empty where it is not said. page: where it stands."""

    page: str
    before: str
    after: str


@lru_cache(maxsize=4)
def read(release_id: str, store: Path) -> Mapping[str, str]:
    """Where it stands → the sentence. A release never changes, so that its sentences are kept."""
    said: dict[str, str] = {}
    for sentences in registered.functions(registered.SENTENCES):
        said |= sentences(release_id, store)
    return said


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[Sentence]:
    """The sentences that are not the same, in the order of the pages."""
    return [
        Sentence(page, before.get(page, ""), after.get(page, ""))
        for page in dict.fromkeys([*before, *after])
        if before.get(page, "") != after.get(page, "")
    ]
