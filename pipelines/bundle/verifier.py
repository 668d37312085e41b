"""Whether a bundle is whole, and whether its headline numbers follow from its ledger: added up again here
from the CSV files, in another way
than the one in which they were made. Needs no store, no network and no release but the bundle.
"""

import csv
import io
import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pipelines import double_counting_without_sql as recount
from pipelines import file_writers, files, releases, verify
from pipelines.bundle.writer import CHECKSUMS

Row = dict[str, str]


class Headline(NamedTuple):
    """One number of the bundle: what it is, what the bundle states, what its ledger gives; None means not
    published.
    """

    what: str
    stated: Decimal | None
    computed: Decimal | None


class Verdict(NamedTuple):
    """release_id: which release the bundle says it is.

    headlines: every number that was added up again. problems: what does not hold, in sentences.
    """

    release_id: str
    headlines: list[Headline]
    problems: list[str]


def check(path: Path) -> Verdict:
    """What a bundle holds and whether it is true. Raises OSError if the file cannot be read."""
    try:
        with zipfile.ZipFile(path) as bundle:
            problems = list(_whole(bundle))
            if problems:
                return Verdict("", [], problems)
            release_id, problems = _release(bundle)
            headlines = list(_headlines(_Tables(bundle)))
    except (zipfile.BadZipFile, KeyError, ValueError, ArithmeticError) as error:
        return Verdict("", [], [f"{path.name} is no bundle of a release: {error}."])
    problems += [
        f"{line.what}: the bundle states {_amount_text(line.stated)}, its ledger gives "
        f"{_amount_text(line.computed)}."
        for line in headlines
        if line.stated != line.computed
    ]
    if not headlines:
        problems.append("The bundle holds no headline number.")
    return Verdict(release_id, headlines, problems)


def _amount_text(amount: Decimal | None) -> str:
    return "no published amount" if amount is None else f"{amount:,} EUR"


# --- is it whole?


def _whole(bundle: zipfile.ZipFile) -> Iterator[str]:
    """Every file with its fingerprint, none missing, none added."""
    if CHECKSUMS not in bundle.namelist():
        yield f"{CHECKSUMS} is missing."
        return
    stated = {
        name: digest
        for digest, _, name in (line.partition("  ") for line in bundle.read(CHECKSUMS).decode().splitlines())
    }
    names = set(bundle.namelist()) - {CHECKSUMS}
    yield from (f"{name} is missing." for name in sorted(stated.keys() - names))
    yield from (
        f"{name} is not in {CHECKSUMS}: it was added later." for name in sorted(names - stated.keys())
    )
    for name in sorted(names & stated.keys()):
        try:
            with bundle.open(name) as stream:
                digest = files.stream_sha256(stream)
        except zipfile.BadZipFile:
            yield f"{name} is damaged."
            continue
        if digest != stated[name]:
            yield f"{name} was changed: its fingerprint is not the one in {CHECKSUMS}."


def _release(bundle: zipfile.ZipFile) -> tuple[str, list[str]]:
    """The name that the manifest gives the release, and what `verify` says of the release inside."""
    release_id = releases.release_name(json.loads(bundle.read("manifest.json")))
    with tempfile.TemporaryDirectory(prefix="tracker-") as store:
        folder = Path(store) / "releases" / release_id
        for name in bundle.namelist():
            if name in ("manifest.json", "tracker.duckdb") or (
                name.startswith("parquet/") and name.count("/") == 1
            ):
                bundle.extract(name, folder)
        return release_id, list(verify.release_problems(release_id, Path(store)))


# --- do the numbers follow?


class _Tables:
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


def _headlines(read: _Tables) -> Iterator[Headline]:
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


def _ladders(read: _Tables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
    parts = _grouped(read("mart_ladder_entries"), "ladder", "position")
    for row in read("mart_ladder"):
        computed = _sum(amounts[entry] for entry in parts.get((row["ladder"], row["position"]), []))
        yield Headline(
            f"Ladder of {row['ladder']}, {row['stage']} · {row['basis']}, {row['label']}",
            _euros(row["amount_eur"]),
            computed,
        )


def _funder_totals(read: _Tables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
    funder = "purse"  # the name that this column has in bundles of every version
    parts = _grouped(read("mart_purse_entries"), funder)
    for row in read("mart_purses") if parts else ():
        computed = _sum(amounts[entry] for entry in parts.get((row[funder],), []))
        yield Headline(
            f"Total of {row[funder]}, {row['stage']} · {row['basis']}", _euros(row["amount_eur"]), computed
        )


def _totals(read: _Tables, amounts: Mapping[str, Decimal | None]) -> Iterator[Headline]:
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
    read: _Tables, ledger: Mapping[str, Row], amounts: Mapping[str, Decimal | None]
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
    read: _Tables, ledger: Mapping[str, Row], amounts: Mapping[str, Decimal | None]
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
