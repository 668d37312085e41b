"""Writes an ODS for the tests, with what calamine does not tell: hidden parts, raised text, currencies."""

import io
import zipfile
from collections.abc import Sequence

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
STYLES = (
    '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


def cell(value: object, currency: str = "") -> str:
    """A cell of an ODS: text, or a number, perhaps with a currency."""
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    kind = (
        f'office:value-type="currency" office:currency="{currency}"'
        if currency
        else 'office:value-type="float"'
    )
    return f'<table:table-cell {kind} office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def hidden_sheet(name: str) -> str:
    """A sheet of one cell that is not shown."""
    rows = f"<table:table-row>{cell('x')}</table:table-row>"
    return f'<table:table table:name="{name}" table:style-name="gone">{rows}</table:table>'


def ods_bytes(rows: Sequence[tuple[str, Sequence[str]]], more: str = "") -> bytes:
    """An ODS with one sheet. rows: attributes of the row, and its cells. more: other sheets."""
    body = "".join(f"<table:table-row {given}>{''.join(cells)}</table:table-row>" for given, cells in rows)
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="List">{body}</table:table>{more}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return made.getvalue()
