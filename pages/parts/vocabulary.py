"""The words of the release's vocabularies, as codes → labels in their order."""

from typing import Any

from pages.parts import reader
from pages.parts.queries import trust


def labels(name: str) -> dict[str, str]:
    """Code → label of one vocabulary, such as `stages`."""
    rows = reader.read(trust.vocabulary(name))
    return dict(zip(rows["code"], rows["label"], strict=True))


def column(name: str, which: str) -> dict[str, Any]:
    """Code → another column of one vocabulary, such as `is_tracked` of `programmes`."""
    rows = reader.read(trust.vocabulary(name))
    return dict(zip(rows["code"], rows[which], strict=True))
