"""A reading, judged: every problem at once, which rows can stand, and what they sum to.

Rows read = rows accepted + rows refused, always.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files.grid import Grid
from pipelines.intake import natural_persons
from pipelines.intake.cell_checks import Judge
from pipelines.intake.curated_checks import good_rows, judge_rows
from pipelines.intake.read_curated_upload import CuratedTable
from pipelines.intake.read_upload import Reading
from pipelines.intake.recipe_result import Block
from pipelines.intake.row_rule_and_outlier_checks import Relations
from pipelines.intake.site_names import with_site_ids
from pipelines.intake.stage_and_history_checks import LinesOverTime
from pipelines.person_names import names_of_persons
from pipelines.row_checks import Vocabularies

# Errors that concern a row as a whole, wherever in it they were seen.
_ROW_CODES = frozenset(
    ("ragged-row", "unclosed-quote", "merged-cells", "error-cell", "formula-without-value")
)


@dataclass(frozen=True)
class Sum:
    """What the accepted rows of one column of amounts come to, at one stage and on one basis.

    years: year → rows and euros; the year is empty where a row has none. original: in the file's own
    currency and unit, all rows of the column that could be read.
    """

    column: str
    stage: str
    basis: str
    rows: int
    amount_eur: Decimal
    original: Decimal
    currency: str
    years: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What came of a file.

    rows: the accepted rows in the template's columns, and `file_row`, as a spreadsheet shows it. sum_eur:
    of the first column of amounts, whatever the stages in it; it tells files apart and is no figure. sums:
    what would be published, by column, stage and basis. persons: beneficiaries that may be natural persons.
    names_shown: those of them that are to be shown by name; a submission withholds all others.
    """

    findings: tuple[Finding, ...]
    rows: pa.Table
    rows_read: int
    rows_accepted: int
    sum_eur: Decimal
    sums: tuple[Sum, ...]
    persons: tuple[str, ...] = ()
    names_shown: tuple[str, ...] = ()

    @property
    def rows_refused(self) -> int:
        return self.rows_read - self.rows_accepted

    @property
    def is_blocked(self) -> bool:
        """Whether an error stands in the way of publishing."""
        return any(finding.severity == "error" for finding in self.findings)


def _sums(rows: pa.Table, amount: pa.ChunkedArray, title: str, block: Block) -> list[Sum]:
    """The sums of one column by stage and basis; one of nothing where no row is accepted.

    rows: those that are accepted. amount: of each in euros, null where it has none.
    """
    year = pc.coalesce(rows["year"], pc.utf8_slice_codeunits(rows["dated_on"], 0, 4), pa.scalar(""))
    table = pa.table({"stage": rows["stage"], "basis": rows["basis"], "year": year, "amount": amount})
    grouped = table.group_by(["stage", "basis", "year"]).aggregate([("amount", "sum"), ("stage", "count")])
    found: dict[tuple[str, str], dict[str, tuple[int, Decimal]]] = {}
    for one in grouped.sort_by(
        [("stage", "ascending"), ("basis", "ascending"), ("year", "ascending")]
    ).to_pylist():
        years = found.setdefault((one["stage"] or "", one["basis"] or ""), {})
        years[one["year"]] = (one["stage_count"], one["amount_sum"] or Decimal(0))
    return [
        Sum(
            title,
            stage,
            basis,
            sum(count for count, _ in years.values()),
            sum((euros for _, euros in years.values()), Decimal(0)),
            block.sum_original,
            block.currency,
            years,
        )
        for (stage, basis), years in (found or {("", ""): {}}).items()
    ]


def examine(reading: Reading, words: Vocabularies, ledger: pa.Table | None = None) -> list[Finding]:
    """Every problem of a reading, at once, in the order of its rows."""
    return list(judge(reading, words, ledger).findings)


