"""What is odd between the cells of a row, between rows, and between a file and what was published before.

Asks more than it forbids.
"""

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.intake.block_findings import BlockFindings
from pipelines.intake.programme_rules import NEVER_TOGETHER, PAYERS, rules_by_programme
from pipelines.intake.recipe_result import Block
from pipelines.person_names import without_names

_KEY = ("programme", "initiative", "stage", "basis", "year", "country", "site", "beneficiary", "heading")
_OUTLIERS = """
with cells as (
    select n, {group} as grp, cast(abs(amount) as double) as size from marks where amount <> 0
),
crowds as (
    select grp from cells group by grp having count(*) >= {members}
),
usual as (
    select grp, count(*) as members, quantile_cont(size, 0.75) as high, quantile_cont(size, 0.5) as middle, min(size) as low
    from cells where grp in (select grp from crowds) group by grp
),
far as (
    select cells.n, cells.grp, cells.size, usual.middle, usual.members, usual.low, usual.high
    from cells inner join usual on cells.grp = usual.grp where cells.size >= 100 * usual.high
),
rest as (
    select cells.grp, max(cells.size) as most
    from cells anti join far on cells.n = far.n where cells.grp in (select grp from far) group by cells.grp
),
few as (
    select grp from far group by grp, members having count(*) <= greatest(1, members / 20)
)
select far.n, far.size, far.middle
from far inner join rest on far.grp = rest.grp inner join few on far.grp = few.grp
where far.size >= 50 * rest.most and far.size / 1000 between far.low / 3 and far.high * 10
order by far.n
"""

# Each line by fingerprints of the columns in which lines are compared, so that their texts are looked at
# once.
_MARKS = f"""
create temp table marks as select
    n, amount, dated_on, heading is not null as has_heading, coalesce(heading, beneficiary, site) is not null and amount is not null as is_named,
    hash({", ".join(name if name != "amount_eur" else "coalesce(amount::varchar, amount_eur)" for name in BUDGET_LINE)}) as whole,
    hash({", ".join(name for name in BUDGET_LINE if name not in ("amount_eur", "note"))}) as line,
    hash(programme, stage, basis) as paying,
    hash(programme, stage, basis, heading) as item,
    hash(programme, stage, basis, beneficiary, heading) as payee
from lines
"""  # noqa: S608

_RUNNING = """
with cells as (
    select n, payee as grp, dated_on, amount
    from marks where dated_on is not null and amount is not null and has_heading
),
crowds as (
    select grp from cells group by grp having count(*) >= 4
),
steps as (
    select n, grp, left(dated_on, 4) as year, amount, amount - lag(amount) over (partition by grp order by dated_on, n) as step
    from cells where grp in (select grp from crowds)
),
groups as (
    select grp, min(n) as n, bool_and(coalesce(step, 0) >= 0) as never_falls, max(amount) > min(amount) as grows
    from steps group by grp having count(*) >= 4 and count(*) >= 2 * count(distinct year)
)
select min(n) filter (where grows), count(*) filter (where grows)
from groups having count(*) filter (where grows) >= 3 and count(*) filter (where never_falls) >= 0.9 * count(*)
"""


# Amounts of one programme, stage and basis, beside published lines of the same kind.
_SCALES = """
with here as (
    select programme, stage, basis, min(n) as n, median(abs(cast(amount as double))) as middle
    from lines where amount <> 0 group by all having count(*) >= 3
),
there as (
    select programme, stage, basis, median(abs(cast(amount_eur as double))) as usual
    from ledger
    where amount_eur <> 0 and superseded_on is null and level in ('line', 'award', 'site')
    group by all having count(*) >= 5
)
select here.n, here.middle, there.usual, here.programme
from here inner join there using (programme, stage, basis)
where here.middle >= 1000 * there.usual or here.middle * 1000 <= there.usual
order by here.n
"""


