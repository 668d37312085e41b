"""Lists of calls of the Funding & Tenders portal, day by day."""

import json
from pathlib import Path

from pipelines.importers import funding_calls
from pipelines.importers.base import Silent
from tests.pipelines.importers.common import FIXTURES, codes, rows


def test_calls_cut_lists_each_call_once_a_day() -> None:
    imported = funding_calls.read([FIXTURES / "calls_2026-05-11.json"], Silent())
    lines = {line["topic"]: line for line in rows(imported, "calls.csv")}
    assert (codes(imported.findings), len(lines)) == ([], 5)
    assert lines["HORIZON-WIDERA-2027-01-WIDENING-01"]["budget_eur"] == "500000.00"
    assert lines["HORIZON-MSCA-2027-DN-01-01"]["budget_eur"] == ""
    assert lines["HORIZON-EURATOM-LS-2026-01-02"]["programme"] == "other-eu"
    assert lines["HORIZON-CL2-2027-01-TRANSFO-05"]["ai_rule"] == "words-artificial-intelligence"


def test_calls_of_the_search_service_are_read(tmp_path: Path) -> None:
    overview = {
        "budgetTopicActionMap": {
            "1": [
                {
                    "action": "DIGITAL-2026-AI-09 - Call",
                    "budgetYearMap": {"2026": "2000000", "2027": "500000.5"},
                },
                {"action": "Other", "budgetYearMap": {"2026": "9"}},
            ]
        }
    }
    fields = {
        "identifier": ["DIGITAL-2026-AI-09"],
        "title": ["Apply AI"],
        "startDate": ["2026-03-04T00:00:00.000+0000"],
        "deadlineDate": ["2026-04-29T00:00:00.000+0000", "2026-09-17T00:00:00.000+0000"],
        "budgetOverview": [json.dumps(overview)],
        "language": ["en"],
    }
    (tmp_path / "search_2026-05-11.json").write_text(
        json.dumps({"totalResults": 1, "results": [{"metadata": fields, "url": "https://x"}]}), "utf-8"
    )
    imported = funding_calls.read([tmp_path / "search_2026-05-11.json"], Silent())
    (line,) = rows(imported, "calls.csv")
    assert (line["opens_on"], line["closes_on"], line["budget_eur"]) == (
        "2026-03-04",
        "2026-09-17",
        "2500000.50",
    )
    assert (line["programme"], line["listed_on"], line["ai_scope"]) == (
        "digital-europe",
        "2026-05-11",
        "broad",
    )


def test_calls_without_a_day_or_with_a_third_decimal_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"code": "HORIZON-X", "name": "X"}]', "utf-8")
    (tmp_path / "b_2026-01-01.json").write_text(
        '[{"code": "HORIZON-X", "name": "X", "budget": "1.005"}, {"name": "Y"}]', "utf-8"
    )
    findings = funding_calls.read([tmp_path / "a.json", tmp_path / "b_2026-01-01.json"], Silent()).findings
    assert codes(findings) == ["no-day", "third-decimal", "required-missing"]
