"""What an importer hands over: tables in our shapes and the findings made while reading.

Knows no store and no screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from pipelines.file_schemas import SHAPES
from pipelines.findings import Finding


class Progress(Protocol):
    """Hears how far a piece of work has come."""

    def step(self, label: str, done: int, total: int) -> None:
        """done of total units of `label` are finished; total is 0 where it is not known."""


class Silent:
    """A progress that nobody watches."""

    def step(self, label: str, done: int, total: int) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Imported:
    """What was read from published files.

    files: file name → table of strings, the columns of its shape in order, empty cells as null. shapes:
    file name → shape. vintage: the day that the files themselves give as theirs, if they give one.
    definition: version of the AI relevance definition.
    """

    title: str
    publisher: str
    url: str
    licence: str
    vintage: date | None = None
    definition: str = ""
    files: dict[str, pa.Table] = field(default_factory=dict)
    shapes: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


class Importer(Protocol):
    """A module that reads one kind of published file."""

    def read(self, paths: Sequence[Path], progress: Progress) -> Imported:
        """Everything in the files, with what is wrong in them.

        Raises nothing for a bad file: that is a finding.
        """


def shaped(shape: str, columns: dict[str, list[str | None]]) -> pa.Table:
    """The columns as a table of a shape: its columns in order, as strings, empty text as null."""
    return pa.table(
        {
            name: pa.array([value or None for value in columns[name]], pa.string())
            for name in SHAPES[shape].cells
        }
    )
