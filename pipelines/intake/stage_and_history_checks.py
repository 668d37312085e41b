"""What is odd between the stages of one line, between its day and its year, in its code, and beside the last
list of the same publisher. Looks at all columns of amounts of a file together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import reference
from pipelines.document_publishers import documents
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid, Mask, mask
from pipelines.intake.lost_zeros import code_in, lost_zeros
from pipelines.intake.recipe_result import Block, take
from pipelines.intake.row_check_base import BlockFindings
from pipelines.intake.row_fingerprints import Column, RowFingerprints, in_small_letters, rows_known_to
from pipelines.person_names import without_names

_DONE = ("committed", "contracted", "paid")  # each holds at most what the one before it holds
_CODED = ("heading", "beneficiary", "site")
_FEW = 3  # days outside their year that are told one by one, where all rows have the same day
_TIMES = 10  # how many times larger or smaller a list must be to be named
_MOST_CITED = 2_000  # different addresses that are looked at
_MOSTLY = 0.8  # of the rows of a list cite its publisher
_WRITTEN_CODE = r"^\d{1,3}(?:[ .]\d{1,4}){1,6}"

_LINE = f"""hash(programme, basis, coalesce(country, ''), coalesce(site, ''), lower(trim(coalesce(beneficiary, ''))), coalesce(year, ''),
    coalesce(nullif(regexp_extract(heading, '{_WRITTEN_CODE}'), ''), lower(regexp_replace(trim(heading), '\\s+', ' ', 'g')), ''))"""
_STAGES = f"""
with kinds as (
    select programme, basis, year from (
        select distinct programme, basis, coalesce(year, '') as year, stage from every where stage in {_DONE}
        union
        select distinct programme, basis, coalesce(year, '') as year, stage from published where stage in {_DONE}
    ) group by all having count(*) > 1
),
keyed as (
    select block, n, stage, amount, {_LINE} as line
    from every
    where amount is not null and stage in {_DONE} and is_named
        and (programme, basis, coalesce(year, '')) in (select (programme, basis, year) from kinds)
),
here as (
    select line, stage, sum(amount) as total, min(block * 10000000 + n) as first, '' as entry_id from keyed group by all
),
there as (
    select line, stage, sum(amount) as total, null as first, min(entry_id) as entry_id
    from (select *, {_LINE} as line from published where amount is not null and stage in {_DONE} and coalesce(level, '') not in ('bid', 'payments', 'difference', 'whole'))
    where line in (select line from here) group by line, stage
),
every_stage as (
    select * from here union all select * from there anti join here using (line, stage)
)
select late.stage, late.total, early.stage, early.total, coalesce(late.first, early.first), late.first is not null, early.first, late.entry_id || early.entry_id
from every_stage as late inner join every_stage as early on late.line = early.line
where list_position({list(_DONE)}, late.stage) > list_position({list(_DONE)}, early.stage)
    and late.total > early.total and early.total > 0 and coalesce(late.first, early.first) is not null
    and not exists (
        select 1 from every_stage as middle where middle.line = late.line and late.stage = 'paid' and early.stage = 'committed' and middle.stage = 'contracted'
    )
