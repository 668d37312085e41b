"""Each page on the release of the kept edition, run by Streamlit itself: it opens, says its answer, keeps its
link, and explains what it cannot do.
"""

from decimal import Decimal
from html import escape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.http import request_params
from pages.parts.page_registry import PAGES
from pages.parts.text import formatting
from pages.parts.views import FIGURES, comparison
from pipelines import releases
from pipelines.queries import euros, sites
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import Small
from tests.paths import FIXTURES

# Streamlit's tester would run the files of a folder pages/ beside the script by itself; this script has none
# beside it.
FRONT_DOOR = FIXTURES / "front_door.py"


@pytest.fixture
def visit(store: Path, monkeypatch: pytest.MonkeyPatch):
    """A function that opens a page with parameters, as a visitor's browser would."""
    monkeypatch.setenv("TRACKER_STORE", str(store))

    def open_page(path: str, **parameters: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
        app.run()
        page = next(page for page in PAGES if page.path == path)
        if path:
            app.switch_page(str(page.script))
        for name, value in parameters.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_page


def words_of(app: AppTest) -> str:
    """Everything that is written on the page."""
    return " ".join(
        element.proto.body if hasattr(element.proto, "body") else str(element.value)
        for element in [*app.get("html"), *app.markdown]
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_opens_with_its_question_and_the_release(page, visit, release_id: str) -> None:
    said = words_of(visit(page.path))
    assert page.question in said
    assert release_id[11:] in said
    assert "could not be finished" not in said
    assert said.count("<h1") == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_names_an_unknown_parameter(page, visit) -> None:
    said = words_of(visit(page.path, nonsense="1"))
    assert "“nonsense” is not a choice on this page" in said


def test_an_unknown_value_is_named_with_those_allowed(visit) -> None:
    said = words_of(visit("euros", stage="spent"))
    assert "“stage=spent” is unknown" in said
    assert "announced, programmed, committed, contracted or paid" in said


def test_the_overview_answers_how_much_is_real(visit) -> None:
    said = words_of(visit(""))
    assert (
        "Europe announced €200\u00a0bn for AI, mostly private money. Apart from it, over €2.6\u00a0bn is "
        "programmed for named sites (EU + national contribution)." in said
    )
    assert (
        "We found no published payment for InvestAI; we looked in EU laws and budgets, pages of governments "
        "and hosts and the press until 25\u00a0June 2026. Most of the €200\u00a0bn is private money" in said
    )
    assert (
        "€200\u00a0bn announced, from all investors; apart from it, €209.5\u00a0M in signed contracts "
        "(EU contribution)" in said
    )


def test_the_euros_page_counts_once_and_lists_what_it_removed(visit) -> None:
    said = words_of(visit("euros"))
    assert "Counted once, the sum is €103.7\u00a0bn, not €112.1\u00a0bn." in said
    assert (
        "€112,137.3\u00a0M including double counting − €8,404.3\u00a0M counted twice "
        "= €103,733.0\u00a0M counted once."
    ) in said


def test_gross_says_that_it_counts_more_than_once(visit) -> None:
    said = words_of(visit("euros", count="gross"))
    assert "Including double counting, €112.1\u00a0bn is programmed" in said
    assert "counted once, it is €103.7\u00a0bn." in said


def test_paid_is_explained_and_not_shown_as_zero(visit) -> None:
    said = words_of(visit("euros", stage="paid"))
    assert (
        "EU programmes, all amounts: we found no published payment (EU contribution); we looked in EU laws"
        in said
    )
    assert "This does not mean zero." in said


def test_a_guarantee_is_shown_as_cover(visit) -> None:
    said = words_of(visit("euros", basis="guarantee-cover"))
    assert "guarantee cover" in said
    assert "€29.1\u00a0bn" in said


def test_the_sites_page_counts_open_factories_and_no_chosen_gigafactory(visit) -> None:
    said = words_of(visit("sites"))
    assert "Seven of 19 AI factories offer services. No gigafactory site has been chosen." in said
    assert "44 of 53\u00a0sites are on the map" in said


def test_a_site_card_opens_by_link(visit) -> None:
    said = words_of(visit("sites", site="it4lia"))
    assert "CINECA" in said
    assert "€430\u00a0M" in said
    assert "We found no published payment for IT4LIA" in said


def test_a_choice_without_sites_says_how_to_go_on(visit) -> None:
    app = visit("sites", kind="antenna", status="operational")
    assert "No site matches your choice." in words_of(app)
    assert "Reset" in [button.label for button in app.button]


def test_the_timeline_calls_passed_plans_due_and_never_late(visit) -> None:
    said = words_of(visit("timeline"))
    assert "have passed their date without confirmation." in said
    assert " late " not in said.replace("neither late nor done", "")


def test_the_page_of_a_site_says_of_a_passed_date_what_the_timeline_says(visit) -> None:
    said = words_of(visit("sites", site="jupiter"))
    assert "was due February 2026, not confirmed" in said
    assert "planned, February 2026" not in said


def test_a_change_of_a_widget_is_written_into_the_address(visit) -> None:
    app = visit("euros")
    app.selectbox(key="euros_stage").set_value("committed").run()
    assert app.query_params["stage"] == "committed"
    app.selectbox(key="euros_stage").set_value("programmed").run()
    assert "stage" not in app.query_params


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_filter_is_told_what_is_chosen_as_its_default_too(page, visit) -> None:
    """What a run sets reaches the browser once; a run that begins before it was sent would lose it."""
    app = visit(page.path)
    for select in app.selectbox:
        assert (select.proto.default if select.proto.HasField("default") else None) == select.index
    for choice in [*app.multiselect, *app.get("button_group")]:
        assert list(choice.proto.default) == list(choice.indices), choice.label


def test_an_old_release_is_shown_with_the_way_to_the_current_one(visit, release_id: str) -> None:
    said = words_of(visit("", release="1999-01-01-0000000000"))
    assert "is not kept here" in said
    assert release_id in said


@pytest.mark.slow
def test_a_release_that_a_link_named_stays_on_the_other_pages_and_in_their_addresses(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = releases.require_current(small.store)
    row = small.row_of("envelopes", "entries.csv", entry_key="horizon-europe-total")
    small.change("envelopes", "entries.csv", row, amount_eur="95000000000.00")
    after = small.build().release_id
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    app = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
    app.query_params["release"] = before
    app.run()
    for page in (*PAGES[1:], PAGES[0]):
        app.switch_page(str(page.script))
        app.query_params.clear()
        app.run()
        said = words_of(app)
        assert (
            page.question in said
            and f"Release {formatting.spelt(before)}" in said
            and "could not be finished" not in said
        )
        assert app.query_params["release"] in (before, [before])
        assert f'<a href="./{page.path}" target="_self">Read this page in the current release</a>' in said
    app.switch_page(str(PAGES[1].script))
    app.query_params.clear()
    app.query_params["count"] = "gross"
    app.run()
    assert '<a href="./euros?count=gross" target="_self">' in words_of(app)
    fresh = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
    fresh.run()
    assert f"Release {formatting.spelt(after)}" in words_of(fresh) and "release" not in fresh.query_params


def test_all_pages_agree_on_the_money(visit, store: Path, release_id: str) -> None:
    """The EuroHPC ceiling on the Overview, in the ledger and in the stated total is one figure."""
    with releases.open_read_only(release_id, store) as connection:
        (stated,) = connection.execute(
            "select stated_eur from stated_totals where total_key = 'eurohpc-union-2026'"
        ).fetchone()
        (total,) = connection.execute(
            "select amount_eur from mart_purses where funder = 'eu-budget'"
        ).fetchone()
    assert stated == total == Decimal("4122300000.00")
    assert "€4.12\u00a0bn" in words_of(visit(""))


def test_the_euros_page_and_the_mart_are_one_sum(store: Path, release_id: str) -> None:
    """What the page adds up by itself, for every stage and basis, is what the release states."""
    asked = ReleaseData(
        release_id,
        {},
        lambda sql: pd.DataFrame(releases.read(release_id, sql, store).to_pydict(), dtype=object),
    )
    for view, level in (("whole", "whole"), ("all", "")):
        with releases.open_read_only(release_id, store) as connection:
            stated = connection.execute(
                "select stage, basis, sum(gross_eur), sum(removed_eur), sum(net_eur) from mart_euros where view = ? group by stage, basis",
                [view],
            ).fetchall()
        assert stated
        for stage, basis, *amounts in stated:
            total = asked.row(euros.totals(Choice(stage=stage, basis=basis, level=level)))
            assert [total[name] for name in ("gross_eur", "removed_eur", "net_eur")] == amounts


@pytest.mark.slow
def test_no_site_is_called_unpublished_whose_total_is_known(store: Path, release_id: str) -> None:
    asked = ReleaseData(
        release_id,
        {},
        lambda sql: pd.DataFrame(releases.read(release_id, sql, store).to_pydict(), dtype=object),
    )
    for site in asked.read(sites.sites()).itertuples():
        known = asked.read(sites.euros(site.site_id))
        totals = known[
            (known["basis"] == "total-cost")
            & known["amount_eur"].notna()
            & ~known["heading"].str.contains("hall|building", case=False)
        ]
        assert (site.total_eur is None) == totals.empty, site.name


@pytest.mark.parametrize(
    ("stage", "basis"),
    [
        ("announced", "total-cost"),
        ("committed", "eu-contribution"),
        ("programmed", "national-contribution"),
        ("paid", "eu-contribution"),
    ],
)
def test_the_page_shows_each_figure_that_the_api_gives_and_no_other(stage: str, basis: str, visit) -> None:
    said = words_of(visit("euros", stage=stage, basis=basis))
    answers = request_params.answers()
    for name, view in FIGURES.items():
        if view.page == "euros":
            chosen = {parameter.name: parameter.default for parameter in view.parameters(answers)} | {
                "stage": (stage,),
                "basis": (basis,),
            }
            figure = view.make(answers, chosen)
            assert figure is None or escape(figure.title, quote=False) in said, name
    assert ("EU programmes, all amounts: no entry is" in said or "can be added up" in said) == (
        basis != "eu-contribution"
    )


# --- the search and the flows


def test_the_box_of_the_search_leads_from_every_page_to_the_results(visit) -> None:
    for path in ("", "euros", "about"):
        app = visit(path)
        app.text_input(key="search_box").set_value("Jupitter").run()
        said = words_of(app)
        assert not app.exception
        assert "results for “Jupitter”" in said and "What are you looking for?" in said
        assert app.query_params["q"] in ("Jupitter", ["Jupitter"])


def test_a_result_says_what_it_is_and_how_much(visit) -> None:
    said = words_of(visit("search", q="jupiter"))
    assert "Supercomputer, Germany · €500\u00a0M committed (total cost)" in said


def test_the_search_of_one_kind_lists_no_other(visit) -> None:
    said = words_of(visit("search", q="jupiter", kind="number"))
    assert "Published amount" in said and "Supercomputer, Germany" not in said


def test_a_claimed_number_is_answered_with_the_sentence_that_may_be_written(visit) -> None:
    said = words_of(visit("search", q="20 bn gigafactories"))
    assert "€20\u00a0bn:" in said and "to this" in said
    assert "€20\u00a0bn (investment to be mobilised) has been announced, which does not mean budgeted" in said
    assert "Most of it is other people’s money" in said


def test_a_claim_in_other_money_and_an_unknown_number_are_explained(visit) -> None:
    assert "our amounts are in euros" in words_of(visit("search", q="$20bn gigafactories"))
    assert "no published amount rounds to this" in words_of(visit("search", q="€123.4 bn gigafactories"))


def test_what_nothing_is_called_and_an_empty_search_are_explained(visit) -> None:
    assert "Nothing here is called “xqzwv”" in words_of(visit("search", q="xqzwv"))
    assert "Names are found in spite of typing errors" in words_of(visit("search"))
    assert "No amount of this release has this identity." in words_of(visit("search", number="nonsense"))


def test_a_published_amount_has_an_address_of_its_own(visit) -> None:
    said = words_of(visit("search", number="envelopes:horizon-europe-total"))
    assert "Horizon Europe" in said and "is programmed in a law, plan or budget" in said


def test_markup_in_a_question_is_text(visit) -> None:
    said = words_of(visit("search", q="<script>alert(1)</script> [x](http://a.b)"))
    assert "<script>alert" not in said


def test_the_flows_page_says_what_reaches_named_sites(visit) -> None:
    said = words_of(visit("flows"))
    assert "EuroHPC JU: €4.1\u00a0bn programmed, of which" in said and "is for named sites." in said
    assert "The width of a band is its amount." in said


def test_the_flows_of_a_node_are_followed(visit) -> None:
    said = words_of(visit("flows", initiative="", node="programme:digital-europe"))
    assert "Only the money of Digital Europe" in said


def test_countries_stand_side_by_side_and_too_few_are_explained(visit) -> None:
    said = words_of(visit("compare"))
    assert "France and Italy" in said and "“No data” does not mean zero." in said
    app = visit("compare", country="IT")
    assert "Choose two to six countries." in words_of(app)
    assert "Italy and France" in [button.label for button in app.button]


@pytest.mark.parametrize(
    ("what", "choose"),
    [
        ("programme", "Choose two to six programmes."),
        ("initiative", "Choose two to six initiatives."),
        ("site", "Choose two to six sites."),
    ],
)
def test_programmes_initiatives_and_sites_are_compared_too(visit, what: str, choose: str) -> None:
    app = visit("compare", what=what)
    said = words_of(app)
    assert "never add" in said and "each has" not in said and choose not in said
    allowed = next(one.allowed for one in comparison.parameters(request_params.answers()) if one.name == what)
    assert choose in words_of(visit("compare", what=what, **{what: allowed[0]}))
    empty = visit("compare", what=what, stage="paid", basis="provisioning")
    assert "This does not mean zero." in words_of(empty)
    ways = [button for button in empty.button if "·" in button.label]
    ways[0].click().run()
    assert "is published for" not in words_of(empty)


def test_another_kind_begins_where_most_of_it_has_an_amount(visit) -> None:
    app = visit("compare")
    app.segmented_control(key="compare_what").set_value("site").run()
    assert (app.query_params["stage"], app.query_params["basis"]) == ("programmed", "total-cost")


def test_flows_without_money_are_explained(visit) -> None:
    app = visit("flows", stage="paid", basis="own-financing")
    assert "Nothing flows here." in words_of(app)
    assert "Reset" in [button.label for button in app.button]
