"""What an upload says is part of a whole lands in one way of dividing it: no choice exceeds the whole."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.parts.staff.dry_run import bundles
from pipelines import releases
from pipelines.publishing.submission import Overlap
from pipelines.queries.choice import Choice
from pipelines.queries.euros import totals
from pipelines.queries.release_answers import ReleaseData, opened
from tests.conftest import Small
from tests.pipelines.publishing import curated
from tests.pipelines.publishing.office import AWARD, Office, template

DIGITAL, HORIZON = "envelopes:digital-europe-total-2023", "envelopes:horizon-europe-total"
OF_DIGITAL = AWARD | {"programme": "digital-europe", "stage": "programmed"}
LEVELS = ("", "whole", "part", "year")


@pytest.fixture
def office(small: Small) -> Office:
    """An office on a release whose wholes are divided in ways with names."""
    rows = small.rows("envelopes", "overlaps.csv")
    ways = {"-so": "objectives", "committed": "years", "eurohpc": "joint undertakings"}
    named = [
        row
        | {
            "split": next((way for part, way in ways.items() if part in row["contained"]), "")
            if row["container"] in (DIGITAL, HORIZON)
            else ""
        }
        for row in rows
    ]
    small.write_rows("envelopes", "overlaps.csv", named)
    small.build()
    return Office(small.store, small.data)


def release(office: Office) -> ReleaseData:
    return opened(releases.require_current(office.store), office.store)


def nets(office: Office) -> dict[str, Decimal]:
    """What each level of Digital Europe comes to, programmed and counted once."""
    answers = release(office)
    choices = {level: Choice(level=level, programme=("digital-europe",)) for level in LEVELS}
    found: dict[str, Any] = {level: answers.row(totals, chosen) for level, chosen in choices.items()}
    return {level: row["net_eur"] or Decimal(0) for level, row in found.items()}


def recorded(office: Office) -> dict[str, str]:
    """The whole and the way of each overlap that an upload brought."""
    sql = """select container_entry_id as whole, split from "overlaps"
        where contained_entry_id like 'upload-%' order by contained_entry_id"""
    rows = release(office).ask(sql)
    return dict(zip(rows["whole"], rows["split"], strict=True))


@pytest.mark.slow
def test_awards_get_a_way_of_their_own_and_never_exceed_their_whole(office: Office) -> None:
    before = nets(office)
    content = template(
        OF_DIGITAL | {"amount_eur": "7000000000.00", "heading": "One award"},
        OF_DIGITAL | {"amount_eur": "6000000000.00", "heading": "Another award", "beneficiary": "Bull"},
    )
    seen = office.dry_run(content)
    assert [(edge.container, edge.split) for edge in seen.proposals] == [(DIGITAL, "one year")] * 2
    assert "by “one year”" in bundles(seen.proposals)[0].why
    office.publish(office.ask(content, overlaps=seen.proposals))
    assert recorded(office) == {DIGITAL: "one year"}
    after = nets(office)
    assert max(after.values()) <= Decimal("8168000000.00")
    assert after == {**before, "year": Decimal("8168000000.00")}, (
        "two awards of 13 bn count up to their whole"
    )


@pytest.mark.slow
def test_a_year_joins_the_years_of_its_whole(office: Office) -> None:
    year = AWARD | {"stage": "programmed", "beneficiary": "", "country": "", "heading": "The budget of 2024"}
    (edge,) = office.dry_run(template(year)).proposals
    assert (edge.container, edge.split) == (HORIZON, "years")
    office.publish(office.ask(template(year), overlaps=(edge,)))
    assert recorded(office) == {HORIZON: "years"}


def test_an_overlap_without_a_way_is_refused_where_the_whole_has_several(office: Office) -> None:
    edge = Overlap(DIGITAL, "row:2", "An award under the programme.", "https://example.org/awards")
    seen = office.dry_run(template(OF_DIGITAL), overlaps=(edge,))
    (finding,) = seen.broken
    assert finding.code == "overlap-way" and not seen.can_be_published
    assert "joint undertakings, objectives" in finding.problem


@pytest.mark.slow
@pytest.mark.parametrize(("way", "codes"), [("", ["overlap-way"]), ("sites", [])], ids=["none", "sites"])
def test_a_file_of_overlaps_names_the_way(way: str, codes: list[str], office: Office, tmp_path: Path) -> None:
    row = curated.ROWS["overlap"] | {"container": DIGITAL, "split": way}
    seen = curated.effect(office, tmp_path, curated.table("overlap", row))
    assert [finding.code for finding in seen.broken] == codes
    assert seen.can_be_published == (not codes)
