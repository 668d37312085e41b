"""Tables of CORDIS are joined, whichever of them are there; what cannot be read is a letter."""

from decimal import Decimal
from pathlib import Path

from pipelines.file_schemas import SHAPES
from pipelines.importers import cordis
from pipelines.importers.base import Silent
from tests.pipelines.importers.common import FIXTURES, codes, cordis_cut, rows, total


def test_cordis_cut_joins_its_tables() -> None:
    imported = cordis.read(sorted((FIXTURES / "cordis").iterdir()), Silent())
    assert codes(imported.findings) == []
    projects = {project["project_id"]: project for project in rows(imported, "projects.csv")}
    assert len(projects) == 5
    assert projects["101121182"]["eu_contribution_eur"] == "2180563.94"
    assert projects["101121182"]["programme_part"] == "HORIZON.2.3"
    assert (projects["101116741"]["country"], projects["101116741"]["year"]) == ("NL", "2023")
    assert (projects["101072693"]["programme"], projects["101072693"]["dataset"]) == (
        "other-eu",
        "cordis/HORIZON",
    )
    assert (projects["101113961"]["ai_scope"], projects["101113961"]["ai_rule"]) == (
        "strict",
        "classified-artificial-intelligence",
    )
    assert list(projects["101116741"]) == list(SHAPES["project_line"].cells)
    assert list(rows(imported, "participations.csv")[0]) == list(SHAPES["participation_line"].cells)


def test_cordis_total_cost_of_zero_beside_a_contribution_is_missing(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        '"id";"ecMaxContribution";"totalCost";"legalBasis"\n"101000001";"75000,5";"0";"HORIZON.1.1"\n',
        "utf-8",
    )
    (project,) = rows(cordis.read([tmp_path / "p.csv"], Silent()), "projects.csv")
    assert (project["eu_contribution_eur"], project["total_cost_eur"]) == ("75000.50", "")


def test_cordis_third_decimal_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "id,ecMaxContribution,legalBasis\n101000001,10.5,HORIZON.1.1\n101000002,10.125,HORIZON.1.1\n", "utf-8"
    )
    (finding,) = cordis.read([tmp_path / "p.csv"], Silent()).findings
    assert (finding.code, finding.row, finding.column, finding.value) == (
        "third-decimal",
        3,
        "ecMaxContribution",
        "10.125",
    )


def test_cordis_tables_that_disagree_on_an_amount_are_refused(tmp_path: Path) -> None:
    paths = cordis_cut(tmp_path)
    (tmp_path / "amounts.csv").write_text(
        "id,ecMaxContribution\n101116741,1499998.0\n101163161,1\n101121182,2180563.94\n", "utf-8"
    )
    findings = cordis.read([*paths, tmp_path / "amounts.csv"], Silent()).findings
    assert [(finding.code, finding.row) for finding in findings if finding.severity == "error"] == [
        ("amount-differs", 3)
    ]


def test_cordis_sample_is_compared_and_nothing_is_drawn_from_it(tmp_path: Path) -> None:
    many = "".join(f"10100000{number},HORIZON.1.1,true\n" for number in range(9))
    (tmp_path / "legal.csv").write_text(f"projectID,legalBasis,uniqueProgrammePart\n{many}", "utf-8")
    (tmp_path / "all.csv").write_text(
        "id,ecMaxContribution\n" + "".join(f"10100000{n},100\n" for n in range(8)), "utf-8"
    )
    (tmp_path / "head.csv").write_text(
        "id,ecMaxContribution,ecSignatureDate\n101000007,100,2023-01-01\n101000008,5,2023-01-01\n", "utf-8"
    )
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
    assert [(finding.code, finding.row, finding.severity) for finding in imported.findings] == [
        ("row-broken", 2, "warning")
    ]
    assert [project["eu_contribution_eur"] for project in rows(imported, "projects.csv")] == ["", "20.00"]


def test_cordis_without_amounts_or_without_columns_is_refused(tmp_path: Path) -> None:
    assert codes(cordis.read([FIXTURES / "cordis" / "legalBasis.csv"], Silent()).findings) == ["no-amounts"]
    (tmp_path / "project.csv").write_text("acronym,ecMaxContribution\nDOE,1\n", "utf-8")
    findings = cordis.read([tmp_path / "project.csv"], Silent()).findings
    assert [(finding.code, finding.column) for finding in findings if finding.severity == "error"][:1] == [
        ("column-missing", "id")
    ]
