"""One column of amounts under a recipe: its cells → plain digits of euros, with unit, currency and rate.

Where the file can mean two sums, a person is asked, with both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import Severity, shown
from pipelines.foreign_files import amount_grammar, amounts, limits
from pipelines.foreign_files.amounts import UNREAD, Amounts
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.foreign_files.money_words import ANY_CROWN, MoneyWords, read_title, spoken_units
from pipelines.importers.cell_values import rounded_together
from pipelines.intake.amount_conversion import converted, finer_refused, read_words, refused
from pipelines.intake.amount_units import ONE, Saying, UnitChoice, choose_unit
from pipelines.intake.percentages import percent_cells, percent_question
from pipelines.intake.recipe_result import Applied, Block, Question, take
from pipelines.intake.recipes import Amount, Rate, Recipe
from pipelines.intake.table_layout import Layout
from pipelines.intake.unit_and_currency_mentions import WordColumn, cell_formats, rows_in, spoken
from pipelines.row_checks import Fault

STRUCK_OUT = Fault(
    "not-euros",
    "is struck through: does it still hold?",
    "Delete the row if it does not, or take the line off.",
)
RAISED = Fault(
    "not-euros", "stands raised or lowered, like the mark of a footnote.", "Write the amount in plain digits."
)
_CROWNS = ("DKK", "SEK", "NOK", "ISK")


@dataclass(frozen=True)
class Context:
    """What all columns of amounts of a file share.

    beside: what is said beside the table. word_columns: columns whose cells are units or currencies.
    done: where findings and questions are noted.
    """

    file: str
    grid: Grid
    layout: Layout
    recipe: Recipe
    answers: Mapping[str, str]
    facts: Mapping[str, Any]
    done: Applied
    beside: tuple[Saying, ...] = ()
    word_columns: tuple[WordColumn, ...] = ()

    @property
    def first_row(self) -> int:
        """The row of the titles, where what concerns a whole column is told."""
        return int(self.grid.numbers[self.layout.header[-1]]) if self.layout.header else 1


class AmountColumn:
    """Reads one column of amounts. rows: indices of the rows of the table in the grid."""

    def __init__(
        self, context: Context, amount: Amount, column_index: int, rows: npt.NDArray[np.int64]
    ) -> None:
        self.context, self.amount, self.column_index, self.rows = context, amount, column_index, rows
        self.title = context.layout.titles[column_index]
        self.recipe, self.done, self.grid = context.recipe, context.done, context.grid
        self.is_template = context.layout.is_template
        self.column = take(self.grid.column(column_index), rows)
        self.says = self._with_units(read_title(self.title))
        self.formats = [one for one in cell_formats(context.facts) if one.column_index == column_index]
        self.left_out = np.zeros(len(rows), dtype=bool)  # rows whose cell is no amount, by a rule

    def block(
        self,
        shared: Mapping[str, pa.ChunkedArray],
        column_indices: Mapping[str, int],
        faults: Mapping[str, Mapping[str, Fault]],
    ) -> Block:
        """The rows of this column. shared: the columns that all columns of amounts have in common."""
        native = self.grid.native(self.column_index)
        read = amounts.read_amounts(
            self.column,
            take(native, self.rows) if native is not None else None,
            self._answer("decimal") or self.recipe.decimal,
            self.recipe.thousands,
            self.recipe.nothing,
            self.recipe.footnotes,
        )
        self._report_reading(read)
        self._refuse_by_format(read)
        unit, by_row = self._unit(read)
        currency, foreign = self._currency(read)
        original = amounts.total(read.values)
        values = finer_refused(
            self._in_euros(read.values, unit, by_row, currency, foreign), self.column, read, self.amount.round
        )
        if self.amount.round:
            values = self._rounded(values)
        own: dict[str, pa.ChunkedArray] = dict(shared)
        rows = self.rows
        for name, word in self.amount.constants.items():
            own[name] = pa.chunked_array([pa.array([word] * len(rows), pa.string())])
        own["amount_eur"] = values
        if len(self.recipe.amounts) > 1:
            rows, own = self._only_filled(own, values)
        elif self.left_out.any():
            keep = pa.array(~self.left_out)
            rows, own = rows[~self.left_out], {name: column.filter(keep) for name, column in own.items()}
            self.done.left_out |= dict.fromkeys(map(int, self.rows[self.left_out]), "a percentage")
        nulls = pa.chunked_array([pa.nulls(len(rows), pa.string())])
        table = pa.table({name: own.get(name, nulls) for name in BUDGET_LINE})
        if self.amount.expect is not None and original != self.amount.expect:
            problem = f"sums to {original:,.2f}, but the recipe expects {self.amount.expect:,.2f}."
            self._add("sum-differs", problem, column=self.title, value=f"{original:f}")
        return Block(
            self.amount,
            table,
            rows,
            {**column_indices, "amount_eur": self.column_index},
            {**faults, "amount_eur": read.faults},
            original,
            unit,
            currency,
        )

    def _answer(self, code: str) -> str:
        """What a person decided about this column, or about all."""
        answers = self.context.answers
        return answers.get(f"{code}:{self.title}") or answers.get(code, "")

    def _add(
        self, code: str, problem: str, column: str = "amount_eur", value: str = "", remedy: str = "",
        severity: Severity | None = None, row: int = 0,
    ) -> None:  # fmt: skip
        self.done.findings.append(
            make_finding(
                code, self.context.file, problem, row=row or self.context.first_row, column=column,
                column_index=self.column_index, value=value, remedy=remedy, severity=severity,
            )
        )  # fmt: skip

    def _with_units(self, words: MoneyWords) -> MoneyWords:
        """What the title says, its unclear words read as the recipe says."""
        known = {word.casefold(): factor for word, factor in self.recipe.units.items()}
        told = [known[word] for word in read_words(self.title) if word in known]
        if not told:
            return words
        return MoneyWords(tuple(frozenset({factor}) for factor in told), words.currencies)

    # --- how the digits are read

    def _report_reading(self, read: Amounts) -> None:
        """Show how a column was read; ask where it can be read in two ways."""
        if any(unit != 1 for unit in read.units):
            own = [pair for pair in read.changed if (part := amount_grammar.take_apart(pair[0])) and part.unit != 1]  # fmt: skip
            number = sum(count for unit, count in read.units.items() if unit != 1)
            example = amounts.example(own or read.changed)
            self._add("units-in-cells", f"{number:,} amounts carry a unit of their own and are multiplied: {example}.")  # fmt: skip
        style = {",": "comma", ".": "point", "": "none seen"}[read.style.decimal]
        self.done.detected[f"decimals in {self.title}"] = "unsure" if read.choices else style
        if read.choices:
            names = {
                ",": "a comma parts the decimals; points part thousands",
                ".": "a point parts the decimals; commas part thousands",
            }
            text = (
                f"The amounts in {shown(self.title)} can be read in two ways. Which mark parts the decimals?"
            )
            choices = {mark: f"{names[mark]}: the column sums to {number:,.3f}" for mark, number in read.choices.items()}  # fmt: skip
            self.done.questions.append(Question("decimal", self.title, text, choices, read.choices))
            sums = " or ".join(f"{number:,.3f}" for number in read.choices.values())
            self._add(
                "ambiguous-column", f"can be read in two ways: the column sums to {sums}.", column=self.title
            )
        elif read.changes:
            self._add(
                "amounts-restyled",
                f"{read.changes:,} amounts of this column are written otherwise and read so: "
                f"{amounts.example(read.changed)}.",
            )

    def _refuse_by_format(self, read: Amounts) -> None:
        """Cells whose format says that they are no plain amount: percentages, struck or raised numbers."""
        numbers = self.grid.numbers[self.rows]
        self._percentages(read, numbers)
        for name, fault in (("struck", STRUCK_OUT), ("raised", RAISED)):
            runs = self.context.facts.get(name, {}).get(str(self.column_index), ())
            if runs:
                hit = rows_in(runs, numbers)
                read.values = refused(read, hit, self.column, f" {name}", fault)

    def _percentages(self, read: Amounts, numbers: npt.NDArray[np.int32]) -> None:
        """Percentages among the amounts: left out by the rule, or asked about."""
        hit = percent_cells(self.column, read.values, self.formats, numbers)
        if not hit.any():
            return
        first = int(np.flatnonzero(hit)[0])
        row, cell, count = int(numbers[first]), self.column[first].as_py() or "", int(hit.sum())
        more = f", and so are {count - 1:,} more cells of this column" if count > 1 else ""
        if (self._answer("percentages") or self.recipe.percentages) == "leave_out":
            read.values = pc.if_else(pa.array(hit), pa.scalar(None, pa.string()), read.values)
            self.left_out = hit
            self._add("percentages-left-out", f"is a percentage{more}; left out.", value=cell, row=row)
            return
        read.values = refused(read, hit, self.column, " %", amounts.PERCENT)
        self.done.questions.append(percent_question(self.title, count, row, amounts.total(read.values)))
        self._add("percentages", f"is a percentage{more}.", value=cell, row=row)

    # --- unit

    def _unit(self, read: Amounts) -> tuple[Decimal, npt.NDArray[np.object_] | None]:
        """What one stands for; where rows differ, what it stands for in each."""
        by_row = self._unit_by_row(read)
        answer = self._answer("unit")
        if answer:
            return Decimal(answer), self._but_own(read, Decimal(answer), by_row)
        beside = [*self.context.beside, *(Saying("the format of its cells", one.says) for one in self.formats if one.says.units)]  # fmt: skip
        if self.amount.unit is not None and not self.is_template:
            unit = Decimal(self.amount.unit)
            said = {factor for saying in (Saying("its title", self.says), *beside) for factor in saying.words.factors}  # fmt: skip
            if said and unit not in said:
                speaks = spoken_units(said)
                self._add("unit-differs", f"is read in units of {unit:,f}, as the recipe says, but the file speaks of {speaks}.")  # fmt: skip
            return unit, self._but_own(read, unit, by_row)
        scales = {one.scale for one in self.formats} or {ONE}
        if by_row is not None and any(saying.words.units for saying in (Saying("", self.says), *beside)):
            return self._ask(read, UnitChoice(None, tuple(sorted({ONE, *self.says.factors, *(factor for saying in beside for factor in saying.words.factors)})), "a column of units speaks of one, and so does another place")), by_row  # fmt: skip
        if len(scales) > 1 or (scales != {ONE} and not self._all_have_format(next(iter(scales)))):
            problem = "has cells whose number formats show them divided by different numbers: " + ", ".join(sorted({shown(one.text) for one in self.formats})) + ". Which of the numbers are single euros cannot be told."  # fmt: skip
            self._add("unit-unclear", problem)
            return ONE, by_row
        choice = choose_unit(
            Saying("its title", self.says), beside, self._own_units(read), next(iter(scales)),
            not self.is_template, any(read.currencies),
        )  # fmt: skip
        if choice.factor is None or (
            choice.factor != ONE and amounts.largest(read.values) * choice.factor > limits.MAX_EUROS
        ):
            return self._ask(read, choice), by_row
        if choice.factor != ONE or choice.why:
            total = amounts.total(read.values)
            if choice.factor == ONE:
                problem = f"{choice.why}: the sum is {total:,.2f}."
            else:
                problem = (
                    f"{choice.why}: every amount is multiplied by {choice.factor:,f}, the sum is "
                    f"{total * choice.factor:,.2f}."
                )
            self._add("unit-applied", problem)
        return choice.factor, by_row

    def _all_have_format(self, scale: Decimal) -> bool:
        """Whether every filled cell shows its number divided by the same scale."""
        numbers = self.grid.numbers[self.rows]
        covered = np.zeros(len(numbers), dtype=bool)
        for one in self.formats:
            if one.scale == scale:
                covered |= one.covers(numbers)
        return bool(covered[mask(pc.not_equal(self.column, ""))].all())

    def _own_units(self, read: Amounts) -> Mapping[Decimal, int]:
        """Unit → how many cells carry it; cells that are plain digits carry 1."""
        filled = int(mask(pc.not_equal(pc.fill_null(self.column, ""), "")).sum())
        own = {unit: number for unit, number in read.units.items() if unit != ONE}
        return {**own, ONE: filled - sum(own.values())}

    def _ask(self, read: Amounts, choice: UnitChoice) -> Decimal:
        total = amounts.total(read.values)
        options = choice.choices or tuple(sorted({ONE, *([choice.factor] if choice.factor else [])}))
        sums = {f"{factor:f}": total * factor for factor in options}
        names = {f"{factor:f}": "one euro" if factor == ONE else f"{factor:,f} euros" for factor in options}
        self.done.questions.append(
            Question(
                "unit",
                self.title,
                f"{shown(self.title)}: {choice.why}. What does one stand for?",
                {key: f"{names[key]}: the column sums to {number:,.2f}" for key, number in sums.items()},
                sums,
            )
        )
        listed = " or to ".join(f"{number:,.2f}" for number in sums.values())
        self._add("unit-unclear", f"may be given in another unit than single euros, because {choice.why}: the column sums to {listed}.")  # fmt: skip
        return ONE

    def _but_own(
        self, read: Amounts, unit: Decimal, by_row: npt.NDArray[np.object_] | None
    ) -> npt.NDArray[np.object_] | None:
        """Cells that carry a unit of their own keep it: the unit of the column is taken back for them."""
        if unit == ONE or all(own == ONE for own in read.units):
            return by_row
        factors = np.full(len(self.rows), ONE, dtype=object) if by_row is None else by_row
        for at, cell in enumerate(self.column.to_pylist()):
            part = amount_grammar.take_apart(cell) if cell else None
            if part and part.unit != ONE:
                factors[at] = ONE / unit
        return factors

    def _unit_by_row(self, read: Amounts) -> npt.NDArray[np.object_] | None:
        """What one stands for in each row, by a column of units; None where no column names any."""
        factors: npt.NDArray[np.object_] | None = None
        for column in self.context.word_columns:
            if not column.speaks_of_units:
                continue
            factors = np.full(len(self.rows), ONE, dtype=object) if factors is None else factors
            cells = take(self.grid.column(column.column_index), self.rows)
            title = self.context.layout.titles[column.column_index]
            for cell, words in column.words.items():
                factor = words.factor if words.units else ONE
                hit = mask(pc.equal(cells, cell))
                if not hit.any():
                    continue
                if factor is None or words.is_rate or not (words.is_only or words.is_aside):
                    what = "names no unit of money that we know" if not words.units or words.is_rate else f"can mean {spoken_units(words.factors)}"  # fmt: skip
                    fault = Fault("unit-unclear", f"stands beside {shown(cell)} in {shown(title)}, which {what}.", "Name the unit in the recipe under [units], or leave the row out.")  # fmt: skip
                    read.values = refused(read, hit, self.column, f" {cell}", fault)
                    continue
                factors[hit] = factor
            known = ", ".join(f"{shown(cell)} as {words.factor:,f}" for cell, words in list(column.words.items())[:4] if words.units and words.factor)  # fmt: skip
            if known:
                self._add("unit-by-row", f"is multiplied row by row by the units in {shown(title)}: {known}.")
        return factors

    # --- currency

    def _currency(self, read: Amounts) -> tuple[str, dict[str, Mask]]:
        """The currency of the column, and which rows are in another one.

        A row in another currency cannot stand without a rate.
        """
        in_cells = [code for code, _ in read.currencies.most_common() if code]
        titled = self.amount.currency or (next(iter(self.says.currencies)) if len(self.says.currencies) == 1 else "")  # fmt: skip
        beside = frozenset().union(*(saying.words.currencies for saying in self.context.beside))
        by_row = self._currencies_by_row(in_cells)
        around = next(iter(beside)) if len(beside) == 1 else ""
        named = list(by_row)
        stated = titled or (around if not named else "")
        usual = stated or (named[0] if len(named) == 1 and by_row[named[0]].all() else "EUR")
        if not self.amount.currency and (len(self.says.currencies) > 1 or (len(beside) > 1 and not titled and not named)):  # fmt: skip
            self._ask_currency(sorted(self.says.currencies or beside), read)
        elif not stated and not named and not self.is_template and amounts.holds_amounts(read.values):
            self._add(
                "currency-assumed",
                "is taken as euros: neither its title nor the lines beside the table nor its cells name a "
                "currency.",
                value=self.title,
            )
        elif titled == "EUR" and not self.amount.currency and around not in ("", "EUR", ANY_CROWN):
            self._ask_currency(["EUR", around], read)
        answer = self._answer("currency")
        usual = answer or usual
        foreign = {
            code: rows
            for code, rows in by_row.items()
            if code != usual and not (code == ANY_CROWN and usual in _CROWNS)
        }
        for code, rows in list(foreign.items()):
            if code in self.recipe.rates or (code == "EUR" and not self.recipe.rates):
                if code == "EUR":
                    continue
                continue
            fault = Fault("foreign-currency", f"is in {_spelled(code)}, but its column is in {usual}.", amounts.FOREIGN.remedy)  # fmt: skip
            read.values = refused(read, rows, self.column, f" {code}", fault)
        if usual != "EUR" and self._rate(usual) is None:
            self._add(
                "currency-without-rate", f"is in {_spelled(usual)}; without a rate it cannot become euros."
            )
        self.done.detected[f"currency of {self.title}"] = usual
        return usual, foreign

    def _ask_currency(self, codes: list[str], read: Amounts) -> None:
        if self._answer("currency"):
            return
        total = amounts.total(read.values)
        self.done.questions.append(
            Question(
                "currency",
                self.title,
                f"The file names several currencies for {shown(self.title)}: {spoken(frozenset(codes))}. "
                "In which are its amounts?",
                {code: f"{code}: the column sums to {total:,.2f} {code}" for code in codes},
                dict.fromkeys(codes, total),
            )
        )
        self._add("currency-unclear", f"may be in {' or '.join(codes)}: the file names several currencies.")

    def _currencies_by_row(self, in_cells: list[str]) -> dict[str, Mask]:
        """Currency → the rows that are in it, by the cell itself, its format, or a column of currencies."""
        found: dict[str, Mask] = {}
        count = len(self.rows)
        filled = mask(pc.not_equal(pc.fill_null(self.column, ""), ""))

        def note(code: str, rows: Mask) -> None:
            if (rows & filled).any():
                found[code] = found.get(code, np.zeros(count, dtype=bool)) | (rows & filled)

        if in_cells:
            for text in pc.unique(self.column).to_pylist():
                part = amount_grammar.take_apart(text) if text else None
                if part and part.currency:
                    note(part.currency, mask(pc.equal(self.column, text)))
        for one in self.formats:
            for code in one.says.currencies:
                note(code, one.covers(self.grid.numbers[self.rows]))
        for column in self.context.word_columns:
            cells = take(self.grid.column(column.column_index), self.rows)
            for cell, words in column.words.items():
                codes = words.currencies or (
                    {f"“{cell}”"} if not (words.is_only or words.is_aside or words.units) else ()
                )
                for code in codes:
                    note(code, mask(pc.equal(cells, cell)))
        return found

    # --- euros

    def _rate(self, currency: str) -> Rate | None:
        amount = self.amount
        if amount.rate is not None and currency not in ("EUR", ""):
            return Rate(amount.rate, amount.rate_on, amount.rate_url)
        return self.recipe.rates.get(currency)

    def _in_euros(
        self,
        values: pa.ChunkedArray,
        unit: Decimal,
        by_row: npt.NDArray[np.object_] | None,
        currency: str,
        foreign: Mapping[str, Mask],
    ) -> pa.ChunkedArray:
        """Amounts × unit ÷ rate, of each row its own."""
        rate = self._rate(currency) if currency != "EUR" else None
        rates = {code: self.recipe.rates[code] for code in foreign if code in self.recipe.rates}
        for code, one in {**({currency: rate} if rate else {}), **rates}.items():
            self._add("currency-converted", f"is converted from {code} at {one.rate} per euro of {one.rate_on} ({one.rate_url}), to the cent.")  # fmt: skip
        if unit == ONE and by_row is None and rate is None and not rates:
            return values
        divisors = np.full(len(self.rows), rate.rate if rate else ONE, dtype=object)
        for code, rows in foreign.items():
            divisors[rows] = rates[code].rate if code in rates else ONE
        factors = np.full(len(self.rows), unit, dtype=object)
        if by_row is not None:
            factors = factors * by_row
        return converted(values, factors, divisors)

    def _rounded(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """To the cent, so that the column keeps its sum, as the recipe says."""
        texts = values.to_pylist()
        where = [at for at, text in enumerate(texts) if text and not text.startswith(UNREAD)]
        exact = [Decimal(texts[at] or "0") for at in where]
        cents = rounded_together(exact, ROUND_HALF_EVEN)
        moved = sum(one != other for one, other in zip(exact, cents, strict=True))
        for at, amount in zip(where, cents, strict=True):
            texts[at] = f"{amount:f}"
        if moved:
            self._add(
                "amounts-rounded",
                f"{moved:,} amounts have more than two decimals and are rounded together to the cent: their "
                f"exact sum is {sum(exact):,f}, the rounded sum {sum(cents):,.2f}.",
            )
        return pa.chunked_array([pa.array(texts, pa.string())])

    def _only_filled(
        self, own: dict[str, pa.ChunkedArray], values: pa.ChunkedArray
    ) -> tuple[npt.NDArray[np.int64], dict[str, pa.ChunkedArray]]:
        """Of several columns of amounts, an empty cell gives no row."""
        filled = mask(pc.is_valid(values))
        if filled.all():
            return self.rows, own
        first = int(self.rows[np.flatnonzero(~filled)[0]])
        problem = (
            f"is empty, so that nothing is made of it. {int((~filled).sum()):,} cells of "
            f"{shown(self.title)} are empty."
        )
        self._add("amount-empty", problem, row=int(self.grid.numbers[first]))
        keep = pa.array(filled)
        return self.rows[filled], {name: column.filter(keep) for name, column in own.items()}


def _spelled(code: str) -> str:
    return "kroner or kronor of a country that it does not name" if code == ANY_CROWN else code
