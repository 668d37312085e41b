"""What is odd between the cells of a row, between rows, and between a file and what was published before.

Asks more than it forbids.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property, partial

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.intake.allowed_combinations import NEVER_TOGETHER, PAYERS, rules_by_programme
from pipelines.intake.recipe_result import Block
from pipelines.intake.row_check_base import BlockFindings
from pipelines.intake.row_fingerprints import Groups, groups_of, quantiles, repeats, rows_known_to
from pipelines.person_names import without_names

Sizes = npt.NDArray[np.float64]

_KEY = ("programme", "initiative", "stage", "basis", "year", "country", "site", "beneficiary", "heading")
_RUNNING = """
with steps as (
    select n, grp, left(dated_on, 4) as year, amount, amount - lag(amount) over (partition by grp order by dated_on, n) as step
    from dated
),
groups as (
    select grp, min(n) as n, bool_and(coalesce(step, 0) >= 0) as never_falls, max(amount) > min(amount) as grows
    from steps group by grp having count(*) >= 4 and count(*) >= 2 * count(distinct year)
)
select min(n) filter (where grows), count(*) filter (where grows)
from groups having count(*) filter (where grows) >= 3 and count(*) filter (where never_falls) >= 0.9 * count(*)
"""


_LINE = tuple(name for name in BUDGET_LINE if name not in ("amount_eur", "note"))
_ITEM, _PAYING = ("programme", "stage", "basis", "heading"), ("programme", "stage", "basis")
_PAYEE = ("programme", "stage", "basis", "beneficiary", "heading")

# The middle of single published lines, by programme, stage and basis.
_USUAL = """
select programme, stage, basis, median(abs(cast(amount_eur as double))) as usual
from ledger
where amount_eur <> 0 and superseded_on is null and level in ('line', 'award', 'site')
group by all having count(*) >= 5
"""
_MOST = """
select programme, max(amount_eur) as most
from ledger where basis = 'eu-contribution' and superseded_on is null and programme is not null
group by programme having most >= 100000000
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
        yield from self._between_rows()

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

    def _between_rows(self) -> Iterator[Finding]:
        yield from self._duplicates()
        yield from self._outliers()
        with duckdb.connect(config={"threads": "2", "memory_limit": "700MB"}) as connection:
            yield from self._running(connection)
            if self.ledger is not None and self.ledger.num_rows:
                connection.register("ledger", self.ledger)
                yield from self._against_ledger(connection)

    @cached_property
    def _has_amount(self) -> Mask:
        """The rows with an amount that could be read and is not zero."""
        has_amount: Mask = self.good & (self.lines.cents != 0)
        return has_amount

    def _duplicates(self) -> Iterator[Finding]:
        lines = self.lines
        every, marks = np.ones(self.table.num_rows, dtype=bool), lines.mark(*_LINE)
        first = repeats(groups_of(marks + lines.mark("amount_eur", "note"), every, 2))
        nameless = lines.is_empty("heading") & lines.is_empty("beneficiary") & lines.is_empty("site")
        groups = groups_of(marks, self.good & ~nameless, 2)
        amounts = lines.cents[groups.positions]
        differs = (
            np.minimum.reduceat(amounts, groups.starts) != np.maximum.reduceat(amounts, groups.starts)
            if len(groups.starts)
            else np.zeros(0, dtype=bool)
        )
        like = {n: row for n, row in repeats(groups, differs).items() if n not in first}
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
        dated = self.good & ~self.lines.is_empty("dated_on") & ~self.lines.is_empty("heading")
        groups = groups_of(self.lines.mark(*_PAYEE), dated, 4)
        if not len(groups.starts):
            return
        which = pa.array(groups.positions)
        connection.register(
            "dated",
            pa.table(
                {
                    "n": which,
                    "grp": groups.spread(np.arange(len(groups.starts))),
                    "dated_on": self.table["dated_on"].take(which),
                    "amount": self.lines.amount.take(which),
                }
            ),
        )
        answer = connection.execute(_RUNNING).fetchone()
        if answer and answer[0] is not None:
            n, headings = answer
            problem = (
                f"seems to carry all earlier amounts of its heading, as in {headings:,} headings of this "
                "file: a sum of them counts most euros several times."
            )
            yield from self.findings_at("running-total", np.array([n]), "amount_eur", problem)

    def _sized(self, names: Sequence[str], least: int) -> tuple[Groups, Sizes]:
        """Rows that are the same in some columns, and the sizes of their amounts, rising in each group."""
        sizes = np.abs(self.lines.cents) / 100
        groups = groups_of(self.lines.mark(*names), self._has_amount, least, order_by=sizes)
        return groups, sizes[groups.positions]

    @cached_property
    def _paying(self) -> tuple[Groups, Sizes]:
        """The rows of one programme, stage and basis, where there are three of them."""
        return self._sized(_PAYING, 3)

    def _outliers(self) -> Iterator[Finding]:
        reported: set[int] = set()
        for like, least in ((self._sized(_ITEM, 3), 3), (self._paying, 5)):
            for position, size, middle in sorted(far_above(*like, least)):
                if position not in reported:
                    reported.add(position)
                    problem = (
                        f"is {size / middle:,.0f} times the middle of the like amounts in "
                        f"this file, {middle:,.2f}."
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
        keys = [(name, site if name == "site" else name) for name in _KEY]
        may_repeat = self._withheld_rows | rows_known_to(self.lines, self.ledger, keys)
        connection.register("lines", self._chosen(may_repeat))
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
        may_differ = self._withheld_rows | rows_known_to(
            self.lines, self.ledger, [("programme", "programme"), ("heading", "heading")]
        )
        connection.register("lines", self._chosen(may_differ))
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

    @cached_property
    def _withheld_rows(self) -> Mask:
        """The rows whose beneficiary is published without its name: they are compared without it."""
        if not self.withheld:
            return np.zeros(self.table.num_rows, dtype=bool)
        names = pa.array(sorted(self.withheld), pa.string())
        return self.lines.column("beneficiary").where(lambda words: pc.is_in(words, names))

    def _chosen(self, rows: Mask) -> pa.Table:
        """Some rows as they are published, with their positions as `n` and with `amount`."""
        return without_names(self.numbered(rows), self.withheld)

    def _another_scale(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """Warn where the amounts are a thousand times below or above those published of their kind."""
        usual = {tuple(kind): middle for *kind, middle in connection.execute(_USUAL).fetchall()}
        groups, sizes = self._paying
        found = []
        for first, middle in zip(groups.firsts.tolist(), quantiles(groups, sizes, 0.5).tolist(), strict=True):
            kind = tuple(self.table[name][first].as_py() for name in _PAYING)
            there = usual.get(kind)
            if there is not None and (middle >= 1000 * there or middle * 1000 <= there):
                found.append((first, middle, there, kind[0]))
        for first, middle, there, programme in sorted(found):
            yield from self.findings_at(
                "scale-unusual",
                np.array([first]),
                "amount_eur",
                f"and its like have {middle:,.2f} in the middle; single lines of {programme} that are published at "
                f"this stage have {there:,.2f}. Is the unit right?",
            )

    def _above_programme(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        if self.ledger is None or "superseded_on" not in self.ledger.column_names:
            return
        basis, programmes = self.lines.column("basis"), self.lines.column("programme")
        is_of_eu = self.good & basis.where(lambda words: pc.equal(words, "eu-contribution"))
        largest: dict[int, Decimal] = {}
        for programme, most in connection.execute(_MOST).fetchall():
            is_its = programmes.where(partial(pc.equal, pa.scalar(programme)))
            above = is_of_eu & is_its & (self.lines.cents > int(most * 100))
            largest |= dict.fromkeys(np.flatnonzero(above).tolist(), most)
        for position, most in sorted(largest.items()):
            yield from self.findings_at(
                "above-programme",
                np.array([position]),
                "amount_eur",
                f"is more than the largest amount published of this programme, {most:,.2f}.",
            )


def far_above(groups: Groups, sizes: Sizes, least: int) -> Iterator[tuple[int, float, float]]:
    """A few rows of a group that are far above all others: position, size, and the middle of the group.

    sizes: in the order of the groups' positions, rising in each group. least: rows of a group.
    """
    if not len(groups.starts):
        return
    high = quantiles(groups, sizes, 0.75)
    middle = quantiles(groups, sizes, 0.5)
    ends = groups.starts + groups.counts
    for at in np.flatnonzero((sizes[ends - 1] >= 100 * high) & (groups.counts >= least)).tolist():
        start, end = int(groups.starts[at]), int(ends[at])
        far = start + int(np.searchsorted(sizes[start:end], 100 * high[at]))
        if far == start or end - far > max(1, groups.counts[at] / 20):
            continue
        low, most = sizes[start], sizes[far - 1]
        for place in range(far, end):
            size = sizes[place]
            if size >= 50 * most and low / 3 <= size / 1000 <= high[at] * 10:
                yield int(groups.positions[place]), float(size), float(middle[at])
