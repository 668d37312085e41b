"""A file of a million rows is checked within fifteen seconds and one gigabyte, with every row judged."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from tests.paths import ROOT

ROWS = 1_000_000
SECONDS, BYTES = 15, 1_000_000_000
_LINES = f"""
copy (
    select
        'digital-europe' as programme, '' as initiative, 'eu-budget' as funder, 'committed' as stage, 'eu-contribution' as basis,
        cast(1000 + (n * 7919) % 9999991 + 0.25 as decimal(18, 2)) as amount_eur, 2021 + n % 6 as year,
        ['DE', 'FR', 'EL', 'PL', 'FI'][1 + n % 5] as country, '' as site, 'Institute ' || n % 5000 as beneficiary,
        'Work ' || n as heading, (2021 + n % 6) || '-03-' || lpad(cast(1 + n % 28 as varchar), 2, '0') as dated_on,
        'https://example.org/list' as source_url, '' as note
    from range({ROWS}) as every(n)
) to '{{path}}' (header)
"""  # noqa: S608


def test_a_million_rows_are_checked_in_time_and_in_memory(
    store: Path, release_id: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "million.csv"
    duckdb.execute(_LINES.format(path=path))
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "check", str(path), "--json"],
        cwd=ROOT,
        env={**os.environ, "TRACKER_STORE": str(store)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    record_property("seconds", round(seconds, 1))
    print(f"{ROWS:,} rows: {seconds:.1f} s, {worked:.1f} s of processors, {peak / 1e6:,.0f} MB")
    told = json.loads(done.stdout)
    assert (told["rows_read"], told["rows_accepted"]) == (ROWS, ROWS), done.stderr[-500:]
    assert peak <= BYTES
    assert seconds <= SECONDS, f"{seconds:.1f} s, {worked:.1f} s of processors"
