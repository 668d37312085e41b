"""The EIF's funds under InvestEU, and the rates at which their commitments become euros."""

import zipfile
from pathlib import Path

import pytest

from pipelines.importers import ecb, investeu
from pipelines.importers.base import Silent
from pipelines.importers.source_writer import import_source
from tests.conftest import Small
from tests.pipelines.importers.common import codes, rows
from tests.pipelines.importers.test_write_shipped_lines import ask

FUNDS = """country,fund_name,fund_manager,financial_product,target_area,support_type,commitment_eur,currency,address
Sweden,Nord Fund,Some One,EIF CMU,Artificial Intelligence (AI);Space,Venture Capital,1099.50,SEK,Street 1
Austria,Berg &amp; Tal,Some One,,Growth,Private Equity,15000000.0,EUR,Street 2
"""
RATES = """Date,USD,SEK,HRK,
2026-04-01,1.1605,10.888,N/A,
2026-03-30,1.1484,10.995,N/A,
2026-03-27,1.15,10.9,7.5,
"""


def funds(path: Path, text: str = FUNDS) -> Path:
    path.write_text(text, "utf-8-sig")
    return path


def test_funds_are_read_without_managers_and_addresses(tmp_path: Path) -> None:
    imported = investeu.read([funds(tmp_path / "funds_2026-03-31.csv")], Silent())
    nord, berg = rows(imported, "intermediaries.csv")
    assert codes(imported.findings) == []
    assert (nord["amount_original"], nord["currency"], nord["country"], nord["ai_scope"]) == (
        "1099.50",
        "SEK",
        "SE",
        "not-split",
    )
    assert (berg["fund"], berg["ai_scope"], berg["listed_on"]) == ("Berg & Tal", "outside", "2026-03-31")
    assert "Some One" not in str(nord) and "Street" not in str(nord)


def test_a_wrong_currency_amount_or_table_is_refused(tmp_path: Path) -> None:
    wrong = FUNDS.replace("SEK", "kronor").replace("15000000.0", "viele")
    assert codes(investeu.read([funds(tmp_path / "f_2026-03-31.csv", wrong)], Silent()).findings) == [
        "not-a-currency",
        "not-euros",
    ]
    table = funds(tmp_path / "g_2026-03-31.csv", "country,fund_name,target_area,currency\nSweden,N,,SEK\n")
    assert codes(investeu.read([table], Silent()).findings) == ["column-missing"]


def test_rates_are_read_from_the_zip_and_from_the_table_of_one_day(tmp_path: Path) -> None:
    (tmp_path / "eurofxref-hist.csv").write_text(RATES, "utf-8")
    (tmp_path / "eurofxref.csv").write_text("Date, USD, SEK, \n01 April 2026, 1.16050, 10.888, \n", "utf-8")
    imported = ecb.read(sorted(tmp_path.iterdir()), Silent())
    lines = rows(imported, "rates.csv")
    assert (codes(imported.findings), len(lines), str(imported.vintage)) == ([], 7, "2026-04-01")
    assert lines[-1] == {"dataset": "ecb/daily", "day": "2026-04-01", "currency": "USD", "rate": "1.1605"}


def test_rates_that_disagree_or_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(RATES, "utf-8")
    (tmp_path / "b.csv").write_text("Date,USD,SEK\n2026-04-01,1.2,0\nsoon,1,1\n", "utf-8")
    (tmp_path / "c.csv").write_text("Day,Dollar\n2026-04-01,1\n", "utf-8")
    findings = ecb.read(sorted(tmp_path.iterdir()), Silent()).findings
    assert sorted(codes(findings)) == ["column-missing", "not-a-day", "not-a-rate", "rate-differs"]


CONVERTED = (
    "select amount_eur::varchar, currency, rate::double, confidence, stage, basis, instrument "
    "from ledger where dataset = 'investeu/eif' order by amount_eur"
)


@pytest.mark.slow
def test_another_currency_becomes_euros_at_the_rate_of_the_day_of_the_list(
    small: Small, tmp_path: Path
) -> None:
    (tmp_path / "eurofxref-hist.csv").write_text(RATES, "utf-8")
    with zipfile.ZipFile(tmp_path / "eurofxref-hist.zip", "w") as bundle:
        bundle.write(tmp_path / "eurofxref-hist.csv", "eurofxref-hist.csv")
    import_source("ecb", [str(tmp_path / "eurofxref-hist.zip")], small.store)
    import_source("investeu", [str(funds(tmp_path / "funds_2026-03-31.csv"))], small.store)
    own = ("committed", "own-financing", "equity")
    assert ask(small, CONVERTED) == [
        ("100.00", "SEK", 10.995, "calculated", *own),
        ("15000000.00", None, None, "stated", *own),
    ]
    assert ask(small, "select formula from ledger where currency = 'SEK'") == [
        ("1099.50 SEK / 10.995, the ECB rate of 2026-03-30",)
    ]


@pytest.mark.slow
def test_without_a_rate_the_euros_are_not_known(small: Small, tmp_path: Path) -> None:
    import_source("investeu", [str(funds(tmp_path / "funds_2019-03-31.csv"))], small.store)
    assert ask(
        small,
        "select amount_eur is null, note like '%Stated in SEK%' from ledger where dataset = 'investeu/eif' order by all",
    ) == [(False, False), (True, True)]


def test_the_same_bytes_give_nothing_new(tmp_path: Path) -> None:
    path = funds(tmp_path / "funds_2026-03-31.csv")
    assert import_source("investeu", [str(path)], tmp_path / "store").is_new
    assert not import_source("investeu", [str(path)], tmp_path / "store").is_new
