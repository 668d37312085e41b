"""The uploaded file as a workbook in which the cells with findings are marked and commented."""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from pipelines.findings import Finding
from pipelines.foreign_files.grid import Grid
from pipelines.intake.read_upload import Reading

_COLOURS = {"error": "#F8C9C4", "warning": "#FFE8A3", "note": "#D6E6F5"}
_ORDER = {"error": 0, "warning": 1, "note": 2}
_MOST_ROWS = 1_048_576
_CELL = 32_767


def marked_workbook(reading: Reading, findings: Iterable[Finding], most_rows: int = 200_000) -> bytes:
    """An XLSX with all rows of the file, marked cells, and a second sheet that lists every finding.

    Every cell is text, so that nothing in it runs. most_rows: rows beyond it are left out; the second
    sheet still names them.
    """
    listed = sorted(findings, key=lambda finding: (finding.row, finding.column_number))
    made = BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    formats = {severity: book.add_format({"bg_color": colour}) for severity, colour in _COLOURS.items()}
    sheet = book.add_worksheet("file")
    list_sheet = book.add_worksheet("findings")
    at: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for finding in listed:
        at[max(finding.row, 1), max(finding.column_number, 1)].append(finding)
    if reading.grid is not None:
        _write_grid(
            sheet,
            reading.grid,
            {column_index: formats[_worst(those)] for column_index, those in at.items()},
            min(most_rows, _MOST_ROWS),
        )
    for (row, column), those in at.items():
        if row <= min(most_rows, _MOST_ROWS):
            if reading.grid is None or column > reading.grid.width:
                sheet.write_blank(row - 1, column - 1, None, formats[_worst(those)])
            sheet.write_comment(row - 1, column - 1, _comment(those), {"x_scale": 2.5, "y_scale": 1.5})
    _write_list(list_sheet, listed, formats, book.add_format({"bold": True}))
    book.close()
    return made.getvalue()


def _worst(those: list[Finding]) -> str:
    return min((finding.severity for finding in those), key=lambda severity: _ORDER[severity])


def _comment(those: list[Finding]) -> str:
    return "\n".join(f"{finding.severity}: {finding.problem} {finding.remedy}".strip() for finding in those)[
        :2000
    ]


def _write_grid(
    sheet: "xlsxwriter.worksheet.Worksheet", grid: Grid, marks: dict[tuple[int, int], object], most: int
) -> None:
    columns = [grid.column(column_index).slice(0, most).to_pylist() for column_index in range(grid.width)]
    for column_index, cells in enumerate(columns, start=1):
        for row, cell in zip(map(int, grid.numbers[:most]), cells, strict=True):
            mark = marks.get((row, column_index))
            if cell or mark:
                sheet.write_string(row - 1, column_index - 1, (cell or "")[:_CELL], mark)


def _write_list(
    sheet: "xlsxwriter.worksheet.Worksheet", listed: list[Finding], formats: dict[str, object], bold: object
) -> None:
    titles = ("severity", "cell", "row", "column", "value", "problem", "remedy", "code")
    sheet.write_row(0, 0, titles, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(4, 6, 40)
    for row, finding in enumerate(listed[: _MOST_ROWS - 1], start=1):
        texts = (
            finding.severity,
            finding.cell,
            str(finding.row or ""),
            finding.column,
            finding.value,
            finding.problem,
            finding.remedy,
            finding.code,
        )
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text[:_CELL], formats[finding.severity] if column == 0 else None)
