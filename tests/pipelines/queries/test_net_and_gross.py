"""Gross and net, proven on random containment graphs: the real tables, the real SQL, the real question,
against sums made in Python.

Net is the sum of the chosen entries that no chosen entry contains. Everything else follows from that, and is
proven beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from duckdb_sqlalchemy import Dialect
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select

from pipelines.engines import duckdb_engine
from pipelines.queries.choice import Choice
from pipelines.queries.euros import removed, totals
from pipelines.schema import metadata
from pipelines.source_reader import read_reference, reference_tables
from tests.paths import DATA

ALL = Choice(tracked=False)
CHOICES = (
    ALL,
    Choice(),
    Choice(level="whole"),
    Choice(programme=("digital-europe",)),
    Choice(programme=("horizon-europe", "cef-digital")),
    Choice(initiative=("eurohpc-ju",)),
    Choice(funder=("eu-budget",), country=("DE", "FI"), tracked=False),
    Choice(year=(2024,), tracked=False),
    Choice(basis="guarantee-cover"),
    Choice(stage="committed", tracked=False),
)
URL = "http://data.europa.eu/eli/reg/2026/150/oj"


@dataclass(frozen=True)
class Entry:
    amount: Decimal | None
    programme: str = "digital-europe"
    initiative: str | None = None
    stage: str = "programmed"
    basis: str = "eu-contribution"
    level: str = "part"
    price_basis: str = "current"
    country: str | None = None
    year: int | None = None
    is_superseded: bool = False
    qualifier: str = "exact"

    @property
    def funder(self) -> str:
        return "member-states" if self.programme == "national" else "eu-budget"


@dataclass(frozen=True)
class Graph:
    """Entries by number, and edges container → contained. order: in which the rows are written."""

    entries: tuple[Entry, ...]
    edges: frozenset[tuple[int, int]]
    order: tuple[int, ...]

    @cached_property
    def inside(self) -> dict[int, set[int]]:
        """Everything inside each entry, however deep."""
        found: dict[int, set[int]] = {}

        def walk(entry: int) -> set[int]:
            if entry not in found:
                direct = [contained for container, contained in self.edges if container == entry]
                found[entry] = set(direct).union(*(walk(one) for one in direct))
            return found[entry]

        for entry in range(len(self.entries)):
            walk(entry)
        return found

    def chosen(self, choice: Choice) -> list[int]:
        tracked = {"horizon-europe", "digital-europe", "cef-digital"}
        return [
            number
            for number, entry in enumerate(self.entries)
            if not entry.is_superseded
            and entry.price_basis == "current"
            and entry.level in ("whole", "part", "year", "line")
            and (entry.stage, entry.basis) == (choice.stage, choice.basis)
            and (not choice.level or entry.level == choice.level)
            and (not choice.programme or entry.programme in choice.programme)
            and (not choice.initiative or entry.initiative in choice.initiative)
            and (not choice.funder or entry.funder in choice.funder)
            and (not choice.country or entry.country in choice.country)
            and (not choice.year or entry.year in choice.year)
            and (entry.programme in tracked or choice.programme or choice.initiative or not choice.tracked)
        ]

    def contained(self, choice: Choice) -> set[int]:
        chosen = self.chosen(choice)
        return {entry for entry in chosen if any(entry in self.inside[other] for other in chosen)}


AMOUNTS = st.one_of(
    st.none(), st.integers(0, 10**13).map(lambda cents: Decimal(cents).scaleb(-2)), st.just(Decimal("0.01"))
)
ENTRIES = st.builds(
    Entry,
    amount=AMOUNTS,
    programme=st.sampled_from(["digital-europe", "horizon-europe", "cef-digital", "national", "rrf"]),
    initiative=st.sampled_from([None, "eurohpc-ju", "ai-factories"]),
    stage=st.sampled_from(["programmed", "programmed", "programmed", "committed"]),
    basis=st.sampled_from(["eu-contribution", "eu-contribution", "eu-contribution", "guarantee-cover"]),
    level=st.sampled_from(["whole", "part", "part", "year", "line", "per-year", "difference"]),
    price_basis=st.sampled_from(["current", "current", "current", "constant-2018"]),
    country=st.sampled_from([None, "DE", "FI"]),
    year=st.sampled_from([None, 2024, 2025]),
    is_superseded=st.sampled_from([False, False, False, True]),
    qualifier=st.sampled_from(["exact", "about", "up-to", "over"]),
)


@st.composite
def graphs(draw: st.DrawFn, entries: st.SearchStrategy[Entry] = ENTRIES, most: int = 12) -> Graph:
    rows = tuple(draw(st.lists(entries, min_size=1, max_size=most)))
    pairs = [(one, other) for one in range(len(rows)) for other in range(one + 1, len(rows))]
    edges = draw(st.sets(st.sampled_from(pairs), max_size=2 * most)) if pairs else set()
    order = draw(st.permutations(range(len(rows))))
    return Graph(rows, frozenset(edges), tuple(order))


LIKE = st.builds(Entry, amount=AMOUNTS)  # all in one choice: nothing but the graph counts
PROVE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the lists of words, as every release has them."""
    lists = read_reference(DATA / "reference")
    with duckdb.connect(config={"threads": 2}) as connection:
        for table in reference_tables():
            duckdb_engine.create(connection, [table])
            connection.register("rows_of_list", lists[table.name])
            duckdb_engine.fill(connection, table, "select * from rows_of_list")
        duckdb_engine.create(connection, [metadata.tables["documents"]])
        connection.execute("insert into documents values (?, 'Council', 'law-or-institution')", [URL])
        yield connection


