"""Workbooks of the Financial Transparency System are read by their columns."""

import csv
from decimal import Decimal
from pathlib import Path

from pipelines.file_schemas import SHAPES
from pipelines.importers import fts
from pipelines.importers.base import Silent
from tests.pipelines.importers.common import (
    EXPORT,
    FIXTURES,
    LINE,
    YEARLY,
    codes,
    export,
    rows,
    total,
    workbook,
)


def test_fts_cut_keeps_the_sum_of_shares_below_the_cent() -> None:
    imported = fts.read([FIXTURES / "fts_cnect_2021.csv"], Silent())
    lines = rows(imported, "commitment_lines.csv")
    with (FIXTURES / "fts_cnect_2021.csv").open(encoding="utf-8", newline="") as stream:
        published = [
            Decimal(row["Beneficiary’s contracted amount (EUR)"])
            for row in csv.DictReader(stream, delimiter=";")
        ]
    assert sum(published).quantize(Decimal("0.01")) == total(lines, "amount_eur")
    assert all(
        abs(Decimal(line["amount_eur"]) - amount) < Decimal("0.01")
        for line, amount in zip(lines, published, strict=True)
    )
    assert list(lines[0]) == list(SHAPES["commitment_line"].cells)
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
    assert (read["dataset"], read["amount_eur"], read["commitment_eur"]) == (
        "fts/2023/CNECT",
        "1200.50",
        "5000.00",
    )
    assert (read["beneficiary"], read["country"], read["programme"]) == ("ACADEMIA", "CZ", "digital-europe")
    assert (read["period_start"], read["period_end"]) == ("2024-01-01", "2025-12-31")
    assert (read["ai_scope"], read["ai_rule"]) == ("strict", "ai-budget-line")


def test_fts_masked_amount_is_not_published_and_never_zero(tmp_path: Path) -> None:
    masked = {
        "Beneficiary’s contracted amount (EUR)": "*****",
        "Name of beneficiary": "*****",
        "Beneficiary country": "*****",
    }
    imported = fts.read([export(tmp_path / "a.xlsx", masked, {})], Silent())
    assert codes(imported.findings) == []
    hidden, shown = rows(imported, "commitment_lines.csv")
    assert (hidden["amount_eur"], hidden["beneficiary"], hidden["country"], shown["amount_eur"]) == (
        "",
        "",
        "",
        "1200.50",
    )
    assert "amount-not-published" in codes(imported.findings, "note")


def test_fts_unknown_country_is_a_note_and_the_line_stays(tmp_path: Path) -> None:
    imported = fts.read([export(tmp_path / "a.xlsx", {"Beneficiary country": "Ruritania"})], Silent())
    assert (codes(imported.findings), len(rows(imported, "commitment_lines.csv"))) == ([], 1)
    (note,) = [finding for finding in imported.findings if finding.code == "unknown-country"]
    assert (note.value, note.severity) == ("Ruritania", "note")


def test_fts_missing_column_names_what_is_expected(tmp_path: Path) -> None:
    header = [name for name in EXPORT if "Beneficiary’s" not in name]
    (finding,) = [
        f
        for f in fts.read([export(tmp_path / "a.xlsx", {}, header=header)], Silent()).findings
        if f.severity == "error"
    ]
    assert (finding.code, finding.column, finding.row) == (
        "column-missing",
        "Beneficiary’s contracted amount (EUR)",
        1,
    )


def test_fts_header_may_change_in_small_things(tmp_path: Path) -> None:
    header = [name.upper().replace("’", "'").replace(" ", "\n", 1) for name in EXPORT]
    path = workbook(
        tmp_path / "a.xlsx", [["Search results"], header, [LINE.get(name, "-") for name in EXPORT]]
    )
    imported = fts.read([path], Silent())
    assert (codes(imported.findings), rows(imported, "commitment_lines.csv")[0]["amount_eur"]) == (
        [],
        "1200.50",
    )


def test_fts_unreadable_cells_are_named_with_their_rows_all_at_once(tmp_path: Path) -> None:
    bad = export(
        tmp_path / "a.xlsx",
        {},
        {"Beneficiary’s contracted amount (EUR)": "about 5"},
        {"Year": "Total", "Reference (Budget)": ""},
    )
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
