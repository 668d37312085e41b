"""Judges the form of a file: its rows, header, lines above and below, formulas, hidden parts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, column_letters, shown
from pipelines.foreign_files import amounts, limits
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.zip_guard import column_number
from pipelines.intake.lost_cells import untitled_columns
from pipelines.intake.recipe_result import Applied
from pipelines.intake.recipes import NEEDED, Recipe, find_column
from pipelines.intake.table_layout import Layout

_COUNT = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[., ]?\d{3})*)\s+(?:rows|records|lines|entries|projects|operations|zeilen|datensätze|vorhaben|projekte|lignes|enregistrements|"
    r"opérations|righe|record|progetti|filas|registros|proyectos|linhas|rijen|rader|rækker|wierszy|rekordów|řádků|riadkov)(?!\w)|"
    r"(?:rows|records|number of (?:rows|records|projects|operations)|anzahl|nombre de lignes|numero di righe|número de filas)\s*[:=]?\s*(\d+)(?!\w)",
    re.IGNORECASE,
)


def seen_findings(file: str, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """What the isolated process saw: encoding, delimiter, quotes, parts of the workbook."""
    for code, row, value, problem, column_index in facts.get("problems", ()):
        yield make_finding(
            code, file, f"{problem}.", row=row, value=value, column_index=column_index if row else -1
        )
    if not facts.get("encoding_is_certain", True):
        words = ", ".join(map(shown, facts.get("encoding_sample") or ()))
        problem = (
            f"is read as {facts['encoding']}: {facts['encoding_why']}.{f' So {words}.' if words else ''}"
        )
        yield make_finding("encoding-assumed", file, problem, value=facts["encoding"])
        readings = encoding_readings(facts)
        if readings:
            listed = "; ".join(
                f"{name} reads {', '.join(map(shown, read))}" for name, read in readings.items()
            )
            yield make_finding(
                "encoding-unsure",
                file,
                f"can be read in several encodings, and nothing decides: {listed}.",
                value=facts["encoding"],
            )
    elif facts.get("encoding", "").startswith("utf-16"):
        yield make_finding(
            "encoding-assumed",
            file,
            f"is {facts['encoding']}: {facts['encoding_why']}.",
            value=facts["encoding"],
        )
    if facts.get("delimiter") and facts["delimiter"] != ",":
        yield make_finding(
            "delimiter-assumed",
            file,
            f"is parted by {shown(facts['delimiter'])}: {facts['delimiter_why']}.",
            value=facts["delimiter"],
        )
    if facts.get("delimiter_alternatives"):
        others = ", ".join(map(shown, facts["delimiter_alternatives"]))
        yield make_finding(
            "delimiter-unsure", file, f"could be parted by {others} as well.", value=facts["delimiter"]
        )
    if facts.get("sep_line"):
        yield make_finding(
            "sep-line",
            file,
            "names the mark between the cells; the line itself is left out.",
            row=1,
            value=f"sep={facts['delimiter']}",
            column_index=0,
        )
    yield from _workbook_findings(file, facts)


def encoding_readings(facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """Encoding → the same words as it reads them, the encoding that is used first.

    Empty unless there are several encodings that nothing decides between.
    """
    others = facts.get("encoding_alternatives") or {}
    return {facts["encoding"]: list(facts["encoding_sample"]), **others} if others else {}


def _workbook_findings(file: str, facts: Mapping[str, Any]) -> Iterator[Finding]:
    if len(facts.get("sheets", ())) > 1:
        sheets = ", ".join(map(shown, facts["sheets"]))
        yield make_finding(
            "several-sheets",
            file,
            f"holds several sheets with cells: {sheets}. Only {shown(facts['sheet'])} is read.",
            value=facts["sheet"],
        )
    for name in facts.get("hidden_sheets", ()):
        yield make_finding("hidden-part", file, "is a hidden sheet.", value=name)
    if facts.get("hidden"):
        listed = ", ".join(facts["hidden"][:5])
        yield make_finding(
            "hidden-part",
            file,
            f"has hidden rows or columns ({listed}); what they hold is read like the rest.",
        )
    if facts.get("kind") in ("xls", "ods"):
        yield make_finding(
            "old-format",
            file,
            f"is an {facts['kind'].upper()} workbook: {', '.join(_untold(facts))} cannot be told in it.",
        )


def _untold(facts: Mapping[str, Any]) -> list[str]:
    """What an older workbook does not tell us."""
    untold = ["formulas"]
    if facts.get("hides_unknown"):
        untold += ["raised and struck text", "hidden rows, columns and sheets"]
    return untold


def cell_findings(
    file: str, grid: Grid, layout: Layout, facts: Mapping[str, Any], used: Mapping[int, str]
) -> Iterator[Finding]:
    """Formulas, error values and merged cells, in the columns that are used. used: place → our column."""
    for code, addresses, problem in (
        (
            "formula-without-value",
            facts.get("empty_formulas", ()),
            "is a formula whose result is not in the file.",
        ),
        ("formula-result", facts.get("formulas", ()), "is a formula; its stored result is read."),
        (
            "external-link",
            facts.get("linked", ()),
            "comes from another workbook by a formula; its value is the one that was stored last.",
        ),
        ("error-cell", facts.get("errors", ()), "is an error value of the spreadsheet."),
    ):
        for address in addresses[: limits.MAX_LISTED]:
            row, column_index = _address(address)
            if column_index in used and (not layout.header or row > int(grid.numbers[layout.header[-1]])):
                index = int(np.searchsorted(grid.numbers, row))
                yield make_finding(
                    code,
                    file,
                    problem,
                    row=row,
                    column_index=column_index,
                    column=used[column_index],
                    value=grid.cell(index, column_index),
                )
    for span in facts.get("merged", ()):
        first, _, last = span.partition(":")
        (top, left), (bottom, right) = _address(first), _address(last or first)
        columns = [column_index for column_index in used if left <= column_index <= right]
        # across a row nothing is lost unless two columns are read; down the rows each row but the
        # first lacks its value
        if columns and (bottom > top or len(columns) > 1):
            rows = grid.numbers[layout.rows]
            reached = rows[(rows >= top) & (rows <= bottom)]
            if len(reached):
                problem = f"{span} are merged: only the first of them holds the value."
                yield make_finding(
                    "merged-cells", file, problem, row=int(reached[0]), column_index=columns[0], value=span
                )


def _address(address: str) -> tuple[int, int]:
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)", address)
    return (int(match[2]), column_number(match[1]) - 1) if match else (0, -1)


def shape_findings(file: str, grid: Grid, layout: Layout, recipe: Recipe) -> Iterator[Finding]:
    """Header, lines above it, width of rows, odd rows, empty table, limits."""
    header = int(grid.numbers[layout.header[-1]]) if layout.header else 0
    if grid.width > limits.UPLOADS.max_columns:
        yield make_finding(
            "too-many-columns",
            file,
            f"has {grid.width:,} columns; the limit is {limits.UPLOADS.max_columns}.",
            value=str(grid.width),
        )
    if not layout.header and recipe.header_row != -1:
        yield make_finding(
            "no-header",
            file,
            "has no row of titles that we can find.",
            row=1,
            remedy=f"Give the columns their titles: {', '.join(BUDGET_LINE)}.",
        )
    if layout.preamble:
        rows = [int(grid.numbers[index]) for index in layout.preamble]
        where = f"Rows {rows[0]}–{rows[-1]} stand" if len(rows) > 1 else f"Row {rows[0]} stands"
        yield make_finding(
            "preamble",
            file,
            f"{where} above the header, which is row {int(grid.numbers[layout.header[0]])}.",
            row=rows[0],
            value=layout.heading_text[:80],
        )
    if len(layout.header) >= 2:
        lines = {2: "two", 3: "three"}.get(len(layout.header), "several")
        yield make_finding(
            "two-row-header", file, f"has its titles in {lines} rows; they are read as one.", row=header
        )
    yield from untitled_columns(file, grid, layout, recipe, header)
    doubled = sorted({title for title in layout.titles if title and layout.titles.count(title) > 1})
    for title in doubled:
        column_indices = [column_index for column_index, other in enumerate(layout.titles) if other == title]
        letters = ", ".join(column_letters(column_index + 1) for column_index in column_indices)
        yield make_finding(
            "column-doubled",
            file,
            f"stands in several columns: {letters}.",
            row=header or 1,
            column=title,
            column_index=column_indices[1],
        )
    if not len(layout.rows):
        yield make_finding("no-rows", file, "has a header, but no row of data below it.", row=header)
    yield from _ragged(file, grid, layout, header)
    yield from _odd(file, grid, layout, recipe)


def _ragged(file: str, grid: Grid, layout: Layout, header: int) -> Iterator[Finding]:
    """Rows with more or fewer cells than the header; empty cells at the end of a longer row do not count."""
    if not layout.header or not len(layout.rows):
        return
    header_width = max(int(grid.cells[index]) for index in layout.header)
    cells = grid.cells[layout.rows]
    # every row may end with the mark between cells; a single one that is longer has been torn
    tail = int(np.median(cells))
    for index in map(int, layout.rows[cells != header_width][: limits.MAX_LISTED]):
        width = int(grid.cells[index])
        row = int(grid.numbers[index])
        filled = [
            column_index for column_index in range(grid.width) if grid.cell(index, column_index).strip()
        ]
        last = filled[-1] + 1 if filled else 0
        if width == tail > header_width and last <= header_width and "" not in layout.titles[:header_width]:
            continue
        what = "more" if width > header_width else "fewer"
        column_index = min(header_width, max(last - 1, 0)) if width > header_width else width
        yield make_finding(
            "ragged-row",
            file,
            f"has {width} cells, {what} than the {header_width} of the header.",
            row=row,
            column_index=column_index,
            value=grid.cell(index, column_index),
        )


def _odd(file: str, grid: Grid, layout: Layout, recipe: Recipe) -> Iterator[Finding]:
    names = {
        "total": ("total-row", "looks like a total: its amount would count twice."),
        "footer": ("footer-row", "looks like a note below the table."),
        "header-repeated": ("header-repeated", "repeats the header."),
        "merge-marker": ("merge-marker", "is a mark that a merge of two versions left behind."),
        "second-table": ("second-table", "looks like the header of a second table in the same sheet."),
    }
    last = int(layout.rows[-1]) if len(layout.rows) else -1
    blank = [
        int(grid.numbers[index]) for index, kind in layout.odd.items() if kind == "blank" and index < last
    ]
    if blank:
        yield make_finding(
            "blank-rows",
            file,
            f"{len(blank):,} empty rows are passed over; the first is row {blank[0]}.",
            row=blank[0],
        )
    for index, kind in layout.odd.items():
        if kind == "blank":
            continue
        code, problem = names[kind]
        column_index = next(
            (column_index for column_index in range(grid.width) if grid.cell(index, column_index).strip()), 0
        )
        value = grid.cell(index, column_index)
        row = int(grid.numbers[index])
        if kind in recipe.odd:
            yield make_finding(
                "row-left-out",
                file,
                f"{problem.rstrip('.')} and is left out.",
                row=row,
                column_index=column_index,
                value=value,
                severity="warning" if kind == "footer" and _holds_numbers(grid.row(index)) else None,
            )
        else:
            yield make_finding(code, file, problem, row=row, column_index=column_index, value=value)


def _holds_numbers(cells: Sequence[str]) -> bool:
    """Whether a note holds digits that are neither a year nor a day."""
    text = " ".join(cells)
    plain = re.sub(r"https?://\S+|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?<!\d)(19|20)\d\d(?!\d)", " ", text)
    return bool(re.search(r"\d{2}", plain))


def recipe_findings(file: str, layout: Layout, recipe: Recipe) -> Iterator[Finding]:
    """What a recipe leaves open: required columns that are neither mapped nor constant."""
    mapped = {
        name
        for title, column_names in recipe.columns.items()
        if find_column(title, layout.titles) >= 0
        for name in column_names
    }
    for amount in recipe.amounts or ():
        filled_columns = mapped | set(recipe.constants) | set(amount.constants)
        missing = [name for name in NEEDED if name not in filled_columns]
        if "year" not in filled_columns and "dated_on" not in filled_columns:
            missing.append("year")
        for name in missing:
            problem = (
                "is neither a column of this file nor a constant of the recipe, for the amounts in "
                f"{shown(amount.column)}."
            )
            yield make_finding("recipe-incomplete", file, problem, column=name)
    if not recipe.amounts:
        yield make_finding("recipe-incomplete", file, "no column of amounts was found.", column="amount_eur")


def stated_findings(file: str, grid: Grid, layout: Layout, done: Applied) -> Iterator[Finding]:
    """The totals and the number of rows that the file states of itself, compared with what was read."""
    if not done.blocks:
        return
    block = done.blocks[0]
    column_index = block.column_indices["amount_eur"]
    decimal = {"comma": ",", "point": "."}.get(
        done.detected.get(f"decimals in {layout.titles[column_index]}", ""), ""
    )
    if "total" in layout.odd.values():
        yield from _stated_sums(file, grid, layout, column_index, decimal)
    count = len(layout.rows)
    for index in [*layout.preamble, *(index for index, kind in layout.odd.items() if kind == "footer")]:
        match = _COUNT.search(" ".join(grid.row(index)))
        stated = int(re.sub(r"\D", "", match[1] or match[2])) if match else count
        if match and stated != count:
            yield make_finding(
                "stated-count-differs",
                file,
                f"states {stated:,} rows, but we read {count:,}.",
                row=int(grid.numbers[index]),
                column_index=0,
                value=match[0],
            )


def _stated_sums(file: str, grid: Grid, layout: Layout, column_index: int, decimal: str) -> Iterator[Finding]:
    """Totals that are not the sum of the rows above them, or of the totals above them."""
    every = amounts.read_amounts(grid.column(column_index), grid.native(column_index), decimal).values
    values = dict(zip(map(int, layout.rows), every.take(layout.rows).to_pylist(), strict=True))
    parts: list[Decimal] = []
    position = 0
    order = [int(index) for index in layout.rows]
    for index in sorted(index for index, kind in layout.odd.items() if kind == "total"):
        running = Decimal(0)
        while position < len(order) and order[position] < index:
            running, position = running + _number(values[order[position]]), position + 1
        if running:
            parts.append(running)
        stated = _number(every[index].as_py())
        if not stated:
            continue
        # a total may sum up the rows since the last one, or several totals before it
        spans = [count for count in range(1, len(parts) + 1) if sum(parts[-count:]) == stated]
        if spans:
            parts[-spans[0] :] = [stated]
        else:
            whole = sum(parts)
            problem = (
                f"states {stated:,.2f}, but the rows above sum to "
                f"{running:,.2f}{f' and all of them to {whole:,.2f}' if whole != running else ''}."
            )
            yield make_finding(
                "stated-total-differs",
                file,
                problem,
                row=int(grid.numbers[index]),
                column="amount_eur",
                column_index=column_index,
                value=grid.cell(index, column_index),
            )


def _number(value: str | None) -> Decimal:
    return Decimal(value) if value and re.fullmatch(r"-?\d+(\.\d+)?", value) else Decimal(0)


def used_columns(recipe: Recipe, titles: Sequence[str]) -> dict[int, str]:
    """Place → our column, of all columns that a recipe reads."""
    used = {find_column(title, titles): column_names[0] for title, column_names in recipe.columns.items()}
    used |= {find_column(amount.column, titles): "amount_eur" for amount in recipe.amounts}
    return {column_index: name for column_index, name in used.items() if column_index >= 0}
