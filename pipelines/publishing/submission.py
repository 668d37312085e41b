"""What a contributor hands in: the checked rows of a file, what it is called, and the overlaps to be
recorded. Values that can be stored and read back.

`Checked` is all that the decisions know of reading files: whatever the file looked like, its rows arrive in
the columns of the template of their shape.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from pipelines import files
from pipelines.file_schemas import upload_cells
from pipelines.findings import Finding
from pipelines.person_names import names_of_persons, without_names
from pipelines.source_reader import read_columns

BUDGET_LINE = "budget_line"
COLUMNS = tuple(upload_cells(BUDGET_LINE))


@dataclass(frozen=True)
class Checked:
    """A file that was read: its rows as text in the columns of the template of their shape (empty cells are
    null), and everything found in it.

    sha256: of the file as it came. recipe: name of the recipe by which it was read, "template" for our own.
    sum_eur: of the accepted rows, where they are budget lines. shape: a name of file_schemas.uploadable().
    names_shown: beneficiaries that may be natural persons and are to be shown by name; of all others the
    names are withheld.
    """

    sha256: str
    file_name: str
    rows: pa.Table
    findings: Sequence[Finding]
    recipe: str
    rows_read: int
    rows_accepted: int
    sum_eur: Decimal
    shape: str = BUDGET_LINE
    names_shown: tuple[str, ...] = ()


class Overlap(NamedTuple):
    """One amount includes another.

    An entry of the file itself is named by its row, as `row:17`; any other by its entry id. split: the way of
    dividing the container to which it belongs; "" if the container has only one.
    """

    container: str
    contained: str
    reason: str
    source_url: str
    split: str = ""


@dataclass(frozen=True)
class Submission:
    """Rows that may become public, with the words of their source line.

    rows: as in Checked, without the names of natural persons, except names_shown. received_on: the day of the
    upload, which is the day of its knowledge. url: a page about it, if there is one.
    """

    sha256: str
    file_name: str
    rows: pa.Table = field(compare=False)
    title: str
    publisher: str
    licence: str
    received_on: date
    url: str | None = None
    note: str | None = None
    recipe: str = "template"
    overlaps: tuple[Overlap, ...] = ()
    shape: str = BUDGET_LINE
    names_shown: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its rows."""
        return tuple(upload_cells(self.shape))

    def with_overlaps(self, overlaps: Sequence[Overlap]) -> "Submission":
        """The same with these overlaps to be recorded, besides those it has."""
        return replace(self, overlaps=tuple(dict.fromkeys((*self.overlaps, *overlaps))))


def submission(
    checked: Checked, received_on: date, title: str = "", publisher: str = "", licence: str = "", **more: Any
) -> Submission:
    """What a checked file becomes.

    Without other words it is named after the file. more: url, note, overlaps.
    """
    return Submission(
        sha256=checked.sha256,
        file_name=checked.file_name,
        rows=without_names(checked.rows, names_of_persons(checked.rows).keys() - {*checked.names_shown}),
        title=one_line(title) or Path(one_line(checked.file_name)).stem,
        publisher=one_line(publisher) or "Not named",
        licence=one_line(licence) or "Not stated",
        received_on=received_on,
        recipe=checked.recipe,
        shape=checked.shape,
        names_shown=checked.names_shown,
        **more,
    )


def one_line(text: str) -> str:
    """Text without line ends, doubled spaces and characters that do not show."""
    return " ".join(
        "".join(character for character in text if character.isprintable() or character.isspace()).split()
    )


def keep(submission: Submission, folder: Path) -> str:
    """Store a submission below a folder, once, under its own fingerprint, and give that."""
    about = {
        name: getattr(submission, name)
        for name in ("sha256", "file_name", "title", "publisher", "licence", "url", "note", "recipe")
    }
    about |= {
        "received_on": submission.received_on.isoformat(),
        "overlaps": [list(overlap) for overlap in submission.overlaps],
        **({"names_shown": list(submission.names_shown)} if submission.names_shown else {}),
    }
    if submission.shape != BUDGET_LINE:  # what was stored before there were others stays the same
        about["shape"] = submission.shape
    content = (
        json.dumps(about, ensure_ascii=False, sort_keys=True, indent=1).encode()
        + b"\n"
        + csv_bytes(submission.columns, submission.rows.to_pylist())
    )
    digest = files.sha256(content)
    if not (folder / digest).is_file():
        files.write(folder / digest, content, files.PRIVATE)
    return digest


def read(path: Path) -> Submission:
    """A stored submission. Raises ValueError if the file is not what its name says."""
    content = path.read_bytes()
    if files.sha256(content) != path.name:
        raise ValueError(f"The stored request {path} was changed or damaged. Hand the file in again.")
    about, end = json.JSONDecoder().raw_decode(content.decode())
    rows = content.decode()[end + 1 :].encode()
    about |= {
        "received_on": date.fromisoformat(about["received_on"]),
        "overlaps": tuple(Overlap(*overlap) for overlap in about["overlaps"]),
        "names_shown": tuple(about.get("names_shown", ())),
    }
    cells = upload_cells(about.get("shape", BUDGET_LINE))
    columns = read_columns(rows, cells, {}, [])
    return Submission(rows=text_table(columns or {name: [] for name in cells}), **about)


def text_table(columns: Mapping[str, Sequence[str | None]]) -> pa.Table:
    """Columns of text as Arrow."""
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def csv_bytes(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as the CSV of a source folder: UTF-8, commas, LF, an empty cell where nothing is known."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if row.get(name) is None else str(row[name]) for name in columns] for row in rows])
    return text.getvalue().encode()
