"""GDP and population from the bulk tables of Eurostat, beside those that ship."""

import gzip
from pathlib import Path

import pytest

from pipelines.importers import eurostat
from pipelines.importers.base import Silent
from pipelines.importers.source_writer import import_source
from tests.conftest import Small
from tests.pipelines.importers.common import codes, rows
from tests.pipelines.importers.test_write_shipped_lines import ask

GDP = (
    "freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \n"
    "A,MIO_EUR,BE\t500000.5 p\t: \n"
    "A,MIO_EUR,BE1\t90000 \t91000 \n"
    "A,MIO_EUR,EU27_2020\t1 \t2 \n"
    "A,EUR_HAB,BE\t43000 \t44000 \n"
    "A,MIO_EUR,EL\t180000 e\t206620 \n"
)
PEOPLE = "freq,unit,age,sex,geo\\TIME_PERIOD\t2022 \nA,NR,TOTAL,T,BE\t11617623 \nA,NR,TOTAL,F,BE\t5895238 \n"


def test_countries_are_read_without_regions_remarks_and_gaps(tmp_path: Path) -> None:
    (tmp_path / "estat_nama_10r_3gdp_2024-05-24.tsv").write_text(GDP, "utf-8")
    (tmp_path / "demo_pjan_2024-05-24.tsv.gz").write_bytes(gzip.compress(PEOPLE.encode()))
    imported = eurostat.read(sorted(tmp_path.iterdir()), Silent())
    found = {
        (line["country"], line["indicator"], line["year"]): line["value"]
        for line in rows(imported, "indicators.csv")
    }
    assert codes(imported.findings) == []
    assert found == {
        ("BE", "population", "2022"): "11617623",
        ("BE", "gdp", "2021"): "500000500000.0",
        ("EL", "gdp", "2021"): "180000000000",
        ("EL", "gdp", "2022"): "206620000000",
    }
    assert {line["dataset"] for line in rows(imported, "indicators.csv")} == {
        "eurostat/demo_pjan",
        "eurostat/nama_10r_3gdp",
    }
    assert str(imported.vintage) == "2024-05-24"


def test_a_table_without_its_head_or_with_a_wrong_value_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a_2024-01-01.tsv").write_text("unit,time\t2021\nX,1\t2\n", "utf-8")
    (tmp_path / "b_2024-01-01.tsv").write_text(GDP.replace("206620", "much"), "utf-8")
    (tmp_path / "c_2024-01-01.tsv.gz").write_bytes(gzip.compress(GDP.encode())[:-9])
    findings = eurostat.read(sorted(tmp_path.iterdir()), Silent()).findings
    assert codes(findings) == ["column-missing", "not-a-number", "not-a-table"]


@pytest.mark.slow
def test_our_own_values_stay_and_other_years_are_added(small: Small, tmp_path: Path) -> None:
    own = small.rows("eurostat", "indicators.csv")[0]
    year = int(own["year"])
    text = (
        f"freq,unit,age,sex,geo\\TIME_PERIOD\t{year - 1} \t{year} \nA,NR,TOTAL,T,{own['country']}\t7 \t8 \n"
    )
    (tmp_path / "demo_pjan_2026-09-01.tsv").write_text(text, "utf-8")
    import_source("eurostat", [str(tmp_path / "demo_pjan_2026-09-01.tsv")], small.store)
    assert own["indicator"] == "population"
    values = (
        "select year, value::bigint from country_indicators where indicator = 'population' and country = "
    )
    assert ask(small, f"{values}'{own['country']}' order by year")[:2] == [
        (year - 1, 7),
        (year, int(own["value"])),
    ]
