"""How large a file may be, and how much a process that opens one may take. A message names the limit that was passed."""

import contextlib
import resource

MAX_BYTES = 256 * 1024 * 1024
MAX_ROWS = 1_500_000
MAX_COLUMNS = 100
MAX_CELL = 10_000
MAX_SHEETS = 50
MAX_PARTS = 1_000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 100
# A small workbook may be packed as tightly as it likes: below this size the ratio says nothing.
RATIO_MATTERS_FROM = 8 * 1024 * 1024
FAR_ROW = 1_048_576
MAX_EUROS = 5 * 10**12
MAX_LISTED = 10_000  # findings of one kind in one column; the rest is counted

MEMORY = 2 * 1024**3
CPU_SECONDS = 60
WRITTEN = 2 * 1024**3
WALL_SECONDS = 90


def confine() -> None:
    """Bind this process to its limits of memory, computing time and written bytes. A system that refuses one keeps the others."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def megabytes(number: int) -> str:
    """A size as a message shows it: 12.3 MB."""
    return f"{number / 1024 / 1024:,.1f} MB"
