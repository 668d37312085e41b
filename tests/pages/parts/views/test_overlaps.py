"""What is counted twice: every net says what it leaves out, and each sentence is true of the ledger."""

from decimal import Decimal
from pathlib import Path

import pytest

from pages.parts.figure_model import Figure
from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.text import overlaps as text
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, overlaps
from pipelines import frame_rows
from pipelines.queries import euros as sums
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData, opened

NO_NET = {
    "ladder": "its steps are compared and never added",
    "headings": "it takes the parts of one document",
    "sites": "the total of each site stands for itself",
    "compute_cost": "each machine stands for itself",
    "amounts_inside": "it is itself about what is counted twice",
    "counted_twice": "it is itself about what is counted twice",
}


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return opened(release_id, store)


def chosen(answers: ReleaseData, **codes: tuple[str, ...]) -> Values:
    return {found.name: found.default for found in overlaps.parameters(answers)} | codes


def figure_of(answers: ReleaseData, name: str, **codes: tuple[str, ...]) -> Figure:
    values = {found.name: found.default for found in parameters(answers, FIGURES[name].page)} | codes
    figure = FigureRequest(name, answers, values).figure()
    assert figure
    return figure


NETS = sorted(name for name, view in FIGURES.items() if view.has_euros and name not in NO_NET)
STATED = {"countries": {"stage": ("committed",)}, "years": {"stage": ("committed",)}}


@pytest.mark.parametrize("name", NETS)
def test_every_net_can_say_what_it_leaves_out(name: str, answers: ReleaseData) -> None:
    figure = figure_of(answers, name, **STATED.get(name, {}))
    assert figure.taken_off, "its sums leave something out, and nothing says what"
    rows = answers.read(*figure.taken_off)
    for row in frame_rows.records(rows):
        said = text.removed_sentence(row)
        assert str(row["heading"]) in said and str(row["contained_in"]) in said
        assert str(row["publisher"]) in said and str(row["reason"]).split(". ")[-1].rstrip(".") in said


@pytest.mark.parametrize("level", ["", "whole", "part", "year"])
@pytest.mark.parametrize("stage", ["programmed", "committed"])
def test_what_is_listed_as_taken_off_is_what_the_sum_leaves_out(
    answers: ReleaseData, stage: str, level: str
) -> None:
    choice = Choice(stage=stage, level=level)
    rows, total = answers.read(sums.removed, choice), answers.row(sums.totals, choice)
    assert text.taken_off(rows) == (total["removed_eur"] or 0)
    assert rows["entry_id"].is_unique
    for row in frame_rows.records(rows):
        if row["entry_eur"] is not None:
            assert 0 <= row["amount_eur"] <= row["entry_eur"]


def test_the_pairs_of_an_initiative_hold_the_smaller_in_the_larger(answers: ReleaseData) -> None:
    figure = figure_of(answers, "amounts_inside", of=("investai",))
    records = frame_rows.records(figure.rows)
    assert {"InvestAI: public money", "AI gigafactories: fund announced"} <= {
        row["heading"] for row in records
    }
    for row in records:
        is_same = (row["stage"], row["basis"]) == (row["contained_in_stage"], row["contained_in_basis"])
        assert (row["relation"] == "same") == is_same
        if is_same and row["amount_eur"] is not None and row["contained_in_eur"] is not None:
            assert row["published_lines"] or row["amount_eur"] <= row["contained_in_eur"]


def test_the_largest_whole_is_the_finding(answers: ReleaseData) -> None:
    words = overlaps.words(answers, chosen(answers, of=("investai",)))
    assert "InvestAI: investment to be mobilised (€200\u00a0bn), holds" in words.answer.standfirst
    told = overlaps.story(answers, chosen(answers, of=("investai",))).column(0).to_pylist()
    assert (
        "“InvestAI: investment to be mobilised” (€200\u00a0bn) holds “InvestAI: public money” (€50\u00a0bn), at "
        "the same stage: a sum of both counts it twice. 150 bn private and 50 bn public make the 200 bn. BeBeez, "
        "14\u00a0February 2025 (press), says so."
    ) in told


def test_each_pair_is_told_once_and_the_rest_is_counted(answers: ReleaseData) -> None:
    values = chosen(answers, of=("ai-factories",))
    figure = FIGURES["amounts_inside"].make(answers, values)
    assert figure
    told = overlaps.story(answers, values).column(0).to_pylist()
    assert len(figure.rows) > overlaps.MOST_TOLD
    assert len(told) == overlaps.MOST_TOLD + 1
    assert str(len(figure.rows) - overlaps.MOST_TOLD) in told[-1]


def test_a_sum_without_overlap_says_so(answers: ReleaseData) -> None:
    nothing = overlaps.words(
        answers, chosen(answers, programme=("cef-digital",), initiative=("eurohpc-ju",))
    ).nothing
    assert nothing == (
        "Nothing is taken off this sum.",
        "1\u00a0amount fits the choice, and none is known to be inside another.",
    )
    empty = overlaps.words(answers, chosen(answers, stage=("paid",), basis=("provisioning",))).nothing
    assert empty and empty[0] == "No amount fits this choice."


def test_a_reader_gets_the_sentences_beside_the_net(answers: ReleaseData) -> None:
    values = {found.name: found.default for found in parameters(answers, "euros")}
    lead, *sentences = FigureRequest("envelopes", answers, values).taken_off()
    removed = answers.row(sums.totals, Choice(level="whole"))["removed_eur"]
    assert removed > Decimal(10**9) and lead.startswith(f"€{removed / 10**9:.1f}\u00a0bn is taken off")
    assert len(sentences) == len(answers.read(sums.removed, Choice(level="whole")))
