"""Which publisher and tier a document has, by the host of its address. Pure."""

from urllib.parse import urlsplit

import pyarrow as pa


def documents(urls: list[str], publishers: pa.Table) -> pa.Table:
    """One row per address: source_url, publisher, tier.

    publishers: host, publisher, tier, where host may be followed by the beginning of a path; the longest that
        fits wins.
    A host that nobody has judged yet is its own publisher, tier `not-assessed`.
    """
    by_host = {row["host"]: (row["publisher"], row["tier"]) for row in publishers.to_pylist()}
    assessments = [
        by_host.get(_longest(url, by_host), (urlsplit(url).hostname or url, "not-assessed")) for url in urls
    ]
    return pa.table(
        {
            "source_url": pa.array(urls, pa.string()),
            "publisher": pa.array([publisher for publisher, _ in assessments], pa.string()),
            "tier": pa.array([tier for _, tier in assessments], pa.string()),
        }
    )


def _longest(url: str, by_host: dict[str, tuple[str, str]]) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    path = [host, *parts.path.strip("/").split("/")]
    for length in range(len(path), 0, -1):
        if (prefix := "/".join(path[:length])) in by_host:
            return prefix
    return ""
