"""The one difference of two releases: rows that were added, removed or changed, and numbers that moved.

Reads only.

The command `diff`, the feed, the note over an old link and the dry run all ask here. Rows are compared
set-wise in DuckDB, on the
Parquet files of both releases, in bounded memory, so that a million rows take seconds.
"""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

import duckdb

from pipelines import release_row_stream, releases, schema_compat
from pipelines.engines.duckdb_engine import literal
from pipelines.schema import metadata

Kind = Literal["added", "removed", "changed"]
Row = Mapping[str, Any]
Name = TypeVar("Name", bound=Hashable)
Number = TypeVar("Number")

_LIMITS: dict[str, Any] = {
    **release_row_stream.LIMITS,
    "threads": "2",
    "memory_limit": "512MB",
    "preserve_insertion_order": "false",
}
_BATCH = 2048
_SIDES = ("row_before", "row_after")  # no column of a release has such a name


# --- rows


class RowChange(NamedTuple):
    """One row that is not the same in both releases. key: the values of its primary key.

    before, after: column → value; None where the row is not there.
    """

    key: tuple[Any, ...]
    kind: Kind
    before: Row | None
    after: Row | None


class Comparison:
    """Two folders of releases (or of one that is only built for a dry run), compared table by table.

    Open it with `compare`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
        self._connection = connection
        self._folders = dict(zip(_SIDES, (before / "parquet", after / "parquet"), strict=True))

    def has(self, table: str) -> bool:
        """Whether both releases have a table."""
        return all((folder / f"{table}.parquet").is_file() for folder in self._folders.values())

    def find_changes(
        self, table: str, only_shared: bool = False, follow: tuple[str, str] | None = None
    ) -> int:
        """Find the rows of a table that are not the same, for `rows`, and give their number.

        only_shared: compare only the columns that both releases have; else a column that one of them lacks is
        empty there.
        follow: a column and its value; only rows that have it.
        """
        columns = self._columns(table)
        shared = [name for name in columns[_SIDES[0]] if name in columns[_SIDES[1]]]
        names = shared if only_shared else list(dict.fromkeys([*columns[_SIDES[0]], *columns[_SIDES[1]]]))
        if not names:  # neither release has the table
            return 0
        keys = _keys(table)
        names = list(dict.fromkeys([*names, *keys]))
        for side, folder in self._folders.items():
            chosen = ", ".join(_selected(table, name, columns[side]) for name in names)
            source = (
                f"from read_parquet({literal(folder / f'{table}.parquet')})"
                if columns[side]
                else "where false"
            )
            self._connection.execute(
                f"create or replace temp view {side}_{table} as select {chosen} {source}"
            )
        key, row = _list(keys), _list(names)
        narrow = f"where {_quoted(follow[0])} = $code" if follow else ""
        # A fingerprint of 64 bits stands for each row, so that whole rows are read only where something is
        # different.
        self._connection.execute(
            f"""
            create or replace temp table changes_{table} as
            with b as (select {key}, hash({row}) as row_hash from row_before_{table} {narrow}),
            a as (select {key}, hash({row}) as row_hash from row_after_{table} {narrow})
            select
                {key},
                case
                    when b.row_hash is null then 'added' when a.row_hash is null then 'removed' else 'changed'
                end as change_kind
            from b full join a using ({key})
            where b.row_hash is distinct from a.row_hash
            """,  # noqa: S608 - names of tables and columns come from schema.py and from our own files
            {"code": follow[1]} if follow else {},
        )
        return len(self._connection.table(f"changes_{table}"))

    def rows(self, table: str, limit: int | None = None, as_text: bool = False) -> Iterator[RowChange]:
        """The rows that `find_changes` found, in the order of their keys.

        as_text: in the order of their keys as text.
        """
        keys = _keys(table)
        order = _key_text(keys) if as_text else ", ".join(f"changed_row.{_quoted(name)}" for name in keys)
        # Where a row is not there, the join gives a row of empty cells; its empty key tells it from one that
        # is there.
        rows = ", ".join(
            f"case when {side}.{_quoted(keys[0])} is not null then {side} end" for side in _SIDES
        )
        joins = "".join(
            f" left join {side}_{table} as {side} on "
            + " and ".join(f"{side}.{_quoted(name)} = changed_row.{_quoted(name)}" for name in keys)
            for side in _SIDES
        )
        limited = "" if limit is None else f" limit {limit}"
        select = f"select changed_row, {rows} from changes_{table} as changed_row {joins} order by {order}{limited}"  # noqa: S608
        reader = self._connection.sql(select).to_arrow_reader(_BATCH)
        for batch in reader:
            for changed_row, before, after in zip(
                *(column.to_pylist() for column in batch.columns), strict=True
            ):
                yield RowChange(
                    tuple(changed_row[name] for name in keys), changed_row["change_kind"], before, after
                )

    def touched_amounts(self) -> set[tuple[str, str]]:
        """Stages and bases in which an entry of the ledger, an overlap of one, or what bounds it is
        different: no other sum can have moved.
        """
        self.find_changes("ledger", only_shared=True)
        self.find_changes("overlap_paths", only_shared=True)
        self.find_changes("overlap_splits", only_shared=True)
        return set(
            self._connection.execute(
                """
                with entries as (
                    select entry_id, stage, basis from row_before_ledger
                    union all
                    select entry_id, stage, basis from row_after_ledger
                ),
                touched as (
                    select entry_id from changes_ledger
                    union
                    select container_entry_id from changes_overlap_paths
                    union
                    select contained_entry_id from changes_overlap_paths
                    union
                    select contained_entry_id from changes_overlap_splits
                )
                select distinct stage, basis from entries semi join touched using (entry_id)
                """
            ).fetchall()
        )

    def _columns(self, table: str) -> dict[str, list[str]]:
        """Side → the columns that the table has there; none where there is no such table."""
        paths = {side: folder / f"{table}.parquet" for side, folder in self._folders.items()}
        return {
            side: self._connection.read_parquet(str(path)).columns if path.is_file() else []
            for side, path in paths.items()
        }


@contextmanager
def compare(before: Path, after: Path) -> Iterator[Comparison]:
    """Compare two folders of releases."""
    config = {**_LIMITS, "temp_directory": tempfile.gettempdir()}
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("set enable_progress_bar = false")  # stdout holds the answer alone
        yield Comparison(connection, before, after)


def _selected(table: str, name: str, columns: Sequence[str]) -> str:
    """One column of a table, as SQL; under its older name, or empty, where a release does not have it."""
    if name in columns:
        return _quoted(name)
    if table in metadata.tables and name in metadata.tables[table].columns:
        return schema_compat.later_column(metadata.tables[table].columns[name], columns)
    return f"null as {_quoted(name)}"


def _keys(table: str) -> list[str]:
    return [str(column.name) for column in metadata.tables[table].primary_key]


def _quoted(name: str) -> str:
    return f'"{name}"'


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _key_text(keys: Sequence[str]) -> str:
    return f"concat_ws(' / ', {', '.join(f'changed_row.{_quoted(name)}::varchar' for name in keys)})"


# --- every difference, for who builds releases


class Difference(NamedTuple):
    """One cell that is not the same in both, or one row that only one has: then `column` is empty.

    before, after: the value of the cell, or the row in one line; None where it is not there.
    """

    table: str
    key: str
    column: str
    before: object
    after: object


def differences(one: str, other: str, store: Path | None = None) -> Iterator[Difference]:
    """All differences of two releases, table by table, in the order of the keys as text. Raises NoRelease."""
    with compare(releases.folder(one, store), releases.folder(other, store)) as comparison:
        for table in metadata.sorted_tables:
            if comparison.find_changes(table.name):
                for change in comparison.rows(table.name, as_text=True):
                    yield from _cells(table.name, change)


def _cells(table: str, change: RowChange) -> Iterator[Difference]:
    key = " / ".join(map(str, change.key))
    if change.before is None or change.after is None:
        before, after = (None if row is None else _line(row) for row in (change.before, change.after))
        yield Difference(table, key, "", before, after)
        return
    for column in sorted(change.before):
        before, after = change.before[column], change.after[column]
        if before != after:
            yield Difference(table, key, column, before, after)


def _line(row: Row) -> str:
    """The row in one line: what it is called, and its amount if it has one."""
    amount = row.get("amount_eur")
    name = next((row[name] for name in ("heading", "title", "name", "label", "subject") if row.get(name)), "")
    return f"{name} {f'{amount:.2f} EUR' if isinstance(amount, Decimal) else ''}".strip()


# --- what changed for a reader who follows one thing

# The tables that hold what a reader follows, and the columns by which it can be followed.
FOLLOWED: Mapping[str, Mapping[str, str]] = {
    "ledger": {"site": "site_id", "country": "country", "initiative": "initiative"},
    "sites": {"site": "site_id", "country": "country"},
    "milestones": {"site": "site_id", "country": "country", "initiative": "initiative"},
    "promises": {"site": "site_id", "initiative": "initiative"},
}
LISTED = 30


class ListedChange(NamedTuple):
    """One row that is not the same. name: what it is called. cells: column → what it said, what it says."""

    table: str
    key: str
    kind: Kind
    name: str
    cells: Mapping[str, tuple[str, str]]


class Changes(NamedTuple):
    """How many rows changed, and the first of them."""

    total: int
    listed: tuple[ListedChange, ...]


@lru_cache(maxsize=256)
def changes(before: str, after: str, store: Path, follow: str = "", code: str = "") -> Changes:
    """What changed from one release to another for one site, country or initiative, or for all.

    follow: site, country or initiative, whose `code` is followed; "" for all. Raises NoRelease.
    """
    total = 0
    listed: list[ListedChange] = []
    with compare(releases.folder(before, store), releases.folder(after, store)) as comparison:
        for table, columns in FOLLOWED.items():
            if (follow and follow not in columns) or not comparison.has(table):
                continue
            narrow = (columns[follow], code) if follow else None
            total += comparison.find_changes(table, only_shared=True, follow=narrow)
            if len(listed) < LISTED:
                listed += [_listed(table, row) for row in comparison.rows(table, LISTED - len(listed))]
    return Changes(total, tuple(listed))


def _listed(table: str, change: RowChange) -> ListedChange:
    before, after = change.before or {}, change.after or {}
    row = after or before
    key = " / ".join(map(str, change.key))
    name = next((str(row[column]) for column in ("heading", "title", "name") if row.get(column)), key)
    cells = {
        column: (_text(before[column]), _text(after[column]))
        for column in row
        if before and after and before[column] != after[column]
    }
    if not cells and row.get("amount_eur") is not None:
        cells = {"amount_eur": (_text(before.get("amount_eur")), _text(after.get("amount_eur")))}
    return ListedChange(table, key, change.kind, name, cells)


def _text(value: Any) -> str:
    return "nothing" if value is None else str(value)


# --- numbers


def changed_numbers(
    before: Iterable[tuple[Name, Number]],
    after: Iterable[tuple[Name, Number]],
    is_same: Callable[[Number, Number], bool],
) -> list[tuple[Name, Number | None, Number | None]]:
    """Numbers with one name that are not the same in both, name by name: those of `before` first.

    Of several numbers with one name, the equal ones are left out, and the others are paired in their order.
    None stands where there is no number to pair with.
    """
    sides: tuple[dict[Name, list[Number]], ...] = (defaultdict(list), defaultdict(list))
    for side, numbers in zip(sides, (before, after), strict=True):
        for name, number in numbers:
            side[name].append(number)
    changed: list[tuple[Name, Number | None, Number | None]] = []
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        old, new = list(sides[0].get(name, ())), list(sides[1].get(name, ()))
        for number in list(old):
            twin = next((position for position, other in enumerate(new) if is_same(number, other)), None)
            if twin is not None:
                old.remove(number)
                del new[twin]
        changed += [(name, was, now) for was, now in zip_longest(old, new)]
    return changed
