"""The program of today builds, publishes, withdraws and rolls back on a store that version 0.1 made.

It builds releases from the data that ship today, so only what comes from the store itself is compared.
"""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tests.compatibility.record import RELEASES, REVISED
from tests.compatibility.running import FILES, Command, Done, run, unpack

QUERY = """
    select split_part(source_id, '-', 1) as origin, count(*) as lines, sum(amount_eur) as amount_eur
    from ledger
    where superseded_on is null and regexp_matches(source_id, '^(fts|cordis|upload)-')
    group by all
"""
IMPORTED = {"fts": (15, Decimal("4386530.68")), "cordis": (5, Decimal("15940924.94"))}
UPLOADED, LATER = Decimal("66861001.51"), Decimal("15000000.15")
REASON = "The agency published its list."
CHANGE = [
    "--reason",
    "Checked.",
    "--subject",
    "Example contracts",
    "--after",
    "As published.",
    "--why",
    REASON,
]


def sums(done: Done) -> dict[str, tuple[int, Decimal]]:
    """The lines in force that came from the store, by import or by upload, with their sum."""
    return {row["origin"]: (row["lines"], Decimal(row["amount_eur"])) for row in json.loads(done.stdout)}


def run_steps(store: Path, steps: dict[str, Sequence[str] | Command]) -> dict[str, Done]:
    """Run commands one after another; each result has the name of its step."""
    return dict(zip(steps, run(store, *steps.values()), strict=True))


@pytest.mark.slow
def test_a_store_is_carried_on(tmp_path: Path) -> None:
    store, query = unpack(tmp_path), ["query", QUERY, "--json"]
    ask = ["publish", str(FILES / "later.csv"), "--ask", "--json", "--reason", REASON]
    before = run_steps(store, {"build": ["build"], "sums": query, "ask": Command(ask, "ann", "contributor")})
    assert before["build"].code == 0, before["build"].stderr
    assert before["build"].stdout.strip() not in RELEASES
    assert sums(before["sums"]) == {**IMPORTED, "upload": (11, UPLOADED)}
    assert before["ask"].code == 0, before["ask"].stderr
    effect, end = json.JSONDecoder().raw_decode(before["ask"].stdout)
    request = before["ask"].stdout[end:].strip()
    changes = [
        (entry["kind"], entry["before"], entry["after"]) for entry in effect["entries"] if entry["is_of_file"]
    ]
    assert sorted(changes) == [("added", None, "7000000.07"), ("added", None, "8000000.08")]
    assert effect["can_be_published"]

    publish, upload = (
        ["publish", "--request", request, *CHANGE],
        hashlib.sha256((FILES / "revised.csv").read_bytes()),
    )
    after = run_steps(
        store,
        {
            "publish as its author": Command(publish, "ann", "contributor,approver"),
            "publish": Command(publish, "bob", "approver"),
            "publish again": Command(publish, "bob", "approver"),
            "sums with it": query,
            "withdraw": Command(["withdraw", upload.hexdigest()[:12], *CHANGE], "bob", "approver"),
            "sums without the revision": query,
            "verify": ["verify"],
            "releases": ["releases"],
            "requests": ["requests"],
            "roll back": Command(["rollback", REVISED, "--reason", "It was better."], "bob", "approver"),
            "verify at the end": ["verify"],
            "sums at the end": query,
        },
    )
    assert after["publish as its author"].code == 1
    assert after["publish"].code == 0, after["publish"].stderr
    assert after["publish again"].stdout == after["publish"].stdout
    assert sums(after["sums with it"]) == {**IMPORTED, "upload": (13, UPLOADED + LATER)}

    assert after["withdraw"].code == 0, after["withdraw"].stderr
    without = UPLOADED + LATER - Decimal("4100000.25") - Decimal("2750000.75") + Decimal("3999999.99")
    assert sums(after["sums without the revision"]) == {**IMPORTED, "upload": (12, without)}
    assert (after["verify"].code, after["verify"].stderr) == (0, "")
    published = [after[step].stdout.strip() for step in ("publish", "withdraw")]
    assert all(release in after["releases"].stdout for release in (*RELEASES, *published))
    requests = [line.split() for line in after["requests"].stdout.splitlines()]
    assert {words[4]: words[1] for words in requests} == {
        "awards.csv": "published",
        "ministry.csv": "published",
        "revised.csv": "withdrawn",
        "waiting.csv": "stale",
        "later.csv": "published",
    }

    assert (after["roll back"].code, after["roll back"].stdout.strip()) == (0, REVISED)
    assert (after["verify at the end"].code, after["verify at the end"].stderr) == (0, "")
    assert sums(after["sums at the end"]) == {**IMPORTED, "upload": (11, UPLOADED)}
