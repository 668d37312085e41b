"""Money that a file holds twice: rows that are sums of rows, columns that hold or add up other columns.

Left out where words and arithmetic agree; asked about, with both sums, everywhere else.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import shown
from pipelines.foreign_files import amounts
from pipelines.foreign_files.grid import Grid, at, mask
from pipelines.intake import find_sum_rows
from pipelines.intake.find_sum_rows import SumRow
from pipelines.intake.recipe_result import Applied, Block, Question
from pipelines.intake.recipes import Recipe
from pipelines.intake.table_layout import Layout, begins_like_total

_AMOUNT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_MOST_CODES = 8  # columns that are looked at for codes
_LISTED = 50  # sums that are named one by one


class CountedTwice:
    """Finds what one file holds twice, and notes it in what came of its recipe."""

    def __init__(
        self, file: str, grid: Grid, layout: Layout, recipe: Recipe, answers: Mapping[str, str], facts: Mapping[str, Any]
    ) -> None:  # fmt: skip
        self.file, self.grid, self.layout, self.recipe = file, grid, layout, recipe
        self.answers, self.facts = answers, facts

    def settle(self, done: Applied) -> None:
        """Leave out what is counted twice beyond doubt or by decision; ask about the rest."""
        self._columns(done)
        self._rows(done)

    # --- rows

    def _rows(self, done: Applied) -> None:
        found: dict[int, str] = {}
        weak: list[set[int]] = []
        reasons: dict[int, SumRow] = {}
        for block in done.blocks:
            if not _may_hold_sums(block):
                weak.append(set())
                continue
            sums = self._of_block(block)
            weak.append({int(block.rows[one.position]) for one in sums})
            for one in sums:
                index = int(block.rows[one.position])
                reasons.setdefault(index, one)
                if one.is_certain:
                    found.setdefault(index, one.why)
        for index in set.intersection(*weak) if weak else ():
            found.setdefault(index, reasons[index].why)
        if done.blocks and not found:
            found |= dict.fromkeys(self._nearly_whole(done.blocks[0]), "all other rows, but for rounding")
        if not found or self.recipe.sums == "count" or self.answers.get("sums") == "count":
            return
        is_decided = "leave_out" in (self.recipe.sums, self.answers.get("sums"))
        sure = {
            index for index in found if is_decided or ("total" in self.recipe.odd and self._has_word(index))
        }
        self._leave_out(done, sure, found)
        rest = sorted(set(found) - sure)
        if rest:
            self._ask(done, rest, found)

    def _nearly_whole(self, block: Block) -> list[int]:
        """The row whose word is that of a total and whose amount is nearly that of all other rows."""
        texts = block.table["amount_eur"]
        if not 3 <= len(texts) <= find_sum_rows.MOST_ROWS:
            return []
        values = find_sum_rows.as_whole_numbers(texts.to_pylist(), lambda text: bool(_AMOUNT.fullmatch(text)))
        total = sum(values)
        return [
            int(block.rows[position])
            for position in (0, len(values) - 1)
            if values[position]
            and abs(2 * values[position] - total) * 100 <= abs(values[position])
            and self._has_word(int(block.rows[position]))
        ]

    def _of_block(self, block: Block) -> list[SumRow]:
        values = find_sum_rows.as_whole_numbers(
            block.table["amount_eur"].to_pylist(), lambda text: bool(_AMOUNT.fullmatch(text))
        )
        if len(values) > find_sum_rows.MOST_ROWS:
            return find_sum_rows.find_sums(values)
        return find_sum_rows.find_sums(values, self._codes(block), self._depths(block))

    def _codes(self, block: Block) -> list[list[str]]:
        """The cells of the columns that may hold codes: short, without spaces, with a digit."""
        columns = []
        taken = block.column_indices["amount_eur"]
        for column_index in range(min(self.grid.width, _MOST_CODES)):
            if column_index == taken:
                continue
            cells = [(cell or "").strip() for cell in at(self.grid.column(column_index), block.rows)]
            filled = [cell for cell in cells if cell]
            codes = [_leading_code(cell) for cell in filled]
            if len(filled) * 2 > len(cells) and all(codes) and len(set(codes)) * 2 > len(codes):
                columns.append([_leading_code(cell) for cell in cells])
        return columns

    def _depths(self, block: Block) -> list[int]:
        """How far the first words of each row are indented: spaces, dashes, or the workbook's own."""
        indents = {(row, column_index): depth for row, column_index, depth in self.facts.get("indents", ())}
        for column_index in range(min(self.grid.width, _MOST_CODES)):
            if column_index == block.column_indices["amount_eur"]:
                continue
            cells = at(self.grid.column(column_index), block.rows)
            depths = [
                indents.get((int(self.grid.numbers[index]), column_index), 0) * 4 + _leading(cell or "")
                for index, cell in zip(block.rows, cells, strict=True)
            ]
            if any(depths) and not all(depths):
                return depths
        return [0] * len(block.rows)

    def _has_word(self, index: int) -> bool:
        """Whether a cell of a row begins with a word for a total."""
        return any(begins_like_total(cell) for cell in self.grid.row(index) if cell.strip())

    def _leave_out(self, done: Applied, rows: set[int], why: Mapping[int, str]) -> None:
        for index in sorted(rows):
            done.left_out[index] = "total"
            done.findings.append(
                self._finding("row-left-out", index, f"is the sum of {why[index]} and is left out.")
            )
        if rows:
            done.blocks[:] = [_without(block, rows) for block in done.blocks]

    def _ask(self, done: Applied, rows: Sequence[int], why: Mapping[int, str]) -> None:
        block = max(done.blocks, key=lambda one: one.table.num_rows)
        every = amounts.total(block.table["amount_eur"])
        without = amounts.total(_without(block, set(rows)).table["amount_eur"])
        listed = ", ".join(str(int(self.grid.numbers[index])) for index in rows[:8])
        more = f" and {len(rows) - 8:,} more" if len(rows) > 8 else ""
        title = self.layout.titles[block.column_indices["amount_eur"]]
        done.questions.append(
            Question(
                "sums",
                "",
                f"Rows that are the sum of other rows stand among them: row {listed}{more}. Are they totals?",
                {
                    "leave_out": f"They are totals and are left out: {shown(title)} sums to {without:,.2f}",
                    "count": f"They are amounts of their own: {shown(title)} sums to {every:,.2f}",
                },
                {"leave_out": without, "count": every},
            )
        )
        for index in rows[:_LISTED]:
            done.findings.append(
                self._finding(
                    "sum-among-rows", index, f"is the sum of {why[index]}: its amount would count twice."
                )
            )

    def _finding(self, code: str, index: int, problem: str) -> Any:
        column_index = next((one for one in range(self.grid.width) if self.grid.cell(index, one).strip()), 0)
        return make_finding(
            code, self.file, problem, row=int(self.grid.numbers[index]), column_index=column_index,
            value=self.grid.cell(index, column_index).strip(),
        )  # fmt: skip

    # --- columns

    def _columns(self, done: Applied) -> None:
        by_money: dict[tuple[str, str], list[Block]] = {}
        for block in done.blocks:
            stage, basis = (self._said(block, name) for name in ("stage", "basis"))
            if stage and basis and not block.amount.own_money:
                by_money.setdefault((stage, basis), []).append(block)
        for (stage, basis), blocks in by_money.items():
            if len(blocks) > 1:
                self._same_money(done, blocks, stage, basis)

    def _said(self, block: Block, name: str) -> str:
        """What holds for all rows of a column, or that a column of the file says it."""
        if name in block.amount.constants:
            return block.amount.constants[name]
        return "column" if name in block.column_indices else self.recipe.constants.get(name, "")

    def _same_money(self, done: Applied, blocks: list[Block], stage: str, basis: str) -> None:
        numbers = [self._numbers(block) for block in blocks]
        titles = [self.layout.titles[block.column_indices["amount_eur"]] for block in blocks]
        answer = self.answers.get("columns", "")
        if answer == "all":
            return
        if answer in titles:
            gone = {id(block) for block, title in zip(blocks, titles, strict=True) if title != answer}
            done.blocks[:] = [block for block in done.blocks if id(block) not in gone]
            return
        why = self._why(numbers, titles, [self._said(block, "year") for block in blocks])
        if not why:
            return
        totals = {
            title: amounts.total(block.table["amount_eur"])
            for title, block in zip(titles, blocks, strict=True)
        }
        every = sum(totals.values(), Decimal(0))
        done.questions.append(
            Question(
                "columns",
                "",
                f"{why}. Both would be published as {stage}, {basis}. Which columns are money of their own?",
                {
                    **{title: f"only {shown(title)}, which sums to {total:,.2f}" for title, total in totals.items()},
                    "all": f"all of them: no column holds the money of another, together {every:,.2f}",
                },
                {**totals, "all": every},
            )
        )  # fmt: skip
        column_index = blocks[-1].column_indices["amount_eur"]
        done.findings.append(
            make_finding(
                "columns-overlap", self.file, f"{why}: added up, money would count twice.",
                row=int(self.grid.numbers[self.layout.header[-1]]) if self.layout.header else 1,
                column=titles[-1], column_index=column_index,
            )
        )  # fmt: skip

    def _numbers(self, block: Block) -> npt.NDArray[np.float64]:
        """The amounts of a column by the rows of the grid, as floating-point numbers; none: not a number."""
        texts = block.table["amount_eur"]
        good = mask(pc.match_substring_regex(texts, r"^-?[0-9]+(\.[0-9]+)?$"))
        plain = pc.if_else(pa.chunked_array([pa.array(good)]), texts, pa.scalar(None, pa.string()))
        every = np.full(len(self.grid), np.nan)
        every[block.rows] = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False)
        return every

    def _why(
        self, numbers: Sequence[npt.NDArray[np.float64]], titles: Sequence[str], years: Sequence[str]
    ) -> str:
        """What speaks for money that stands in two of the columns; empty if nothing does."""
        for whole, title in enumerate(titles):
            for count in range(len(titles) - 1, 1, -1):
                if count > 3 and count < len(titles) - 1:
                    continue
                for parts in combinations([one for one in range(len(titles)) if one != whole], count):
                    if _adds_up(numbers[whole], [numbers[part] for part in parts]):
                        listed = " and ".join(shown(titles[part]) for part in parts)
                        return f"{shown(title)} is in every row the sum of {listed}"
        for one, other in combinations(range(len(titles)), 2):
            if years[one] != years[other]:
                continue
            for small, large in ((one, other), (other, one)):
                if _never_exceeds(numbers[small], numbers[large]):
                    return f"{shown(titles[small])} never exceeds {shown(titles[large])}: one may be inside the other, or part of it"  # fmt: skip
        return ""


