"""Every kind of finding, from data/reference/finding_codes.csv: how heavy it weighs, its title, and what is usually to be done."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from pipelines.findings import Finding, Severity

_FILE = Path(__file__).resolve().parent.parent.parent / "data" / "reference" / "finding_codes.csv"


class Code(NamedTuple):
    """A kind of finding, in words. found_in: the work that it is found in: upload, import or build."""

    code: str
    severity: Severity
    title: str
    remedy: str
    found_in: str


@lru_cache(maxsize=1)
def finding_codes() -> dict[str, Code]:
    """Code → what it is."""
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {
            row["code"]: Code(
                row["code"], cast(Severity, row["severity"]), row["title"], row["remedy"], row["found_in"]
            )
            for row in csv.DictReader(stream)
        }


def make_finding(
    code: str,
    file: str,
    problem: str,
    *,
    row: int = 0,
    column: str = "",
    place: int = -1,
    value: str = "",
    remedy: str = "",
) -> Finding:
    """A finding of a known kind. place: which column of the file, from 0; -1 if none. remedy: if there is better advice than the usual one."""
    kind = finding_codes()[code]
    return Finding(
        code=code,
        file=file,
        row=row,
        column=column,
        value=value,
        problem=problem,
        remedy=remedy or kind.remedy,
        severity=kind.severity,
        column_number=place + 1,
    )
