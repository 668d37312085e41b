"""The sentences that the pages say of a release, asked of who writes them; and those that would be others."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pipelines import entry_points
from pipelines.size_limited_cache import ByteCache, size_of

_SENTENCES: ByteCache[Mapping[str, str]] = ByteCache(2**20, size_of)


class Sentence(NamedTuple):
    """A sentence on a page, now and after; empty where it is not said. page: where it stands."""

    page: str
    before: str
    after: str


def read(release_id: str, store: Path, folder: str = "") -> Mapping[str, str]:
    """Where it stands → the sentence. An id stands for one content, so that its sentences are kept.

    folder: the name of its folder in the store, where that is not the id.
    """

    def made() -> Mapping[str, str]:
        said: dict[str, str] = {}
        for sentences in entry_points.functions(entry_points.SENTENCES):
            said |= sentences(folder or release_id, store)
        return said

    return _SENTENCES.get(release_id, made)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[Sentence]:
    """The sentences that are not the same, in the order of the pages."""
    return [
        Sentence(page, before.get(page, ""), after.get(page, ""))
        for page in dict.fromkeys([*before, *after])
        if before.get(page, "") != after.get(page, "")
    ]
