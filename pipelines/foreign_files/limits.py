"""How large a foreign file may be, and how much a process that reads one may take.

Uploads and bulk files have limits of their own. A message names the limit that was passed.
"""

import contextlib
import resource
from dataclasses import dataclass

MAX_CELL = 10_000  # characters
MAX_SHEETS = 50
MAX_EUROS = 5 * 10**12
MAX_DIGITS = 16  # before the decimals of an amount
MAX_LISTED = 10_000  # findings of one kind in one column; the rest is counted
LAST_ROW = 1_048_576  # of a spreadsheet: no table reaches it


@dataclass(frozen=True)
class Limits:
    """What one kind of foreign file may be and take.

    max_bytes: of the file. max_parts, max_unpacked: parts of a packed file, and bytes of all together.
    max_ratio: unpacked to packed bytes; below ratio_matters_from bytes a file may be packed as tightly as
    it likes. max_rows, max_columns: of a table. far_column: the first column in which no table can have a
    cell. memory, written: bytes. cpu_seconds, wall_seconds: of the process that reads.
    """

    max_bytes: int
    max_parts: int
    max_unpacked: int
    max_ratio: int
    ratio_matters_from: int
    max_rows: int
    max_columns: int
    far_column: int
    memory: int
    cpu_seconds: int
    wall_seconds: int
    written: int


UPLOADS = Limits(
    max_bytes=256 * 1024**2,
    max_parts=1_000,
    max_unpacked=256 * 1024**2,
    max_ratio=100,
    ratio_matters_from=8 * 1024**2,
    max_rows=1_500_000,
    max_columns=100,
    far_column=501,
    memory=2 * 1024**3,
    cpu_seconds=60,
    wall_seconds=90,
    written=2 * 1024**3,
)
# A year of the Financial Transparency System has 150,000 rows of 38 columns, a framework programme 130,000
# participations.
BULK = Limits(
    max_bytes=4 * 1024**3,
    max_parts=1_000,
    max_unpacked=4 * 1024**3,
    max_ratio=200,
    ratio_matters_from=64 * 1024**2,
    max_rows=10_000_000,
    max_columns=702,
    far_column=703,
    memory=8 * 1024**3,
    cpu_seconds=1_800,
    wall_seconds=3_600,
    written=8 * 1024**3,
)


def confine(limits: Limits) -> None:
    """Bind this process to its limits of memory, computing time and written bytes.

    A system that refuses one of them keeps the others.
    """
    for what, limit in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.written),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def megabytes(number: int) -> str:
    """A size as a message shows it: 12.3 MB."""
    return f"{number / 1024 / 1024:,.1f} MB"
