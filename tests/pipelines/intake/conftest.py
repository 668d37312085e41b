"""What the tests of the intake share: a file read in this process, and completed as a user would."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipelines.foreign_files import file_reader
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.validate import Verdict, judge
from pipelines.row_checks import Vocabularies

CONSTANTS = {
    "programme": "digital-europe",
    "stage": "committed",
    "basis": "eu-contribution",
    "source_url": "https://example.org/list",
}


@dataclass(frozen=True)
class Outcome:
    """What a file comes to once its proposed recipe is completed."""

    reading: Reading
    verdict: Verdict

    @property
    def is_accepted(self) -> bool:
        """Whether it could be published as it is: no error, no open question."""
        return not self.verdict.is_blocked and not self.reading.questions

    @property
    def euros(self) -> Decimal:
        """Everything that would be published."""
        return sum((one.amount_eur for one in self.verdict.sums), Decimal(0))

    @property
    def errors(self) -> set[str]:
        """The kinds of errors."""
        return {finding.code for finding in self.verdict.findings if finding.severity == "error"}

    @property
    def asked(self) -> set[str]:
        """The kinds of questions."""
        return {question.code for question in self.reading.questions}

    @property
    def told(self) -> str:
        """All that is said, in one text."""
        return "\n".join(str(finding) for finding in self.verdict.findings)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read files in this process: the confined one has its own tests and costs half a second a file."""
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)
    yield


@cache
def _vocabularies() -> Vocabularies:
    """Read once: they are the same for every file."""
    return read_vocabularies()


def completed(path: Path, answers: Mapping[str, str] | None = None, **more: str) -> Outcome:
    """A file under its proposed recipe and the constants that it lacks. more: other constants."""
    first = read(path, answers=answers)
    if first.is_template or first.grid is None:
        return Outcome(first, judge(first, _vocabularies()))
    recipe = first.recipe
    mapped = {name for names in recipe.columns.values() for name in names}
    constants = {**CONSTANTS, **more}
    if not mapped & {"year", "dated_on"} and any("year" not in one.constants for one in recipe.amounts):
        constants.setdefault("year", "2024")
    free = {name: word for name, word in constants.items() if name not in mapped and word}
    reading = read(path, replace(recipe, constants={**free, **recipe.constants}), answers)
    return Outcome(reading, judge(reading, _vocabularies()))


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table as CSV. rows: of cells; the first is the header."""

    def written(rows: Sequence[Sequence[Any]], mark: str = ";", name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_text("".join(mark.join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        return path

    return written


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Write an XLSX by a function that fills the book."""

    def written(fill: Callable[[Any], None]) -> Path:
        path = tmp_path / "list.xlsx"
        book = xlsxwriter.Workbook(str(path))
        fill(book)
        book.close()
        return path

    return written
