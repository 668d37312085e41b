"""Judges every cell by the shape of the template, and for what a cell may hide. Fast on a million rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.code_synonyms import label_of, nearest_code
from pipelines.file_schemas import BUDGET_LINE, Cell
from pipelines.finding_codes import finding_codes, make_finding
from pipelines.findings import HIDDEN_CHARACTERS, Finding, shown
from pipelines.foreign_files import limits
from pipelines.foreign_files.amounts import TOO_FINE, UNREAD
from pipelines.foreign_files.grid import Grid, Mask, at, mask, matching
from pipelines.intake.recipe_result import Block
from pipelines.intake.site_names import nearest_site
from pipelines.row_checks import Fault, Vocabularies, allowed_words, check_cell

# A cell that matches, or an amount that could be read, is surely right; others are looked at one by one.
_RIGHT = {
    "year": r"^(19|20)[0-9]{2}$",
    "url": r"^https?://[A-Za-z0-9\-.]*[A-Za-z][A-Za-z0-9\-.]*\.[A-Za-z]{2,}(/[!-~]*)?(\?[!-~]*)?$",
}
_SPACE = r"\s\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x1c-\x1f"
_SUSPECT = rf"^[{_SPACE}]|[{_SPACE}]$|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{{200b}}-\x{{200f}}\x{{202a}}-\x{{202e}}\x{{2060}}-\x{{2069}}\x{{feff}}\x{{fdd0}}]"
_HAZARD = r"^[=+@\-＝＋＠－]|[<@$�]|Ã|Â|â€|!\[|\]\(|:[a-z_]+[/\[]|[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,}|[0-9][0-9 ()/.\-]{7,}[0-9]"
_FORMULA = re.compile(r"\s*[=＝]\s*[^\s=]|[+＋\-－@＠].*[(|!].*|[@＠][A-Za-z_]+\(")
_FORMULA_LIKE = re.compile(r"\s*[+＋@＠]")
_MOJIBAKE = re.compile(
    r"Ã[\x80-\xbf\u0192\u2018-\u2026\u20ac\u2122\u0160\u0161\u017d\u017e\u0152\u0153\u0178]|Â[\xa0-\xbf]|â€[\u0098-\u2122]|\ufffd"
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w/.\-])(?:\+|00)\d{2}[\d ()/.\-]{7,}\d")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b")
_MARKUP = re.compile(
    r"<\s*/?\s*[a-zA-Z!][^>]*>|!\[[^\]]*\]\(|\[[^\]]+\]\([^)]+\)|:(?:red|green|blue|orange|violet|gray|rainbow|material)[/\[]|\$[^$\d\s][^$]*\$"
)
_HOST = re.compile(r"https?://([^/?#:]+)(?::(\d+))?", re.IGNORECASE)
_NEAR = 300


@dataclass
class Verdict:
    """What was found in one block: findings, and which of its rows cannot stand."""

    findings: list[Finding] = field(default_factory=list)
    refused: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))


class Judge:
    """Judges the rows of one block. Each different value is judged once, however often it stands."""

    def __init__(self, file: str, grid: Grid, block: Block, words: Vocabularies) -> None:
        self.file, self.grid, self.block, self.words = file, grid, block, words
        self.verdict = Verdict(refused=np.zeros(block.table.num_rows, dtype=bool))

    def cells(self) -> Verdict:
        """Judge every cell."""
        for name, cell in BUDGET_LINE.items():
            column = self.block.table[name]
            if name not in self.block.column_indices and (
                name in self.block.amount.constants or not column.null_count
            ):
                self._constant(name, cell, column)
                continue
            if name not in self.block.column_indices:
                # that the column is missing is said once, for the whole file
                self.verdict.refused |= cell.required
                continue
            self._column(name, cell, column)
            if cell.names and name in self.words:
                self._references(name, column)
            if cell.kind == "text" and name in self.block.column_indices:
                self._hazards(name, column)
        return self.verdict

    def _references(self, name: str, column: pa.ChunkedArray) -> None:
        """Names of things that we keep, such as sites: each must be there."""
        known = pa.array(sorted(self.words[name]), pa.string())
        strange = ~mask(pc.is_in(column, known)) & ~mask(pc.fill_null(pc.equal(column, ""), True))
        positions = np.flatnonzero(strange)
        if len(positions):
            self._judge(name, column, positions, lambda value, near: self._no_such(name, value, near))

    def _no_such(self, name: str, value: str, is_near: bool) -> Fault:
        near = nearest_site(value, self.words) if is_near else ""
        return Fault(
            "no-such-site",
            f"is no {name} that we have.",
            f"{near}Write the id of a {name} as the page of sites gives it, or leave the cell empty.",
        )

    def _constant(self, name: str, cell: Cell, column: pa.ChunkedArray) -> None:
        """A constant of the recipe is judged once for all rows."""
        values = pc.unique(column.slice(0, 1)).to_pylist()
        fault = check_cell(cell, values[0] or "", self.words) if values else None
        if fault:
            self.verdict.refused[:] = True
            self.verdict.findings.append(
                make_finding(
                    fault.code,
                    self.file,
                    f"is a constant of the recipe, and {fault.problem}",
                    column=name,
                    value=values[0] or "",
                    remedy=fault.remedy,
                    severity="error",
                )
            )

    def _column(self, name: str, cell: Cell, column: pa.ChunkedArray) -> None:
        suspects = self._suspects(cell, column)
        if len(suspects):
            unread = self.block.faults.get(name, {})
            self._judge(name, column, suspects, lambda value, near: self._fault(cell, value, unread, near))
        long = np.flatnonzero(mask(pc.greater(pc.binary_length(column), limits.MAX_CELL)))
        if len(long):
            problem = f"has more than {limits.MAX_CELL:,} letters, which is the limit for a cell."
            self._judge(name, column, long, lambda *_: Fault("cell-too-long", problem, "Shorten it."))

    def _suspects(self, cell: Cell, column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """Where a column may be wrong."""
        match cell.kind:
            case "code":
                suspects = ~mask(pc.is_in(column, pa.array(sorted(self.words[cell.of]))))
            case "day":
                days = pc.unique(column).to_pylist()
                right = [day for day in days if day and check_cell(cell, day, self.words) is None]
                suspects = ~mask(pc.is_in(column, pa.array(right, pa.string())))
            case "euros":
                suspects = ~self.block.lines.good
            case "year" | "url":
                suspects = ~matching(column, _RIGHT[cell.kind])
            case _:
                suspects = matching(column, _SUSPECT)
        if not cell.required and column.null_count:
            suspects &= ~mask(pc.is_null(column))
        return np.flatnonzero(suspects)

    def _fault(self, cell: Cell, value: str, unread: Mapping[str, Fault], is_near: bool) -> Fault | None:
        if value.startswith(UNREAD):
            return unread.get(value[len(UNREAD) :])
        if cell.kind == "code" and _is_clean(value) and value not in self.words[cell.of]:
            return self._unknown_word(cell.of, value, is_near)
        fault = check_cell(cell, value, self.words)
        if fault is not None and fault.code == "third-decimal":
            return TOO_FINE
        return _address(value) if fault is None and cell.kind == "url" and value else fault

    def _unknown_word(self, vocabulary: str, value: str, is_near: bool) -> Fault:
        """That a word is none of ours, with the code that it is nearest to in any language."""
        near = nearest_code(vocabulary, value) if is_near else ""
        label = label_of(vocabulary, near)
        called = f" ({label})" if label != near else ""
        meant = f"Did you mean {shown(near)}{called}? " if near else ""
        return Fault(
            "unknown-word",
            f"is not one of our {vocabulary.replace('_', ' ')}.",
            f"{meant}{allowed_words(vocabulary, self.words[vocabulary])}",
        )

    def _judge(
        self,
        name: str,
        column: pa.ChunkedArray,
        suspects: npt.NDArray[np.int64],
        judge: Callable[[str, bool], Fault | None],
    ) -> None:
        """One finding per cell that has a fault; of very many of a kind, the first and their number."""
        faults: dict[str, Fault | None] = {}
        counts: dict[str, int] = {}
        values = at(column, suspects)
        severities = {code: kind.severity for code, kind in finding_codes().items()}
        column_index = self.block.column_indices.get(name, -1)
        written = self._written(column_index, suspects)
        for position, value in zip(map(int, suspects), values, strict=True):
            text = value or ""
            if text not in faults:
                faults[text] = judge(text, len(faults) < _NEAR)
            fault = faults[text]
            if fault is None:
                continue
            severity = severities[fault.code]
            if severity == "error":
                self.verdict.refused[position] = True
            counts[fault.code] = counts.get(fault.code, 0) + 1
            if counts[fault.code] <= limits.MAX_LISTED:
                row = int(self.grid.numbers[self.block.rows[position]])
                raw = written[position] if written else text
                self.verdict.findings.append(
                    make_finding(
                        fault.code,
                        self.file,
                        fault.problem,
                        row=row,
                        column=name,
                        value=raw,
                        remedy=fault.remedy,
                        column_index=column_index,
                    )
                )
        for code, number in counts.items():
            if number > limits.MAX_LISTED:
                problem = (
                    f"{number - limits.MAX_LISTED:,} more cells of this column have the same fault ({code})."
                )
                self.verdict.findings.append(
                    make_finding(
                        "more-of-the-same",
                        self.file,
                        problem,
                        column=name,
                        remedy=finding_codes()[code].remedy,
                        column_index=column_index,
                        severity=severities[code],
                    )
                )

    def _written(self, column_index: int, positions: npt.NDArray[np.int64]) -> dict[int, str]:
        """The cells as the file has them."""
        if column_index < 0:
            return {}
        values = at(self.grid.column(column_index), self.block.rows[positions])
        return {int(position): value or "" for position, value in zip(positions, values, strict=True)}

    def _hazards(self, name: str, column: pa.ChunkedArray) -> None:
        suspects = np.flatnonzero(matching(column, _HAZARD))
        if len(suspects):
            for look in (_formula, _personal, _strange):
                self._judge(name, column, suspects, partial(_ignoring_near, look))


def text_faults(text: str) -> list[Fault]:
    """What a text may hide: a formula, data of a person, garbled letters, markup."""
    return [fault for look in (_formula, _personal, _strange) if (fault := look(text))]


def address_fault(address: str) -> Fault | None:
    """What is wrong with an address of the right form that nobody can open."""
    return _address(address)


def _is_clean(value: str) -> bool:
    """Whether a cell is filled and holds neither outer spaces nor hidden characters."""
    return bool(value) and value == value.strip() and not HIDDEN_CHARACTERS.search(value)


def _ignoring_near(look: Callable[[str], Fault | None], text: str, _: bool) -> Fault | None:
    return look(text)


def _formula(text: str) -> Fault | None:
    if _FORMULA.match(text):
        return Fault(
            "formula-cell", "would run as a formula in a spreadsheet.", finding_codes()["formula-cell"].remedy
        )
    if _FORMULA_LIKE.match(text):
        return Fault(
            "formula-like",
            "begins like a formula; it is kept as text.",
            finding_codes()["formula-like"].remedy,
        )
    return None


def _personal(text: str) -> Fault | None:
    what = (
        "an e-mail address"
        if _MAIL.search(text)
        else "a bank account"
        if _IBAN.search(text)
        else "a telephone number"
        if _PHONE.search(text)
        else ""
    )
    return (
        Fault("personal-data", f"seems to hold {what}.", finding_codes()["personal-data"].remedy)
        if what
        else None
    )


def _strange(text: str) -> Fault | None:
    if _MOJIBAKE.search(text):
        return Fault(
            "garbled-letters",
            "holds letters that were read with the wrong encoding before.",
            finding_codes()["garbled-letters"].remedy,
        )
    if _MARKUP.search(text):
        return Fault(
            "markup",
            "holds signs of a page's or a text's markup; it is shown as it stands.",
            finding_codes()["markup"].remedy,
        )
    return None


def _address(value: str) -> Fault | None:
    """What is wrong with an address of the right form: its host must be a name that anyone can open."""
    match = _HOST.match(value)
    host = match[1].lower() if match else ""
    if not host.isascii():
        return Fault(
            "address-refused",
            "has letters beyond ASCII in its host, which can look like another.",
            finding_codes()["address-refused"].remedy,
        )
    if (
        host == "localhost"
        or re.fullmatch(r"[\d.]+|\[.*\]|0x[0-9a-f]+", host)
        or host.endswith((".local", ".internal", ".localhost"))
    ):
        return Fault(
            "address-refused", "leads to no public place.", finding_codes()["address-refused"].remedy
        )
    return None
