"""Projects, recipients, calls, countries and sites of the shipped data: what a page says of each, what is
counted once, and what is said where nothing is known.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.queries import ai_project_sums, calls, projects, site_money, sites
from pipelines.queries import host_countries as state_questions
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData, opened
from tests.shipped_data.test_hearing import read


@pytest.fixture
def answers(store: Path, release_id: str, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return opened(release_id, store)


def added(amounts: Any) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


# --- counted once


@pytest.mark.slow
def test_the_pages_of_the_list_hold_each_project_once(answers: ReleaseData) -> None:
    for chosen in (((), (), (), ()), (("strict",), ("horizon-europe",), (), (2022,)), ((), (), ("DE",), ())):
        number = int(answers.row(projects.number, *chosen)["projects"])
        pages = -(-number // projects.PAGE_SIZE)
        ids = [
            project_id
            for page in range(1, pages + 1)
            for project_id in answers.read(projects.listed, *chosen, page)["project_id"]
        ]
        assert number > projects.PAGE_SIZE and len(ids) == len(set(ids)) == number
        assert answers.read(projects.listed, *chosen, pages + 1).empty


def test_a_budget_that_topics_share_is_counted_once(answers: ReleaseData) -> None:
    day = answers.known_on
    listed = answers.read(calls.listed, day).to_dict("records")
    shared: dict[tuple[Any, ...], Decimal] = {}
    for row in listed:
        if row["budget_eur"] is not None:
            is_shared = row["budget_topics"] and row["budget_topics"] > 1
            shared[(row["call"], row["budget_eur"]) if is_shared else (row["call_id"],)] = row["budget_eur"]
    once = added(row["budget_once_eur"] for row in listed)
    plain = added(row["budget_eur"] for row in listed)
    assert once == added(shared.values()) < plain
    by_state = answers.read(calls.calls, day)
    assert by_state["calls"].sum() == len([row for row in listed if row["programme"] is not None])
    ai = [row for row in listed if row["ai_scope"] in ("strict", "broad")]
    assert added(by_state["budget_once_eur"]) == added(row["budget_once_eur"] for row in ai)


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 6, 1), date(2026, 11, 27), date(2030, 1, 1)])
def test_a_call_has_one_state_on_each_day(day: date, answers: ReleaseData) -> None:
    numbers: dict[str, int] = defaultdict(int)
    for row in answers.read(calls.listed, day).to_dict("records"):
        numbers[row["state"]] += 1
        if row["closes_on"] is not None:
            assert (row["state"] == "closed") == (row["closes_on"] < day)
    assert sum(numbers.values()) == int(answers.row(calls.lists)["calls"])
    assert numbers["open"] + numbers["coming"] == 0 or day < date(2030, 1, 1)


@pytest.mark.slow
def test_what_a_site_gets_is_no_more_than_its_entries(answers: ReleaseData) -> None:
    for site in answers.read(sites.sites).to_dict("records"):
        entries = answers.read(site_money.amounts, (), (), (), site["site_id"])
        rows = answers.read(site_money.payers, (), (), (), site["site_id"])
        assert rows.empty == entries.empty or set(entries["level"]) <= {"difference", "payments", "per-year"}
        for row in rows.to_dict("records"):
            same = entries[
                (entries["stage"] == row["stage"])
                & (entries["basis"] == row["basis"])
                & (entries["funder"] == row["funder"])
            ]
            assert (row["amount_eur"] or 0) <= added(same["amount_eur"]), site["site_id"]


@pytest.mark.slow
def test_the_sites_of_a_country_and_of_all_add_alike(answers: ReleaseData) -> None:
    """No entry of one country is inside one of another, so that the sum of all is the sum of each."""
    every = answers.read(site_money.payers)
    whole = {
        (row["stage"], row["basis"], row["funder"]): row["entries"]
        for row in every.to_dict("records")
        if not row["is_bid"]
    }
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for code in answers.read(state_questions.states)["country"]:
        for row in answers.read(site_money.payers, (), (), (code,)).to_dict("records"):
            if not row["is_bid"]:
                found[row["stage"], row["basis"], row["funder"]] += row["entries"]
    assert found == whole


# --- what pages say


def test_germany_says_what_its_factories_get_and_from_whom(answers: ReleaseData) -> None:
    said = read("countries", {"country": ["DE"], "kind": ["ai-factory"]})
    for wanted in ("Germany: €178.6 M committed", "HammerHAI", "EU budget", "Member states", "not published"):
        assert wanted in said, wanted
    assert "EU and states together, not split" in said and "€42.5 M" in said


def test_italy_stands_beside_france_per_person(answers: ReleaseData) -> None:
    said = read("countries", {"country": ["IT"], "beside": ["FR"]})
    assert "per person" in said and "Only Italy and France." in said
    assert "Eurostat, as published on 21 July 2026" in said


def test_a_country_without_a_site_says_so_and_shows_what_is_known(answers: ReleaseData) -> None:
    hosts = set(answers.read(state_questions.states)["country"])
    code = next(code for code in answers.labels("countries") if code not in hosts)
    said = read("countries", {"country": [code]})
    assert "hosts no AI factory, machine or bid that our sources name" in said
    assert "That does not mean zero" in said and "No source gives an amount for a site in" in said


@pytest.mark.slow
def test_a_site_without_a_place_says_so(answers: ReleaseData) -> None:
    rows = answers.read(sites.sites)
    unplaced = rows[rows["lat"].isna()]["site_id"].iat[0]
    placed = rows[rows["lat"].notna()]["site_id"].iat[0]
    assert "Its place is not known, so it is not on the map." in read("sites", {"site": [unplaced]})
    assert "Its place is not known" not in read("sites", {"site": [placed]})


def test_a_site_without_euros_says_so(answers: ReleaseData) -> None:
    rows = answers.read(sites.sites)
    bare = next(
        site_id for site_id in rows["site_id"] if answers.read(site_money.amounts, (), (), (), site_id).empty
    )
    said = read("sites", {"site": [bare]})
    assert "No source gives an amount for" in said and "This does not mean zero" in said


@pytest.mark.slow
def test_a_recipient_of_one_line_has_its_page(answers: ReleaseData) -> None:
    rows = answers.read(ai_project_sums.beneficiaries)
    one = rows[rows["lines"] == 1].to_dict("records")
    for row in (one[0], one[len(one) // 2], one[-1]):
        said = read("projects", {"beneficiary": [row["name_code"]]})
        assert row["name"].split()[0] in said and "1\u00a0line of the lists names it." in said
        assert "never private persons" in said


def test_what_is_known_of_one_company_stands_on_its_page(answers: ReleaseData) -> None:
    said = read("projects", {"beneficiary": ["cineca-consorzio-interuniversitario"]})
    assert "CINECA CONSORZIO INTERUNIVERSITARIO: €15 M committed" in said and "Horizon 2020" in said


def test_the_ten_largest_recipients_stand_on_the_page_without_eu_bodies(answers: ReleaseData) -> None:
    rows = answers.read(
        ai_project_sums.recipients, Choice("", "eu-contribution", tracked=False, bodies="out"), ()
    )
    first = rows[rows["stage"] == "committed"].head(10)
    assert list(first["amount_eur"]) == sorted(first["amount_eur"], reverse=True)
    assert not any("JOINT UNDERTAKING" in name for name in rows["beneficiary"])
    assert "EU bodies, which pass money on, are left out." in read("projects", {})


def test_a_project_says_why_it_counts_as_ai_and_who_takes_part(answers: ReleaseData) -> None:
    said = read("projects", {"project": ["fts:JAG.611138.2"]})
    assert "INCISIVE: €9.6 M of EU money" in said and "MAGGIOLI SPA" in said and "speaks of AI" in said
    bare = read("projects", {"project": ["cordis:101039090"]})
    assert "The lists read here name no recipient of this project." in bare
    assert "CORDIS files it under artificial intelligence" in bare and "2021, the year of its call" in bare


def test_an_unknown_project_is_named_and_the_list_is_shown(answers: ReleaseData) -> None:
    said = read("projects", {"project": ["cordis:1"]})
    assert "“project=cordis:1” is unknown" in said and "projects and commitments of 2,107" in said


def test_a_choice_without_projects_is_explained(answers: ReleaseData) -> None:
    said = read("projects", {"programme": ["cef-digital"], "year": ["2024"]})
    assert "No project or commitment fits this choice." in said and "This does not mean zero" in said
