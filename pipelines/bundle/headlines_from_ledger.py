"""The headline numbers of a bundle, added up again from the CSV files of its ledger, in another way than the
one in which they were made.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipelines import double_counting_without_sql as recount
from pipelines import file_writers

Row = dict[str, str]


class Headline(NamedTuple):
    """One number of the bundle: what it is, what the bundle states, what its ledger gives; None means not
    published.
    """

    what: str
    stated: Decimal | None
    computed: Decimal | None


class BundleTables:
    """The CSV files of a bundle, row by row."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self._bundle = bundle

    def __call__(self, name: str) -> Iterator[Row]:
        file = f"csv/{name}.csv"
        if file not in self._bundle.namelist():
            return
        with (
            self._bundle.open(file) as stream,
            io.TextIOWrapper(stream, encoding="utf-8", newline="") as text,
        ):
            for row in csv.DictReader(text):
                yield {name: file_writers.as_published(cell) for name, cell in row.items()}


def _euros(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is published; None if nothing is."""
    published = [amount for amount in amounts if amount is not None]
    return sum(published, Decimal(0)) if published else None


def headlines(read: BundleTables) -> Iterator[Headline]:
    """Every headline number of a bundle, as it is stated and as the ledger gives it."""
    ledger = {row["entry_id"]: row for row in read("ledger")}
    amounts = {entry: _euros(row["amount_eur"]) for entry, row in ledger.items()}
    yield from _ladders(read, amounts)
    yield from _funder_totals(read, amounts)
    yield from _totals(read, amounts)
    yield from _gross_and_net(read, ledger, amounts)


def _grouped(rows: Iterable[Row], *names: str) -> Mapping[tuple[str, ...], list[str]]:
    """The entries behind each key."""
    entries_by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        entries_by_key[tuple(row[name] for name in names)].append(row["entry_id"])
    return entries_by_key


def _ladders(read: BundleTables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
    parts = _grouped(read("mart_ladder_entries"), "ladder", "position")
    for row in read("mart_ladder"):
        computed = _sum(amounts[entry] for entry in parts.get((row["ladder"], row["position"]), []))
        yield Headline(
            f"Ladder of {row['ladder']}, {row['stage']} · {row['basis']}, {row['label']}",
            _euros(row["amount_eur"]),
            computed,
        )


def _funder_totals(read: BundleTables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
    funder = "purse"  # the name that this column has in bundles of every version
    parts = _grouped(read("mart_purse_entries"), funder)
    for row in read("mart_purses") if parts else ():
        computed = _sum(amounts[entry] for entry in parts.get((row[funder],), []))
        yield Headline(
            f"Total of {row[funder]}, {row['stage']} · {row['basis']}", _euros(row["amount_eur"]), computed
        )


def _totals(read: BundleTables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
    parts = _grouped(read("stated_total_parts"), "total_key")
    for row in read("stated_totals"):
        computed = _sum(amounts[entry] for entry in parts[(row["total_key"],)])
        gap = Decimal(row["gap_eur"])
        yield Headline(f"Parts of “{row['title']}”", _euros(row["parts_eur"]), computed)
        yield Headline(
            f"Stated total “{row['title']}”",
            _euros(row["stated_eur"]),
            None if computed is None else computed + gap,
        )


def _gross_and_net(
    read: BundleTables, ledger: Mapping[str, Row], amounts: Mapping[str, Decimal | None]
) -> Iterator[Headline]:
    """The EU-budget view: in force, at current prices, of a level and a basis that may be added, of a
    programme that the initiatives draw on.
    """
    added = {row["code"] for row in read("levels") if row["is_summable"] == "true"}
    bases = {row["code"] for row in read("bases") if row["is_summable"] == "true"}
    tracked = {row["code"] for row in read("programmes") if row["is_tracked"] == "true"}
    overlaps = _overlaps(read, ledger, amounts)
    chosen: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for entry, row in ledger.items():
        if (
            not row["superseded_on"]
            and row["price_basis"] == "current"
            and row["level"] in added
            and row["basis"] in bases
            and row["programme"] in tracked
        ):
            for view in ("all", "whole") if row["level"] == "whole" else ("all",):
                chosen[view, row["stage"], row["basis"]].add(entry)
    gross: dict[tuple[str, ...], list[Decimal | None]] = defaultdict(list)
    net: dict[tuple[str, ...], list[Decimal | None]] = defaultdict(list)
    for key, entries in chosen.items():
        counted = recount.counted(entries, overlaps)
        for entry in entries:
            row = ledger[entry]
            row_key_of_entry = (*key, row["programme"], row["initiative"] or "-")
            gross[row_key_of_entry].append(amounts[entry])
            net[row_key_of_entry] += [counted[entry]] if entry in counted else []
    stated: dict[tuple[str, ...], Row] = {
        (row["view"], row["stage"], row["basis"], row["programme"], row["initiative"]): row
        for row in read("mart_euros")
    }
    together: dict[tuple[str, ...], list[Headline]] = defaultdict(list)
    for row_key in sorted({*stated, *gross}):
        stated_row = stated.get(row_key)
        name = " · ".join(row_key)
        lines = (
            Headline(
                f"Gross, {name}",
                _euros(stated_row["gross_eur"]) if stated_row else None,
                _sum(gross[row_key]),
            ),
            Headline(
                f"Net, {name}",
                _euros(stated_row["net_eur"]) if stated_row else None,
                _sum(net[row_key]) if net[row_key] else Decimal(0),
            ),
        )
        yield from lines
        together[row_key[:3]] += lines
    for key_of_view, lines_of in together.items():
        for word in ("Gross", "Net"):
            own = [line for line in lines_of if line.what.startswith(word)]
            yield Headline(
                f"{word}, {' · '.join(key_of_view)}, together",
                _sum(line.stated for line in own),
                _sum(line.computed for line in own),
            )


def _overlaps(
    read: BundleTables, ledger: Mapping[str, Row], amounts: Mapping[str, Decimal | None]
) -> recount.Overlaps:
    """What includes what. A bundle from before wholes were divided in several ways has no table of them."""
    figures = {
        entry: recount.Figure(
            amounts[entry],
            row["stage"],
            row["basis"],
            row["price_basis"] == "current",
            not row["superseded_on"],
            row["qualifier"] in ("at-least", "over"),
        )
        for entry, row in ledger.items()
    }
    edges = tuple(
        recount.Edge(row["container_entry_id"], row["contained_entry_id"], row.get("split", ""))
        for row in read("overlaps")
    )
    return recount.Overlaps(figures, edges, is_old=next(read("overlap_splits"), None) is None)
