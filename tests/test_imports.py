"""Published bulk files come in whole, exact to the cent, once; bad ones are refused with a letter and nothing changes."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape

import duckdb
import pyarrow as pa
import pytest

from pipelines.checks import Refused
from pipelines.imports import calls, cells, cordis, coverage, fetch, fts, places, store
from pipelines.imports.imported import Imported, Silent
from pipelines.imports.relevance import read_definition
from pipelines.imports.sums import line_sums
from pipelines.schema import metadata
from pipelines.shapes import SHAPES

FIXTURES = Path(__file__).parent / "fixtures" / "imports"
REAL = Path(__file__).parents[2] / "shared" / "data" / "real"
SQL = Path(__file__).parents[1] / "pipelines" / "sql"
SHIPPED = Path(__file__).parents[1] / "data" / "sources" / "published-sums"

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the publishers' own files (../shared/data/real) are not here")


def rows(imported: Imported, file: str) -> list[dict[str, str]]:
    return [{name: value or "" for name, value in row.items()} for row in imported.files[file].to_pylist()]


def total(lines: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(line[column]) for line in lines if line[column]), Decimal(0))


def codes(findings: object, severity: str = "error") -> list[str]:
    return [finding.code for finding in findings if finding.severity == severity]  # type: ignore[attr-defined]


def workbook(path: Path, table: list[list[object]], far_cell: str = "") -> Path:
    """A workbook as small as one can be."""

    def cell(at: str, value: object) -> str:
        if isinstance(value, int | float):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    def letters(place: int) -> str:
        return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)

    lines = [
        f'<row r="{number}">{"".join(cell(f"{letters(place)}{number}", value) for place, value in enumerate(row))}</row>'
        for number, row in enumerate(table, start=1)
    ]
    lines += [f'<row r="1048576">{cell(far_cell, "far")}</row>'] if far_cell else []
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        parts.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{''.join(lines)}</sheetData></worksheet>")
        parts.writestr("docProps/core.xml", "<p><dcterms:created>2025-02-26T10:37:55Z</dcterms:created></p>")
    return path


# --- the publishers' own sums ----------------------------------------------------------------------------------------------------------


@needs_real
def test_fts_comes_out_to_the_cent() -> None:
    imported = fts.read([REAL / "fts-cnect" / f"FTS_CNECT_{year}.xlsx" for year in (2020, 2021)], Silent())
    assert codes(imported.findings) == []
    lines = rows(imported, "commitment_lines.csv")
    of = {year: [line for line in lines if line["dataset"] == f"fts/{year}/CNECT"] for year in ("2020", "2021")}
    assert (len(of["2020"]), total(of["2020"], "amount_eur")) == (10_253, Decimal("2803228431.34"))
    assert (len(of["2021"]), total(of["2021"], "amount_eur")) == (1_755, Decimal("1054767243.05"))
    programmes = {
        programme: (len(own), round(total(own, "amount_eur")))
        for programme in ("horizon-europe", "digital-europe", "cef-digital")
        for own in [[line for line in of["2021"] if line["programme"] == programme]]
    }
    assert programmes == {"horizon-europe": (781, 445_864_265), "digital-europe": (324, 362_680_768), "cef-digital": (86, 108_078_525)}


@needs_real
def test_cordis_comes_out_to_the_cent_from_whatever_is_in_the_folder() -> None:
    imported = cordis.read(sorted((REAL / "cordis-he-2025-02").iterdir()), Silent())
    assert codes(imported.findings) == []
    projects = rows(imported, "projects.csv")
    known = [project for project in projects if project["eu_contribution_eur"]]
    assert (len(projects), len(known), total(projects, "eu_contribution_eur")) == (15_341, 14_743, Decimal("42473862909.96"))
    strict = [project for project in projects if project["ai_scope"] == "strict"]
    assert (len(strict), total(strict, "eu_contribution_eur")) == (883, Decimal("2353165970.79"))
    assert sum(bool(project["eu_contribution_eur"]) for project in strict) == 845
    digital = [project for project in projects if project["programme_part"] == "HORIZON.2.4"]
    assert round(total(digital, "eu_contribution_eur")) == 7_310_093_959
    assert str(imported.vintage) == "2025-02-26"


@needs_real
def test_calls_are_read_from_three_days_of_lists() -> None:
    imported = calls.read(sorted((REAL / "funding-tenders-calls").iterdir()), Silent())
    lines = rows(imported, "calls.csv")
    days = {day: sum(line["listed_on"] == day for line in lines) for day in ("2026-04-27", "2026-05-04", "2026-05-11")}
    assert (codes(imported.findings), days) == ([], {"2026-04-27": 521, "2026-05-04": 512, "2026-05-11": 532})
    assert sum(not line["budget_eur"] for line in lines if line["listed_on"] == "2026-05-11") > 0


@needs_real
def test_importing_is_quick(tmp_path: Path) -> None:
    started = time.monotonic()
    store.import_source("fts", [str(REAL / "fts-cnect")], tmp_path)
    assert time.monotonic() - started < 10
    started = time.monotonic()
    store.import_source("cordis", [str(REAL / "cordis-he-2025-02")], tmp_path)
    assert time.monotonic() - started < 20


@needs_real
def test_shipped_sums_are_those_of_the_files(tmp_path: Path) -> None:
    store.import_source("fts", [str(REAL / "fts-cnect")], tmp_path)
    store.import_source("cordis", [str(REAL / "cordis-he-2025-02")], tmp_path)
    with (SHIPPED / "sums.csv").open(encoding="utf-8", newline="") as stream:
        shipped = list(csv.DictReader(stream))
    assert shipped == line_sums((tmp_path / "sources").iterdir())


def test_shipped_sums_hold_the_published_totals() -> None:
    with (SHIPPED / "sums.csv").open(encoding="utf-8", newline="") as stream:
        shipped = list(csv.DictReader(stream))
    sums = {
        dataset: total([row for row in shipped if row["dataset"] == dataset], "amount_eur")
        for dataset in {row["dataset"] for row in shipped}
    }
    assert sums == {
        "fts/2020/CNECT": Decimal("2803228431.34"),
        "fts/2021/CNECT": Decimal("1054767243.05"),
        "cordis/HORIZON": Decimal("42473862909.96"),
    }
    about = tomllib.loads((SHIPPED / "source.toml").read_text("utf-8"))
    assert about["file"]["sums.csv"]["sha256"] == hashlib.sha256((SHIPPED / "sums.csv").read_bytes()).hexdigest()


# --- the Financial Transparency System -------------------------------------------------------------------------------------------------

EXPORT = [
    "Year",
    "Reference (Budget)",
    "Subject of grant or contract",
    "Name of beneficiary",
    "VAT number of beneficiary",
    "Beneficiary country",
    "Beneficiary’s contracted amount (EUR)",
    "Commitment contracted amount (EUR)",
    "Programme name",
    "Responsible department",
    "Project start date",
    "Project end date",
]
YEARLY = [
    "Year",
    "Budget",
    "Reference of the Legal Commitment (LC)",
    "Reference (Budget)",
    "Name of beneficiary",
    "VAT number of beneficiary",
    "Not-for-profit organisation (NFPO)",
    "Non-governmental organisation (NGO)",
    "Coordinator",
    "Address",
    "City",
    "Postal code",
    "Beneficiary country",
    "NUTS2",
    "Geographical Zone",
    "Action location",
    "Beneficiary’s contracted amount (EUR)",
    "Beneficiary’s estimated contracted amount (EUR)",
    "Beneficiary’s estimated consumed amount (EUR)",
    "Commitment contracted amount (EUR) (A)",
    "Additional/Reduced amount (EUR) (B)",
    "Commitment  total amount (EUR) (A+B)",
    "Commitment consumed amount (EUR)",
    "Source of (estimated) detailed amount",
    "Expense type",
    "Subject of grant or contract",
    "Responsible department",
    "Budget line number",
    "Budget line name",
    "Programme name",
    "Funding type",
    "Beneficiary Group Code",
    "Beneficiary type",
    "Project start date",
    "Project end date",
    "Type of contract*",
    "Management type",
    "Benefiting country",
]
LINE = {
    "Year": 2023,
    "Reference (Budget)": "JAG.1.1",
    "Subject of grant or contract": "101099693 - A PROJECT",
    "Name of beneficiary": "¿ACADEMIA*ACADEMY*",
    "Beneficiary country": "Czech Republic",
    "Beneficiary’s contracted amount (EUR)": 1200.5,
    "Commitment contracted amount (EUR)": 5000,
    "Programme name": "1.0.23 - Digital Europe Programme",
    "Responsible department": "CNECT - Directorate-General for Communications Networks",
    "Project start date": 45292,
    "Project end date": "31/12/2025",
}


def export(path: Path, *lines: dict[str, object], header: list[str] = EXPORT) -> Path:
    return workbook(path, [header, *([({**LINE, **line}).get(name, "-") for name in header] for line in lines)])


def test_fts_cut_keeps_the_sum_of_shares_below_the_cent() -> None:
    imported = fts.read([FIXTURES / "fts_cnect_2021.csv"], Silent())
    lines = rows(imported, "commitment_lines.csv")
    with (FIXTURES / "fts_cnect_2021.csv").open(encoding="utf-8", newline="") as stream:
        published = [Decimal(row["Beneficiary’s contracted amount (EUR)"]) for row in csv.DictReader(stream, delimiter=";")]
    assert sum(published).quantize(Decimal("0.01")) == total(lines, "amount_eur")
    assert all(abs(Decimal(line["amount_eur"]) - amount) < Decimal("0.01") for line, amount in zip(lines, published, strict=True))
    assert list(lines[0]) == list(SHAPES["commitment_line"])
    assert {line["country"] for line in lines} == {"BE", "FR", "UK", "EL", "IE", "DE", "SE"}
    assert lines[3]["beneficiary"] == "OBSERVATOIRE EUROPEEN DE L'AUDIOVISUEL"


def test_fts_yearly_file_is_read_by_its_columns(tmp_path: Path) -> None:
    line = {
        "Commitment contracted amount (EUR) (A)": "5,000",
        "Budget line name": "Artificial intelligence",
        "Beneficiary’s contracted amount (EUR)": "1,200.50",
    }
    imported = fts.read([export(tmp_path / "2023_FTS_dataset_en.xlsx", line, header=YEARLY)], Silent())
    assert codes(imported.findings) == []
    (read,) = rows(imported, "commitment_lines.csv")
    assert (read["dataset"], read["amount_eur"], read["commitment_eur"]) == ("fts/2023/CNECT", "1200.50", "5000.00")
    assert (read["beneficiary"], read["country"], read["programme"]) == ("ACADEMIA", "CZ", "digital-europe")
    assert (read["period_start"], read["period_end"]) == ("2024-01-01", "2025-12-31")
    assert (read["ai_scope"], read["ai_rule"]) == ("strict", "ai-budget-line")


def test_fts_masked_amount_is_not_published_and_never_zero(tmp_path: Path) -> None:
    masked = {"Beneficiary’s contracted amount (EUR)": "*****", "Name of beneficiary": "*****", "Beneficiary country": "*****"}
    imported = fts.read([export(tmp_path / "a.xlsx", masked, {})], Silent())
    assert codes(imported.findings) == []
    hidden, shown = rows(imported, "commitment_lines.csv")
    assert (hidden["amount_eur"], hidden["beneficiary"], hidden["country"], shown["amount_eur"]) == ("", "", "", "1200.50")
    assert "amount-not-published" in codes(imported.findings, "note")


def test_fts_unknown_country_is_a_note_and_the_line_stays(tmp_path: Path) -> None:
    imported = fts.read([export(tmp_path / "a.xlsx", {"Beneficiary country": "Ruritania"})], Silent())
    assert (codes(imported.findings), len(rows(imported, "commitment_lines.csv"))) == ([], 1)
    (note,) = [finding for finding in imported.findings if finding.code == "unknown-country"]
    assert (note.value, note.severity) == ("Ruritania", "note")


def test_fts_missing_column_names_what_is_expected(tmp_path: Path) -> None:
    header = [name for name in EXPORT if "Beneficiary’s" not in name]
    (finding,) = [f for f in fts.read([export(tmp_path / "a.xlsx", {}, header=header)], Silent()).findings if f.severity == "error"]
    assert (finding.code, finding.column, finding.row) == ("column-missing", "Beneficiary’s contracted amount (EUR)", 1)


def test_fts_header_may_change_in_small_things(tmp_path: Path) -> None:
    header = [name.upper().replace("’", "'").replace(" ", "\n", 1) for name in EXPORT]
    path = workbook(tmp_path / "a.xlsx", [["Search results"], header, [LINE.get(name, "-") for name in EXPORT]])
    imported = fts.read([path], Silent())
    assert (codes(imported.findings), rows(imported, "commitment_lines.csv")[0]["amount_eur"]) == ([], "1200.50")


def test_fts_unreadable_cells_are_named_with_their_rows_all_at_once(tmp_path: Path) -> None:
    bad = export(tmp_path / "a.xlsx", {}, {"Beneficiary’s contracted amount (EUR)": "about 5"}, {"Year": "Total", "Reference (Budget)": ""})
    findings = [finding for finding in fts.read([bad], Silent()).findings if finding.severity == "error"]
    assert {(finding.code, finding.row, finding.value) for finding in findings} == {
        ("not-euros", 3, "about 5"),
        ("not-a-year", 4, "Total"),
        ("required-missing", 4, ""),
    }


def test_fts_two_files_with_the_same_year_and_department_would_count_twice(tmp_path: Path) -> None:
    paths = [export(tmp_path / name, {}) for name in ("a.xlsx", "b.xlsx")]
    assert codes(fts.read(paths, Silent()).findings) == ["dataset-twice"]


def test_fts_programme_names_are_known_by_their_stable_part() -> None:
    named = {
        "1.0.11 - Horizon Europe": "horizon-europe",
        "1.1.31 - Horizon 2020": "horizon-2020",
        "1.0.223 - Connecting Europe Facility (CEF) - Digital": "cef-digital",
        "1.0.221 - Connecting Europe Facility (CEF) - Transport": "other-eu",
        "1.0.21 - InvestEU Fund": "investeu",
        "1.0.12 - Euratom Research and Training Programme": "other-eu",
    }
    assert {name: fts._programme(name) for name in named} == named


# --- CORDIS ----------------------------------------------------------------------------------------------------------------------------


def cordis_cut(folder: Path) -> list[Path]:
    return sorted(Path(shutil.copytree(FIXTURES / "cordis", folder / "cordis")).iterdir())


def test_cordis_cut_joins_its_tables() -> None:
    imported = cordis.read(sorted((FIXTURES / "cordis").iterdir()), Silent())
    assert codes(imported.findings) == []
    projects = {project["project_id"]: project for project in rows(imported, "projects.csv")}
    assert len(projects) == 5
    assert projects["101121182"]["eu_contribution_eur"] == "2180563.94"
    assert projects["101121182"]["programme_part"] == "HORIZON.2.3"
    assert (projects["101116741"]["country"], projects["101116741"]["year"]) == ("NL", "2023")
    assert (projects["101072693"]["programme"], projects["101072693"]["dataset"]) == ("other-eu", "cordis/HORIZON")
    assert (projects["101113961"]["ai_scope"], projects["101113961"]["ai_rule"]) == ("strict", "classified-artificial-intelligence")
    assert list(projects["101116741"]) == list(SHAPES["project_line"])
    assert list(rows(imported, "participations.csv")[0]) == list(SHAPES["participation_line"])


def test_cordis_total_cost_of_zero_beside_a_contribution_is_missing(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text('"id";"ecMaxContribution";"totalCost";"legalBasis"\n"101000001";"75000,5";"0";"HORIZON.1.1"\n', "utf-8")
    (project,) = rows(cordis.read([tmp_path / "p.csv"], Silent()), "projects.csv")
    assert (project["eu_contribution_eur"], project["total_cost_eur"]) == ("75000.50", "")


def test_cordis_third_decimal_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id,ecMaxContribution,legalBasis\n101000001,10.5,HORIZON.1.1\n101000002,10.125,HORIZON.1.1\n", "utf-8")
    (finding,) = cordis.read([tmp_path / "p.csv"], Silent()).findings
    assert (finding.code, finding.row, finding.column, finding.value) == ("third-decimal", 3, "ecMaxContribution", "10.125")


def test_cordis_tables_that_disagree_on_an_amount_are_refused(tmp_path: Path) -> None:
    paths = cordis_cut(tmp_path)
    (tmp_path / "amounts.csv").write_text("id,ecMaxContribution\n101116741,1499998.0\n101163161,1\n101121182,2180563.94\n", "utf-8")
    findings = cordis.read([*paths, tmp_path / "amounts.csv"], Silent()).findings
    assert [(finding.code, finding.row) for finding in findings if finding.severity == "error"] == [("amount-differs", 3)]


def test_cordis_sample_is_compared_and_nothing_is_drawn_from_it(tmp_path: Path) -> None:
    many = "".join(f"10100000{number},HORIZON.1.1,true\n" for number in range(9))
    (tmp_path / "legal.csv").write_text(f"projectID,legalBasis,uniqueProgrammePart\n{many}", "utf-8")
    (tmp_path / "all.csv").write_text("id,ecMaxContribution\n" + "".join(f"10100000{n},100\n" for n in range(8)), "utf-8")
    (tmp_path / "head.csv").write_text("id,ecMaxContribution,ecSignatureDate\n101000007,100,2023-01-01\n101000008,5,2023-01-01\n", "utf-8")
    imported = cordis.read(sorted(tmp_path.iterdir()), Silent())
    projects = rows(imported, "projects.csv")
    assert (codes(imported.findings), total(projects, "eu_contribution_eur")) == ([], Decimal(800))
    assert ({project["year"] for project in projects}, projects[8]["signed_on"]) == ({""}, "2023-01-01")
    assert {"sample", "amount-in-sample"} <= set(codes(imported.findings, "note"))


def test_cordis_quotation_marks_that_nobody_doubled_do_no_harm(tmp_path: Path) -> None:
    text = '"id";"title";"ecMaxContribution";"legalBasis"\n"101000001";"The "new" net;\nof nets";"10";"HORIZON.1.1"\n'
    (tmp_path / "p.csv").write_text(text + '"101000002";"";"20";"HORIZON.1.1"\n', "utf-8")
    imported = cordis.read([tmp_path / "p.csv"], Silent())
    projects = rows(imported, "projects.csv")
    assert [project["title"] for project in projects] == ['The "new" net; of nets', ""]
    assert total(projects, "eu_contribution_eur") == 30


def test_cordis_broken_row_is_named_and_its_project_kept_without_amount(tmp_path: Path) -> None:
    text = '"id";"title";"ecMaxContribution";"legalBasis"\n"101000001";"a";"b";"10";"HORIZON.1.1"\n"101000002";"c";"20";"HORIZON.1.1"\n'
    (tmp_path / "p.csv").write_text(text, "utf-8")
    imported = cordis.read([tmp_path / "p.csv"], Silent())
    assert [(finding.code, finding.row, finding.severity) for finding in imported.findings] == [("row-broken", 2, "warning")]
    assert [project["eu_contribution_eur"] for project in rows(imported, "projects.csv")] == ["", "20.00"]


def test_cordis_without_amounts_or_without_columns_is_refused(tmp_path: Path) -> None:
    assert codes(cordis.read([FIXTURES / "cordis" / "legalBasis.csv"], Silent()).findings) == ["no-amounts"]
    (tmp_path / "project.csv").write_text("acronym,ecMaxContribution\nDOE,1\n", "utf-8")
    findings = cordis.read([tmp_path / "project.csv"], Silent()).findings
    assert [(finding.code, finding.column) for finding in findings if finding.severity == "error"][:1] == [("column-missing", "id")]


# --- calls -----------------------------------------------------------------------------------------------------------------------------


def test_calls_cut_lists_each_call_once_a_day() -> None:
    imported = calls.read([FIXTURES / "calls_2026-05-11.json"], Silent())
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
                {"action": "DIGITAL-2026-AI-09 - Call", "budgetYearMap": {"2026": "2000000", "2027": "500000.5"}},
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
    imported = calls.read([tmp_path / "search_2026-05-11.json"], Silent())
    (line,) = rows(imported, "calls.csv")
    assert (line["opens_on"], line["closes_on"], line["budget_eur"]) == ("2026-03-04", "2026-09-17", "2500000.50")
    assert (line["programme"], line["listed_on"], line["ai_scope"]) == ("digital-europe", "2026-05-11", "broad")


def test_calls_without_a_day_or_with_a_third_decimal_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"code": "HORIZON-X", "name": "X"}]', "utf-8")
    (tmp_path / "b_2026-01-01.json").write_text('[{"code": "HORIZON-X", "name": "X", "budget": "1.005"}, {"name": "Y"}]', "utf-8")
    findings = calls.read([tmp_path / "a.json", tmp_path / "b_2026-01-01.json"], Silent()).findings
    assert codes(findings) == ["no-day", "third-decimal", "required-missing"]


# --- cells, countries, relevance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["1,234,567.89", "58,123"], ["1234567.89", "58123"]),
        (["1.234.567,89", "58,12"], ["1234567.89", "58.12"]),
        (["58,123"], ["58123"]),
        (["76258,0954"], ["76258.0954"]),
        (["-12.5", "12"], ["-12.5", "12"]),
        (["1_000", "١٢", "1e5"], [None, None, None]),
    ],
)
def test_amounts_are_read_as_their_column_writes_them(column: list[str], expected: list[str | None]) -> None:
    comma = cells.comma_is_decimal(column)
    assert [cells.published(cell, bool(comma)) for cell in column] == [amount and Decimal(amount) for amount in expected]


def test_a_column_that_writes_commas_in_two_ways_is_not_guessed() -> None:
    assert cells.comma_is_decimal(["1,234.56", "12,5"]) is None


def test_rounding_together_keeps_the_sum() -> None:
    shares = [Decimal("0.3333")] * 10_000
    assert sum(cells.rounded_together(shares)) == Decimal("3333.00")
    assert set(cells.rounded_together(shares)) <= {Decimal("0.33"), Decimal("0.34")}


def test_countries_are_known_under_the_names_that_publishers_use() -> None:
    known = places.read_places()
    names = {
        "Greece": "EL",
        "GR": "EL",
        "United Kingdom": "UK",
        "Czech Republic": "CZ",
        "Türkiye": "TR",
        "Turkey": "TR",
        "-": "",
        "germany": "DE",
    }
    assert {name: known.code(name) for name in names} == names


def test_every_rule_of_the_definition_matches_something_and_says_its_name() -> None:
    definition = read_definition()
    examples = {
        "classified-artificial-intelligence": {
            "paths": "/natural sciences/computer and information sciences/artificial intelligence/machine learning"
        },
        "ai-budget-line": {"label": "02 04 03 Digital Europe Programme — Artificial intelligence"},
        "words-artificial-intelligence": {"text": "Trustworthy Artificial Intelligence for farms"},
        "words-ai": {"text": "An AI-based service"},
        "words-learning": {"text": "DEEP-LEARNING FOR SENSORS"},
        "words-ai-computing": {"text": "EuroHPC supercomputers"},
        "topic-code": {"code": "HORIZON-RAISE-2026-01-01"},
    }
    assert {rule: definition.relevance(**lines)[1] for rule, lines in examples.items()} == {
        rule.name: rule.name for rule in definition.rules
    }
    assert definition.relevance(text="Aid for AIMA; l'ai sensi; regenerative farms; maintain") == ("outside", "")


def test_words_alone_are_never_strict_where_the_source_classifies() -> None:
    assert read_definition().relevance(text="Artificial intelligence", paths="") == ("broad", "words-ai")


# --- the store -------------------------------------------------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_same_bytes_give_nothing_new_whatever_they_are_called(tmp_path: Path) -> None:
    first = store.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store")
    before = snapshot(tmp_path / "store")
    shutil.copy(FIXTURES / "fts_cnect_2021.csv", tmp_path / "other.csv")
    second = store.import_source("fts", [str(tmp_path / "other.csv")], tmp_path / "store")
    assert (first.is_new, second.is_new, first.source_id) == (True, False, second.source_id)
    assert snapshot(tmp_path / "store") == before


def test_source_folder_says_what_it_holds(tmp_path: Path) -> None:
    result = store.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path)
    about = tomllib.loads((result.folder / "source.toml").read_text("utf-8"))
    assert (about["import_no"], about["licence"], about["definition"]) == (1, "CC BY 4.0", read_definition().version)
    assert str(FIXTURES) not in (result.folder / "source.toml").read_text("utf-8")
    for name, file in about["file"].items():
        assert file["sha256"] == hashlib.sha256((result.folder / name).read_bytes()).hexdigest()
        with (result.folder / name).open(encoding="utf-8", newline="") as stream:
            header, *body = csv.reader(stream)
        assert (header, len(body)) == (list(SHAPES[file["shape"]]), file["expect"]["rows"])
    assert store.import_source("calls", [str(FIXTURES / "calls_2026-05-11.json")], tmp_path).folder.parent == result.folder.parent
    assert sorted(tomllib.loads(toml.read_text("utf-8"))["import_no"] for toml in (tmp_path / "sources").glob("*/source.toml")) == [1, 2]


def test_a_zip_is_its_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cordis.zip", "w") as bundle:
        for path in (FIXTURES / "cordis").iterdir():
            bundle.write(path, f"csv/{path.name}")
    from_zip = store.import_source("cordis", [str(tmp_path / "cordis.zip")], tmp_path / "store")
    assert not store.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path / "store").is_new
    assert from_zip.rows["projects.csv"] == 5


def test_a_refused_file_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    bad = export(tmp_path / "a.xlsx", {"Beneficiary’s contracted amount (EUR)": "?"})
    with pytest.raises(Refused):
        store.import_source("fts", [str(bad)], tmp_path / "store")
    assert snapshot(tmp_path) == {"a.xlsx": bad.read_bytes()}


def test_wrong_checksum_missing_file_and_far_cell_are_letters(tmp_path: Path) -> None:
    good = str(FIXTURES / "fts_cnect_2021.csv")
    far = workbook(tmp_path / "far.xlsx", [EXPORT], far_cell="XFD1048576")
    (tmp_path / "not.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    cases = {
        "checksum-differs": ([good], "0" * 64),
        "file-missing": ([str(tmp_path / "nothing.xlsx")], ""),
        "workbook-unsafe": ([str(far)], ""),
        "workbook-unreadable": ([str(tmp_path / "not.xlsx")], ""),
    }
    for code, (inputs, sha256) in cases.items():
        with pytest.raises(Refused) as refused:
            store.import_source("fts", inputs, tmp_path / "store", sha256=sha256)
        assert code in codes(refused.value.findings)


def test_two_imports_at_once_make_one_source(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: store.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path), range(4)))
    assert sum(result.is_new for result in results) == 1
    assert len(list((tmp_path / "sources").iterdir())) == 1


def test_killed_import_leaves_no_half_source_and_the_next_one_works(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipelines.imports import store\n"
        "store._sync = lambda path: (print('written', flush=True), sys.stdin.read())\n"
        "store.import_source('cordis', [sys.argv[1]], Path(sys.argv[2]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(FIXTURES / "cordis"), str(tmp_path)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout and child.stdout.readline() == b"written\n"
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert list((tmp_path / "sources").iterdir()) == []
    assert store.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path).is_new
    assert list(tmp_path.glob(".importing-*")) == []


# --- downloads -------------------------------------------------------------------------------------------------------------------------


class Server(BaseHTTPRequestHandler):
    """Serves one file, with ranges; breaks off in the middle of an answer as often as it is told to."""

    content = (FIXTURES / "fts_cnect_2021.csv").read_bytes()
    etag = '"one"'
    breaks = 0
    ranges: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        kind = type(self)
        asked = self.headers.get("Range", "")
        kind.ranges.append(asked)
        resumes = bool(asked) and self.headers.get("If-Range") == kind.etag
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if resumes else 0
        self.send_response(206 if resumes else 200)
        if resumes:
            self.send_header("Content-Range", f"bytes {start}-{len(kind.content) - 1}/{len(kind.content)}")
        self.send_header("ETag", kind.etag)
        self.send_header("Content-Length", str(len(kind.content) - start))
        self.end_headers()
        if kind.breaks:
            kind.breaks -= 1
            self.wfile.write(kind.content[start : start + 1000])
            return
        self.wfile.write(kind.content[start:])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(**settings: object) -> Iterator[str]:
    handler = type("Handler", (Server,), {"ranges": [], **settings})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        server.handler = handler  # type: ignore[attr-defined]
        yield f"http://127.0.0.1:{server.server_port}/2021_FTS.csv"
        serving.last = handler  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_PAUSE", 0.0)


def test_download_is_imported_and_is_the_same_source_as_the_file(tmp_path: Path) -> None:
    digest = hashlib.sha256(Server.content).hexdigest()
    with serving() as url:
        result = store.import_source("fts", [url], tmp_path, sha256=digest)
    assert result.rows == {"commitment_lines.csv": 15}
    assert not store.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path).is_new


def test_half_a_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with serving(breaks=3) as url:
        with pytest.raises(Refused) as refused:
            fetch.fetch(url, tmp_path, Silent())
        assert codes(refused.value.findings) == ["download-stopped"]
        assert fetch.fetch(url, tmp_path, Silent()).read_bytes() == Server.content
    assert serving.last.ranges == ["", "bytes=1000-", "bytes=2000-", "bytes=3000-"]  # type: ignore[attr-defined]


def test_a_part_of_another_version_is_never_completed_with_this_one(tmp_path: Path) -> None:
    with serving(breaks=3) as url:
        with pytest.raises(Refused):
            fetch.fetch(url, tmp_path, Silent())
        (mark,) = tmp_path.glob("*.mark")
        mark.write_text('"older"', "utf-8")
        assert fetch.fetch(url, tmp_path, Silent()).read_bytes() == Server.content


def test_wrong_download_is_deleted_and_named(tmp_path: Path) -> None:
    for code, settings, sha256 in (("checksum-differs", {}, "0" * 64), ("web-page", {"content": b"<!DOCTYPE html><html>no"}, "")):
        with serving(**settings) as url, pytest.raises(Refused) as refused:
            store.import_source("fts", [url], tmp_path, sha256=sha256)
        assert codes(refused.value.findings) == [code]
    assert list(tmp_path.rglob("*.part")) == []


def test_offline_is_a_letter_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        store.import_source("fts", ["http://127.0.0.1:9/2021_FTS_dataset_en.xlsx"], tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "offline"
    assert "browser" in finding.remedy


# --- the selects -----------------------------------------------------------------------------------------------------------------------


def raw(folders: list[Path]) -> duckdb.DuckDBPyConnection:
    """The raw tables of source folders, all text, as the build loads them."""
    connection = duckdb.connect()
    parts: dict[str, list[pa.Table]] = {}
    abouts = []
    for folder in folders:
        about = tomllib.loads((folder / "source.toml").read_text("utf-8"))
        abouts.append({"source_id": folder.name, "import_no": str(about["import_no"]), "url": about["url"]})
        for name, file in about["file"].items():
            with (folder / name).open(encoding="utf-8", newline="") as stream:
                lines = [{key: value or None for key, value in line.items()} for line in csv.DictReader(stream)]
            placed = [{**line, "source_id": folder.name, "source_file": name, "source_row": at} for at, line in enumerate(lines, start=2)]
            schema = pa.schema(
                [*((key, pa.string()) for key in (*SHAPES[file["shape"]], "source_id", "source_file")), ("source_row", pa.int64())]
            )
            parts.setdefault(file["shape"], []).append(pa.Table.from_pylist(placed, schema))
    for shape in ("commitment_line", "project_line", "participation_line", "call_line"):
        empty = pa.schema([(name, pa.string()) for name in (*SHAPES[shape], "source_id", "source_file", "source_row")]).empty_table()
        connection.register("part", pa.concat_tables(parts[shape]) if shape in parts else empty)
        connection.execute(f"create table raw_{shape} as from part")
    connection.register("part", pa.Table.from_pylist(abouts))
    connection.execute("create table raw_sources as select * from part")
    return connection


def select(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"create table {name} as {(SQL / f'{name}.sql').read_text('utf-8')}")


def test_newest_import_takes_the_place_of_the_older_and_lines_add_up(tmp_path: Path) -> None:
    older = export(tmp_path / "older.xlsx", {"Year": 2021}, {"Year": 2022, "Beneficiary’s contracted amount (EUR)": 7})
    results = [
        store.import_source("fts", [str(older)], tmp_path / "store"),
        store.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store"),
        store.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path / "store"),
        store.import_source("calls", [str(FIXTURES / "calls_2026-05-11.json")], tmp_path / "store"),
    ]
    connection = raw([result.folder for result in results])
    for name in (
        "newest_commitment_line",
        "newest_project_line",
        "stg_commitment_line",
        "stg_project_line",
        "projects",
        "participations",
        "calls",
    ):
        select(connection, name)
    answer = connection.execute(
        "select dataset, count(*), count(distinct entry_id) from stg_commitment_line group by all order by 1"
    ).fetchall()
    assert answer == [("fts/2021/CNECT", 15, 15), ("fts/2022/CNECT", 1, 1)]
    for staging in ("stg_commitment_line", "stg_project_line"):
        assert connection.table(staging).columns == [column.name for column in metadata.tables["ledger"].columns]
    of_lines = connection.execute("select sum(amount_eur) from stg_commitment_line").fetchone()
    of_projects = connection.execute("select sum(eu_contribution_eur) from projects where project_id like 'fts:%'").fetchone()
    assert of_lines == of_projects
    assert connection.execute("select count(*), count(distinct project_id) from projects where project_id like 'cordis:%'").fetchone() == (
        5,
        5,
    )
    assert connection.execute("select count(*) from calls").fetchone() == (5,)
    sums = line_sums(result.folder for result in results)
    staged = connection.execute(
        "select programme, note, coalesce(cast(year as varchar), ''), coalesce(country, ''), ai_scope, stage, basis, coalesce(sum(amount_eur), 0), "
        "count(*), count(*) - count(amount_eur) from (select * from stg_commitment_line union all select * from stg_project_line) group by all"
    ).fetchall()
    detail = {tuple(row[:7]): (row[7], row[8], row[9]) for row in staged}
    drawn: dict[tuple[str, ...], tuple[Decimal, int, int]] = {}
    for row in sums:
        key = tuple(row[name] for name in ("programme", "part", "year", "country", "ai_scope", "stage", "basis"))
        drawn[key] = (Decimal(row["amount_eur"]), int(row["lines"]), int(row["lines_unknown"]))
    assert drawn == detail


def test_a_call_keeps_its_first_and_last_day_and_the_newest_values(tmp_path: Path) -> None:
    folders = []
    for day, budget in (("2026-05-11", "20"), ("2026-05-04", "10")):
        path = tmp_path / f"calls_{day}.json"
        path.write_text(json.dumps([{"code": "ERC-2026-X", "name": "X", "budget": budget}]), "utf-8")
        folders.append(store.import_source("calls", [str(path)], tmp_path / "store").folder)
    connection = raw(folders)
    select(connection, "calls")
    (call,) = connection.execute("select call_id, budget_eur, first_listed_on, last_listed_on from calls").fetchall()
    assert (call[0], call[1], str(call[2]), str(call[3])) == ("ERC-2026-X", Decimal("20.00"), "2026-05-04", "2026-05-11")


def test_a_list_that_holds_less_than_what_stands_for_it_is_refused_until_it_is_meant(tmp_path: Path) -> None:
    known = coverage.held(SHIPPED, [])
    assert known["fts/2021/CNECT"] == (1_755, Decimal("1054767243.05"))
    with pytest.raises(Refused) as refused:
        store.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store", known=known)
    assert "list-smaller" in codes(refused.value.findings)
    assert not list((tmp_path / "store").glob("sources/*"))
    assert store.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store").is_new
