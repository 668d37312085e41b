"""The Compare page: each thing is counted by itself, missing is never zero, and unlike euros never meet."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.http import request_params
from pages.parts.figure_model import Figure
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, comparison
from pipelines import frame_rows
from pipelines.queries import euros
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData


@pytest.fixture(scope="module")
def answers(store: Path) -> Iterator[ReleaseData]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        yield request_params.answers()


def values(answers: ReleaseData, **chosen: tuple[str, ...]) -> Values:
    return {parameter.name: parameter.default for parameter in comparison.parameters(answers)} | chosen


def figure(answers: ReleaseData, what: str, **chosen: tuple[str, ...]) -> Figure:
    made = FIGURES[comparison.FIGURE_OF[what]].make(answers, values(answers, **chosen))
    assert made
    return made


def rows(answers: ReleaseData, what: str, **chosen: tuple[str, ...]) -> dict[str, dict[Any, Any]]:
    records = frame_rows.records(figure(answers, what, **chosen).rows)
    return {row[comparison.COLUMN[what]]: row for row in records}


@pytest.mark.parametrize("what", ["programme", "initiative"])
@pytest.mark.parametrize("stage", ["announced", "programmed", "committed", "contracted"])
def test_what_is_compared_has_the_net_of_its_own_page_and_a_part_of_the_total(
    what: str, stage: str, answers: ReleaseData
) -> None:
    codes = tuple(answers.labels(f"{what}s"))
    for first in range(0, len(codes), comparison.MOST):
        chosen = codes[first : first + comparison.MOST]
        for code, row in rows(answers, what, **{what: chosen}, stage=(stage,)).items():
            alone = Choice(stage=stage, basis="eu-contribution", **{what: (code,)})  # type: ignore[arg-type]
            assert row["amount_eur"] == answers.row(euros.totals, alone)["net_eur"], code
            every = answers.row(euros.totals, Choice(stage=stage, tracked=False))["net_eur"]
            assert row["all_eur"] == every
            if row["amount_eur"] is None:
                assert row["percent_of_all"] is None
            else:
                assert abs(row["percent_of_all"] - 100 * row["amount_eur"] / every) < Decimal("1e-6")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_amount_does_not_depend_on_what_stands_beside_it(
    data: st.DataObject, answers: ReleaseData
) -> None:
    what = data.draw(st.sampled_from(["programme", "initiative", "site"]))
    allowed = next(p.allowed for p in comparison.parameters(answers) if p.name == what)
    codes = tuple(data.draw(st.lists(st.sampled_from(allowed), min_size=2, max_size=6, unique=True)))
    kind = {
        "stage": (data.draw(st.sampled_from(["announced", "programmed", "committed", "contracted"])),),
        "basis": (data.draw(st.sampled_from(["eu-contribution", "total-cost", "national-contribution"])),),
    }
    together = rows(answers, what, **{what: codes}, **kind)
    assert set(together) == set(codes)
    for code in codes:
        assert rows(answers, what, **{what: (code,)}, **kind)[code] == together[code]
        share = together[code]["percent_of_all"]
        assert share is None or 0 <= share <= 100


def test_member_states_are_shares_of_what_they_have_together(answers: ReleaseData) -> None:
    members = frame_rows.records(
        answers.read(euros.countries, Choice("committed", located=True, bodies="out"))
    )
    total = sum(row["amount_eur"] for row in members if row["is_member"] and row["amount_eur"] is not None)
    found = rows(answers, "country", country=("DE", "FR", "CH"))
    assert {row["eu_eur"] for row in found.values()} == {total}
    assert found["CH"]["percent_of_eu"] is None and found["CH"]["amount_eur"] is not None
    part = 100 * found["DE"]["amount_eur"] / total
    assert abs(found["DE"]["percent_of_eu"] - part) < Decimal("1e-6")


def test_prices_of_2018_are_the_sums_of_each_year_over_the_index(answers: ReleaseData) -> None:
    rates = {row["year"]: row["rate"] for row in frame_rows.records(answers.read(euros.deflators))}
    chosen = Choice("committed", programme=("horizon-europe",))
    by_year = {
        row["year"]: row["amount_eur"] for row in frame_rows.records(answers.read(euros.years, chosen))
    }
    row = rows(answers, "programme", programme=("horizon-europe",), prices=("constant-2018",))
    assert sum(by_year.values()) == row["horizon-europe"]["amount_eur"]
    wanted = sum(amount / rates[year] for year, amount in by_year.items())
    assert abs(row["horizon-europe"]["constant_eur"] - wanted) <= Decimal("0.01") * len(by_year)
    assert row["horizon-europe"]["dateless_eur"] is None


def test_a_release_without_the_deflator_says_so(answers: ReleaseData) -> None:
    made = figure(answers, "country", prices=("gdp-2018",))
    assert made.rows["constant_eur"].isna().all()
    assert "This release does not hold this deflator" in made.subtitle


def test_what_has_no_year_has_no_sum_in_2018_prices_and_says_so(answers: ReleaseData) -> None:
    chosen = {"programme": ("digital-europe",), "stage": ("committed",), "prices": ("constant-2018",)}
    made = figure(answers, "programme", **chosen)
    [row] = frame_rows.records(made.rows)
    assert row["constant_eur"] is None and row["dateless_eur"] == row["amount_eur"]
    assert "has no year that the deflator knows" in made.subtitle
    assert "Article 4(2) of Regulation 2020/2093" in made.subtitle
    assert list(made.table["Euros in prices of 2018"]) == ["no data"]


def test_current_euros_say_nothing_of_other_money(answers: ReleaseData) -> None:
    made = figure(answers, "country")
    assert made.rows[["constant_eur", "currency", "currency_amount", "rate"]].isna().all(axis=None)
    assert "2018" not in made.subtitle and "ECB" not in made.subtitle


def test_another_currency_has_its_dated_rate_beside_it(answers: ReleaseData) -> None:
    made = figure(answers, "country", currency=("USD",))
    rate = next(row for row in frame_rows.records(answers.read(euros.rates)) if row["quote"] == "USD")
    for row in frame_rows.records(made.rows):
        assert (row["rate"], row["rate_day"]) == (rate["rate"], rate["period_start"])
        assert abs(row["currency_amount"] - row["amount_eur"] * rate["rate"]) <= Decimal("0.01")
    assert f"{rate['period_start'].year}: €1 = " in made.subtitle
    assert "In USD" in made.table.columns


def test_missing_is_no_data_and_never_zero(answers: ReleaseData) -> None:
    made = figure(answers, "site", site=("jupiter", "mimer"), stage=("committed",))
    by_name = dict(zip(made.table["Site"], made.table["Euros"], strict=True))
    assert by_name["MIMER AI Factory"] == "no data"
    drawn = made.draw("light", "wide").figure()
    hatched = [bar for bar in drawn.data if bar.marker.pattern.shape]
    assert hatched and "no data, length is not to scale" in [mark.meaning for mark in made.key("light")]


@pytest.mark.parametrize("what", list(comparison.FIGURE_OF))
def test_a_choice_without_money_is_explained_with_ways_that_lead_to_some(
    what: str, answers: ReleaseData
) -> None:
    said = comparison.words(answers, values(answers, what=(what,), stage=("paid",), basis=("provisioning",)))
    assert said.nothing and "is published for" in said.nothing.strong and said.nothing.ways
    for _, kind in said.nothing.ways:
        there = {"what": (what,), **{name: (code,) for name, code in kind.items()}}
        assert comparison.words(answers, values(answers, **there)).nothing is None


def test_a_figure_of_more_than_six_or_none_is_not_drawn(answers: ReleaseData) -> None:
    for codes in ((), tuple(answers.labels("countries"))[:7]):
        assert FIGURES["compare"].make(answers, values(answers, country=codes)) is None
        assert not comparison.words(answers, values(answers, country=codes)).is_comparable
