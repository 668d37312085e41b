"""What the tests of importers share: cuts of published files, small workbooks, readings of an import."""

import ast
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from pipelines.importers.base import Imported
from tests import paths

FIXTURES = paths.FIXTURES / "imports"
REAL = paths.REAL_DATA
SHIPPED = paths.DATA / "sources" / "published-sums"

needs_real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the publishers' own files (../shared/data/real) are not here"
)


def rows(imported: Imported, file: str) -> list[dict[str, str]]:
    return [{name: value or "" for name, value in row.items()} for row in imported.files[file].to_pylist()]


def total(lines: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(line[column]) for line in lines if line[column]), Decimal(0))


def codes(findings: object, severity: str = "error") -> list[str]:
    return [finding.code for finding in findings if finding.severity == severity]  # type: ignore[attr-defined]


def named_codes() -> set[str]:
    """The kinds of findings that the importers' modules name where they make one."""
    codes = set()
    for path in (paths.ROOT / "pipelines" / "importers").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                name = getattr(call.func, "id", getattr(call.func, "attr", ""))
                if name in ("make_finding", "add", "_refused"):
                    codes.add(call.args[0].value)
    return codes | {"workbook-unreadable", "workbook-unsafe", "zip-too-large", "zip-unreadable"}


def workbook(path: Path, table: list[list[object]], far_cell: str = "") -> Path:
    """A workbook as small as one can be."""

    def cell(at: str, value: object) -> str:
        if isinstance(value, int | float):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    def letters(place: int) -> str:
        return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)

    lines = [
        f'<row r="{number}">{"".join(cell(f"{letters(place)}{number}", value) for place, value in enumerate(row))}</row>'
        for number, row in enumerate(table, start=1)
    ]
    lines += [f'<row r="1048576">{cell(far_cell, "far")}</row>'] if far_cell else []
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        )
        parts.writestr("docProps/core.xml", "<p><dcterms:created>2025-02-26T10:37:55Z</dcterms:created></p>")
    return path


EXPORT = [
    "Year",
    "Reference (Budget)",
    "Subject of grant or contract",
    "Name of beneficiary",
    "VAT number of beneficiary",
    "Beneficiary country",
    "Beneficiary’s contracted amount (EUR)",
    "Commitment contracted amount (EUR)",
    "Programme name",
    "Responsible department",
    "Project start date",
    "Project end date",
]
YEARLY = [
    "Year",
    "Budget",
    "Reference of the Legal Commitment (LC)",
    "Reference (Budget)",
    "Name of beneficiary",
    "VAT number of beneficiary",
    "Not-for-profit organisation (NFPO)",
    "Non-governmental organisation (NGO)",
    "Coordinator",
    "Address",
    "City",
    "Postal code",
    "Beneficiary country",
    "NUTS2",
    "Geographical Zone",
    "Action location",
    "Beneficiary’s contracted amount (EUR)",
    "Beneficiary’s estimated contracted amount (EUR)",
    "Beneficiary’s estimated consumed amount (EUR)",
    "Commitment contracted amount (EUR) (A)",
    "Additional/Reduced amount (EUR) (B)",
    "Commitment  total amount (EUR) (A+B)",
    "Commitment consumed amount (EUR)",
    "Source of (estimated) detailed amount",
    "Expense type",
    "Subject of grant or contract",
    "Responsible department",
    "Budget line number",
    "Budget line name",
    "Programme name",
    "Funding type",
    "Beneficiary Group Code",
    "Beneficiary type",
    "Project start date",
    "Project end date",
    "Type of contract*",
    "Management type",
    "Benefiting country",
]
LINE = {
    "Year": 2023,
    "Reference (Budget)": "JAG.1.1",
    "Subject of grant or contract": "101099693 - A PROJECT",
    "Name of beneficiary": "¿ACADEMIA*ACADEMY*",
    "Beneficiary country": "Czech Republic",
    "Beneficiary’s contracted amount (EUR)": 1200.5,
    "Commitment contracted amount (EUR)": 5000,
    "Programme name": "1.0.23 - Digital Europe Programme",
    "Responsible department": "CNECT - Directorate-General for Communications Networks",
    "Project start date": 45292,
    "Project end date": "31/12/2025",
}


def export(path: Path, *lines: dict[str, object], header: list[str] = EXPORT) -> Path:
    return workbook(
        path, [header, *([({**LINE, **line}).get(name, "-") for name in header] for line in lines)]
    )


def cordis_cut(folder: Path) -> list[Path]:
    return sorted(Path(shutil.copytree(FIXTURES / "cordis", folder / "cordis")).iterdir())