TABLES = ("ledger", "overlaps", "overlap_paths", "overlap_splits")


def fill(
    database: duckdb.DuckDBPyConnection, graph: Graph, splits: Mapping[tuple[int, int], str] | None = None
) -> None:
    """The tables of this graph, in the order that it gives.

    splits: edge → way of dividing the whole. None: as in a release from before there were any, where only
        what a chosen entry contains is removed.
    """
    for table in reversed(TABLES):
        database.execute(f'drop table if exists "{table}"')
    duckdb_engine.create(database, [metadata.tables[name] for name in TABLES])
    rows = [
        {
            "entry_id": name(number),
            "source_id": "random",
            "source_file": "random.csv",
            "source_row": number + 2,
            "programme": entry.programme,
            "initiative": entry.initiative,
            "funder": entry.funder,
            "stage": entry.stage,
            "basis": entry.basis,
            "level": entry.level,
            "amount_eur": entry.amount,
            "qualifier": entry.qualifier,
            "year": entry.year,
            "country": entry.country,
            "heading": f"Entry {number}",
            "ai_scope": "strict",
            "confidence": "stated",
            "price_basis": entry.price_basis,
            "superseded_on": date(2026, 1, 20) if entry.is_superseded else None,
            "source_url": URL,
        }
        for number, entry in ((number, graph.entries[number]) for number in graph.order)
    ]
    insert(database, "ledger", rows)
    edges = sorted(graph.edges, key=lambda edge: (graph.order.index(edge[0]), graph.order.index(edge[1])))
    insert(
        database,
        "overlaps",
        [
            {
                "container_entry_id": name(one),
                "contained_entry_id": name(other),
                "reason": "is inside",
                "source_url": URL,
                "split": None if splits is None else splits[one, other],
            }
            for one, other in edges
        ],
    )
    duckdb_engine.fill(database, metadata.tables["overlap_paths"], duckdb_engine.read("overlap_paths"))
    if splits is not None:
        duckdb_engine.fill(database, metadata.tables["overlap_splits"], duckdb_engine.read("overlap_splits"))


def insert(database: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        database.register("rows_of_graph", pa.Table.from_pylist(rows))
        duckdb_engine.fill(database, metadata.tables[table], "select * from rows_of_graph")
        database.unregister("rows_of_graph")


def name(number: int) -> str:
    """Names in another order than the numbers, so that no order of names helps."""
    return f"random:{(number * 37 + 11) % 101:03}"


@cache
def sql(question: Callable[[Choice], Select[Any]], choice: Choice) -> str:
    return str(question(choice).compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))


def rows(
    database: duckdb.DuckDBPyConnection, question: Callable[[Choice], Select[Any]], choice: Choice
) -> list[dict[str, Any]]:
    cursor = database.execute(sql(question, choice))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def answer(database: duckdb.DuckDBPyConnection, choice: Choice) -> dict[str, Any]:
    (row,) = rows(database, totals, choice)
    return row


def known(graph: Graph, entries: set[int] | list[int]) -> Decimal:
    return sum((graph.entries[entry].amount or Decimal(0) for entry in entries), Decimal(0))


