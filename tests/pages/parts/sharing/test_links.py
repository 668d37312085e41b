"""Links, embeds and citations keep their word: any choice comes back from its link, every widget is in it."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.http import embeds, request_params
from pages.http.security_middleware import SecurityMiddleware
from pages.parts import url_state
from pages.parts.figure_model import Figure
from pages.parts.images import sheet
from pages.parts.page_registry import PAGES
from pages.parts.sharing import citations, contact, links, readme
from pages.parts.text import formatting
from pages.parts.ui import number_details, search_box
from pages.parts.ui.figure_block import IMAGES, PACKS
from pages.parts.url_state import Parameter, Values, read_link
from pages.parts.views import FIGURES, euros, sites, timeline
from pipelines import file_writers, schema
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData
from pipelines.schema import metadata
from tests.each_figure import EACH_FIGURE
from tests.paths import FIXTURES

NAMES = list(FIGURES)
FRONT_DOOR = FIXTURES / "front_door.py"
SITE = "https://example.org"


@pytest.fixture
def answers(store: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return request_params.answers()


@pytest.fixture
def client(store: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return TestClient(SecurityMiddleware(Starlette(routes=embeds.ROUTES), own_paths=()))


def choices(parameters: list[Parameter]) -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Any choice that the parameters allow."""

    def codes(parameter: Parameter) -> st.SearchStrategy[tuple[str, ...]]:
        one = st.sampled_from(parameter.allowed)
        if parameter.several:
            return st.lists(one, unique=True, max_size=4).map(tuple)
        return (
            one.map(lambda code: (code,))
            if parameter.default
            else st.one_of(st.just(()), one.map(lambda code: (code,)))
        )

    return st.fixed_dictionaries(
        {parameter.name: codes(parameter) for parameter in parameters if parameter.allowed}
    )


@pytest.mark.parametrize("name", EACH_FIGURE)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_choice_comes_back_from_its_link_and_every_parameter_is_in_it(
    name: str, answers: ReleaseData, data: st.DataObject
) -> None:
    parameters = FIGURES[name].parameters(answers)
    chosen = data.draw(choices(parameters))
    for address in (
        links.permalink(SITE, FIGURES[name].page, parameters, chosen, answers.release_id),
        f"{SITE}/?{links.query(parameters, chosen, answers.release_id)}",
    ):
        query = parse_qs(urlsplit(address).query, keep_blank_values=True)
        assert set(query) == {*(parameter.name for parameter in parameters), "release"} and query[
            "release"
        ] == [answers.release_id]
        assert read_link(query, parameters) == (chosen, [])
    short = parse_qs(
        urlsplit(f"https://{links.short_link(SITE, '', parameters, chosen, answers.release_id)}").query,
        keep_blank_values=True,
    )
    assert read_link(short, parameters) == (chosen, [])


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_no_parameter_of_a_page_is_a_word_of_the_files(name: str, answers: ReleaseData) -> None:
    own = {"size", "theme", "scale", "release", "dialect", "limit", "offset", "embed", "embed_options"}
    assert own.isdisjoint(parameter.name for parameter in FIGURES[name].parameters(answers))


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted({view.page for view in FIGURES.values()}))
def test_every_widget_that_chooses_is_in_the_link(
    path: str, store: Path, monkeypatch: pytest.MonkeyPatch, answers: ReleaseData
) -> None:
    app = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
    app.run()
    page = next(page for page in PAGES if page.path == path)
    if path:
        app.switch_page(str(page.script))
        app.run()
    view = next(view for view in FIGURES.values() if view.page == path)
    known = {parameter.name for parameter in view.parameters(answers)}
    widgets = [
        *app.selectbox,
        *app.multiselect,
        *app.button_group,
        *app.radio,
        *app.checkbox,
        *app.toggle,
        *app.slider,
        *app.text_input,
    ]
    chosen = [widget for widget in widgets if widget.key != search_box.KEY]  # its page has its own address
    assert chosen and {str(widget.key).partition("_")[2] for widget in chosen} <= known


def test_a_file_says_what_it_is_in_its_name() -> None:
    assert (
        links.file_name("ladder", "2026-11-23-ab", "png", "1080x1080", "")
        == "eu-ai-ladder-1080x1080-2026-11-23-ab.png"
    )


