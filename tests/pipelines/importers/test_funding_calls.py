"""Lists of calls of the Funding & Tenders portal, day by day."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

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


def grant(number: int, **fields: Any) -> dict[str, Any]:
    """A call as a feed of grants has it."""
    return {
        "id": f"{number}TOPICSen",
        "identifier": f"DIGITAL-2026-SKILLS-10-{number}",
        "title": f"Skills %26 more {number}",
        "callIdentifier": "DIGITAL-2026-SKILLS-10",
        "status": {"id": "31094501", "label": "Forthcoming"},
        "kind": {"id": "1", "label": "Grant"},
        "startDate": "2026-09-01T00:00:00.000Z",
        "deadlineDate": "2026-11-17T00:00:00.000Z",
        "budget": {"totalBudgetEur": 12500000, "years": ["2026"]},
        **fields,
    }


def feed(*grants: dict[str, Any]) -> dict[str, Any]:
    return {
        "generatedAt": "2026-08-22T05:41:38.000Z",
        "facets": {},
        "summary": {"total": 9},
        "grants": [*grants],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_feed_of_grants_is_read_in_any_unicode(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "grants.json"
    path.write_text(json.dumps(feed(grant(1), grant(2, budget=None))), encoding)
    imported = funding_calls.read([path], Silent())
    first, second = rows(imported, "calls.csv")
    assert codes(imported.findings) == []
    assert (first["title"], first["call"], first["status"], first["listed_on"]) == (
        "Skills & more 1",
        "DIGITAL-2026-SKILLS-10",
        "Forthcoming",
        "2026-08-22",
    )
    assert (first["budget_eur"], second["budget_eur"], first["closes_on"]) == (
        "12500000.00",
        "",
        "2026-11-17",
    )


def test_a_packed_feed_is_unpacked_and_a_cut_one_refused(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(feed(grant(1))).encode())
    (tmp_path / "a.json.gz").write_bytes(whole)
    (tmp_path / "b.json.gz").write_bytes(whole[:-20])
    assert len(rows(funding_calls.read([tmp_path / "a.json.gz"], Silent()), "calls.csv")) == 1
    assert codes(funding_calls.read([tmp_path / "b.json.gz"], Silent()).findings) == ["json-unreadable"]


def test_a_call_that_passes_money_on_has_its_own_title(tmp_path: Path) -> None:
    cascade = {"identifier": "DIGITAL-2022-X", "title": "Parent", "kind": {"label": "Cascade funding calls"}}
    calls = [grant(1, **cascade, callTitle="Own"), grant(2, **cascade, callTitle="Own"), grant(3, **cascade)]
    (tmp_path / "grants.json").write_text(json.dumps(feed(*calls)), "utf-8")
    imported = funding_calls.read([tmp_path / "grants.json"], Silent())
    assert {line["title"] for line in rows(imported, "calls.csv")} == {
        "Own (1TOPICSen)",
        "Own (2TOPICSen)",
        "Parent",
    }


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", ";"), ("utf-16", ";"), ("utf-16", "\t")])
def test_a_table_of_calls_is_read_with_its_histories(tmp_path: Path, encoding: str, mark: str) -> None:
    lines = [
        "reference;identifier;title;lastStatus;startDate;deadlineDate;totalBudgetEur;firstSeen;lastSeen;budgetHistory",
        "1TOPICSen;HORIZON-JU-EUROHPC-2026-QML-07-01;Quänten;Forthcoming;2026-09-01;2027-01-19;6000000;2026-03-13;2026-08-22;3000000 > 6000000",
        "2TOPICSen;CEF-DIG-2026-WORKS;Works;Open for submission;2026-04-01;2026-09-30;;2026-03-13;2026-07-01;",
    ]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(lines).replace(";", mark) + "\n", encoding)
    imported = funding_calls.read([path], Silent())
    works, machine = rows(imported, "calls.csv")
    assert codes(imported.findings) == []
    assert (machine["title"], machine["budget_eur"], machine["budget_history"]) == (
        "Quänten",
        "6000000.00",
        "3000000 > 6000000",
    )
    assert (works["programme"], works["listed_on"], works["first_listed_on"]) == (
        "cef-digital",
        "2026-07-01",
        "2026-03-13",
    )


def test_a_table_without_topics_or_without_a_day_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,budget\nX,1\n", "utf-8")
    (tmp_path / "b.csv").write_text("identifier,title\nHORIZON-X,X\n", "utf-8")
    (tmp_path / "c_2026-01-01.csv").write_text("topicId,topicTitle\n0,X\nHORIZON-X,X\n", "utf-8")
    findings = funding_calls.read(sorted(tmp_path.iterdir()), Silent()).findings
    assert codes(findings) == ["column-missing", "no-day", "required-missing"]


def test_the_day_of_answers_is_when_they_were_indexed_and_news_are_no_calls(tmp_path: Path) -> None:
    fields = {
        "identifier": ["HORIZON-X"],
        "title": ["X"],
        "esDA_IngestDate": ["2025-10-04T04:12:41.938+0200"],
    }
    results = [
        {"metadata": fields | {"type": ["1"], "status": ["31094502"]}},
        {"metadata": fields | {"type": ["6"]}},
    ]
    (tmp_path / "answer.json").write_text(json.dumps({"results": results}), "utf-8")
    (line,) = rows(funding_calls.read([tmp_path / "answer.json"], Silent()), "calls.csv")
    assert (line["listed_on"], line["status"]) == ("2025-10-04", "Open for submission")
