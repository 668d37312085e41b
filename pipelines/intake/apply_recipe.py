"""A recipe, applied to a grid: rows of the staff template as text, each with its place in the file.

Changes nothing without a note of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, shown
from pipelines.foreign_files import amount_grammar, amounts, dates, limits
from pipelines.foreign_files.amounts import UNREAD, Amounts
from pipelines.foreign_files.grid import Grid, at, mask
from pipelines.intake.recipes import Amount, Recipe, find_column
from pipelines.intake.table_layout import Layout
from pipelines.source_checks import Fault

HIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
_RENAMED = {"GR": "EL", "GB": "UK"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Question:
    """Something that only a person can decide.

    choices: answer → what would follow, with the sum where there is one.
    """

    code: str
    column: str
    text: str
    choices: Mapping[str, str]
    sums: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """The rows that one column of amounts gives.

    table: the columns of the template as text. rows: for each, its index in the grid. places: our column
    → its place in the file. faults: our column → cell as written → why it could not be read. original:
    the sum in the file's own currency and unit.
    """

    amount: Amount
    table: pa.Table
    rows: npt.NDArray[np.int64]
    column_indices: Mapping[str, int]
    faults: Mapping[str, Mapping[str, Fault]]
    sum_original: Decimal
    unit: int = 1
    currency: str = "EUR"


@dataclass
class Applied:
    """What came of a recipe."""

    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)
    detected: dict[str, str] = field(default_factory=dict)


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
    ) -> None:
        self.file, self.grid, self.layout, self.recipe, self.answers = file, grid, layout, recipe, answers
        self.titles = layout.titles
        self.done = Applied()
        self.serial_1904 = serial_1904

    def apply(self) -> Applied:
        """All blocks, findings and questions."""
        self._leave_out()
        rows = self.layout.rows
        if self.done.left_out:
            rows = rows[~np.isin(rows, np.array(list(self.done.left_out), dtype=np.int64))]
        shared, column_indices, faults = self._shared(rows)
        for amount in self.recipe.amounts:
            column_index = find_column(amount.column, self.titles)
            if column_index >= 0:
                self._block(amount, column_index, rows, shared, column_indices, faults)
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
        if kind == "day":
            return self._days(name, column_index, column)
        if kind == "year":
            column = self._years(name, column_index, column)
        return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) if _holds_blank(
            column
        ) else column, {}

    def _cleaned(self, name: str, column_index: int, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Take off outer spaces, join accents with letters, take out hidden characters if the recipe says so.

        Each change is a finding.
        """
        spaced = mask(pc.match_substring_regex(column, r"^[\s\x{00a0}]|[\s\x{00a0}]$"))
        if spaced.any():
            self._changed(
                "spaces-trimmed", name, column_index, column, spaced, "spaces around the cell are taken off"
            )
            column = pc.utf8_trim_whitespace(column)
        if not pc.all(pc.string_is_ascii(column)).as_py():
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
                hidden = mask(pc.match_substring_regex(column, HIDDEN))
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

    # --- amounts

    def _block(
        self,
        amount: Amount,
        column_index: int,
        rows: npt.NDArray[np.int64],
        shared: Mapping[str, pa.ChunkedArray],
        column_indices: Mapping[str, int],
        faults: Mapping[str, dict[str, Fault]],
    ) -> None:
        title = self.titles[column_index]
        column = self._take(column_index, rows)
        native = self.grid.native(column_index)
        decimal = self.answers.get(f"decimal:{title}") or self.answers.get("decimal") or self.recipe.decimal
        read = amounts.read_amounts(
            column,
            take(native, rows) if native is not None else None,
            decimal,
            self.recipe.thousands,
            self.recipe.nothing,
        )
        self._report_reading(read, title, column_index)
        unit, currency = (
            self._unit(amount, title, column_index, read),
            self._currency(amount, title, column_index, read),
        )
        original = amounts.total(read.values) + read.too_fine
        values = read.values
        rate = amount.rate if currency != "EUR" else None
        if unit != 1 or rate:
            values = converted(values, unit, rate or Decimal(1))
            if rate:
                problem = (
                    f"is converted from {currency} at {rate} per euro of {amount.rate_on} "
                    f"({amount.rate_url}), to the cent."
                )
                self.done.findings.append(
                    make_finding(
                        "currency-converted",
                        self.file,
                        problem,
                        row=self._first_row(),
                        column="amount_eur",
                        column_index=column_index,
                    )
                )
        own: dict[str, pa.ChunkedArray] = dict(shared)
        for name, word in amount.constants.items():
            own[name] = pa.chunked_array([pa.array([word] * len(rows), pa.string())])
        own["amount_eur"] = values
        if len(self.recipe.amounts) > 1:
            rows, own = self._only_filled(rows, own, values, column_index, title)
        nulls = pa.chunked_array([pa.nulls(len(rows), pa.string())])
        table = pa.table({name: own.get(name, nulls) for name in BUDGET_LINE})
        self.done.blocks.append(
            Block(
                amount,
                table,
                rows,
                {**column_indices, "amount_eur": column_index},
                {**faults, "amount_eur": read.faults},
                original,
                unit,
                currency,
            )
        )
        if amount.expect is not None and original != amount.expect:
            problem = f"sums to {original:,.2f}, but the recipe expects {amount.expect:,.2f}."
            self.done.findings.append(
                make_finding(
                    "sum-differs",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column=title,
                    column_index=column_index,
                    value=f"{original:f}",
                )
            )

    def _only_filled(
        self,
        rows: npt.NDArray[np.int64],
        own: dict[str, pa.ChunkedArray],
        values: pa.ChunkedArray,
        column_index: int,
        title: str,
    ) -> tuple[npt.NDArray[np.int64], dict[str, pa.ChunkedArray]]:
        """Of several columns of amounts, an empty cell gives no row."""
        filled = mask(pc.is_valid(values))
        if filled.all():
            return rows, own
        first = int(rows[np.flatnonzero(~filled)[0]])
        problem = (
            f"is empty, so that nothing is made of it. {int((~filled).sum()):,} cells of {shown(title)} are "
            "empty."
        )
        self.done.findings.append(
            make_finding(
                "amount-empty",
                self.file,
                problem,
                row=int(self.grid.numbers[first]),
                column="amount_eur",
                column_index=column_index,
            )
        )
        keep = pa.array(filled)
        return rows[filled], {name: column.filter(keep) for name, column in own.items()}

    def _report_reading(self, read: Amounts, title: str, column_index: int) -> None:
        """Show how a column was read; ask where it can be read in two ways."""
        if any(unit != 1 for unit in read.units):
            own = [
                pair
                for pair in read.changed
                if (part := amount_grammar.take_apart(pair[0])) and part.unit != 1
            ] or read.changed
            problem = (
                f"{sum(n for unit, n in read.units.items() if unit != 1):,} amounts carry a unit of their "
                f"own and are multiplied: {amounts.example(own)}."
            )
            self.done.findings.append(
                make_finding(
                    "units-in-cells",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column="amount_eur",
                    column_index=column_index,
                )
            )
        style = {",": "comma", ".": "point", "": "none seen"}[read.style.decimal]
        self.done.detected[f"decimals in {title}"] = "unsure" if read.choices else style
        if read.choices:
            names = {
                ",": "a comma parts the decimals; points part thousands",
                ".": "a point parts the decimals; commas part thousands",
            }
            text = f"The amounts in {shown(title)} can be read in two ways. Which mark parts the decimals?"
            choices = {
                mark: f"{names[mark]}: the column sums to {number:,.3f}"
                for mark, number in read.choices.items()
            }
            self.done.questions.append(Question("decimal", title, text, choices, read.choices))
            sums = " or ".join(f"{number:,.3f}" for number in read.choices.values())
            problem = f"can be read in two ways: the column sums to {sums}."
            self.done.findings.append(
                make_finding(
                    "ambiguous-column",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column=title,
                    column_index=column_index,
                )
            )
        elif read.changes:
            problem = (
                f"{read.changes:,} amounts of this column are written otherwise and read so: "
                f"{amounts.example(read.changed)}."
            )
            self.done.findings.append(
                make_finding(
                    "amounts-restyled",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column="amount_eur",
                    column_index=column_index,
                )
            )

    def _unit(self, amount: Amount, title: str, column_index: int, read: Amounts) -> int:
        in_title = amount_grammar.unit_of(title) if amount.unit is None or self.layout.is_template else 1
        above = amount_grammar.unit_of(self.layout.heading_text)
        answer = self.answers.get("unit")
        if answer:
            return int(answer)
        if amount.unit is not None and not self.layout.is_template:
            if amount.unit == 1 and above != 1:
                self._add_unit_finding(
                    "unit-unclear",
                    column_index,
                    f"the lines above the header speak of {above:,}, but the recipe says 1.",
                )
            return amount.unit
        unit = in_title if in_title != 1 else above
        if unit == 1:
            return 1
        total = amounts.total(read.values)
        who = "its title speaks" if in_title != 1 else "the lines above the header speak"
        is_possible = amounts.largest(read.values) * unit <= limits.MAX_EUROS
        if in_title != 1 and not self.layout.is_template and is_possible:
            self._add_unit_finding(
                "unit-applied",
                column_index,
                f"its title speaks of {unit:,}: every amount is multiplied, the sum is {total * unit:,.2f}.",
            )
            return unit
        self.done.questions.append(
            Question(
                "unit", title, f"{shown(title)}: {who} of {unit:,}. What does one stand for?",
                {"1": f"one euro: the column sums to {total:,.2f}", str(unit): f"{unit:,} euros: the column sums to {total * unit:,.2f}"},
                {"1": total, str(unit): total * unit},
            )
        )  # fmt: skip
        self._add_unit_finding(
            "unit-unclear",
            column_index,
            f"may be given in {unit:,}, of which {who}: the column sums to {total:,.2f} or to "
            f"{total * unit:,.2f}.",
        )
        return 1

    def _add_unit_finding(self, code: str, column_index: int, problem: str) -> None:
        self.done.findings.append(
            make_finding(
                code,
                self.file,
                problem,
                row=self._first_row(),
                column="amount_eur",
                column_index=column_index,
            )
        )

    def _currency(self, amount: Amount, title: str, column_index: int, read: Amounts) -> str:
        """The currency of a column.

        Cells in another one cannot stand; a column in another one needs a rate.
        """
        in_cells = [code for code, _ in read.currencies.most_common() if code]
        stated = (
            amount.currency
            or amount_grammar.currency_of(title)
            or amount_grammar.currency_of(self.layout.heading_text)
        )
        usual = stated or (in_cells[0] if in_cells else "EUR")
        if not stated and not in_cells and not self.layout.is_template and amounts.holds_amounts(read.values):
            problem = (
                "is taken as euros: neither its title nor the lines above the header nor its cells name a "
                "currency."
            )
            self.done.findings.append(
                make_finding(
                    "currency-assumed",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column="amount_eur",
                    column_index=column_index,
                    value=title,
                )
            )
        odd = [
            code
            for code in in_cells
            if code != usual and not (code == "kr" and usual in ("DKK", "SEK", "NOK", "ISK"))
        ]
        for text in (
            [text for text in pc.unique(self.grid.column(column_index)).to_pylist() if text] if odd else ()
        ):
            part = amount_grammar.take_apart(text)
            if part and part.currency in odd:
                read.faults[text] = Fault(
                    "foreign-currency",
                    f"is in {part.currency}, but its column is in {usual}.",
                    amounts.FOREIGN.remedy,
                )
                read.values = _unread(read.values, self._take(column_index, self._rows_now), text)
        if usual != "EUR" and amount.rate is None:
            problem = f"is in {usual}; without a rate it cannot become euros."
            self.done.findings.append(
                make_finding(
                    "currency-without-rate",
                    self.file,
                    problem,
                    row=self._first_row(),
                    column="amount_eur",
                    column_index=column_index,
                )
            )
        self.done.detected[f"currency of {title}"] = usual
        return usual


def _unread(values: pa.ChunkedArray, written: pa.ChunkedArray, text: str) -> pa.ChunkedArray:
    return pc.if_else(pc.fill_null(pc.equal(written, text), False), pa.scalar(UNREAD + text), values)


def _holds_blank(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.equal(column, "")).as_py())


def take(column: pa.ChunkedArray, rows: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Some rows of a column; without a copy where they follow each other."""
    if not len(rows):
        return column.slice(0, 0)
    if int(rows[-1]) - int(rows[0]) + 1 == len(rows):
        return column.slice(int(rows[0]), len(rows))
    return column.take(pa.array(rows))


def converted(values: pa.ChunkedArray, unit: int, rate: Decimal) -> pa.ChunkedArray:
    """Amounts × unit ÷ rate.

    To the cent where a rate divides; exact otherwise, so that a third decimal still shows.
    """
    texts: list[str | None] = []
    for value in values.to_pylist():
        if value is None or value.startswith(UNREAD):
            texts.append(value)
            continue
        number = Decimal(value) * unit
        if rate != 1:
            number = (number / rate).quantize(CENT, ROUND_HALF_EVEN)
        texts.append(f"{number:f}")
    return pa.chunked_array([pa.array(texts, pa.string())])
