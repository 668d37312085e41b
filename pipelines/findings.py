"""A finding: one problem in a file, its place and its remedy; and the error that carries all findings of
stopped work. Pure.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.errors import TrackerError

Severity = Literal["error", "warning", "note"]

HIDDEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A finding tells the person who can mend a file what is wrong in it.

    code: a row of data/reference/finding_codes.csv. file: empty until it is known which file was read.
    row: as a spreadsheet shows it, the header is row 1; 0 where the finding is about the whole file.
    column_number: which column of the file, counted from 1; 0 where the finding is about no single
    column, or the position of the column is not known.
    """

    code: str
    file: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    problem: str
    remedy: str = ""
    severity: Severity = "error"
    column_number: int = 0

    @property
    def cell(self) -> str:
        """The address that a spreadsheet gives to the cell, as B17; empty where the finding is about no
        single cell.
        """
        return f"{column_letters(self.column_number)}{self.row}" if self.row and self.column_number else ""

    @property
    def is_of_file(self) -> bool:
        """Whether the finding concerns no single row and no column."""
        return not self.row and not self.column

    @property
    def names_its_value(self) -> bool:
        """Whether the problem names the value, in its own way."""
        return self.value in self.problem or self.code.startswith("delimiter-")

    def __str__(self) -> str:
        where = ", ".join(
            part for part in (self.file, f"row {self.row}" if self.row else "", self.column) if part
        )
        is_plain = not self.value or (self.is_of_file and self.names_its_value)
        value = "" if is_plain else f"{shown(self.value)} "
        return f"{self.severity}: {where}: {value}{self.problem} {self.remedy}".rstrip()


def column_letters(number: int) -> str:
    """A column as a spreadsheet names it: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Refused(TrackerError):
    """Work was stopped and nothing changed.

    `findings` holds every problem that was found, not only the first.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)

    @property
    def problems(self) -> tuple[str, ...]:
        """The findings as sentences."""
        return tuple(str(finding) for finding in self.findings)


def shown(value: str) -> str:
    """A value as a message may show it: quoted, short, with nothing hidden in it."""
    plain = HIDDEN_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    return f"“{plain if len(plain) <= 60 else plain[:57] + '…'}”"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The question “Did you mean …?” for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word.strip().lower(), sorted(allowed), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”? " if near else ""
