"""Projects of CORDIS as XML, one file each → the same tables that CORDIS gives as CSV.

Texts of objectives, contacts and publications are not read.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.importers.cell_values import words
from pipelines.importers.tabular_files import Sheet

_SPACE = "{http://cordis.europa.eu}"
_TITLES = {
    "projects": (
        *("id", "acronym", "title", "status", "startDate", "endDate", "ecSignatureDate"),
        *("totalCost", "ecMaxContribution", "frameworkProgramme"),
    ),
    "organisations": (
        *("projectID", "organisationID", "name", "role", "country", "city", "nutsCode"),
        *("ecContribution", "netEcContribution"),
    ),
    "legal bases": ("projectID", "legalBasis", "uniqueProgrammePart"),
    "topics": ("projectID", "topic", "title"),
    "classification": ("projectID", "euroSciVocPath"),
}
_OF_PROJECT = _TITLES["projects"][:-1]


def read_projects(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Kind of table → its rows, in the columns of `_TITLES`; empty for a file that is no project.

    Raises ValueError where the file is no XML, or declares entities, which nobody needs to read a project.
    """
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("it declares a document type")
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
    projects = [root] if _name(root) == "project" else [*root.iter(f"{_SPACE}project")]
    tables: dict[str, list[tuple[str, ...]]] = {}
    for project in projects:
        for kind, row in _rows(project):
            tables.setdefault(kind, []).append(row)
    return tables


def sheets(file: str, tables: Iterable[dict[str, list[tuple[str, ...]]]]) -> list[Sheet]:
    """The rows of many files as one table of each kind. file: what findings call them."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for table in tables:
        for kind, own in table.items():
            rows.setdefault(kind, []).extend(own)
    return [_sheet(file, kind, own) for kind, own in rows.items()]


def _sheet(file: str, kind: str, rows: list[tuple[str, ...]]) -> Sheet:
    titles = [*_TITLES[kind]]
    columns = [list(column) for column in zip(*rows, strict=True)]
    header = {title.lower(): at for at, title in enumerate(titles)}
    return Sheet(file, header, titles, range(1, len(rows) + 1), lambda at: columns[at])


def _rows(project: ET.Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    number = _text(project, "id")
    programmes = [*project.iterfind(f"{_SPACE}relations/{_SPACE}associations/{_SPACE}programme")]
    framework = next((_text(one, "frameworkProgramme") for one in programmes), "")
    yield "projects", (*(_text(project, name) for name in _OF_PROJECT), framework)
    for one in programmes:
        if one.get("type") == "relatedLegalBasis":
            yield "legal bases", (number, _text(one, "code"), one.get("uniqueProgrammePart", ""))
        elif one.get("type") == "relatedTopic":
            yield "topics", (number, _text(one, "code"), _text(one, "title"))
    for one in project.iterfind(f"{_SPACE}relations/{_SPACE}associations/{_SPACE}organization"):
        address = one.find(f"{_SPACE}address")
        yield (
            "organisations",
            (
                number,
                _text(one, "id"),
                _text(one, "legalName"),
                one.get("type", ""),
                "" if address is None else _text(address, "country"),
                "" if address is None else _text(address, "city"),
                _nuts(one),
                one.get("ecContribution", ""),
                one.get("netEcContribution", ""),
            ),
        )
    for one in project.iterfind(f"{_SPACE}relations/{_SPACE}categories/{_SPACE}category"):
        if one.get("classification") == "euroSciVoc":
            yield "classification", (number, _text(one, "displayCode") or _text(one, "title"))


def _nuts(organisation: ET.Element) -> str:
    """The finest NUTS code of an organisation: the first that is given; its parents stand inside it."""
    for region in organisation.iter(f"{_SPACE}region"):
        if region.get("type") == "relatedNutsCode":
            return _text(region, "nutsCode")
    return ""


def _text(element: ET.Element, name: str) -> str:
    return words(element.findtext(f"{_SPACE}{name}"))


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(_SPACE)
