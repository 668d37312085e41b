"""Every kind of finding, from data/reference/finding_codes.csv: its weight, title and usual remedy."""

from functools import lru_cache
from typing import NamedTuple, cast

from pipelines import reference
from pipelines.findings import Finding, Severity


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
    return {
        row["code"]: Code(
            row["code"], cast(Severity, row["severity"]), row["title"], row["remedy"], row["found_in"]
        )
        for row in reference.read_rows("finding_codes")
    }


def make_finding(
    code: str,
    file: str,
    problem: str,
    *,
    row: int = 0,
    column: str = "",
    column_index: int = -1,
    value: str = "",
    remedy: str = "",
    severity: Severity | None = None,
) -> Finding:
    """A finding of a known kind. place: which column of the file, from 0; -1 if none.

    remedy, severity: where there is better advice than the usual one, or the case weighs otherwise than
    usually.
    """
    kind = finding_codes()[code]
    return Finding(
        code=code,
        file=file,
        row=row,
        column=column,
        value=value,
        problem=problem,
        remedy=remedy or kind.remedy,
        severity=severity or kind.severity,
        column_number=column_index + 1,
    )
