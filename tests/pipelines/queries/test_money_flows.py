"""Flows conserve every euro: what enters a node leaves it, whatever contains what or is followed."""

from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.http import request_params
from pipelines.double_counting_without_sql import Edge, Figure, Overlaps, counted
from pipelines.queries import euros, flows
from pipelines.queries.choice import Choice
from pipelines.queries.money_flows import LAYERS, MIXED, NONE, REST, Entry, Flow, Money, Node, follow, money

FUNDERS, PROGRAMMES = ("eu-budget", "member-states"), ("horizon-europe", "digital-europe", "national")
INITIATIVES, SITES = ("", "eurohpc-ju", "ai-factories"), ("", "lumi", "it4lia", "hammerhai")
KINDS = {"": "", "lumi": "supercomputer", "it4lia": "ai-factory", "hammerhai": "ai-factory"}


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Entry], Overlaps]:
    """Entries of one stage and basis, and which includes which: an entry only what comes after it."""
    number = draw(st.integers(1, 9))
    amounts = st.one_of(st.none(), st.integers(0, 50).map(lambda value: Decimal(value) / 4))
    entries = []
    for place in range(number):
        site = draw(st.sampled_from(SITES))
        entries.append(
            Entry(
                f"e{place}",
                draw(st.sampled_from(FUNDERS)),
                draw(st.sampled_from(PROGRAMMES)),
                draw(st.sampled_from(INITIATIVES)),
                site,
                KINDS[site],
                draw(amounts),
            )
        )
    pairs = [(f"e{one}", f"e{other}") for one in range(number) for other in range(one + 1, number)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    edges = tuple(Edge(*pair, draw(st.sampled_from(("-", "years")))) for pair in chosen)
    figures = {
        entry.entry_id: Figure(entry.amount, "programmed", "eu-contribution", True, True, draw(st.booleans()))
        for entry in entries
    }
    overlaps = Overlaps(figures, edges)
    left = counted(figures.keys(), overlaps)
    return [entry._replace(counted=left.get(entry.entry_id)) for entry in entries], overlaps


def sums(found: list[Flow]) -> tuple[dict[Node, Decimal], dict[Node, Decimal]]:
    """What enters and what leaves each node."""
    entering: dict[Node, Decimal] = defaultdict(Decimal)
    leaving: dict[Node, Decimal] = defaultdict(Decimal)
    for flow in found:
        leaving[flow.source] += flow.amount
        entering[flow.target] += flow.amount
    return entering, leaving


def assert_conserved(of: Money) -> None:
    found = of.flows(has_sites=True)
    entering, leaving = sums(found)
    for node in entering.keys() & leaving.keys():
        assert entering[node] == leaving[node], node
    assert all(flow.amount > 0 and flow.entries for flow in found)
    for layer in {flow.source.layer for flow in found}:
        for node in (node for node in entering if node.layer == layer):
            assert node in leaving or node.code in (REST, MIXED), node


@given(ledgers())
def test_what_enters_a_node_leaves_it(drawn: tuple[list[Entry], Overlaps]) -> None:
    entries, overlaps = drawn
    of = money(entries, entries, overlaps)
    assert of.total == sum((entry.counted or Decimal(0) for entry in entries), Decimal(0))
    assert_conserved(of)
    found = of.flows()
    for layer in LAYERS[:3]:
        assert sum((flow.amount for flow in found if flow.source.layer == layer), Decimal(0)) == of.total
    assert 0 <= of.allocated <= of.total


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_entries_never_matters(drawn: tuple[list[Entry], Overlaps], chance) -> None:
    entries, overlaps = drawn
    mixed = chance.sample(entries, len(entries))
    one, other = (money(order, order, overlaps) for order in (entries, mixed))
    amounts = [[(flow.source, flow.target, flow.amount) for flow in of.flows(True)] for of in (one, other)]
    assert amounts[0] == amounts[1]


@pytest.mark.slow
@given(ledgers(), st.data())
def test_what_is_followed_is_conserved_and_is_part_of_the_whole(
    drawn: tuple[list[Entry], Overlaps], data: st.DataObject
) -> None:
    entries, overlaps = drawn
    whole = money(entries, entries, overlaps)
    nodes = sorted({node for flow in whole.flows(True) for node in (flow.source, flow.target)})
    if not nodes:
        return
    node = data.draw(st.sampled_from(nodes))
    part = follow(whole, node)
    assert_conserved(part)
    before = {(flow.source, flow.target): flow.amount for flow in whole.flows(True)}
    for flow in part.flows(True):
        if flow.target.code != MIXED:
            assert flow.amount <= before[flow.source, flow.target]
    entering, leaving = sums(part.flows(True))
    of_whole = sums(whole.flows(True))
    assert max(entering[node], leaving[node]) == max(of_whole[0][node], of_whole[1][node])


def entry(
    entry_id: str, amount: str, programme: str = "horizon-europe", initiative: str = "", site: str = ""
) -> Entry:
    return Entry(entry_id, "eu-budget", programme, initiative, site, KINDS[site], Decimal(amount))


def in_order(entries: list[Entry], *edges: tuple[str, str]) -> Money:
    figures = {
        one.entry_id: Figure(one.amount, "programmed", "eu-contribution", True, True) for one in entries
    }
    overlaps = Overlaps(figures, tuple(Edge(*pair, "-") for pair in edges))
    left = counted(figures.keys(), overlaps)
    return money([one._replace(counted=left.get(one.entry_id)) for one in entries], entries, overlaps)


def said(of: Money) -> dict[str, Decimal]:
    return {f"{flow.source.code} {flow.target.code}": flow.amount for flow in of.flows(True)}


def test_money_inside_an_envelope_is_followed_to_initiative_and_site_and_the_rest_is_named() -> None:
    of = in_order(
        [
            entry("whole", "100"),
            entry("part", "40", initiative="eurohpc-ju"),
            entry("site", "15", site="lumi"),
        ],
        ("whole", "part"),
        ("part", "site"),
    )
    assert said(of) == {
        "eu-budget horizon-europe": 100,
        "horizon-europe none": 60,
        "horizon-europe eurohpc-ju": 40,
        f"{NONE} {REST}": 60,
        f"eurohpc-ju {REST}": 25,
        "eurohpc-ju supercomputer": 15,
        "supercomputer lumi": 15,
    }
    assert of.allocated == 15


def test_an_amount_that_may_be_in_two_envelopes_is_taken_from_none_of_them() -> None:
    of = in_order(
        [
            entry("one", "100"),
            entry("other", "50", "digital-europe"),
            entry("either", "30", initiative="ai-factories"),
        ],
        ("one", "either"),
        ("other", "either"),
    )
    assert {flow.target.code for flow in of.flows() if flow.source.layer == "programme"} == {NONE}
    assert of.total == 150


def test_parts_that_exceed_their_whole_are_cut_to_it() -> None:
    of = in_order(
        [
            entry("whole", "20", initiative="eurohpc-ju"),
            entry("a", "15", site="lumi"),
            entry("b", "12", site="it4lia"),
        ],
        ("whole", "a"),
        ("whole", "b"),
    )
    assert said(of)["supercomputer lumi"] == 15 and said(of)["ai-factory it4lia"] == 5
    assert of.allocated == of.total == 20


def test_followed_money_that_joins_other_money_goes_to_a_node_that_says_so() -> None:
    whole = in_order(
        [
            entry("one", "30", initiative="eurohpc-ju"),
            entry("other", "20", "digital-europe", "eurohpc-ju"),
            entry("site", "10", site="lumi"),
        ],
        ("one", "site"),
    )
    followed = said(follow(whole, Node("programme", "horizon-europe")))
    assert followed["eurohpc-ju mixed"] == 30
    assert said(follow(whole, Node("initiative", "eurohpc-ju"))) == said(whole)
    assert said(follow(whole, Node("kind", "supercomputer"))) == {
        "eurohpc-ju supercomputer": 10,
        "supercomputer lumi": 10,
    }


CHOICES = [
    Choice(),
    Choice(level="whole"),
    Choice(initiative=("eurohpc-ju",)),
    Choice(initiative=("ai-factories",)),
    Choice(stage="committed"),
    Choice(basis="national-contribution", tracked=False),
    Choice(stage="contracted", basis="total-cost", tracked=False),
    Choice(stage="paid"),
]


@pytest.mark.parametrize("choice", CHOICES, ids=range(len(CHOICES)))
def test_the_money_that_flows_is_the_net_of_the_euros_page(
    choice: Choice, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    answers = request_params.answers()
    of = flows.of_choice(answers, choice)
    assert of.total == (answers.row(euros.totals, choice)["net_eur"] or 0)
    assert_conserved(of)


def test_the_layers_stand_in_the_order_of_the_flows() -> None:
    of = in_order(
        [entry("whole", "20", initiative="eurohpc-ju"), entry("a", "15", site="lumi")], ("whole", "a")
    )
    after = dict(pairwise(LAYERS))
    assert all(flow.target.layer == after[flow.source.layer] for flow in of.flows(True))
