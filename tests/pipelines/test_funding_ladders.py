"""Ladders on random ledgers: what is called “of which” is inside its whole and no more than it, no step holds
an amount twice, and no stage after the announcement is passed over in silence.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engines import duckdb_engine
from pipelines.schema import metadata
from tests.pipelines.queries import test_net_and_gross as graphs_of
from tests.pipelines.queries.test_net_and_gross import PROVE, Graph, fill, graphs, name

STAGES = ("programmed", "committed", "contracted", "paid")
ENTRIES = graphs_of.ENTRIES.map(lambda entry: replace(entry, level=LEVELS.get(entry.level, entry.level)))
LEVELS = {"per-year": "site", "difference": "call"}  # amounts of levels that are added


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    for connection in graphs_of.database.__wrapped__():  # type: ignore[attr-defined]
        connection.execute(
            "create table raw_ladder_step (ladder text, position text, stage text, basis text, label text, "
            "basis_label text, is_of_which text, note text, source_file text, source_row bigint)"
        )
        connection.execute(
            "create table raw_ladder_step_entries (source_file text, source_row bigint, item text)"
        )
        connection.execute("create table corrections (entry_id text, latest_entry_id text)")
        yield connection


def smaller_inside(graph: Graph) -> Graph:
    """The same graph, with no amount larger than one that contains it, as law 3 demands."""
    entries = list(graph.entries)
    for whole, part in sorted(graph.edges):
        limit, amount = entries[whole].amount, entries[part].amount
        if limit is not None and amount is not None:
            entries[part] = replace(entries[part], amount=min(limit, amount))
    return replace(graph, entries=tuple(entries))


def climb(database: duckdb.DuckDBPyConnection, graph: Graph) -> list[dict[str, Any]]:
    """The steps of all ladders of a graph, each with the entries behind it."""
    for table in ("mart_ladder_entries", "mart_ladder", "recorded_ladder_steps"):
        database.execute(f"drop table if exists {table}")
    fill(database, graph, dict.fromkeys(graph.edges, "-"))
    database.execute(f"create table recorded_ladder_steps as {duckdb_engine.read('recorded_ladder_steps')}")
    for table in ("mart_ladder_entries", "mart_ladder"):
        duckdb_engine.create(database, [metadata.tables[table]])
        duckdb_engine.fill(database, metadata.tables[table], duckdb_engine.read(table))
    steps = database.execute("from mart_ladder order by ladder, position").to_arrow_table().to_pylist()
    behind = database.execute("select ladder, position, entry_id from mart_ladder_entries").fetchall()
    return [
        {**step, "names": {entry for *key, entry in behind if key == [step["ladder"], step["position"]]}}
        for step in steps
    ]


@PROVE
@given(graphs(ENTRIES))
def test_what_is_called_of_which_is_inside_its_whole(
    database: duckdb.DuckDBPyConnection, graph: Graph
) -> None:
    graph = smaller_inside(graph)
    steps = climb(database, graph)
    by_place = {(step["ladder"], step["position"]): step for step in steps}
    numbers = {name(number): number for number in range(len(graph.entries))}
    for step in steps:
        if not step["is_of_which"]:
            continue
        whole = by_place[step["ladder"], step["inside_position"]]
        assert (step["stage"], step["basis"]) == (whole["stage"], whole["basis"])
        held = {part for entry in whole["names"] for part in graph.inside[numbers[entry]]}
        assert {numbers[entry] for entry in step["names"]} <= held
        assert step["amount_eur"] <= whole["amount_eur"]
    assert database.execute(duckdb_engine.read("law_12_of_which_is_inside")).fetchall() == []


@pytest.mark.slow
@PROVE
@given(graphs(ENTRIES))
def test_a_step_sums_amounts_that_are_not_inside_one_another(
    database: duckdb.DuckDBPyConnection, graph: Graph
) -> None:
    numbers = {name(number): number for number in range(len(graph.entries))}
    steps = climb(database, graph)
    for step in steps:
        entries = [graph.entries[numbers[entry]] for entry in step["names"]]
        amounts = [entry.amount for entry in entries if entry.amount is not None]
        assert step["amount_eur"] == (sum(amounts, Decimal(0)) if amounts else None)
        assert {(entry.stage, entry.basis) for entry in entries} <= {(step["stage"], step["basis"])}
        assert not any(entry.is_superseded or entry.price_basis != "current" for entry in entries)
    beside: dict[tuple[str, str, str], list[set[str]]] = {}
    for step in steps:
        if not step["is_of_which"]:
            beside.setdefault((step["ladder"], step["stage"], step["basis"]), []).append(step["names"])
    for several in beside.values():
        together = set().union(*several)
        assert sum(map(len, several)) == len(together), "an entry stands in one step"
        for entry in together:
            is_known = graph.entries[numbers[entry]].amount is not None
            inside = graph.inside[numbers[entry]] if is_known else set()
            assert not inside & {numbers[other] for other in together}


@pytest.mark.slow
@PROVE
@given(graphs(ENTRIES), st.booleans())
def test_no_stage_after_the_announcement_is_passed_over_in_silence(
    database: duckdb.DuckDBPyConnection, graph: Graph, is_reversed: bool
) -> None:
    if is_reversed:
        graph = replace(graph, order=tuple(reversed(graph.order)))
    steps = climb(database, graph)
    for ladder in {step["ladder"] for step in steps}:
        own = [step for step in steps if step["ladder"] == ladder]
        assert set(STAGES) <= {step["stage"] for step in own}
        assert [step["position"] for step in own] == list(range(1, len(own) + 1))
    assert all(step["amount_eur"] is None for step in steps if not step["names"])