def test_a_choice_is_in_the_name_of_a_file_unless_it_is_the_preset_one(answers: ReleaseData) -> None:
    def named(figure: str, address: str) -> str:
        parameters = FIGURES[figure].parameters(answers)
        values, notices = read_link(parse_qs(address, keep_blank_values=True), parameters)
        assert not notices
        return links.choice_name(parameters, values)

    assert named("ladder", "") == named("ladder", "ladder=investai") == ""
    assert named("ladder", "ladder=horizon-europe") == "horizon-europe"
    assert (
        named("envelopes", "stage=committed&count=gross&programme=digital-europe")
        == "committed_digital-europe_gross"
    )
    assert named("envelopes", "programme=horizon-europe&programme=digital-europe") == named(
        "envelopes", "programme=digital-europe&programme=horizon-europe"
    )
    assert named("sites", "kind=") == "any-kind"
    long = [
        f"country={code}"
        for parameter in FIGURES["sites"].parameters(answers)
        if parameter.name == "country"
        for code in parameter.allowed
    ]
    assert len({named("sites", "&".join(long)), named("sites", "&".join(long[:-1]))}) == 2
    odd = Parameter("x", ("a/../b", "c"), several=True)
    assert "/" not in (name := links.choice_name([odd], {"x": ("a/../b",)})) and "." not in name
    net = Parameter("net", ("1", "0"), ("1",))
    assert links.choice_name([net], {"net": ("0",)}) == "net-0"


@pytest.mark.parametrize("name", EACH_FIGURE)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_two_choices_never_have_one_name(name: str, answers: ReleaseData, data: st.DataObject) -> None:
    parameters = FIGURES[name].parameters(answers)
    one, other = data.draw(choices(parameters)), data.draw(choices(parameters))
    same = all(
        {*one.get(known.name, known.default)} == {*other.get(known.name, known.default)}
        for known in parameters
    )
    names = [links.choice_name(parameters, chosen) for chosen in (one, other)]
    assert (names[0].lower() == names[1].lower()) == same
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{0,60}", found) for found in names)
    keys = [citations.bibtex(name, "T", answers.release_id, SITE, found).partition(",")[0] for found in names]
    ids = [json.loads(citations.csl(name, "T", answers.release_id, SITE, found))[0]["id"] for found in names]
    assert (keys[0] == keys[1]) == (ids[0] == ids[1]) == same


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_codes_for_others_pages_hold_title_and_words_and_nothing_that_breaks_out(
    name: str, answers: ReleaseData
) -> None:
    view = FIGURES[name]
    parameters = view.parameters(answers)
    values, _ = read_link({}, parameters)
    figure = view.make(answers, values)
    assert figure
    live, frozen = (
        links.embed_code(SITE, figure, parameters, values, release) for release in (None, answers.release_id)
    )
    assert live.count("<iframe") == 1 and f"{SITE}/embed/{name}?" in live and "<noscript>" in live
    assert "release=" not in live and f"release={answers.release_id}" in frozen
    image = links.image_code(SITE, figure, parameters, values, answers.release_id, view.page)
    assert "<script" not in image and "alt=" in image and image.count("<img") == 1


def test_citations_can_be_read_by_machines() -> None:
    bib = citations.bibtex("ladder", "€200 bn & 5 % of_it", "2026-11-23-ab", f"{SITE}/?a=1&release=x")
    assert (
        bib.startswith("@misc{eu-ai-ladder-2026-11-23-ab,")
        and "\\& 5 \\% of\\_it" in bib
        and bib.count("{") == bib.count("}")
    )
    assert json.loads(citations.csl("ladder", "T", "2026-11-23-ab", SITE))[0]["issued"] == {
        "date-parts": [[2026, 11, 23]]
    }
    assert "2026-11-23-ab" in citations.citation("T", "2026-11-23-ab", SITE)


