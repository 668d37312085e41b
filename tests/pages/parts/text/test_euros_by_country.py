"""Amounts beside the size of countries: nothing is divided by what is not known, and every share shows its
denominator.
"""

from decimal import Decimal
from pathlib import Path
from statistics import median

import duckdb
import pytest

from pages.http import request_params
from pages.parts.figure_model import Figure
from pages.parts.text import euros_by_country, formatting
from pages.parts.ui import number_details
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, euros
from pipelines import releases
from pipelines.queries import euros as ask
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import Small

COMMITTED = {"stage": ("committed",)}


@pytest.fixture
def answers(store: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return request_params.answers()


def values(answers: ReleaseData, **chosen: tuple[str, ...]) -> Values:
    return {
        **{parameter.name: parameter.default for parameter in euros.parameters(answers)},
        **COMMITTED,
        **chosen,
    }


def drawn(answers: ReleaseData, **chosen: tuple[str, ...]) -> Figure:
    figure = FIGURES["countries"].make(answers, values(answers, **chosen))
    assert figure
    return figure


def test_every_member_state_has_its_population_and_gdp(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        "select indicator, count(*), sum(value) from country_indicators join countries on code = country where is_member group by all order by 1"
    ).fetchall()
    assert rows == [("gdp", 27, Decimal("18856300000000")), ("population", 27, Decimal("451991000"))]


def test_the_countries_add_to_the_net_of_all_lines_that_name_one(
    answers: ReleaseData, connection: duckdb.DuckDBPyConnection
) -> None:
    rows = drawn(answers, bodies=("in",)).rows
    (expected,) = connection.execute(
        """
        select sum(amount_eur) from ledger join programmes on code = programme
        where stage = 'committed' and basis = 'eu-contribution' and country is not null and (is_tracked or initiative is not null) and superseded_on is null
        """
    ).fetchone() or (None,)
    assert sum(rows["amount_eur"].dropna(), Decimal(0)) == expected
    assert rows["country"].is_unique


@pytest.mark.parametrize(
    ("per", "measure", "denominator"),
    [("person", "eur_per_person", "population"), ("gdp", "percent_of_gdp", "gdp_eur")],
)
def test_a_measure_is_the_amount_over_its_denominator_and_missing_without_one(
    answers: ReleaseData, per: str, measure: str, denominator: str
) -> None:
    figure = drawn(answers, per=(per,))
    factor = 100 if per == "gdp" else 1
    for row in figure.rows.to_dict("records"):
        if row[denominator] is None:
            assert row[measure] is None and not row["is_member"]
        elif row["amount_eur"] is not None:
            assert abs(row[measure] - factor * row["amount_eur"] / Decimal(row[denominator])) < Decimal(
                "0.000001"
            )
    lacking = figure.rows[figure.rows["amount_eur"].notna() & figure.rows[measure].isna()]
    assert (
        f"{len(lacking)}\u00a0countries have no data here, which does not mean zero." in figure.source
        and len(lacking) > 1
    )
    known = [value for value in figure.rows[measure] if value is not None]
    assert known == sorted(known, reverse=True) and len(known) < len(figure.rows)
    assert figure.rows[measure].iloc[-1] is None
    last = figure.table.iloc[-1]
    assert last[euros_by_country.columns(per)[measure]] == "no data"
    assert "Eurostat" in figure.source
    assert any("Eurostat" in source.words for source in figure.sources)
    middle, *of_countries = figure.values
    assert middle.label.startswith("Median of") and middle.said in figure.title
    assert all(
        "÷" in value.said or "the GDP of" in value.said or "no data" in value.said for value in of_countries
    )
    for row, value in zip(figure.rows.to_dict("records"), of_countries, strict=True):
        documents = [text for name, text in value.facts if name == "Divided by"]
        assert len(documents) == (row[measure] is not None)
        assert all("https://ec.europa.eu/eurostat/" in text and "published on" in text for text in documents)
    divided = next(value for value in of_countries if value.number)
    told = number_details.details(divided, answers)
    assert any("Eurostat" in source.words for source in told.sources)
    (number,) = answers.ask(dict(told.queries)["The number"]).to_dict("records")
    assert euros_by_country.worded(number[measure], per) in divided.said


def test_the_sum_and_the_median_of_the_title_have_cards(answers: ReleaseData) -> None:
    figure = drawn(answers)
    everything, middle, *of_countries = figure.values
    assert len(of_countries) == len(figure.rows)
    assert f"of {everything.said}; the median of" in figure.title and middle.said in figure.title
    told = number_details.details(everything, answers)
    exact = sum(figure.rows["amount_eur"].dropna(), Decimal(0))
    assert (
        f"They add up to €{formatting.plain_euros(exact)} in current prices." in dict(told.facts)["Entries"]
    )
    assert list(answers.ask(dict(told.queries)["The number"])["net_eur"]) == [exact]


def test_the_net_stands_beside_the_size_of_the_union_with_its_denominator(answers: ReleaseData) -> None:
    chosen = values(answers, per=("person",))
    net = euros.total(answers, chosen)["net_eur"]
    line = euros.sum_line(answers, chosen)[1]
    assert (
        f"€{net / Decimal(451_991_000):.2f} for each of 452.0 million people on 1 January 2026 in the 27\u00a0member states, Eurostat."
        in line
    )
    of_gdp = euros.sum_line(answers, values(answers, per=("gdp",)))[1]
    assert (
        "of €18,856\u00a0bn, the GDP of 2025 alone, while the amounts may cover several years, in the 27\u00a0member states, Eurostat."
        in of_gdp
    )
    assert "member states" not in euros.sum_line(answers, values(answers))[1]


def test_a_choice_in_which_no_entry_names_a_country_has_no_figure(answers: ReleaseData) -> None:
    assert FIGURES["countries"].make(answers, values(answers, stage=("paid",))) is None


@pytest.mark.slow
def test_without_the_figures_of_all_members_the_union_says_how_many_it_has(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.build()
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    assert releases.current(small.store)
    union = request_params.answers().read(ask.union_size())
    assert list(union["members"]) == [2, 2]
    assert "in the 2\u00a0member states" in euros_by_country.of_union(Decimal(100), union, "person")


def test_a_country_has_one_value_of_an_indicator_a_year(small: Small) -> None:
    row = small.row_of("eurostat", "indicators.csv", country="DE", indicator="population")
    small.add("eurostat", "indicators.csv", row, value="1")
    assert {finding.code for finding in small.refusal()} == {"duplicate-key"}


@pytest.mark.parametrize("per", euros_by_country.PER)
@pytest.mark.parametrize("stage", ["programmed", "committed", "contracted"])
def test_the_title_names_who_gets_the_most_and_no_seat_of_an_eu_body(
    answers: ReleaseData, stage: str, per: str
) -> None:
    figure = drawn(answers, stage=(stage,), per=(per,))
    assert not figure.title.startswith("Luxembourg") or stage != "committed"
    known = figure.rows[figure.rows[euros_by_country.MEASURES[per]].notna()]
    first = known.iloc[0]
    middle = euros_by_country.worded(median(known[euros_by_country.MEASURES[per]]), per)
    assert figure.title.startswith(f"{first['country_label']} has the most")
    assert euros_by_country.worded(first[euros_by_country.MEASURES[per]], per) in figure.title
    assert figure.title.endswith(f"the median of {len(known)}\u00a0countries is {middle}")
    if per == "country":
        total = formatting.euros(sum(known["amount_eur"], Decimal(0)), decimals=1)
        assert f" of {total};" in figure.title


def test_seats_of_eu_bodies_are_left_out_unless_the_address_asks(answers: ReleaseData) -> None:
    without, included = drawn(answers), drawn(answers, bodies=("in",))
    sums = [sum(figure.rows["amount_eur"].dropna(), Decimal(0)) for figure in (without, included)]
    (bodies,) = answers.read(ask.totals, Choice(stage="committed", located=True, bodies="only"))["net_eur"]
    assert bodies > 0 and sums[1] - sums[0] == bodies
    assert f"EU bodies are left out: {formatting.euros(bodies)} more goes to their seats" in without.subtitle
    assert f"Of which EU bodies: {formatting.euros(bodies)}, at their seats" in included.subtitle
