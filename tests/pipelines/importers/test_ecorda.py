"""eCORDA by country: totals are kept apart from countries, and nothing of it is in the ledger."""

import json
from pathlib import Path

import pytest

from pipelines.importers import ecorda
from pipelines.importers.base import Silent
from pipelines.importers.source_writer import import_source
from tests.conftest import Small
from tests.pipelines.importers.common import codes, rows
from tests.pipelines.importers.test_write_shipped_lines import ask


def of_year(country: str, funding: object, stage: str = "successful") -> dict[str, object]:
    return {
        "call_year": "2022",
        "framework": "Horizon Europe",
        "country_code": country,
        "stage": stage,
        "funding": funding,
        "project_number": 3.0,
        "number_involved": 4.0,
    }


BY_YEAR = [of_year("ESP", 10.5), of_year("GRC", 5.289999), of_year("ALL", 15.79), of_year("UE", 15.79)]
BY_PART = [
    {
        "country_code": "EL",
        "code_indic": "funding",
        "data": [{"programme_code": "HORIZON.2.4", "value_signed": 7.0}],
    }
]


def test_countries_and_groups_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "by_year_2025-12-02.json").write_text(json.dumps(BY_YEAR), "utf-8")
    (tmp_path / "by_part.json").write_text(json.dumps(BY_PART), "utf-8")
    imported = ecorda.read(sorted(tmp_path.iterdir()), Silent())
    part, spain, greece, everybody, _ = rows(imported, "countries.csv")
    assert codes(imported.findings) == []
    assert (part["part"], part["country"], part["stage"], part["dataset"]) == (
        "HORIZON.2.4",
        "EL",
        "signed",
        "ecorda/by-part",
    )
    assert (spain["country"], spain["eu_contribution_eur"], spain["projects"], spain["participations"]) == (
        "ES",
        "10.50",
        "3",
        "4",
    )
    assert (greece["country"], greece["eu_contribution_eur"]) == ("EL", "5.29")
    assert (everybody["country"], everybody["group_name"]) == ("", "all countries")
    assert str(imported.vintage) == "2025-12-02"


def test_what_is_no_amount_is_refused_and_half_cents_are_rounded(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([of_year("ESP", "many"), of_year("FRA", 1.325)]), "utf-8")
    findings = ecorda.read([tmp_path / "a.json"], Silent()).findings
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("not-euros", "error"),
        ("finer-than-cents", "note"),
    ]
    (tmp_path / "b.json").write_text('{"a": 1}', "utf-8")
    assert codes(ecorda.read([tmp_path / "b.json"], Silent()).findings) == ["nothing-read"]


@pytest.mark.slow
def test_the_newest_import_is_in_the_release_and_not_in_the_ledger(small: Small, tmp_path: Path) -> None:
    for number, table in enumerate((BY_YEAR, BY_YEAR[:3])):
        (tmp_path / f"{number}.json").write_text(json.dumps(table), "utf-8")
        import_source("ecorda", [str(tmp_path / f"{number}.json")], small.store)
    assert ask(
        small,
        "select count(*), sum(eu_contribution_eur) filter (country is not null)::varchar from country_totals",
    ) == [(3, "15.79")]
    assert ask(small, "select count(*) from ledger where source_id like 'ecorda-%'") == [(0,)]