def test_a_table_has_a_readme_and_the_data_page_cites_its_own_address(
    answers: ReleaseData, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = f"{SITE}/data?table=ledger&release={answers.release_id}"
    text = readme.of_table(
        metadata.tables["ledger"], 7, answers.release_id, answers.newest_source, answers.known_on, SITE, link
    )
    for column in metadata.tables["ledger"].columns:
        assert f"- {column.name} ({column.info['unit']}): {column.comment}\n" in text
    assert f"CITATION\n{readme.citation(answers.release_id, link)}\n" in text and link in readme.citation(
        answers.release_id, link
    )
    assert (
        file_writers.HARMLESS in text
        and "Rows: 7" in text
        and "23\u00a0November 2026" in text
        and readme.LICENCE_URL in text
    )
    monkeypatch.setenv("TRACKER_ADDRESS", f"{SITE}/")
    app = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
    app.run()
    app.switch_page(str(next(page for page in PAGES if page.path == "data").script))
    app.run()
    assert not app.exception
    assert readme.citation(answers.release_id, link) in [code.value for code in app.code]


def test_the_address_of_the_site_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_ADDRESS", raising=False)
    assert links.home("http://localhost:8501/") == "http://localhost:8501"
    monkeypatch.setenv("TRACKER_ADDRESS", "https://tracker.example/")
    assert links.home("http://evil.example") == "https://tracker.example"


# --- numbers that say where they come from


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_every_figure_has_numbers_that_open_a_card(name: str, answers: ReleaseData) -> None:
    view = FIGURES[name]
    figure = view.make(answers, read_link({}, view.parameters(answers))[0])
    assert figure
    found = figure.every_value()
    assert found and all(value.label and value.said for value in found)
    for value in found[:6]:
        if value.question is not None:
            rows = answers.read(provenance.entries(value.question()))
            assert value.said == "not published" or not rows.empty
            assert all(
                row["publisher"] and row["source_file"] and row["source_row"]
                for row in rows.to_dict("records")
            )
            assert all(
                number_details.came_in(row) == "from the original data set" for row in rows.to_dict("records")
            )
            assert {*answers.read(provenance.overlaps(value.question())).columns} >= {"is_inside", "reason"}
        assert "Release: r" in number_details.report(value, SITE, "r") and SITE in number_details.report(
            value, SITE, "r"
        )


def test_a_number_is_the_sum_of_the_entries_on_its_card(answers: ReleaseData) -> None:
    view = FIGURES["envelopes"]
    figure = view.make(answers, read_link({}, view.parameters(answers))[0])
    assert figure
    for value, amount in zip(figure.values, figure.rows["amount_eur"], strict=True):
        assert value.question is not None
        assert sum(answers.read(provenance.entries(value.question()))["amount_eur"]) == amount


def made(answers: ReleaseData, name: str, **chosen: str) -> tuple[Figure, Values]:
    view = FIGURES[name]
    values, notices = read_link({word: [code] for word, code in chosen.items()}, view.parameters(answers))
    figure = view.make(answers, values)
    assert figure and not notices
    return figure, values


def gave(told: number_details.Details, answers: ReleaseData, query: str) -> list[dict[Any, Any]]:
    """The rows that a query shown on a card gives."""
    return answers.ask(dict(told.queries)[query]).to_dict("records")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("ladder", {}),
        ("ladder", {"ladder": "ai-gigafactories"}),
        ("envelopes", {"count": "gross"}),
        ("envelopes", {"stage": "announced", "level": "all"}),
        ("envelopes", {"basis": "guarantee-cover", "level": "all"}),
        ("years", {}),
        ("countries", {"stage": "contracted"}),
        ("sites", {}),
    ],
)
def test_a_card_adds_only_entries_of_one_stage_and_basis_of_which_none_contains_another(
    name: str, chosen: dict[str, str], answers: ReleaseData
) -> None:
    inside = answers.read(select(schema.overlap_paths))
    pairs = set(zip(inside["container_entry_id"], inside["contained_entry_id"], strict=True))
    for value in made(answers, name, **chosen)[0].values:
        told = number_details.details(value, answers)
        said = " ".join(text for _, text in told.facts)
        if value.question is None:
            assert "add up to" not in said
            continue
        rows = answers.read(provenance.entries(value.question())).to_dict("records")
        known = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
        ids = {row["entry_id"] for row in rows}
        may_be_added = len(
            {(row["stage"], row["basis"], row["price_basis"]) for row in rows}
        ) == 1 and not any((one, other) in pairs for one in ids for other in ids)
        assert ("add up to" in said) == (may_be_added and len(known) > 1), value.label
        if "add up to" in said:
            assert (
                f"They add up to €{formatting.plain_euros(sum(known, Decimal(0)))} in current prices."
                in dict(told.facts)["Entries"]
            )
            assert not value.number or value.said == formatting.euros(sum(known, Decimal(0)), decimals=1)


