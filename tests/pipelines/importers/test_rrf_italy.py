"""Italy's payments by project, as the portal's CSV or as Parquet."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.file_schemas import SHAPES
from pipelines.importers import rrf_italy
from pipelines.importers.base import Silent
from pipelines.importers.source_writer import import_source
from tests.conftest import Small
from tests.pipelines.importers.common import codes, rows, total
from tests.pipelines.importers.test_write_shipped_lines import ask

HEADER = (
    "Codice Univoco Submisura;Descrizione Submisura;CUP;Codice Locale Progetto;Finanziamento Totale;"
    "Finanziamento PNRR;Pagamenti Totali;Pagamenti Totali PNRR;Data di Estrazione"
)
LINES = (
    "M4C2I1.04.00;Campioni nazionali;B1;P-1;1.000.000,00;900.000,50;500.000,25;400.000,25;31/03/2025",
    "M4C2I1.04.00;Campioni nazionali;B1;P-2;20,00;20,00;0,00;0,00;31/03/2025",
    "M1C1I1.01.00;Infrastrutture digitali;;;5,00;5,00;;;31/03/2025",
)


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((HEADER, *lines)) + "\n", "utf-8-sig")
    return path


def test_payments_are_read_with_commas_points_and_a_mark(tmp_path: Path) -> None:
    imported = rrf_italy.read([table(tmp_path / "p.csv", *LINES)], Silent())
    lines = rows(imported, "payments.csv")
    assert codes(imported.findings) == []
    assert list(lines[0]) == list(SHAPES["payment_line"].cells)
    assert (lines[0]["granted_eur"], lines[0]["paid_eur"]) == ("900000.50", "400000.25")
    assert (lines[1]["paid_eur"], lines[2]["paid_eur"], lines[2]["project_id"]) == ("0.00", "", "")
    assert [line["ai_scope"] for line in lines] == ["not-split", "not-split", "outside"]
    assert str(imported.vintage) == "2025-03-31"


def test_payments_as_parquet_lose_no_cent_to_binary_numbers(tmp_path: Path) -> None:
    names = [name.lower().replace(" ", "_") for name in HEADER.split(";")]
    amounts = [[0.1 + 0.2], [0.3], [0.3], [0.3]]
    cells = [["M"], ["Title"], ["C"], ["L"], *amounts, ["2025-03-31"]]
    pq.write_table(pa.table(dict(zip(names, cells, strict=True))), tmp_path / "p.parquet")
    imported = rrf_italy.read([tmp_path / "p.parquet"], Silent())
    (line,) = rows(imported, "payments.csv")
    assert (codes(imported.findings), line["total_eur"], line["paid_eur"]) == ([], "0.30", "0.30")


def test_a_project_twice_a_third_decimal_and_a_wrong_amount_are_refused(tmp_path: Path) -> None:
    wrong = LINES[0].replace("B1", "B2").replace("400.000,25", "400.000,255")
    unread = LINES[0].replace("B1", "B3").replace("500.000,25", "viele")
    findings = rrf_italy.read(
        [table(tmp_path / "p.csv", LINES[0], LINES[0], wrong, unread)], Silent()
    ).findings
    assert sorted(codes(findings)) == ["dataset-twice", "not-euros", "third-decimal"]


DECLARED = (
    "Codice Univoco Submisura;Descrizione Submisura;Importo Totale;Spesa Dichiarata PNRR;Data di Estrazione\n"
    "M4C2I1.03.00;Partenariati estesi;1.610.000.000,00;655.718.976,65;28/02/2025\n"
    "M1C1I1.01.00;Infrastrutture digitali;900.000.000,00;;28/02/2025\n"
)
TAGS = (
    "Codice Univoco Submisura;Descrizione Submisura;Sovvenzione/Prestito;Importo Totale;"
    "Importo Contribuzione al Clima;Importo Contribuzione al Digitale\n"
    "M4C2I1.04.00;Campioni nazionali;Prestito;240.000.000,00;0,00;240.000.000,00\n"
    "M4C2I1.04.00;Campioni nazionali;Prestito;480.000.000,00;192.000.000,00;0,00\n"
)


def test_measures_stand_beside_payments_and_a_measure_once_for_each_tag(tmp_path: Path) -> None:
    (tmp_path / "spesa.csv").write_text(DECLARED, "utf-8-sig")
    (tmp_path / "tag.csv").write_text(TAGS, "utf-8-sig")
    alone = rrf_italy.read(sorted(tmp_path.iterdir()), Silent())
    assert (codes(alone.findings), alone.shapes) == ([], {"measures.csv": "measure_line"})
    assert "measures, as of 2025-02-28" in alone.title
    table(tmp_path / "p.csv", *LINES)
    both = rrf_italy.read(sorted(tmp_path.iterdir()), Silent())
    assert (codes(both.findings), set(both.shapes)) == ([], {"payments.csv", "measures.csv"})
    lines = rows(both, "measures.csv")
    assert list(lines[0]) == list(SHAPES["measure_line"].cells)
    assert [
        (line["dataset"], line["measure"], line["declared_eur"], line["digital_eur"], line["extracted_on"])
        for line in lines
    ] == [
        ("rrf-it/declared", "M4C2I1.03.00", "655718976.65", "", "2025-02-28"),
        ("rrf-it/declared", "M1C1I1.01.00", "", "", "2025-02-28"),
        ("rrf-it/tags", "M4C2I1.04.00", "", "240000000.00", ""),
        ("rrf-it/tags", "M4C2I1.04.00", "", "0.00", ""),
    ]
    assert {line["support"] for line in lines[2:]} == {"Prestito"}


def test_a_row_of_totals_among_measures_is_refused_and_empty_rows_are_none(tmp_path: Path) -> None:
    (tmp_path / "spesa.csv").write_text(DECLARED + ";Totale;2.510.000.000,00;655.718.976,65;\n", "utf-8-sig")
    assert codes(rrf_italy.read([tmp_path / "spesa.csv"], Silent()).findings) == ["required-missing"]
    names = ["codice_univoco_submisura", "importo_totale", "spesa_dichiarata_pnrr", "data_di_estrazione"]
    cells = [["", None, "M"], [None, None, 1.0], [None, None, 0.5], [None, None, "2025-02-28"]]
    pq.write_table(pa.table(dict(zip(names, cells, strict=True))), tmp_path / "spesa.parquet")
    imported = rrf_italy.read([tmp_path / "spesa.parquet"], Silent())
    (line,) = rows(imported, "measures.csv")
    assert (codes(imported.findings), line["measure"], line["declared_eur"]) == ([], "M", "0.50")


@pytest.mark.slow
def test_measures_are_in_the_release_and_the_newest_list_counts(small: Small, tmp_path: Path) -> None:
    for name, text in (
        ("a.csv", DECLARED),
        ("b.csv", DECLARED.replace("28/02/2025", "31/03/2025").replace("655.", "700.")),
    ):
        (tmp_path / name).write_text(text, "utf-8-sig")
        import_source("rrf-it", [str(tmp_path / name)], small.store)
    assert ask(
        small,
        "select measure, declared_eur::varchar, extracted_on::varchar from plan_measures order by measure desc",
    ) == [("M4C2I1.03.00", "700718976.65", "2025-03-31"), ("M1C1I1.01.00", None, "2025-03-31")]


def test_files_without_payments_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Codice Univoco Submisura;Importo Totale\nM;1\n", "utf-8")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no table")
    findings = rrf_italy.read(sorted(tmp_path.iterdir()), Silent()).findings
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("table-unused", "note"),
        ("not-a-table", "error"),
    ]


@pytest.mark.slow
def test_payments_stand_in_the_ledger_as_paid_and_the_newest_day_counts(small: Small, tmp_path: Path) -> None:
    import_source("rrf-it", [str(table(tmp_path / "a.csv", *LINES))], small.store)
    later = [
        line.replace("31/03/2025", "30/06/2025").replace("400.000,25", "600.000,25") for line in LINES[:2]
    ]
    import_source("rrf-it", [str(table(tmp_path / "b.csv", *later))], small.store)
    assert ask(
        small,
        "select stage, basis, programme, ai_scope, country, dated_on::varchar, count(*), sum(amount_eur)::varchar "
        "from ledger where dataset like 'rrf-it/%' group by all",
    ) == [("paid", "eu-contribution", "rrf", "not-split", "IT", "2025-06-30", 2, "600000.25")]
    assert ask(
        small,
        "select count(*), sum(eu_contribution_eur)::varchar from projects where project_id like 'rrf-it/payments:M4C2%'",
    ) == [(2, "900020.50")]


def test_total_of_a_column_is_that_of_the_table(tmp_path: Path) -> None:
    lines = rows(rrf_italy.read([table(tmp_path / "p.csv", *LINES)], Silent()), "payments.csv")
    assert total(lines, "total_eur") == Decimal("1000025.00")