order by 5, 1, 3
"""  # noqa: S608
_BLOCK = 10_000_000
_LISTS = """
with lists as (
    select source_id from published group by source_id, document_publisher
    qualify document_publisher = $cited and count(*) >= {mostly} * sum(count(*)) over (partition by source_id)
)
select programme, stage, basis, level, year, sum(amount) as total, count(*) as number
from published
where amount is not null and (lower(trim(publisher)) = $named or source_id in (select source_id from lists))
group by all
""".replace("{mostly}", str(_MOSTLY))


class Listed(NamedTuple):
    """What a list has of one programme, stage, basis and level: year → euros and rows."""

    years: dict[str, tuple[Decimal, int]]

    def of(self, years: Sequence[str]) -> tuple[Decimal, int]:
        """Euros and rows of some years."""
        pairs = [self.years[year] for year in years if year in self.years]
        return sum((euros for euros, _ in pairs), Decimal(0)), sum(rows for _, rows in pairs)


class LinesOverTime:
    """Judges all blocks of a file beside each other and beside the ledger.

    withheld: beneficiaries whose names are not published. publisher: as the recipe names it. titles: of the
    columns of the file.
    """

    def __init__(
        self,
        file: str,
        grid: Grid,
        blocks: Sequence[Block],
        ledger: pa.Table | None,
        withheld: frozenset[str] = frozenset(),
        publisher: str = "",
        titles: Sequence[str] = (),
    ) -> None:
        self.blocks = [BlockFindings(file, grid, block) for block in blocks if block.table.num_rows]
        self.ledger = ledger if ledger is not None and ledger.num_rows else None
        self.withheld, self.publisher, self.titles = withheld, publisher, titles

    def findings(self) -> Iterator[Finding]:
        """All that is odd."""
        if not self.blocks:
            return
        yield from self._days()
        yield from self._codes()
        with duckdb.connect(config={"threads": "2", "memory_limit": "700MB"}) as connection:
            connection.register("lines", self._lines(self._with_other_stages()))
            connection.register("labels", _labels())
            connection.execute(_EVERY)
            if self.ledger is not None:
                connection.register("ledger", self.ledger)
            connection.execute(_published(self.ledger))
            yield from self._stages(connection)
            yield from self._last_list(connection)

    def _lines(self, rows: Sequence[Mask] = ()) -> pa.Table:
        """The rows of all blocks with `block` and `n`. rows: of each block, only these."""
        tables = []
        for number, one in enumerate(self.blocks):
            table = without_names(one.numbered(rows[number] if rows else None), self.withheld)
            tables.append(table.append_column("block", pa.array(np.full(table.num_rows, number))))
        return pa.concat_tables(tables)

    def _with_other_stages(self) -> list[Mask]:
        """The rows of each block that may have another stage in the file or in the ledger."""
        kinds = [_kinds(one.lines) for one in self.blocks]
        stages: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for found in kinds:
            for kind, stage in found.kinds:
                stages[kind].add(stage)
        several = {kind for kind, told in stages.items() if len(told) > 1}
        chosen = []
        for one, found in zip(self.blocks, kinds, strict=True):
            in_file = np.array([kind in several for kind, _ in found.kinds], dtype=bool)
            rows = np.append(in_file, False)[found.of_row]
            if self.ledger is not None:
                rest = np.append(~in_file, False)[found.of_row]
                rows |= rest & (self._withheld_rows(one.lines) | self._known_to_ledger(one.lines))
            chosen.append(rows)
        return chosen

    def _known_to_ledger(self, lines: RowFingerprints) -> Mask:
        """The rows whose country, site and beneficiary stand in the ledger."""
        ledger = self.ledger
        assert ledger is not None
        has = {"site": "site_id"}
        names = [(name, has.get(name, name)) for name in ("programme", "basis", "country", "site")]
        rows = rows_known_to(lines, ledger, [pair for pair in names if pair[1] in ledger.column_names])
        if rows.any() and "beneficiary" in ledger.column_names:
            words, has_empty = in_small_letters(ledger["beneficiary"])
            known = pc.unique(pc.utf8_trim_whitespace(words))
            rows &= lines.column("beneficiary").where(
                lambda names: pc.is_in(pc.utf8_trim_whitespace(pc.utf8_lower(names)), known), has_empty
            )
        return rows

    def _withheld_rows(self, lines: RowFingerprints) -> Mask:
        """The rows whose beneficiary is published without its name."""
        names = pa.array(sorted(self.withheld), pa.string())
        return lines.column("beneficiary").where(lambda words: pc.is_in(words, names))

    # --- days and codes

    def _days(self) -> Iterator[Finding]:
        """Days outside the year of their row. Plans may be dated before their year, never after it."""
        for one in self.blocks:
            day_year = pc.utf8_slice_codeunits(one.table["dated_on"], 0, 4)
            is_done = mask(pc.is_in(one.table["stage"], pa.array(_DONE)))
            other = mask(pc.not_equal(day_year, one.table["year"]))
            where = np.flatnonzero(other & (is_done | mask(pc.greater(day_year, one.table["year"]))))
            days = set(one.table["dated_on"].take(pa.array(where)).to_pylist()) if len(where) else set()
            if len(where) > _FEW and (len(days) == 1 or 2 * len(where) > one.table.num_rows):
                # a day that all rows share, or days that have little to do with the years, are told once
                more = f"{len(where) - 1:,} more rows"
                problem = f"lies outside the year of its row, as do the days of {more}."
                yield from one.findings_at("date-outside-year", where[:1], "dated_on", problem)
                continue
            years = one.table["year"]
            yield from one.findings_at(
                "date-outside-year",
                where,
                "dated_on",
                partial(_outside_year, years),
            )

    def _codes(self) -> Iterator[Finding]:
        """Codes that lost their leading zeros, also in columns that are left out: they tell rows apart."""
        one = self.blocks[0]
        read = {column_index: name for name, column_index in one.block.column_indices.items()}
        amounts = {block.block.column_indices.get("amount_eur", -1) for block in self.blocks}
        for column_index in range(one.grid.width):
            name = read.get(column_index, "")
            if column_index in amounts or (name and name not in _CODED):
                continue
            column = take(one.grid.column(column_index), one.block.rows)
            texts = pc.unique(column.filter(pc.match_substring_regex(column, r"^\s*\d"))).to_pylist()
            lost = lost_zeros([text for text in texts if text], self._known_codes(name)) if texts else {}
            if not lost:
                continue
            where = np.flatnonzero(mask(pc.is_in(column, pa.array(sorted(lost), pa.string()))))
            yield from self._lost(one, where, column, column_index, name, lost)

    def _lost(
        self,
        one: BlockFindings,
        where: npt.NDArray[np.int64],
        column: pa.ChunkedArray,
        column_index: int,
        name: str,
        lost: Mapping[str, str],
    ) -> Iterator[Finding]:
        """A finding for each cell whose code lost a zero."""
        title = self.titles[column_index] if column_index < len(self.titles) else ""
        for position in map(int, where[: limits.MAX_LISTED]):
            cell = column[position].as_py()
            yield make_finding(
                "code-lost-zero",
                one.file,
                f"seems to have lost a zero in front: {lost[cell]}.",
                row=one.row(position),
                column=name or title,
                column_index=column_index,
                value=cell,
            )

    def _known_codes(self, name: str) -> frozenset[str]:
        """The codes of the ledger that begin with a zero, and their like without one."""
        name = "site_id" if name == "site" else name
        if self.ledger is None or name not in self.ledger.column_names:
            return frozenset()  # nor for a column that is left out
        texts = pc.unique(self.ledger[name].filter(pc.match_substring_regex(self.ledger[name], r"^\s*\d")))
        return frozenset(code for text in texts.to_pylist() if text and (code := code_in(text)))

    # --- stages of one line

    def _stages(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """More paid than contracted, or more contracted than committed, of the same line."""
        for late, more, early, less, place, is_late_here, other, entry in connection.execute(
            _STAGES
        ).fetchall():
            block, position = divmod(place, _BLOCK)
            if is_late_here and other is not None:
                where = f"row {self.blocks[other // _BLOCK].row(other % _BLOCK)} of this file"
            else:
                where = f"the published {entry}"
            problem = f"belongs to a line of which {more:,.2f} is {late}, but only {less:,.2f} is {early}, by {where}."
            yield from self.blocks[block].findings_at(
                "above-earlier-stage", np.array([position]), "amount_eur", problem
            )

    # --- the last list of the same publisher

    def _last_list(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        """Sums ten times larger or smaller than in the last list, or half as many rows."""
        if self.ledger is None:
            return
        named, cited = self.publisher.strip().lower(), self._cited()
        old: dict[tuple[str, ...], Listed] = defaultdict(lambda: Listed({}))
        for *kind, year, total, number in connection.execute(
            _LISTS, {"named": named or "-", "cited": cited or "-"}
        ).fetchall():
            old[tuple(kind)].years[year or ""] = (total, number)
        if not old:
            return
        connection.register("lines", self._lines())
        new: dict[tuple[str, ...], Listed] = defaultdict(lambda: Listed({}))
        first: dict[tuple[str, ...], int] = {}
        for *kind, year, total, number, place in connection.execute(_NEW).fetchall():
            new[tuple(kind)].years[year or ""] = (total, number)
            first[tuple(kind)] = min(first.get(tuple(kind), place), place)
        for group in sorted(new.keys() & old.keys()):
            yield from self._beside(group, new[group], old[group], first[group], cited or self.publisher)

    def _beside(
        self, kind: tuple[str, ...], new: Listed, old: Listed, place: int, publisher: str
    ) -> Iterator[Finding]:
        """One kind of amounts beside the same kind of the last list: the same years, or else the newest."""
        common = sorted(set(new.years) & set(old.years))
        is_same = bool(common)
        (now, rows_now), (was, rows_was) = (
            (new.of(common), old.of(common))
            if is_same
            else (new.of([max(new.years)]), old.of([max(old.years)]))
        )
        which = f" for {', '.join(common)}" if is_same and common != [""] else ""
        programme, stage, *_ = kind
        block, position = divmod(place, _BLOCK)
        at = np.array([position])
        told = f"what the last list of {publisher or self.publisher} has of {programme}, {stage}{which}"
        if was and now and not was / _TIMES < now < was * _TIMES and (was > 0) == (now > 0):
            problem = f"and its like come to {now:,.2f}; {told}, comes to {was:,.2f}."
            yield from self.blocks[block].findings_at("amounts-jump", at, "amount_eur", problem)
        if rows_was >= 4 and rows_now * 2 <= rows_was:
            problem = f"and its like are {rows_now:,} rows; {told}, is {rows_was:,} rows."
            yield from self.blocks[block].findings_at("rows-halved", at, "amount_eur", problem)

    def _cited(self) -> str:
        """The publisher of the documents that most rows cite; empty where they cite several."""
        counts: Counter[str] = Counter()
        for one in self.blocks:
            listed = pc.value_counts(one.table["source_url"])
            most = pc.select_k_unstable(
                listed.field("counts"), min(len(listed), _MOST_CITED), [("", "descending")]
            )
            for pair in listed.take(most).to_pylist():
                counts[pair["values"] or ""] += pair["counts"]
        publishers = pa.Table.from_pylist([dict(row) for row in reference.read_rows("publishers")])
        told = documents(list(counts), publishers)
        by_publisher: Counter[str] = Counter()
        for url, publisher in zip(told["source_url"].to_pylist(), told["publisher"].to_pylist(), strict=True):
            by_publisher[publisher] += counts[url]
        publisher, number = by_publisher.most_common(1)[0]
        rows = sum(one.table.num_rows for one in self.blocks)
        return publisher if publisher and number >= _MOSTLY * rows else ""


_EVERY = """
create temp view every as
select
    block, n, programme, stage, basis, country, site, beneficiary, amount,
    coalesce(lines.heading, labels.label) as heading,
    coalesce(year, left(dated_on, 4)) as year,
    year as stated_year,
    coalesce(lines.heading, beneficiary, site) is not null as is_named,
    case when site is not null then 'site' when year is not null then 'year' else 'part' end as level