def test_entries_that_differ_or_contain_each_other_are_counted_and_never_added(answers: ReleaseData) -> None:
    several = answers.read(provenance.entries(provenance.of_site("it4lia"))).to_dict("records")
    said = number_details.counted(several, has_nested=True)
    assert (
        "1 announced · total cost" in said
        and "They differ in stage or basis, so they are not added." in said
        and "€" not in said
    )
    alike = [row for row in several if row["basis"] == "eu-contribution"] * 2
    assert "Some of them contain others" in number_details.counted(alike, has_nested=True)
    assert number_details.counted(alike, has_nested=False).endswith(
        "They add up to €430,000,000 in current prices."
    )
    mobilised = [{**row, "basis_is_summable": False} for row in alike]
    assert number_details.counted(mobilised, has_nested=False).endswith("They are not added.")
    assert not answers.read(provenance.nested(provenance.of_site("it4lia"))).empty


@pytest.mark.slow
def test_the_card_of_a_site_shows_its_own_total_and_lists_the_rest_beside_it(answers: ReleaseData) -> None:
    figure, _ = made(answers, "sites")
    for value, row in zip(figure.values, figure.rows.to_dict("records"), strict=True):
        told = number_details.details(value, answers)
        facts = dict(told.facts)
        assert ("In full" in facts) == (row["total_eur"] is not None) and "Entries" not in facts
        if row["total_eur"] is not None:
            assert facts["In full"] == f"€{formatting.plain_euros(row['total_eur'])} in current prices"
            assert told.kind[0].endswith("total cost")
        else:
            assert value.said == "not published" and "does not mean zero" in told.kind[1]
    by_label = {value.label: number_details.details(value, answers) for value in figure.values}
    known = by_label["IT4LIA, total cost"]
    assert dict(known.facts)["Also known"].startswith("3\u00a0entries, listed here and not added")
    assert any("IT4LIA: EU share. announced · EU contribution." in text for _, text in known.facts)
    assert len(known.sources) == 2, "each document has its link"
    bid = by_label["Germany: national bid slot, total cost"]
    assert ("€805\u00a0M" in dict(bid.facts)) and not any("805,000,000" in text for _, text in bid.facts)
    assert [row["site_id"] for row in gave(bid, answers, "The entries that are known")] == [
        "aigf-de-national"
    ]


@pytest.mark.slow
def test_a_number_in_2018_prices_says_from_what_and_by_which_deflator_it_came(answers: ReleaseData) -> None:
    constant, current = made(answers, "years", prices="constant-2018")[0], made(answers, "years")[0]
    for value, row, before in zip(
        constant.values, constant.rows.itertuples(), current.rows.itertuples(), strict=True
    ):
        told = number_details.details(value, answers)
        facts = dict(told.facts)
        assert "in 2018 prices" in value.label and told.kind[1].startswith(
            "2018 prices, calculated; the entries: current prices"
        )
        assert "Art. 4(2) of Regulation 2020/2093" in facts["Deflator"]
        assert any(source.url == "http://data.europa.eu/eli/reg/2020/2093/oj" for source in told.sources)
        (number,) = gave(told, answers, "The number")
        assert number["amount_eur"] == row.amount_eur and value.said == formatting.euros(row.amount_eur)
        if row.amount_eur is not None:
            assert facts["In full"] == f"€{formatting.plain_euros(row.amount_eur)} in 2018 prices"
            assert facts["Calculated as"].startswith(
                f"€{formatting.plain_euros(before.amount_eur)} in current prices ÷ 1."
            )
    plain = number_details.details(current.values[0], answers)
    assert plain.kind[1].startswith("current prices") and "Deflator" not in dict(plain.facts)