def _adds_up(whole: npt.NDArray[np.float64], parts: Sequence[npt.NDArray[np.float64]]) -> bool:
    """Whether a column is, in nearly every row, the sum of others that are not all but one empty."""
    total = np.nansum(parts, axis=0)
    filled = ~np.isnan(whole) & (whole != 0)
    several = sum((~np.isnan(part) & (part != 0)).astype(int) for part in parts) > 1
    if not filled.any() or not (filled & several).any():
        return False
    close = np.isclose(whole, total, rtol=1e-9, atol=0.006)
    return bool(close[filled].mean() >= 0.95) and bool((filled & several & close).any())


def _never_exceeds(small: npt.NDArray[np.float64], large: npt.NDArray[np.float64]) -> bool:
    both = ~np.isnan(small) & ~np.isnan(large) & ((small != 0) | (large != 0))
    if not both.any():
        return False
    share = float((small[both] <= large[both] + 0.005).mean())
    return share == 1.0 if both.sum() < 20 else share >= 0.95


def _may_hold_sums(block: Block) -> bool:
    """Whether a column is short enough to be searched, or has one amount as large as all others together."""
    if block.table.num_rows <= find_sum_rows.MOST_ROWS:
        return True
    if block.lines.good.all():
        numbers = block.lines.cents / 100
    else:
        texts = block.table["amount_eur"]
        good = texts.filter(pc.fill_null(pc.match_substring_regex(texts, r"^-?[0-9]+(\.[0-9]+)?$"), False))
        numbers = pc.cast(good, pa.float64()).to_numpy()
    if not len(numbers):
        return False
    total, edges = float(numbers.sum()), (float(numbers.max()), float(numbers.min()))
    return any(edge and abs(2 * edge - total) <= 1e-6 * abs(edge) for edge in edges)


def _without(block: Block, rows: set[int]) -> Block:
    """A block without some rows of the grid."""
    keep = ~np.isin(block.rows, np.array(sorted(rows), dtype=np.int64))
    return replace(block, table=block.table.filter(pa.array(keep)), rows=block.rows[keep])


def _leading(cell: str) -> int:
    """How far a text is indented by spaces or by dashes and dots before it."""
    match = re.match(r"[\s\u00a0]*(?:[-–—•·>*]\s*)*", cell)
    return len(match[0].expandtabs(4)) if match else 0


def _leading_code(cell: str) -> str:
    """The code that a cell is or begins with: 01.02, A-3, 1.2.3 Research; empty if it has none."""
    match = re.match(
        r"([A-Z]{0,3}[-.]?\d[\dA-Za-z]*(?:[.\-/][\dA-Za-z]+| \d+(?![\w.,]))*)[.)]?(?=\s|$)", cell
    )
    return match[1] if match and len(match[1]) <= 24 else ""