def judge(
    reading: Reading,
    words: Vocabularies,
    ledger: pa.Table | None = None,
    show_names: Collection[str] = (),
) -> Verdict:
    """Every problem of a reading, and the rows that can stand.

    words: vocabulary → codes. ledger: what is published, to compare with. show_names: beneficiaries that are
    to be shown by name although they may be natural persons, besides those that the recipe names.
    """
    findings = list(reading.findings)
    if reading.grid is None:
        return Verdict(tuple(findings), pa.table({}), 0, 0, Decimal(0), ())
    if reading.curated is not None:
        return _judge_curated(reading, reading.grid, reading.curated, words, show_names)
    bad_rows = np.array(
        sorted(
            {
                finding.row
                for finding in findings
                if finding.code in _ROW_CODES and finding.severity == "error"
            }
        ),
        dtype=np.int64,
    )
    tables, sums = [], []
    blocks: list[Block] = []
    for read_block in reading.blocks:
        block, notes = with_site_ids(reading.file, reading.grid, read_block, words)
        blocks.append(block)
        findings += notes if len(blocks) == 1 else ()
    chunks = [chunk for block in blocks for chunk in block.table["beneficiary"].chunks]
    persons = names_of_persons(pa.table({"beneficiary": pa.chunked_array(chunks, pa.string())}))
    shown_names = frozenset(persons) & {*show_names, *reading.recipe.show_names}
    withheld = frozenset(persons) - shown_names
    accepted, refused = np.zeros(len(reading.grid), dtype=bool), np.zeros(len(reading.grid), dtype=bool)
    shared: set[tuple[str, int, str]] = set()
    for block in blocks:
        verdict = Judge(reading.file, reading.grid, block, words).cells()
        relations = Relations(reading.file, reading.grid, block, ledger, reading.is_template, withheld)
        numbered = reading.grid.numbers[block.rows]
        place = block.column_indices.get("beneficiary", -1)
        named = natural_persons.findings(
            reading.file, block.table["beneficiary"], numbered, place, persons, shown_names
        )
        for finding in (*verdict.findings, *relations.findings(), *named):
            key = (finding.code, finding.row, finding.column)
            # columns that several columns of amounts share are told of once
            if len(blocks) == 1 or finding.column == "amount_eur" or key not in shared:
                shared.add(key)
                findings.append(finding)
        good = ~(verdict.refused | relations.refused | np.isin(numbered, bad_rows))
        accepted[block.rows[good]] = True
        refused[block.rows[~good]] = True
        accepted_rows, amount = block.table, block.lines.amount
        if not good.all():
            accepted_rows, amount = accepted_rows.filter(pa.array(good)), amount.filter(pa.array(good))
        tables.append(accepted_rows.append_column("file_row", pa.array(numbered[good], pa.int32())))
        title = reading.layout.titles[block.column_indices["amount_eur"]] if reading.layout else ""
        sums += _sums(accepted_rows, amount, title, block)
    over_time = LinesOverTime(
        reading.file,
        reading.grid,
        blocks,
        ledger,
        withheld,
        reading.recipe.publisher,
        reading.layout.titles if reading.layout else (),
    )
    findings += over_time.findings()
    standing = int((accepted & ~refused).sum())
    # an error that concerns the whole file stands in the way of all its rows; they are counted, and
    # none is published
    rows = pa.concat_tables(tables) if tables else pa.table({})
    total = sum((one.amount_eur for one in sums if one.column == sums[0].column), Decimal(0))
    findings.sort(key=lambda finding: (finding.row, finding.column_number))
    return Verdict(
        tuple(findings),
        rows,
        reading.rows_read,
        standing,
        total,
        tuple(sums),
        tuple(persons),
        tuple(sorted(shown_names)),
    )


def _judge_curated(
    reading: Reading, grid: Grid, curated: CuratedTable, words: Vocabularies, show_names: Collection[str]
) -> Verdict:
    """The same for rows that are no budget lines; they have no sum."""
    findings = [*reading.findings, *judge_rows(reading.file, grid, curated, words)]
    persons = names_of_persons(curated.table)
    shown_names = frozenset(persons) & {*show_names}
    if persons:
        findings += natural_persons.findings(
            reading.file,
            curated.table["beneficiary"],
            grid.numbers[curated.rows],
            curated.columns.get("beneficiary", -1),
            persons,
            shown_names,
        )
    if reading.questions:
        findings.append(make_finding("shape-unclear", reading.file, reading.questions[0].text))
    with_error = {finding.row: True for finding in findings if finding.severity == "error"}
    rows = good_rows(grid, curated, with_error)
    findings.sort(key=lambda finding: (finding.row, finding.column_number))
    return Verdict(
        tuple(findings),
        rows,
        reading.rows_read,
        rows.num_rows,
        Decimal(0),
        (),
        tuple(persons),
        tuple(sorted(shown_names)),
    )
