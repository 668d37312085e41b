"""Judges the rows of a file of curated rows: by their shape, as the build will, and by what is published."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from pipelines.file_schemas import REPLACES, REPLACES_REASON, SHAPES, Cell, key_text
from pipelines.finding_codes import finding_codes, make_finding
from pipelines.findings import Finding, nearest
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid
from pipelines.intake.cell_checks import address_fault, text_faults
from pipelines.intake.read_curated_upload import CuratedTable
from pipelines.row_checks import Fault, Vocabularies, check_table

PUBLISHED = "published "
"""Before the name of a shape: the word under which the keys of its published rows are handed in."""

_NEAR = 200  # different unknown names for which the nearest known one is looked for


def judge_rows(file: str, grid: Grid, rows: CuratedTable, words: Vocabularies) -> list[Finding]:
    """Every problem of the rows, in their order.

    words: vocabulary → codes; shape → the identities that other rows may name; and under PUBLISHED + shape
    the keys of the rows that are published. What is not handed in is not checked.
    """
    checks = _Checks(file, grid, rows, words)
    found = [*checks.cells(), *checks.texts(), *checks.references(), *checks.replacements()]
    return _few_of_a_kind(file, sorted(found, key=lambda finding: (finding.row, finding.column_number)))


class _Checks:
    def __init__(self, file: str, grid: Grid, rows: CuratedTable, words: Vocabularies) -> None:
        self._file, self._grid, self._rows, self._words = file, grid, rows, words
        self._cells = SHAPES[rows.shape].cells
        self._near_left = _NEAR

    def cells(self) -> Iterator[Finding]:
        """What the build would say of the rows."""
        table = self._rows.table.select(list(self._cells))
        for finding in check_table(self._rows.shape, table, self._words):
            if finding.column not in self._rows.columns and finding.code == "required-missing":
                continue  # that the column is missing is said once
            unread = self._rows.faults.get(finding.column, {}).get(finding.value)
            fault = unread or Fault(finding.code, finding.problem, finding.remedy)
            yield self._finding(fault, finding.row - 2, finding.column)

    def texts(self) -> Iterator[Finding]:
        """What texts may hide, addresses that nobody can open, cells that are too long."""
        for name, cell in self._cells.items():
            for index, value in enumerate(self._rows.table[name].to_pylist()):
                if not value:
                    continue
                if len(value) > limits.MAX_CELL:
                    problem = f"has more than {limits.MAX_CELL:,} letters, which is the limit for a cell."
                    yield self._finding(Fault("cell-too-long", problem, "Shorten it."), index, name)
                elif cell.kind == "url" or name.endswith("_url"):
                    if fault := address_fault(value):
                        yield self._finding(fault, index, name)
                elif cell.kind in ("text", "list"):
                    for fault in text_faults(value):
                        yield self._finding(fault, index, name)

    def references(self) -> Iterator[Finding]:
        """Names of rows that are neither published nor in this file."""
        for name, cell in self._cells.items():
            known = self._known(cell)
            if known is None:
                continue
            for index, value in enumerate(self._rows.table[name].to_pylist()):
                named = (
                    [part.strip() for part in value.split(";")] if value and cell.kind == "list" else [value]
                )
                for one in (one for one in named if one and one not in known):
                    what = " or ".join(SHAPES[shape].title.partition(":")[0].lower() for shape in cell.names)
                    fault = Fault(
                        "no-such-row",
                        f"is no {what} that we have.",
                        f"{self._nearest(one, known)}Write its identity as the pages and tables give it.",
                    )
                    yield self._finding(fault, index, name, one)

    def _known(self, cell: Cell) -> frozenset[str] | None:
        """What a cell may name; None if it names nothing, or nobody knows what is published."""
        if not cell.names or any(shape not in self._words for shape in cell.names):
            return None
        own = self._own_keys() if self._rows.shape in cell.names else frozenset()
        return own.union(*(self._words[shape] for shape in cell.names))

    def _own_keys(self) -> frozenset[str]:
        return frozenset(self._keys()) if len(SHAPES[self._rows.shape].key) == 1 else frozenset()

    def _keys(self) -> list[str]:
        columns = (self._rows.table[name].to_pylist() for name in SHAPES[self._rows.shape].key)
        return [key_text(parts) for parts in zip(*columns, strict=True)]

    def replacements(self) -> Iterator[Finding]:
        """Rows that take the place of published ones: each must be there, with a reason; and rows that are
        published already and do not say that they take their place.
        """
        shape = self._rows.shape
        published = self._words.get(f"{PUBLISHED}{shape}")
        replaces = self._rows.table[REPLACES].to_pylist()
        reasons = self._rows.table[REPLACES_REASON].to_pylist()
        is_named = any(
            shape in cell.names for declared in SHAPES.values() for cell in declared.cells.values()
        )
        first: dict[str, int] = {}
        for index, (key, old, reason) in enumerate(zip(self._keys(), replaces, reasons, strict=True)):
            if old and not reason:
                text = "is to be replaced, but no reason is given."
                yield self._finding(Fault("replaces-without-reason", text, ""), index, REPLACES)
            if reason and not old:
                text = "is a reason, but the row names none that it replaces."
                yield self._finding(
                    Fault("replaces-without-reason", text, f"Fill in `{REPLACES}`."), index, REPLACES_REASON
                )
            if old and first.setdefault(old, index) != index:
                text = f"is replaced by row {self._row(first[old])} too."
                yield self._finding(
                    Fault("replaces-unknown", text, "Keep one of the two rows."), index, REPLACES
                )
            if published is None:
                continue
            if old and old not in published:
                text = f"is no published row of “{SHAPES[shape].title}” that can be replaced."
                near = self._nearest(old, published)
                yield self._finding(
                    Fault(
                        "replaces-unknown", text, f"{near}Write its identity as the pages and tables give it."
                    ),
                    index,
                    REPLACES,
                )
            elif old and old != key and is_named and not SHAPES[shape].fills_ledger:
                text = f"is named by other rows, so that {old} must keep its identity."
                remedy = f"Write {old} in `{SHAPES[shape].key[0]}` too."
                yield self._finding(Fault("replaces-other-name", text, remedy), index, REPLACES)
            elif key in published and old != key and not SHAPES[shape].fills_ledger:
                remedy = f"To correct it, write {key} in `{REPLACES}` and say why in `{REPLACES_REASON}`; else give the row its own."
                yield self._finding(
                    Fault("published-key", "is published already.", remedy), index, SHAPES[shape].key[0]
                )

    def _nearest(self, value: str, known: frozenset[str]) -> str:
        self._near_left -= 1
        return nearest(value, known) if self._near_left >= 0 else ""

    def _row(self, index: int) -> int:
        return int(self._grid.numbers[self._rows.rows[index]])

    def _finding(self, fault: Fault, index: int, column: str, value: str = "") -> Finding:
        place = self._rows.columns.get(column, -1)
        written = self._grid.cell(int(self._rows.rows[index]), place) if place >= 0 else ""
        return make_finding(
            fault.code,
            self._file,
            fault.problem,
            row=self._row(index),
            column=column,
            column_index=place,
            value=value or written,
            remedy=fault.remedy,
        )


def _few_of_a_kind(file: str, findings: list[Finding]) -> list[Finding]:
    """All findings; of very many of one kind in one column the first, and how many more there are."""
    counts: dict[tuple[str, str], int] = {}
    kept = []
    for finding in findings:
        kind = (finding.code, finding.column)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= limits.MAX_LISTED:
            kept.append(finding)
    for (code, column), number in counts.items():
        if number > limits.MAX_LISTED:
            problem = (
                f"{number - limits.MAX_LISTED:,} more cells of this column have the same fault ({code})."
            )
            severity = finding_codes()[code].severity
            kept.append(make_finding("more-of-the-same", file, problem, column=column, severity=severity))
    return kept


def good_rows(grid: Grid, rows: CuratedTable, findings: Mapping[int, bool]) -> pa.Table:
    """The rows without an error, with the column `file_row`. findings: row → whether it has an error."""
    numbers = grid.numbers[rows.rows]
    good = np.array([not findings.get(int(number), False) for number in numbers], dtype=bool)
    kept = rows.table.filter(pa.array(good, pa.bool_()))
    return kept.append_column("file_row", pa.array(numbers[good], pa.int32()))
