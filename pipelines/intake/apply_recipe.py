"""A recipe, applied to a grid: rows of the staff template as text, each with its place in the file.

Changes nothing without a note of it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference
from pipelines.code_synonyms import code_of
from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import shown
from pipelines.foreign_files import dates
from pipelines.foreign_files.grid import Grid, at, is_ascii, mask, matching
from pipelines.intake.amounts_to_euros import AmountColumn, Context
from pipelines.intake.recipe_result import Applied, Question, take
from pipelines.intake.recipes import Recipe, find_column
from pipelines.intake.table_layout import Layout
from pipelines.intake.unit_and_currency_mentions import columns_like_units, lines_beside, word_columns
from pipelines.row_checks import Fault

HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
_MOST_WORDS = 2_000  # different words of a column of codes
_RENAMED = {"GR": "EL", "GB": "UK"}


class Mapper:
    """Applies one recipe to one grid. answers: what a person decided (decimal, dates, unit)."""

    def __init__(
        self,
        file: str,
        grid: Grid,
        layout: Layout,
        recipe: Recipe,
        answers: Mapping[str, str],
        serial_1904: bool = False,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.file, self.grid, self.layout, self.recipe, self.answers = file, grid, layout, recipe, answers
        self.titles = layout.titles
        self.done = Applied()
        self.serial_1904 = serial_1904
        self.facts = facts or {}

    def apply(self) -> Applied:
        """All blocks, findings and questions."""
        self._leave_out()
        rows = self.layout.rows
        if self.done.left_out:
            rows = rows[~np.isin(rows, np.array(list(self.done.left_out), dtype=np.int64))]
        shared, column_indices, faults = self._shared(rows)
        found = [(amount, find_column(amount.column, self.titles)) for amount in self.recipe.amounts]
        places = [column_index for _, column_index in found if column_index >= 0]
        named = word_columns(self.grid, self.layout, places)
        like_units = columns_like_units(self.grid, self.layout, places, named)
        context = Context(
            self.file, self.grid, self.layout, self.recipe, self.answers, self.facts, self.done,
            (*lines_beside(self.grid, self.layout, self.facts), *like_units),
            tuple(named),
        )  # fmt: skip
        for amount, column_index in found:
            if column_index >= 0:
                column = AmountColumn(context, amount, column_index, rows)
                self.done.blocks.append(column.block(shared, column_indices, faults))
        return self.done

    def _take(self, column_index: int, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
        return take(self.grid.column(column_index), rows)

    # --- rows that the recipe leaves out

    def _leave_out(self) -> None:
        rows = self.layout.rows
        for skip in self.recipe.skip:
            column_index = find_column(skip.column, self.titles)
            if column_index < 0:
                continue
            cells = pc.utf8_trim_whitespace(pc.fill_null(self._take(column_index, rows), ""))
            hit = mask(pc.is_in(cells, pa.array(list(skip.values))))
            self._skip(rows[hit], column_index, skip.reason)
        if self.recipe.cumulative:
            self._keep_last(rows)

    def _skip(self, rows: npt.NDArray[np.int64], column_index: int, reason: str) -> None:
        for index in map(int, rows):
            if index not in self.done.left_out:
                self.done.left_out[index] = reason
                self.done.findings.append(
                    make_finding(
                        "row-left-out",
                        self.file,
                        f"is left out by the recipe: {reason.rstrip('.')}.",
                        row=int(self.grid.numbers[index]),
                        column_index=column_index,
                        value=self.grid.cell(index, column_index),
                    )
                )

    def _keep_last(self, rows: npt.NDArray[np.int64]) -> None:
        """Of rows that carry a running total, only the last of each key is kept."""
        column_index = find_column(self.recipe.cumulative, self.titles)
        day = next(
            (
                find_column(title, self.titles)
                for title, column_names in self.recipe.columns.items()
                if "dated_on" in column_names
            ),
            -1,
        )
        if column_index < 0 or day < 0:
            return
        keys = [cell or "" for cell in self._take(column_index, rows).to_pylist()]
        days = dates.read_days(
            self._take(day, rows), self.recipe.dates or self.answers.get("dates", "")
        ).values.to_pylist()
        last: dict[str, int] = {}
        for position, (key, when) in enumerate(zip(keys, days, strict=True)):
            if key not in last or (when or "") >= (days[last[key]] or ""):
                last[key] = position
        last_positions = set(last.values())
        self._skip(
            rows[[position for position in range(len(rows)) if position not in last_positions]],
            column_index,
            "a later row carries the running total",
        )

    # --- columns that all blocks share

    def _shared(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[dict[str, pa.ChunkedArray], dict[str, int], dict[str, dict[str, Fault]]]:
        values: dict[str, pa.ChunkedArray] = {}
        column_indices: dict[str, int] = {}
        faults: dict[str, dict[str, Fault]] = {}
        for title, column_names in self.recipe.columns.items():
            column_index = find_column(title, self.titles)
            for name in column_names if column_index >= 0 else ():
                column_indices[name] = column_index
                values[name], faults[name] = self._column(name, column_index, self._take(column_index, rows))
        for name, word in self.recipe.constants.items():
            if name not in values:
                values[name] = pa.chunked_array([pa.array([word] * len(rows), pa.string())])
        return values, column_indices, faults

    def _column(
        self, name: str, column_index: int, column: pa.ChunkedArray
    ) -> tuple[pa.ChunkedArray, dict[str, Fault]]:
        column = self._cleaned(name, column_index, column)
        kind = BUDGET_LINE[name].kind
        if name in self.recipe.words:
            column = self._words(name, column_index, column, self.recipe.words[name], is_from_recipe=True)
        if name == "country":
            column = self._words(name, column_index, column, _RENAMED, is_from_recipe=False)
        if BUDGET_LINE[name].of:
            column = self._words(name, column_index, column, self._labels(name, column), is_from_recipe=False)
        if kind == "day":
            return self._days(name, column_index, column)
        if kind == "year":
            column = self._years(name, column_index, column)
        return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) if _holds_blank(
            column
        ) else column, {}

    def _labels(self, name: str, column: pa.ChunkedArray) -> dict[str, str]:
        """The words of a column that are labels of ours, or names in a language of the EU → our codes."""
        vocabulary = BUDGET_LINE[name].of
        different = {word for word in pc.unique(column).to_pylist() if word}
        strange = different - {row["code"] for row in reference.read_rows(vocabulary)}
        if not strange or len(strange) > _MOST_WORDS:
            return {}
        return {word: code for word in sorted(strange) if (code := code_of(vocabulary, word))}

    def _cleaned(self, name: str, column_index: int, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Take off outer spaces, join accents with letters, take out hidden characters if the recipe says so.

        Each change is a finding.
        """
        spaced = matching(column, r"^[\s\x{00a0}]|[\s\x{00a0}]$")
        if spaced.any():
            self._changed(
                "spaces-trimmed", name, column_index, column, spaced, "spaces around the cell are taken off"
            )
            column = pc.utf8_trim_whitespace(column)
        if not is_ascii(column):
            normal = pc.utf8_normalize(column, "NFC")
            other = mask(pc.not_equal(normal, column))
            if other.any():
                self._changed(
                    "letters-composed",
                    name,
                    column_index,
                    column,
                    other,
                    "accents are joined with their letters; it looks the same",
                )
                column = normal
            if self.recipe.remove_hidden:
                hidden = matching(column, HIDDEN)
                if hidden.any():
                    self._changed(
                        "hidden-removed",
                        name,
                        column_index,
                        column,
                        hidden,
                        "characters that cannot be seen are taken out, as the recipe says",
                    )
                    column = pc.replace_substring_regex(column, HIDDEN, "")
        return column

    def _changed(
        self,
        code: str,
        name: str,
        column_index: int,
        column: pa.ChunkedArray,
        where: npt.NDArray[np.bool_],
        what: str,
    ) -> None:
        """One finding for all cells of a column that are changed in the same way; it names the first."""
        indices = np.flatnonzero(where)
        first = int(indices[0])
        row = int(self.grid.numbers[self._rows_now[first]])
        value = at(column, [first])[0] or ""
        more = f" So it is in {len(indices) - 1:,} more cells of this column." if len(indices) > 1 else ""
        self.done.findings.append(
            make_finding(
                code,
                self.file,
                f"{what}.{more}",
                row=row,
                column=name,
                column_index=column_index,
                value=value,
            )
        )

    @property
    def _rows_now(self) -> npt.NDArray[np.int64]:
        rows = self.layout.rows
        return (
            rows[~np.isin(rows, np.array(list(self.done.left_out), dtype=np.int64))]
            if self.done.left_out
            else rows
        )

    def _words(
        self,
        name: str,
        column_index: int,
        column: pa.ChunkedArray,
        words: Mapping[str, str],
        is_from_recipe: bool,
    ) -> pa.ChunkedArray:
        """Their words → our codes. An unknown word stays as it is and is judged later."""
        code_of = {their.casefold(): our for their, our in words.items()}
        unique = [value for value in pc.unique(column).to_pylist() if value is not None]
        replaced = {
            value: code_of[value.casefold()]
            for value in unique
            if value.casefold() in code_of and code_of[value.casefold()] != value
        }
        if "" in code_of and not is_from_recipe:
            return column
        if not replaced:
            return column
        for their, our in replaced.items():
            where = mask(pc.equal(column, their))
            self._changed("word-replaced", name, column_index, column, where, f"is read as {shown(our)}")
        keys, values = (
            pa.array(list(replaced), pa.string()),
            pa.array([value or None for value in replaced.values()], pa.string()),
        )
        positions = pc.index_in(column, keys)
        return pc.if_else(pc.is_valid(positions), values.take(positions.combine_chunks()), column)

    def _years(self, name: str, column_index: int, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """The year of a day or of words around it."""
        unique = [
            value
            for value in pc.unique(column).to_pylist()
            if value and not (len(value) == 4 and value.isascii() and value.isdigit())
        ]
        replaced = {value: year for value in unique if (year := dates.year_of(value))}
        if not replaced:
            return column
        positions = pc.index_in(column, pa.array(list(replaced), pa.string()))
        where = mask(pc.is_valid(positions))
        self._changed(
            "year-taken",
            name,
            column_index,
            column,
            where,
            f"only the year is taken: {next(iter(replaced.values()))}",
        )
        return pc.if_else(
            pc.is_valid(positions),
            pa.array(list(replaced.values()), pa.string()).take(positions.combine_chunks()),
            column,
        )

    def _days(
        self, name: str, column_index: int, column: pa.ChunkedArray
    ) -> tuple[pa.ChunkedArray, dict[str, Fault]]:
        read = dates.read_days(column, self.answers.get("dates") or self.recipe.dates)
        title = self.titles[column_index]
        if read.choices:
            text = f"In {shown(title)} day and month can change places. Which comes first?"
            self.done.questions.append(
                Question("dates", name, text, {key: f"{key}: {value}" for key, value in read.choices.items()})
            )
        elif read.changes:
            examples = ", ".join(f"{shown(before)} as {after}" for before, after in read.changed[:3])
            problem = (
                f"{read.changes:,} days of this column are written otherwise ({read.format}) and read as "
                f"days: {examples}."
            )
            self.done.findings.append(
                make_finding(
                    "dates-restyled",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column=name,
                    column_index=column_index,
                )
            )
        self.done.detected[f"dates in {title}"] = read.format or "unsure"
        return read.values, read.faults

    def _first_row(self) -> int:
        return int(self.grid.numbers[self.layout.header[-1]]) if self.layout.header else 1


def _holds_blank(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.equal(column, "")).as_py())