@pytest.mark.slow
@settings(PROVE, max_examples=60)
@given(graphs(), st.sampled_from(CHOICES))
def test_net_is_the_sum_of_the_chosen_entries_that_no_chosen_entry_contains(
    database: duckdb.DuckDBPyConnection, graph: Graph, choice: Choice
) -> None:
    fill(database, graph)
    found = answer(database, choice)
    chosen, contained = graph.chosen(choice), graph.contained(choice)
    assert (found["stage"], found["basis"]) == (choice.stage, choice.basis)
    assert found["entries"] == len(chosen)
    assert found["entries_removed"] == len(contained)
    assert found["entries_unknown"] == sum(graph.entries[entry].amount is None for entry in chosen)
    assert (found["gross_eur"] or 0) == known(graph, chosen)
    assert (found["removed_eur"] or 0) == known(graph, contained)
    assert (found["net_eur"] or 0) == known(graph, set(chosen) - contained)
    if any(graph.entries[entry].amount is not None for entry in chosen):
        assert found["gross_eur"] == found["removed_eur"] + (found["net_eur"] or 0)
        assert 0 <= (found["net_eur"] or 0) <= found["gross_eur"]
        assert found["gross_eur"].as_tuple().exponent == -2
    else:
        assert found["gross_eur"] is None


@pytest.mark.slow
@PROVE
@given(graphs(), st.sampled_from(CHOICES))
def test_the_list_of_removed_entries_adds_up_to_what_was_removed(
    database: duckdb.DuckDBPyConnection, graph: Graph, choice: Choice
) -> None:
    fill(database, graph)
    listed = rows(database, removed, choice)
    assert sorted(row["entry_id"] for row in listed) == sorted(
        name(entry) for entry in graph.contained(choice)
    )
    assert sum((row["amount_eur"] or Decimal(0) for row in listed), Decimal(0)) == (
        answer(database, choice)["removed_eur"] or 0
    )
    chosen = {f"Entry {entry}": entry for entry in graph.chosen(choice)}
    for row in listed:
        number = int(row["heading"].removeprefix("Entry "))
        assert row["contained_in"] in chosen, "what contains it is itself in the sum"
        assert number in graph.inside[chosen[row["contained_in"]]]
        assert row["reason"] and row["source_url"] == URL


@pytest.mark.slow
@PROVE
@given(graphs(), st.sampled_from(CHOICES))
def test_the_order_of_rows_never_matters(
    database: duckdb.DuckDBPyConnection, graph: Graph, choice: Choice
) -> None:
    fill(database, graph)
    first = answer(database, choice), rows(database, removed, choice), paths(database)
    fill(database, replace(graph, order=tuple(reversed(graph.order))))
    assert (answer(database, choice), rows(database, removed, choice), paths(database)) == first


def paths(database: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return database.execute("select * from overlap_paths order by all").fetchall()


@pytest.mark.slow
@PROVE
@given(graphs(LIKE), st.data())
def test_one_more_overlap_never_raises_net(
    database: duckdb.DuckDBPyConnection, graph: Graph, data: st.DataObject
) -> None:
    free = [
        (a, b)
        for a in range(len(graph.entries))
        for b in range(a + 1, len(graph.entries))
        if (a, b) not in graph.edges
    ]
    assume(free)
    fill(database, graph)
    before = answer(database, ALL)
    fill(database, replace(graph, edges=graph.edges | {data.draw(st.sampled_from(free))}))
    after = answer(database, ALL)
    assert (after["net_eur"] or 0) <= (before["net_eur"] or 0)
    assert after["gross_eur"] == before["gross_eur"]


@pytest.mark.slow
@PROVE
@given(graphs(LIKE))
def test_overlaps_that_follow_from_others_change_nothing(
    database: duckdb.DuckDBPyConnection, graph: Graph
) -> None:
    fill(database, graph)
    before = answer(database, ALL)
    whole = frozenset((one, other) for one, several in graph.inside.items() for other in several)
    fill(database, replace(graph, edges=whole))
    assert answer(database, ALL) == before
    assert {(one, other) for one, other, *_ in paths(database)} == {
        (name(one), name(other)) for one, other in whole
    }


@pytest.mark.slow
@PROVE
@given(st.lists(st.integers(0, 10**17).map(lambda cents: Decimal(cents).scaleb(-2)), min_size=1, max_size=8))
def test_cents_are_exact_however_large_the_sum(
    database: duckdb.DuckDBPyConnection, amounts: list[Decimal]
) -> None:
    fill(database, Graph(tuple(Entry(amount) for amount in amounts), frozenset(), tuple(range(len(amounts)))))
    found = answer(database, ALL)
    assert found["net_eur"] == found["gross_eur"] == sum(amounts)


@pytest.mark.slow
@PROVE
@given(
    graphs(
        st.builds(Entry, amount=st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2)))
    )
)
def test_gross_is_removed_and_net_even_with_money_taken_back(
    database: duckdb.DuckDBPyConnection, graph: Graph
) -> None:
    fill(database, graph)
    found = answer(database, ALL)
    assert found["gross_eur"] == found["removed_eur"] + found["net_eur"]
    assert found["net_eur"] == known(graph, set(graph.chosen(ALL)) - graph.contained(ALL))