def test_the_sums_of_the_euros_headline_have_cards(answers: ReleaseData) -> None:
    _, values = made(answers, "envelopes")
    net, gross, removed = euros.total_values(answers, values)
    assert f"Counted once, the sum is {net.said}, not {gross.said}." in euros.answer(answers, values).headline
    assert euros.sum_line(answers, values)[0].startswith(f"{removed.said} of double counting removed")
    stated = euros.total(answers, values)
    for value, column in ((net, "net_eur"), (gross, "gross_eur"), (removed, "removed_eur")):
        told = number_details.details(value, answers)
        assert gave(told, answers, "The number")[0][column] == stated[column]
        assert (
            sum(row["amount_eur"] for row in gave(told, answers, "The entries behind it")) == stated[column]
        )
    assert "add up to" not in dict(number_details.details(gross, answers).facts)["Entries"]
    alone, *others = euros.total_values(answers, {**values, "basis": ("guarantee-cover",)})
    headline = euros.answer(answers, {**values, "basis": ("guarantee-cover",)}).headline
    assert headline.startswith(f"EU programmes, totals only: {alone.said} is")
    assert alone.label.startswith("Sum") and not others
    assert euros.total_values(answers, {**values, "stage": ("paid",)}) == []


def test_the_counts_of_the_headlines_have_cards(answers: ReleaseData) -> None:
    is_open, chosen = sites.answer_values(answers)
    assert (is_open.said, chosen.said) == ("7 of 19", "0 of 21")
    assert (
        sites.answer(answers).headline
        == "Seven of 19 AI factories offer services. No gigafactory site has been chosen."
    )
    assert (
        sum(row["is_open"] for row in gave(number_details.details(is_open, answers), answers, "The number"))
        == 7
    )
    every = {parameter.name: parameter.default for parameter in timeline.parameters(answers)}
    later, due, unseen = timeline.answer_values(answers, every)
    number, _, among = later.said.partition(" of ")
    headline = timeline.answer(answers, every).headline
    assert headline.startswith(
        f"{formatting.number(int(number)).title()} of {formatting.number(int(among))} open promises"
    )
    number_due = formatting.number(int(due.said)).title()
    assert re.search(
        rf"{number_due} of all \w+ open promises have passed their date without confirmation\.", headline
    )
    number_unseen = formatting.number(int(unseen.said)).title()
    assert f"{number_unseen} more dates passed after our newest source of 25\u00a0June 2026" in headline
    assert len(later.facts) == int(number) + 1 and all(
        source.url.startswith("http") for source in later.sources
    )


@pytest.mark.slow
@pytest.mark.parametrize(("name", "key"), [("promises", "promise_id"), ("milestones", "milestone_id")])
def test_the_card_of_a_date_has_document_day_and_query(name: str, key: str, answers: ReleaseData) -> None:
    figure, _ = made(answers, name)
    for value in figure.values:
        told = number_details.details(value, answers)
        assert told.sources and "sha256" in dict(told.facts)["Read from"]
        rows = gave(told, answers, "The number")
        assert {row["title"] for row in rows} == {value.label} and len({row[key] for row in rows}) == 1
        assert {row["source_url"] for row in rows} == {source.url for source in told.sources}
    if name == "promises":
        assert all(any(fact.startswith("Said") for fact, _ in value.facts) for value in figure.values)