from lines left join labels on lines.programme = labels.code
"""
_NEW = f"""
select programme, stage, basis, level, stated_year as year, sum(amount) as total, count(*) as number, min(block * {_BLOCK} + n) as first
from every where amount is not null group by all
"""  # noqa: S608


class _Kinds(NamedTuple):
    """Programmes, bases and years of the rows that are committed, contracted or paid, each with its stage.

    of_row: row → which of them; their number for all other rows.
    """

    kinds: list[tuple[tuple[str, ...], str]]
    of_row: npt.NDArray[np.int64]


def _kinds(lines: RowFingerprints) -> _Kinds:
    """What kinds of lines there are. A line without a year has that of its day."""
    day_year = pc.utf8_slice_codeunits(lines.table["dated_on"], 0, 4)
    year = pc.dictionary_encode(pc.fill_null(pc.coalesce(lines.table["year"], day_year), "").combine_chunks())
    columns = [lines.column(name) for name in ("programme", "basis", "stage")]
    columns.append(Column(year.dictionary, np.asarray(year.indices)))
    words = [
        ["" if word is None else word for word in [*column.words.to_pylist(), None]] for column in columns
    ]
    every = np.zeros(len(year), dtype=np.int64)
    for column in columns:
        every = every * (len(column.words) + 1) + column.codes
    found, of_row = np.unique(every, return_inverse=True)
    kinds: list[tuple[tuple[str, ...], str]] = []
    number_of = np.full(len(found), -1, dtype=np.int64)
    for at, combined in enumerate(found.tolist()):
        parts = []
        for column, texts in zip(reversed(columns), reversed(words), strict=True):
            combined, code = divmod(combined, len(column.words) + 1)
            parts.append(texts[code])
        year_of, stage, basis, programme = parts
        if stage in _DONE:
            number_of[at] = len(kinds)
            kinds.append(((programme, basis, year_of), stage))
    number_of[number_of < 0] = len(kinds)
    return _Kinds(kinds, number_of[of_row])


def _outside_year(years: pa.ChunkedArray, position: int) -> str:
    return f"lies outside the year of its row, {years[position].as_py()}."


def _labels() -> pa.Table:
    """What a line without a heading is called, by programme."""
    rows = reference.read_rows("programmes")
    return pa.table({name: [row[name] for row in rows] for name in ("code", "label")})


def _published(ledger: pa.Table | None) -> str:
    """The ledger in the names of `every`, as SQL; nothing where there is none.

    Columns that the ledger at hand lacks are null.
    """
    names = set(ledger.column_names) if ledger is not None else set()

    def or_null(name: str, kind: str = "varchar") -> str:
        return f"cast({name} as {kind})" if name in names else f"cast(null as {kind})"

    columns: dict[str, Any] = {
        "entry_id": or_null("entry_id"),
        "programme": or_null("programme"),
        "stage": or_null("stage"),
        "basis": or_null("basis"),
        "country": or_null("country"),
        "site": or_null("site_id"),
        "beneficiary": or_null("beneficiary"),
        "heading": or_null("heading"),
        "year": or_null("year"),
        "level": or_null("level"),
        "amount": or_null("amount_eur", "decimal(20, 2)"),
        "source_id": or_null("source_id"),
        "document_publisher": or_null("document_publisher"),
        "publisher": or_null("publisher"),
    }
    listed = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    origin = "from ledger" if names else "where false"
    where = " where superseded_on is null" if "superseded_on" in names else ""
    return f"create temp view published as select {listed} {origin}{where}"
