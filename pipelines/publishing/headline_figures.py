"""The numbers and rankings that the pages show of a release, asked with the questions of the pages
themselves. Reads one database; decides nothing.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Select

from pipelines.publishing.preview_build import rows_of
from pipelines.queries import euros, overview
from pipelines.queries.choice import Choice
from pipelines.release_diff import changed_numbers

_DIALECT = Dialect()

# By these lists the entries of a stage and basis are chosen and added; with the same lists, entries and
# overlaps the numbers are the same.
LISTS = ("bases", "countries", "country_indicators", "levels", "programmes")

Name = tuple[str, str, str, str]  # page, what it counts, stage, basis
Pair = tuple[str, str]  # stage, basis
Value = Decimal | int | None


class Figure(NamedTuple):
    """A number on a page, before and after.

    unit: EUR or what is counted. None: not published, or not there.
    """

    page: str
    name: str
    stage: str
    basis: str
    unit: str
    before: Value
    after: Value


class Ranking(NamedTuple):
    """Programmes or countries by net euros within one stage and basis, the largest first, before and
    after.
    """

    stage: str
    basis: str
    of: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class Numbers(NamedTuple):
    """Numbers of a release, and the order of programmes and of countries in each stage and basis."""

    values: dict[Name, tuple[str, Value]]
    rankings: dict[tuple[str, str, str], tuple[str, ...]]


def pairs(database: DuckDBPyConnection) -> list[Pair]:
    """Every stage and basis that an entry of the release has."""
    return [
        (row["stage"], row["basis"])
        for row in rows_of(database, "select distinct stage, basis from ledger order by stage, basis")
    ]


def read(database: DuckDBPyConnection, chosen_pairs: Iterable[Pair]) -> Numbers:
    """The numbers of the release in this database: of the Overview all, of the others those of the wanted
    stages and bases that it has.
    """
    values: dict[Name, tuple[str, Value]] = {}
    rankings: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for ladder in _rows(database, overview.ladders):
        for step in _rows(database, overview.ladder, ladder["ladder"]):
            name = ("overview", f"{ladder['ladder']}: {step['label']}", step["stage"], step["basis"])
            values[name] = ("EUR", step["amount_eur"])
    for total in _rows(database, overview.funder_totals):
        values["overview", total["funder_label"], total["stage"], total["basis"]] = (
            "EUR",
            total["amount_eur"],
        )
    for stage, basis in sorted(set(chosen_pairs).intersection(pairs(database))):
        choice = Choice(stage=stage, basis=basis)
        (total,) = _rows(database, euros.totals, choice)
        for column, what in (
            ("net_eur", "Total, counted once"),
            ("gross_eur", "Total, overlaps counted again"),
            ("removed_eur", "Counted twice"),
        ):
            values["euros", what, stage, basis] = ("EUR", total[column])
        for column, what in (
            ("entries", "Entries"),
            ("entries_unknown", "Entries without a published amount"),
        ):
            values["euros", what, stage, basis] = ("entries", total[column])
        nets: dict[str, Decimal] = {}
        for row in _rows(database, euros.envelopes, choice):
            if not row["is_removed"] and row["amount_eur"] is not None:
                nets[row["programme"]] = nets.get(row["programme"], Decimal(0)) + row["amount_eur"]
        for programme, net in nets.items():
            values["euros", f"{programme}, counted once", stage, basis] = ("EUR", net)
        rankings[stage, basis, "programmes"] = tuple(
            sorted(nets, key=lambda programme: (-nets[programme], programme))
        )
        for row in _rows(database, euros.years, choice):
            values["euros", f"{row['programme']} {row['year']}", stage, basis] = ("EUR", row["amount_eur"])
        countries = _rows(database, euros.countries, replace(choice, located=True))
        for row in countries:
            values["euros", f"{row['country']}, counted once", stage, basis] = ("EUR", row["amount_eur"])
        rankings[stage, basis, "countries"] = tuple(
            row["country"] for row in countries if row["amount_eur"] is not None
        )
    return Numbers(values, rankings)


def changed_metrics(before: Numbers, after: Numbers) -> tuple[list[Figure], list[Ranking]]:
    """The numbers and rankings that are not the same in both, in the order of the pages."""
    nothing: tuple[str, Value] = ("", None)
    changed = changed_numbers(before.values.items(), after.values.items(), lambda old, new: old[1] == new[1])
    order = {name: position for position, name in enumerate(dict.fromkeys((*after.values, *before.values)))}
    figures = []
    for name, was, now in sorted(changed, key=lambda change: order[change[0]]):
        old, new = was or nothing, now or nothing
        if old[1] != new[1]:  # a number that is not published is as good as one that is not there
            figures.append(Figure(*name, new[0] or old[0], old[1], new[1]))
    rankings = changed_numbers(before.rankings.items(), after.rankings.items(), tuple.__eq__)
    return figures, [
        Ranking(*name, was or (), now or ())
        for name, was, now in sorted(rankings, key=lambda change: change[0])
    ]


def _rows(
    database: DuckDBPyConnection, ask: Callable[..., Select[Any]], *about: Hashable
) -> list[dict[str, Any]]:
    return rows_of(database, _sql(ask, *about))


@lru_cache(maxsize=1000)
def _sql(ask: Callable[..., Select[Any]], *about: Hashable) -> str:
    """A question in SQL: written once, asked of the release before and after."""
    return str(ask(*about).compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
