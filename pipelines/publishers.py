"""Which publisher and tier a document has, by the host of its address. Pure."""

from urllib.parse import urlsplit

import pyarrow as pa


def documents(urls: list[str], publishers: pa.Table) -> pa.Table:
    """One row per address: source_url, publisher, tier.

    publishers: host, publisher, tier, where host may be followed by the beginning of a path; the longest that
        fits wins.
    A host that nobody has judged yet is its own publisher, tier `not-assessed`.
    """
    known = {row["host"]: (row["publisher"], row["tier"]) for row in publishers.to_pylist()}
    found = [known.get(_longest(url, known), (urlsplit(url).hostname or url, "not-assessed")) for url in urls]
    return pa.table(
        {
            "source_url": pa.array(urls, pa.string()),
            "publisher": pa.array([publisher for publisher, _ in found], pa.string()),
            "tier": pa.array([tier for _, tier in found], pa.string()),
        }
    )


def _longest(url: str, known: dict[str, tuple[str, str]]) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = [host, *parts.path.strip("/").split("/")]
    for length in range(len(path), 0, -1):
        if (prefix := "/".join(path[:length])) in known:
            return prefix
    return ""