@pytest.mark.parametrize(
    ("given", "is_mail", "link"),
    [
        (
            "corrections@tracker.example",
            True,
            "mailto:corrections@tracker.example?subject=A%20%26%20b&body=One%0D%0Atwo",
        ),
        ("https://tracker.example/wrong", False, "https://tracker.example/wrong"),
        ("", False, ""),
        ("javascript:alert(1)", False, ""),
        ("http://tracker.example", False, ""),
        ("somebody", False, ""),
    ],
)
def test_a_report_leads_to_the_address_that_was_set_and_to_none_else(
    given: str, is_mail: bool, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_CONTACT", given)
    assert contact.link("A & b", "One\ntwo") == link
    assert (given in contact.words()) if link else (contact.words() == "No contact address is set up here.")
    assert contact.link().startswith("mailto:") == is_mail


@pytest.mark.parametrize("given", ["corrections@tracker.example", "https://tracker.example/wrong", ""])
def test_about_and_the_foot_name_the_address_only_where_there_is_one(
    given: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    monkeypatch.setenv("TRACKER_CONTACT", given)
    app = AppTest.from_file(str(FRONT_DOOR), default_timeout=60)
    app.run()
    app.switch_page(str(next(page for page in PAGES if page.path == "about").script))
    app.run()
    said = " ".join(element.proto.body for element in app.get("html"))
    assert contact.words() in said and said.count(f'<a href="{contact.link()}">') == (1 if given else 0)
    assert ("No contact address" in said) == (not given)


def test_an_upload_without_recorded_approval_is_not_called_a_shipped_source() -> None:
    row = {
        "source_id": "upload-1",
        "origin": "fix.csv",
        "retrieved_on": date(2026, 11, 26),
        "approved_on": None,
        "approved_by": None,
    }
    assert number_details.came_in(row).startswith(
        "from the upload fix.csv"
    ) and "does not record who approved" in number_details.came_in(row)


def test_a_figure_that_names_no_values_is_taken_row_by_row(answers: ReleaseData) -> None:
    view = FIGURES["ladder"]
    figure = view.make(answers, read_link({}, view.parameters(answers))[0])
    assert figure
    plain = type(figure)(**{**figure.__dict__, "values": ()})
    assert len(plain.every_value()) == len(figure.table)


# --- old links


def test_a_renamed_parameter_and_a_renamed_code_are_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "renamed.csv"
    file.write_text(
        "name,old,new,since\nparameter,phase,stage,2026-12-01\nstage,spent,disbursed,2026-12-01\nstage,disbursed,paid,2027-01-01\n"
    )
    parameters, codes = url_state.renamed(file.parent)
    assert parameters == {"phase": "stage"} and codes["stage", "spent"] == "paid"
    monkeypatch.setattr(url_state, "RETIRED", parameters)
    monkeypatch.setattr(url_state, "RECODED", codes)
    stage = Parameter("stage", ("programmed", "paid"), ("programmed",))
    assert read_link({"phase": ["spent"]}, [stage]) == ({"stage": ("paid",)}, [])
    assert url_state.renamed() is not None


# --- embeds


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_an_embed_is_a_small_page_that_anybody_may_frame(
    name: str, client: TestClient, release_id: str
) -> None:
    answer = client.get(f"/embed/{name}?release={release_id}&theme=dark")
    assert answer.status_code == 200 and "x-frame-options" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert (
        "frame-ancestors *" in policy
        and "http" not in policy
        and "unsafe-inline" not in policy.split("style-src")[0]
    )
    assert (
        ", permanent." in answer.text
        and "Open in the" in answer.text
        and ">Image</a>" in answer.text
        and ">Data</a>" in answer.text
    )
    assert "<noscript><img" in answer.text and "stApp" not in answer.text
    assert "live" in client.get(f"/embed/{name}").text
    assert (
        client.get(
            f"/embed/{name}?release={release_id}&theme=dark",
            headers={"if-none-match": answer.headers["etag"]},
        ).status_code
        == 304
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/embed/nope", 404),
        ("/embed/ladder?x=1", 400),
        ("/embed/envelopes?stage=paid", 422),
        ("/embed/", 404),
        ("/embed/ladder/more", 404),
    ],
)
def test_an_embed_that_cannot_be_shown_says_so_inside_the_frame(
    address: str, status: int, client: TestClient
) -> None:
    answer = client.get(address)
    assert (
        answer.status_code == status
        and "text/html" in answer.headers["content-type"]
        and "frame-ancestors *" in answer.headers["content-security-policy"]
    )


def test_only_embeds_may_be_framed(client: TestClient) -> None:
    for path in ("/", "/euros", "/staff", "/embedding", "/embed"):
        headers = client.get(path).headers
        assert (
            headers["x-frame-options"] == "SAMEORIGIN"
            and "frame-ancestors 'self'" in headers["content-security-policy"]
        )


def test_the_script_of_embeds_is_the_installed_plotly(client: TestClient) -> None:
    packed = client.get(embeds.SCRIPT, headers={"accept-encoding": "gzip"})
    assert (
        packed.status_code == 200
        and packed.headers["content-encoding"] == "gzip"
        and "immutable" in packed.headers["cache-control"]
    )
    assert len(packed.content) == len(embeds.PLOTLY.read_bytes())


def test_sizes_are_those_of_the_export_row() -> None:
    assert {drawn["size"] for _, _, drawn in IMAGES} <= set(sheet.SIZES)
    assert {kind for _, kind, _ in IMAGES} == set(sheet.FORMATS)
    assert {size for _, sizes in PACKS for size in sizes} == set(sheet.SIZES)