@pytest.mark.slow
@PROVE
@given(graphs(LIKE, most=8), st.data())
def test_every_circle_is_reported_by_law_three(
    database: duckdb.DuckDBPyConnection, graph: Graph, data: st.DataObject
) -> None:
    assume(graph.edges)
    one, other = data.draw(st.sampled_from(sorted(graph.edges)))
    back = data.draw(st.sampled_from([(other, one), (one, one)]))
    fill(database, graph)
    law = duckdb_engine.read("law_03_overlap_is_data")
    circles = "is inside itself"
    assert [row for row in database.execute(law).fetchall() if row[2] == circles] == []
    circular = Graph(graph.entries, graph.edges | {back}, graph.order)
    fill(database, circular)
    named = {row[0] for row in database.execute(law).fetchall() if row[2] == circles}
    assert name(one) in named
    assert back == (one, one) or name(other) in named


@pytest.mark.parametrize("length", [2, 3, 10, 39])
def test_a_long_circle_is_found_too(database: duckdb.DuckDBPyConnection, length: int) -> None:
    edges = frozenset((number, (number + 1) % length) for number in range(length))
    fill(database, Graph((Entry(Decimal(1)),) * length, edges, tuple(range(length))))
    named = {row[0] for row in database.execute(duckdb_engine.read("law_03_overlap_is_data")).fetchall()}
    assert named == {name(number) for number in range(length)}


def test_a_chain_of_thirty_is_counted_once(database: duckdb.DuckDBPyConnection) -> None:
    edges = frozenset((number, number + 1) for number in range(29))
    fill(database, Graph((Entry(Decimal("1.01")),) * 30, edges, tuple(range(30))))
    assert answer(database, ALL)["net_eur"] == Decimal("1.01")


def test_an_entry_is_removed_even_if_only_what_lies_between_is_not_chosen(
    database: duckdb.DuckDBPyConnection,
) -> None:
    between = Entry(Decimal(50), stage="committed")
    fill(
        database,
        Graph((Entry(Decimal(100)), between, Entry(Decimal(20))), frozenset({(0, 1), (1, 2)}), (0, 1, 2)),
    )
    assert answer(database, ALL)["net_eur"] == 100
    (row,) = rows(database, removed, ALL)
    assert (row["heading"], row["contained_in"]) == ("Entry 2", "Entry 0")


def test_an_entry_in_two_wholes_is_removed_once(database: duckdb.DuckDBPyConnection) -> None:
    fill(
        database,
        Graph(
            (Entry(Decimal(100)), Entry(Decimal(60)), Entry(Decimal(20))),
            frozenset({(0, 2), (1, 2)}),
            (2, 1, 0),
        ),
    )
    found = answer(database, ALL)
    assert (found["gross_eur"], found["removed_eur"], found["net_eur"]) == (180, 20, 160)
    assert len(rows(database, removed, ALL)) == 1


def test_what_is_counted_but_not_published_makes_net_missing_and_not_zero(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """The whole has no published amount, its part has: nothing is known of the sum that counts each euro
    once.
    """
    fill(database, Graph((Entry(None), Entry(Decimal(5))), frozenset({(0, 1)}), (0, 1)))
    found = answer(database, ALL)
    assert (found["gross_eur"], found["removed_eur"]) == (5, 5)
    assert found["net_eur"] is None