class Relations(BlockFindings):
    """Judges one block as a whole.

    ledger: the published amounts, if they are at hand. is_template: no column of the file is left out.
    withheld: beneficiaries that are published without their names.
    """

    def __init__(
        self,
        file: str,
        grid: Grid,
        block: Block,
        ledger: pa.Table | None,
        is_template: bool = True,
        withheld: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(file, grid, block)
        self.ledger, self.is_template, self.withheld = ledger, is_template, withheld

    def findings(self) -> Iterator[Finding]:
        """All that is odd."""
        if not self.table.num_rows:
            return
        yield from self._rules()
        yield from self._amounts()
        yield from self._pairs()
        yield from self._asked_of_duckdb()

    def _rules(self) -> Iterator[Finding]:
        """Cells that must be filled if others are not."""
        if {"amount_eur"} <= set(self.block.column_indices):
            neither = mask(pc.is_null(self.table["amount_eur"])) & mask(pc.is_null(self.table["note"]))
            yield from self.findings_at(
                "amount-missing", neither, "amount_eur", "there is no amount and no note."
            )
            with_note = mask(pc.is_null(self.table["amount_eur"])) & ~mask(pc.is_null(self.table["note"]))
            yield from self.findings_at(
                "amount-not-published",
                with_note,
                "amount_eur",
                "is empty; it will be shown as “not published”.",
            )
        if {"year", "dated_on"} & (
            set(self.block.column_indices) | {name for name in BUDGET_LINE if not self.table[name].null_count}
        ):
            neither = mask(pc.is_null(self.table["year"])) & mask(pc.is_null(self.table["dated_on"]))
            yield from self.findings_at(
                "date-missing", neither, "year", "neither year nor dated_on is given."
            )

    def _amounts(self) -> Iterator[Finding]:
        column = self.table["amount_eur"]
        negative = mask(pc.starts_with(column, "-")) & self.good
        zero = mask(pc.match_substring_regex(column, r"^-?0+(\.0+)?$"))
        yield from self.findings_at("negative-amount", negative & ~zero, "amount_eur", "is below zero.")
        yield from self.findings_at("zero-amount", zero, "amount_eur", "is zero.")
        long = mask(pc.greater(pc.binary_length(column), 13)) & self.good
        for position in map(int, np.flatnonzero(long)):
            if abs(float(column[position].as_py())) > limits.MAX_EUROS:
                problem = f"is more than {limits.MAX_EUROS:,} euros, which no budget of the EU reaches."
                yield from self.findings_at("amount-too-large", np.array([position]), "amount_eur", problem)

    def _pairs(self) -> Iterator[Finding]:
        """Stage and basis, basis and funder, programme and funder, programme and year."""
        for (stage, basis), why in NEVER_TOGETHER.items():
            both = mask(pc.equal(self.table["stage"], stage)) & mask(pc.equal(self.table["basis"], basis))
            yield from self.findings_at(
                "stage-basis", both, "stage", f"is “{stage}”, which cannot be said of “{basis}”.", why
            )
        by_programme = {
            code: mask(pc.equal(self.table["programme"], code))
            for code in pc.unique(self.table["programme"]).to_pylist()
            if code in rules_by_programme()
        }
        for code, rows in by_programme.items():
            rule = rules_by_programme()[code]
            other = (
                rows
                & ~mask(pc.is_null(self.table["funder"]))
                & ~mask(pc.equal(self.table["funder"], rule.funder))
            )
            remedy = f"Write {rule.funder}, or leave the cell empty."
            yield from self.findings_at(
                "funder-differs",
                other,
                "funder",
                f"does not pay for {code}; {rule.funder} does.",
                remedy,
            )
            for basis, payers in PAYERS.items():
                if (
                    rule.funder in ("eu-budget", "member-states", "private", "eib-group")
                    and rule.funder not in payers
                ):
                    odd = rows & mask(pc.equal(self.table["basis"], basis))
                    yield from self.findings_at(
                        "basis-funder",
                        odd,
                        "basis",
                        f"does not fit {code}, which {rule.funder} pays for.",
                    )
            if rule.first_year and rule.last_year:
                yield from self._period(rows, code, rule.first_year, rule.last_year)

    def _period(self, rows: Mask, code: str, first: int, last: int) -> Iterator[Finding]:
        for name in ("year", "dated_on"):
            years = pc.utf8_slice_codeunits(self.table[name], 0, 4)
            for year in pc.unique(years).to_pylist():
                # money is paid, and news of it written, for years after the budget period;
                # never before it is proposed
                is_out = (
                    year
                    and year.isdigit()
                    and (
                        not first <= int(year) <= last
                        if name == "year"
                        else not first - 4 <= int(year) <= last + 12
                    )
                )
                if is_out:
                    where = rows & mask(pc.equal(years, year))
                    yield from self.findings_at(
                        "year-outside-period",
                        where,
                        name,
                        f"lies outside the period of {code}, {first}–{last}.",
                    )

    # --- between rows

    def _asked_of_duckdb(self) -> Iterator[Finding]:
        lines = self.numbered()
        with duckdb.connect(config={"threads": "2", "memory_limit": "700MB"}) as connection:
            connection.register("lines", lines)
            connection.execute(_MARKS)
            yield from self._duplicates(connection)
            yield from self._outliers(connection)
            yield from self._running(connection)
            if self.ledger is not None and self.ledger.num_rows:
                connection.register("ledger", self.ledger)
                connection.register("lines", without_names(lines, self.withheld))
                yield from self._against_ledger(connection)

    def _duplicates(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        doubles = connection.execute(_same("whole")).fetchnumpy()
        first = dict(zip(doubles["n"].tolist(), doubles["first"].tolist(), strict=True))
        more = connection.execute(_same("line", "is_named", "count(distinct amount) > 1")).fetchnumpy()
        like = {
            n: row
            for n, row in zip(more["n"].tolist(), more["first"].tolist(), strict=True)
            if n not in first
        }
        if not self.is_template:
            # columns that the recipe leaves out may tell such rows apart
            alike = {
                n: row
                for n, row in first.items()
                if self.grid.row(int(self.block.rows[n])) != self.grid.row(int(self.block.rows[row]))
            }
            first = {n: row for n, row in first.items() if n not in alike}
            like |= alike
            if like:
                n = min(like)
                problem = (
                    f"is told from row {self.row(like[n])} by its amount or by columns that are left out. "
                    f"So are {len(like) - 1:,} more rows."
                )
                yield from self.findings_at("same-key", np.array([n]), "amount_eur", problem)
                like = {}
        same = np.array(sorted(first), dtype=np.int64)
        yield from self.findings_at(
            "duplicate-row",
            same,
            "heading" if "heading" in self.block.column_indices else "amount_eur",
            lambda position: f"is the same, cell by cell, as row {self.row(first[position])}.",
        )
        yield from self.findings_at(
            "same-key",
            np.array(sorted(like), dtype=np.int64),
            "amount_eur",
            lambda position: (
                f"is the amount of a row that is otherwise the same as row {self.row(like[position])}."
            ),
        )

    def _running(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """Find amounts that never fall within a heading: each carries all the earlier ones."""
        answer = connection.execute(_RUNNING).fetchone()
        if answer and answer[0] is not None:
            n, groups = answer
            problem = (
                f"seems to carry all earlier amounts of its heading, as in {groups:,} headings of this "
                "file: a sum of them counts most euros several times."
            )
            yield from self.findings_at("running-total", np.array([n]), "amount_eur", problem)

    def _outliers(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        reported: set[int] = set()
        for group, members in (("item", 3), ("paying", 5)):
            for position, size, middle in connection.execute(
                _OUTLIERS.format(group=group, members=members)
            ).fetchall():
                if position not in reported:
                    reported.add(position)
                    problem = (
                        f"is {float(size) / float(middle):,.0f} times the middle of the like amounts in "
                        f"this file, {float(middle):,.2f}."
                    )
                    yield from self.findings_at("outlier", np.array([position]), "amount_eur", problem)

    def _against_ledger(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        names = set(self.ledger.column_names) if self.ledger is not None else set()
        site = "site_id" if "site_id" in names else "site"
        ledger_key = ", ".join(
            f"coalesce(lower(cast({site if name == 'site' else name} as varchar)), '')" for name in _KEY
        )
        line_key = ", ".join(f"coalesce(lower({name}), '')" for name in _KEY)
        current = "superseded_on is null" if "superseded_on" in names else "true"
        same = connection.execute(
            f"""
            with published as (
                select hash({ledger_key}) as k, cast(amount_eur as decimal(20, 2)) as amount, entry_id
                from ledger where {current} and coalesce(heading, beneficiary) is not null
            )
            select lines.n, bool_or(lines.amount is not distinct from published.amount) as is_same, min(published.entry_id) as entry_id, min(published.amount) as amount
            from lines inner join published on hash({line_key}) = published.k
            where coalesce(lines.heading, lines.beneficiary) is not null
            group by lines.n order by lines.n
            """  # noqa: S608
        ).fetchall()
        by_row = {n: (is_same, entry, amount) for n, is_same, entry, amount in same}
        again = np.array([n for n, (is_same, _, _) in by_row.items() if is_same], dtype=np.int64)
        yield from self.findings_at(
            "already-published",
            again,
            "amount_eur",
            lambda position: f"is published already, as {by_row[position][1]}.",
        )
        other = np.array([n for n, (is_same, _, _) in by_row.items() if not is_same], dtype=np.int64)
        yield from self.findings_at(
            "correction",
            other,
            "amount_eur",
            lambda position: (
                f"differs from {by_row[position][2]:,.2f}, published as {by_row[position][1]}."
                if by_row[position][2] is not None
                else "gives an amount that was not published before."
            ),
        )
        history = connection.execute(
            f"""
            with past as (
                select programme, lower(heading) as heading, median(abs(cast(amount_eur as double))) as middle
                from ledger where amount_eur <> 0 and heading is not null and {current} group by all
            )
            select lines.n, abs(cast(lines.amount as double)) / past.middle as times, past.middle
            from lines inner join past on lines.programme = past.programme and lower(lines.heading) = past.heading
            where lines.amount <> 0 and (abs(cast(lines.amount as double)) / past.middle >= 100 or abs(cast(lines.amount as double)) / past.middle <= 0.01)
            order by lines.n
            """  # noqa: S608
        ).fetchall()
        for position, times, middle in history:
            problem = f"is {times:,.3g} times what was published under this heading before, {middle:,.2f}."
            yield from self.findings_at("outlier-history", np.array([position]), "amount_eur", problem)
        yield from self._above_programme(connection)
        if "level" in names:
            yield from self._another_scale(connection)

    def _another_scale(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """Warn where the amounts are a thousand times below or above those published of their kind."""
        for position, middle, usual, programme in connection.execute(_SCALES).fetchall():
            yield from self.findings_at(
                "scale-unusual",
                np.array([position]),
                "amount_eur",
                f"and its like have {middle:,.2f} in the middle; single lines of {programme} that are published at "
                f"this stage have {usual:,.2f}. Is the unit right?",
            )

    def _above_programme(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        most = (
            connection.execute(
                """
            select lines.n, other.most from lines inner join (
                select programme, max(amount_eur) as most from ledger where basis = 'eu-contribution' and superseded_on is null group by programme
            ) as other on lines.programme = other.programme
            where lines.basis = 'eu-contribution' and lines.amount > other.most and other.most >= 100000000 order by lines.n
            """
            ).fetchall()
            if self.ledger is not None and "superseded_on" in self.ledger.column_names
            else []
        )
        for position, largest in most:
            yield from self.findings_at(
                "above-programme",
                np.array([position]),
                "amount_eur",
                f"is more than the largest amount published of this programme, {largest:,.2f}.",
            )


def _same(mark: str, where: str = "true", having: str = "count(*) > 1") -> str:
    """The rows that are the same as an earlier one by a mark, with that one."""
    return f"""
        with marked as (select n, amount, {mark} as h from marks where {where}),
        groups as (select h, min(n) as first from marked group by h having {having})
        select marked.n, groups.first from marked inner join groups on marked.h = groups.h where marked.n <> groups.first order by marked.n
        """  # noqa: S608
