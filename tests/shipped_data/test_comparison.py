"""What is compared of the shipped release: bids one by one, prices of 2018 by the GDP deflator."""

from decimal import Decimal
from pathlib import Path

from pages.parts.views import FIGURES, comparison
from pipelines import frame_rows
from pipelines.queries import euros
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import opened

BIDS = """
    select stage, basis, site_id, count(*) as entries, max(amount_eur) as amount_eur
    from ledger
    where level = 'bid' and superseded_on is null and amount_eur is not null and site_id not in (
        select part_of from sites where part_of is not null
    )
    group by all having count(*) {number}
    order by all limit 1
"""


def test_amounts_of_a_bid_are_shown_one_by_one_and_never_added(store: Path, release_id: str) -> None:
    answers = opened(release_id, store)
    for number in ("= 1", "> 1"):
        [bid] = frame_rows.records(answers.ask(BIDS.format(number=number)))
        values = {parameter.name: parameter.default for parameter in comparison.parameters(answers)}
        values |= {"site": (bid["site_id"],), "stage": (bid["stage"],), "basis": (bid["basis"],)}
        made = FIGURES["compare_sites"].make(answers, values)
        assert made
        [row] = frame_rows.records(made.rows)
        assert row["is_bid"] and row["entries"] == bid["entries"] and row["percent_of_all"] is None
        if bid["entries"] == 1:
            assert row["amount_eur"] == bid["amount_eur"]
            assert "named in a bid; nothing is granted" in made.title
        else:
            assert row["amount_eur"] is None and "never added" in made.title
            assert list(made.table["Euros"]) == ["several amounts, never added"]


def test_the_gdp_deflator_is_named_and_gives_prices_of_2018(store: Path, release_id: str) -> None:
    answers = opened(release_id, store)
    index = comparison.DEFLATORS["gdp-2018"]
    rates = {row["year"]: row["rate"] for row in frame_rows.records(answers.read(euros.deflators, index))}
    assert rates[2018] == 1 and sorted(rates) == list(range(2018, max(rates) + 1))
    chosen = Choice("committed", programme=("horizon-2020",))
    by_year = {
        row["year"]: row["amount_eur"] for row in frame_rows.records(answers.read(euros.years, chosen))
    }
    values = {parameter.name: parameter.default for parameter in comparison.parameters(answers)}
    values |= {"programme": ("horizon-2020",), "prices": ("gdp-2018",)}
    made = FIGURES["compare_programmes"].make(answers, values)
    assert made and "GDP deflator of the European Union (World Bank)" in made.subtitle
    assert any("data.worldbank.org" in source.url for source in made.sources)
    [row] = frame_rows.records(made.rows)
    wanted = sum(amount / rates[year] for year, amount in by_year.items())
    assert abs(row["constant_eur"] - wanted) <= Decimal("0.01") * len(by_year)
