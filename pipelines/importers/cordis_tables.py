"""The tables of CORDIS among the files of an import: known by their columns, whatever they are called.

Projects as XML become tables too.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, nearest
from pipelines.importers import cordis_xml
from pipelines.importers.tabular_files import Sheet, read_sheet
from pipelines.partial_dates import read_partial_date

# Kind of table → the columns by which it is known, as `tabular_files.plain` writes them.
# The first of them holds the number of the project.
_KINDS = {
    "projects": ("id", "ecmaxcontribution"),
    "organisations": ("projectid", "organisationid", "role"),
    "partners": ("projectid", "pic", "role", "frameworkprogramme"),
    "legal bases": ("projectid", "legalbasis", "uniqueprogrammepart"),
    "topics": ("projectid", "topic"),
    "classification": ("projectid", "euroscivocpath"),
    "reports": ("projectid", "projectacronym", "attachment", "title"),
}
# A column that only this kind of table has: with it but without the others the table is damaged, not foreign.
_MARKS = {
    "projects": ("ecmaxcontribution", "ecsignaturedate"),
    "organisations": ("organisationid", "neteccontribution"),
    "partners": ("pic",),
    "legal bases": ("uniqueprogrammepart",),
    "topics": (),
    "classification": ("euroscivocpath", "euroscivoccode"),
    "reports": (),
}
# What tables that others made of the export call a column of the table of projects.
_ALIASES = {"programmepart": "legalbasis", "topic": "topics", "euroscivocpaths": "euroscivocpath"}
# All columns that are read.
_COLUMNS = frozenset(
    (
        *chain(*_KINDS.values(), *_MARKS.values()),
        *_ALIASES,
        *("acronym", "title", "status", "legalbasis", "topics", "startdate", "enddate", "frameworkprogramme"),
        *("totalcost", "project totalcost", "country", "name", "city", "nutscode", "organisation"),
    )
)
_PROJECT = re.compile(r"\d{1,12}")
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])(?!\d)(?:-(?:0[1-9]|[12]\d|3[01])(?!\d))?")
_LISTED = 100


@dataclass
class Table:
    """A table of a known kind. projects: the number in each row. month: or day of the data, from its name."""

    kind: str
    sheet: Sheet
    projects: list[str]
    month: str = ""


@dataclass
class Tables:
    """All tables of an import, and what was found in them."""

    tables: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    vintages: list[date] = field(default_factory=list)

    def of(self, kind: str) -> list[Table]:
        return [table for table in self.tables if table.kind == kind]

    def add(
        self,
        code: str,
        table: Table | None,
        problem: str,
        *,
        row: int = 0,
        column: str = "",
        value: str = "",
        remedy: str = "",
    ) -> None:
        """Note a finding in a table, or in all of them together."""
        file = table.sheet.file if table else ""
        self.findings.append(
            make_finding(code, file, problem, row=row, column=column, value=value, remedy=remedy)
        )


def _kind(titles: Collection[str]) -> str:
    return next((kind for kind, columns in _KINDS.items() if set(columns) <= set(titles)), "")


def read_table(path: Path, tables: Tables) -> None:
    """Read one file into its kind of table, or say why it is left out."""
    sheet = read_sheet(path, lambda titles: bool(_kind(titles)), _COLUMNS)
    if isinstance(sheet, Finding):
        tables.findings.append(sheet)
        return
    kind = _kind(sheet.header)
    if not kind:
        tables.findings += _foreign(sheet)
        return
    month = _MONTH.search(path.stem)
    _add_table(kind, sheet, month[0] if month else "", tables)


def read_xml(paths: Sequence[Path], tables: Tables) -> None:
    """Read projects given as XML, one file each, as one table of each kind."""
    read: list[dict[str, list[tuple[str, ...]]]] = []
    for path in paths:
        try:
            read.append(cordis_xml.read_projects(path))
        except ValueError as error:
            remedy = "Fetch the file again."
            tables.findings.append(
                make_finding("xml-unreadable", path.name, f"cannot be read as XML: {error}.", remedy=remedy)
            )
            continue
        if not read[-1]:
            problem = "is no project; left out."
            tables.findings.append(make_finding("table-unused", path.name, problem))
    names = paths[0].name if len(paths) == 1 else f"{len(paths):,} XML files"
    for sheet in cordis_xml.sheets(names, read):
        _add_table(_kind(sheet.header), sheet, "", tables)


def _add_table(kind: str, sheet: Sheet, month: str, tables: Tables) -> None:
    if kind == "projects":
        for theirs, ours in _ALIASES.items():
            if theirs in sheet.header:
                sheet.header.setdefault(ours, sheet.header[theirs])
    key = _KINDS[kind][0]
    table = Table(kind, sheet, sheet.texts(key), month)
    tables.findings += sheet.findings
    wrong = [
        (row, project)
        for row, project in zip(sheet.numbers, table.projects, strict=True)
        if not _PROJECT.fullmatch(project)
    ]
    for row, project in wrong[:_LISTED]:
        tables.add(
            "not-a-project",
            table,
            "is no project number.",
            row=row,
            column=sheet.titles[sheet.header[key]],
            value=project,
            remedy="Fetch the file again; if it is the publisher's, tell the publisher.",
        )
    if len(wrong) > _LISTED:
        more = f"{len(wrong) - _LISTED:,}"
        problem = "more rows have no project number."
        tables.add("more", table, problem, value=more, remedy="Mend these first.")
    if sheet.vintage:
        tables.vintages.append(sheet.vintage)
    if month and (known := read_partial_date(month)):
        tables.vintages.append(known.first)
    tables.tables.append(table)


def _foreign(sheet: Sheet) -> list[Finding]:
    """What a table is that has not all columns of any kind: one that we do not use, or a damaged one."""
    damaged = [kind for kind, marks in _MARKS.items() if any(mark in sheet.header for mark in marks)]
    if not damaged:
        return [make_finding("table-unused", sheet.file, "is a table that we do not use; left out.")]
    remedy = f"The columns of the file are {', '.join(sheet.titles)}."
    return [
        make_finding(
            "column-missing",
            sheet.file,
            f"is a column that the table of {damaged[0]} must have.",
            row=1,
            column=column,
            remedy=nearest(column, sheet.header) + remedy,
        )
        for column in _KINDS[damaged[0]]
        if column not in sheet.header
    ]


def count_projects(table: Table) -> int:
    return len(set(table.projects))


def name_tables(tables: Tables) -> str:
    return ", ".join(f"{table.sheet.file} ({table.kind})" for table in tables.tables) or "none"
