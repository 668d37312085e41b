"""Law 11 on random graphs: however a whole is divided, and whatever is chosen, no net exceeds a whole that
contains it. The rule in SQL and the rule in Python give the same, entry by entry.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from duckdb_sqlalchemy import Dialect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select

from pipelines import double_counting_without_sql as recount
from pipelines.double_counting import counted
from pipelines.engines import duckdb_engine
from pipelines.queries.choice import LEDGER, Choice, conditions
from pipelines.queries.euros import (
    behind,
    countries,
    entries,
    envelopes,
    removed,
    set_aside,
    splits,
    sums,
    totals,
    years,
)
from pipelines.schema import metadata
from tests.pipelines.queries import test_net_and_gross as graphs_of
from tests.pipelines.queries.test_net_and_gross import ALL, AMOUNTS, Entry, Graph, fill, graphs, name, rows

SPLITS = ("-", "objectives", "work programmes", "years")
Ways = dict[tuple[int, int], str]
CHOICES = (
    ALL,
    Choice(tracked=False, level="part"),
    Choice(tracked=False, level="year"),
    Choice(tracked=False, programme=("digital-europe",)),
    Choice(tracked=False, programme=("digital-europe", "rrf")),
    Choice(tracked=False, programme=("horizon-europe",), level="part"),
    Choice(tracked=False, initiative=("eurohpc-ju",)),
    Choice(tracked=False, stage="committed"),
    Choice(tracked=False, basis="guarantee-cover"),
    Choice(tracked=False, located=True),
)
PROVE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    for connection in graphs_of.database.__wrapped__():  # type: ignore[attr-defined]
        duckdb_engine.create(connection, [metadata.tables["country_indicators"]])
        yield connection


@st.composite
def divided(
    draw: st.DrawFn, entries: st.SearchStrategy[Entry] = graphs_of.ENTRIES, most: int = 12
) -> tuple[Graph, Ways]:
    """A graph, and for each edge the way of dividing the whole that it belongs to."""
    graph = draw(graphs(entries, most))
    return graph, {edge: draw(st.sampled_from(SPLITS)) for edge in sorted(graph.edges)}


def overlaps(graph: Graph, ways: Ways) -> recount.Overlaps:
    figures = {
        name(number): recount.Figure(
            entry.amount,
            entry.stage,
            entry.basis,
            entry.price_basis == "current",
            not entry.is_superseded,
            entry.qualifier == "over",
        )
        for number, entry in enumerate(graph.entries)
    }
    edges = (recount.Edge(name(one), name(other), split) for (one, other), split in ways.items())
    return recount.Overlaps(figures, tuple(edges))


def chosen(graph: Graph, choice: Choice) -> list[int]:
    return [
        number
        for number in graph.chosen(replace(choice, located=False))
        if not choice.located or graph.entries[number].country
    ]


@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_no_net_exceeds_a_whole_that_contains_it(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    total = rows(database, totals, choice)[0]
    counted = _counted(database, choice)
    everything = chosen(graph, choice)
    assert sum(counted.values(), Decimal(0)) == (total["net_eur"] or 0)
    for number, whole in enumerate(graph.entries):
        if (
            whole.amount is not None
            and whole.price_basis == "current"
            and whole.qualifier != "over"
            and not whole.is_superseded
        ):
            parts = {name(part) for part in graph.inside[number]} | {name(number)}
            assert sum((counted.get(part, Decimal(0)) for part in parts), Decimal(0)) <= whole.amount
    if any(graph.entries[number].amount is not None for number in everything):
        assert 0 <= (total["net_eur"] or 0) <= total["gross_eur"]
        assert total["gross_eur"] == total["removed_eur"] + (total["net_eur"] or 0)
        assert total["gross_eur"].as_tuple().exponent == -2


def _gross_entries(choice: Choice) -> Select[Any]:
    return entries(choice, is_gross=True)


def _counted(database: duckdb.DuckDBPyConnection, choice: Choice) -> dict[str, Decimal]:
    """What the question counts of each entry: its amount, less what is listed as removed."""
    amounts = {row["entry_id"]: row["amount_eur"] for row in rows(database, _gross_entries, choice)}
    gone = {row["entry_id"]: row["amount_eur"] for row in rows(database, removed, choice)}
    return {
        entry: amount - (gone.get(entry) or Decimal(0))
        for entry, amount in amounts.items()
        if amount is not None
    }


@pytest.mark.slow
@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_the_rule_in_python_gives_the_same_entry_by_entry(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    wanted = recount.counted([name(number) for number in chosen(graph, choice)], overlaps(graph, ways))
    kept = {row["entry_id"] for row in rows(database, entries, choice)}
    assert kept == set(wanted)
    counted = _counted(database, choice)
    assert {entry: counted[entry] for entry in kept if entry in counted} == {
        entry: amount for entry, amount in wanted.items() if amount is not None
    }


@pytest.mark.slow
@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_rows_counted_in_memory_are_those_of_the_database(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    entries_of_choice = select(LEDGER, (LEDGER.c.stage + "/" + LEDGER.c.basis).label("choice")).where(
        *conditions(choice)
    )

    def asked(question: Select[Any]) -> pa.Table:
        text = str(question.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
        return database.execute(f"from ({text}) order by entry_id").to_arrow_table()

    in_memory = recount.count(asked(entries_of_choice), overlaps(graph, ways))
    assert in_memory.to_pylist() == asked(select(counted(entries_of_choice.cte("entries")))).to_pylist()


@pytest.mark.slow
@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_every_question_counts_the_same(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    total = rows(database, totals, choice)[0]
    net = total["net_eur"] or Decimal(0)

    def added(found: list[dict[str, Decimal | None]], column: str = "amount_eur") -> Decimal:
        return sum((row[column] or Decimal(0) for row in found), Decimal(0))

    assert added(rows(database, sums, choice)) == net
    bars = rows(database, envelopes, choice)
    assert added([row for row in bars if not row["is_removed"]]) == net
    assert added([row for row in bars if row["is_removed"]]) == (total["removed_eur"] or 0)
    of_years = rows(database, years, replace(choice, year=(2024, 2025)))
    assert added(of_years) == (rows(database, totals, replace(choice, year=(2024, 2025)))[0]["net_eur"] or 0)
    located = replace(choice, located=True)
    assert added(rows(database, countries, located)) == (rows(database, totals, located)[0]["net_eur"] or 0)
    assert {row["entry_id"] for row in rows(database, behind, choice) if not row["is_removed"]} == {
        row["entry_id"] for row in rows(database, entries, choice)
    }


@pytest.mark.slow
@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_what_is_left_out_names_its_whole_and_the_way_that_is_counted(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    listed = rows(database, removed, choice)
    assert len({row["entry_id"] for row in listed}) == len(listed)
    assert sum((row["amount_eur"] or Decimal(0) for row in listed), Decimal(0)) == (
        rows(database, totals, choice)[0]["removed_eur"] or 0
    )
    left_out = rows(database, splits, choice)
    assert sum((row["removed_eur"] or Decimal(0) for row in left_out), Decimal(0)) == sum(
        (row["amount_eur"] or Decimal(0) for row in listed if row["counted_split"]), Decimal(0)
    )
    for row in left_out:
        assert row["counted_split"] != row["left_out_split"] or row["entries"]
    for row in listed:
        assert row["contained_in"] and row["reason"] and row["source_url"]


@pytest.mark.slow
@PROVE
@given(divided(), st.sampled_from(CHOICES))
def test_the_order_of_rows_never_matters(
    database: duckdb.DuckDBPyConnection, divided: tuple[Graph, Ways], choice: Choice
) -> None:
    graph, ways = divided
    fill(database, graph, ways)
    first = rows(database, totals, choice), rows(database, removed, choice), rows(database, splits, choice)
    fill(database, replace(graph, order=tuple(reversed(graph.order))), ways)
    assert (
        rows(database, totals, choice),
        rows(database, removed, choice),
        rows(database, splits, choice),
    ) == first


@st.composite
def trees(draw: st.DrawFn) -> tuple[Graph, Ways]:
    """Each entry lies directly in at most one other."""
    number = draw(st.integers(2, 12))
    entries = tuple(
        Entry(draw(AMOUNTS), level=draw(st.sampled_from(["whole", "part"]))) for _ in range(number)
    )
    edges = {}
    for part in range(1, number):
        container = draw(st.integers(-1, part - 1))
        if container >= 0:
            edges[container, part] = draw(st.sampled_from(SPLITS))
    return Graph(entries, frozenset(edges), tuple(range(number))), edges


@pytest.mark.slow
@PROVE
@given(trees(), st.data())
def test_one_more_overlap_never_raises_the_net_of_a_tree(
    database: duckdb.DuckDBPyConnection, tree: tuple[Graph, Ways], data: st.DataObject
) -> None:
    graph, ways = tree
    tops = [part for part in range(1, len(graph.entries)) if all(part != other for _, other in graph.edges)]
    if not tops:
        return
    part = data.draw(st.sampled_from(tops))
    edge = (data.draw(st.integers(0, part - 1)), part)
    more = ways | {edge: data.draw(st.sampled_from(SPLITS))}
    choice = data.draw(st.sampled_from([ALL, Choice(tracked=False, level="part")]))
    fill(database, graph, ways)
    before = rows(database, totals, choice)[0]["net_eur"] or 0
    fill(database, replace(graph, edges=graph.edges | {edge}), more)
    unknown = graph.entries[edge[0]].amount is None and edge[0] in graph.chosen(choice)
    assert (rows(database, totals, choice)[0]["net_eur"] or 0) <= before or unknown


# --- the cases of the audit


def _net(database: duckdb.DuckDBPyConnection, choice: Choice = ALL) -> Decimal | None:
    found: Decimal | None = rows(database, totals, choice)[0]["net_eur"]
    return found


PARTS = Choice(tracked=False, level="part")


def test_of_two_ways_of_dividing_a_whole_the_larger_is_counted(database: duckdb.DuckDBPyConnection) -> None:
    """Objectives of 60 and 40, work programmes of 30 and 45, whole of 100."""
    amounts = (100, 60, 40, 30, 45)
    graph = Graph(
        tuple(
            Entry(Decimal(amount), level="part" if place else "whole") for place, amount in enumerate(amounts)
        ),
        frozenset((0, part) for part in range(1, 5)),
        tuple(range(5)),
    )
    ways = {(0, 1): "objectives", (0, 2): "objectives", (0, 3): "work programmes", (0, 4): "work programmes"}
    fill(database, graph, ways)
    assert (_net(database), _net(database, PARTS)) == (100, 100)
    (row,) = rows(database, splits, PARTS)
    assert (row["counted_split"], row["left_out_split"]) == ("objectives", "work programmes")
    assert (row["whole"], row["removed_eur"], row["entries"]) == ("Entry 0", 75, 2)
    assert all("objectives" in row["reason"] for row in rows(database, removed, PARTS))


def test_equal_ways_are_told_apart_by_name(database: duckdb.DuckDBPyConnection) -> None:
    graph = Graph(
        (Entry(Decimal(50), level="whole"), Entry(Decimal(20)), Entry(Decimal(20))),
        frozenset({(0, 1), (0, 2)}),
        (2, 1, 0),
    )
    fill(database, graph, {(0, 1): "windows", (0, 2): "backing"})
    assert [row["heading"] for row in rows(database, entries, PARTS)] == ["Entry 2"]


def test_parts_that_come_to_more_are_cut_to_the_whole(database: duckdb.DuckDBPyConnection) -> None:
    graph = Graph(
        (Entry(Decimal(12), level="whole"), Entry(Decimal(8)), Entry(Decimal(5))),
        frozenset({(0, 1), (0, 2)}),
        (0, 1, 2),
    )
    fill(database, graph, {(0, 1): "-", (0, 2): "-"})
    assert _net(database, PARTS) == 12
    (row,) = rows(database, removed, PARTS)
    assert (row["heading"], row["amount_eur"], row["counted_split"]) == ("Entry 2", 1, None)
    assert rows(database, totals, PARTS)[0]["entries_removed"] == 0


def test_a_whole_without_an_amount_removes_nothing(database: duckdb.DuckDBPyConnection) -> None:
    graph = Graph((Entry(None), Entry(Decimal(11))), frozenset({(0, 1)}), (0, 1))
    fill(database, graph, {(0, 1): "-"})
    assert _net(database) == 11
    assert rows(database, removed, ALL) == []


def test_a_whole_in_other_prices_still_counts_one_way(database: duckdb.DuckDBPyConnection) -> None:
    """The long-term budget stands in 2018 prices: its years and its programmes are the same money all the
    same.
    """
    graph = Graph(
        (Entry(Decimal(10), price_basis="constant-2018"), Entry(Decimal(190)), Entry(Decimal(93))),
        frozenset({(0, 1), (0, 2)}),
        (0, 1, 2),
    )
    fill(database, graph, {(0, 1): "years", (0, 2): "programmes"})
    assert _net(database) == 190


def test_what_is_never_added_is_listed_apart(database: duckdb.DuckDBPyConnection) -> None:
    graph = Graph((Entry(Decimal(5), level="per-year"), Entry(Decimal(7))), frozenset(), (0, 1))
    fill(database, graph, {})
    assert _net(database) == 7
    assert [row["heading"] for row in rows(database, set_aside, ALL)] == ["Entry 0"]


def test_law_eleven_finds_a_net_above_its_whole(database: duckdb.DuckDBPyConnection) -> None:
    graph = Graph((Entry(Decimal(12), level="whole"), Entry(Decimal(13))), frozenset({(0, 1)}), (0, 1))
    fill(database, graph, {(0, 1): "-"})
    database.execute(
        "create or replace table counted_choices as select 'every' as view, stage, basis, entry_id, "
        "amount_eur as counted_eur, false as is_removed from ledger where level = 'part'"
    )
    (found,) = database.execute(duckdb_engine.read("law_11_no_net_above_its_whole")).fetchall()
    assert found[3:6] == (name(0), Decimal(12), Decimal(13))
