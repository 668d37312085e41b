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


def test_cordis_report_gives_the_title_that_no_table_of_projects_has(tmp_path: Path) -> None:
    reports = tmp_path / "reportSummaries.csv"
    headings = {
        "101116741": "Periodic Reporting for period 1 - DOE (Another title)",
        "101200001": "Periodic Reporting for period 2 - EYE (Seeing (and hearing) with machine learning )",
        "101200002": 'Periodic Reporting for period 1 - HALF (Half a ""quotation)',
        "101200003": "Periodic Reporting for period 1 - OPEN (No end",
    }
    acronyms = {"101116741": "DOE", "101200001": "EYE", "101200002": "HALF", "101200003": "OPEN"}
    lines = [
        f'"{project}_PS";"{title}";"{project}";"{acronyms[project]}";""'
        for project, title in headings.items()
    ]
    reports.write_text(
        "\n".join(['"id";"title";"projectID";"projectAcronym";"attachment"', *lines]) + "\n", encoding="utf-8"
    )
    files = [*(FIXTURES / "cordis").iterdir(), reports]
    projects = {
        project["project_id"]: project for project in rows(cordis.read(files, Silent()), "projects.csv")
    }
    assert projects["101116741"]["title"] == "Digitizing Other Economies: A Comparative Approach"
    assert projects["101200001"]["title"] == "Seeing (and hearing) with machine learning"
    assert (projects["101200001"]["ai_scope"], projects["101200001"]["ai_rule"]) == (
        "broad",
        "words-learning",
    )
    assert (projects["101200002"]["title"], projects["101200003"]["title"]) == ("", "")


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


def amounts(path: Path, *rows: str) -> None:
    path.write_text("id,ecMaxContribution,legalBasis\n" + "".join(f"{row}\n" for row in rows), "utf-8")


def test_cordis_of_two_months_the_newer_amount_counts_and_a_note_says_so(tmp_path: Path) -> None:
    amounts(tmp_path / "p_2025-02.csv", "101000001,10,HORIZON.1.1", "101000002,20,HORIZON.1.1")
    amounts(tmp_path / "p_2025-05-21.csv", "101000001,12.50,HORIZON.1.1", "101000003,30,HORIZON.1.1")
    imported = cordis.read(sorted(tmp_path.iterdir()), Silent())
    projects = rows(imported, "projects.csv")
    assert codes(imported.findings) == []
    assert [(note.value, note.severity) for note in imported.findings if note.code == "amount-newer"] == [
        ("1", "note")
    ]
    assert [project["eu_contribution_eur"] for project in projects] == ["12.50", "20.00", "30.00"]
    assert str(imported.vintage) == "2025-05-21"


def test_cordis_of_one_month_amounts_must_agree(tmp_path: Path) -> None:
    amounts(tmp_path / "a_2025-05.csv", "101000001,10,HORIZON.1.1")
    amounts(tmp_path / "b_2025-05.csv", "101000001,11,HORIZON.1.1")
    assert codes(cordis.read(sorted(tmp_path.iterdir()), Silent()).findings) == ["amount-differs"]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://cordis.europa.eu"><id>{number}</id><acronym>NET</acronym><title>Nets</title>
<totalCost>1500.5</totalCost><ecMaxContribution>1500.5</ecMaxContribution>
<startDate>2025-06-01</startDate><ecSignatureDate>2025-05-16</ecSignatureDate><status>SIGNED</status>
<relations><associations>
<organization type="coordinator" netEcContribution="1000"><id>999986096</id><legalName>UNIVERSITEIT GENT</legalName>
<address><city>GENT</city><country>BE</country></address>
<relations><regions><region type="relatedNutsCode"><nutsCode>BE234</nutsCode></region></regions></relations>
</organization>
<organization type="thirdParty" netEcContribution="500.5"><id>1</id><legalName>OTHER</legalName></organization>
<programme type="relatedLegalBasis" uniqueProgrammePart="true"><code>HORIZON.2.4</code>
<frameworkProgramme>HORIZON</frameworkProgramme></programme>
<programme type="relatedTopic"><code>HORIZON-CL4-2024-DIGITAL-01</code><title>Topic</title></programme>
</associations><categories>
<category classification="euroSciVoc"><displayCode>/natural sciences/computer and information sciences/artificial intelligence</displayCode></category>
</categories></relations></project>"""


def test_cordis_projects_as_xml_are_read_with_their_participations(tmp_path: Path) -> None:
    for number in ("101000001", "101000002", "101000003"):
        (tmp_path / f"project-{number}.xml").write_text(XML.format(number=number), "utf-8")
    (tmp_path / "programme-1.xml").write_text(
        '<programme xmlns="http://cordis.europa.eu"><id>1</id></programme>', "utf-8"
    )
    imported = cordis.read(sorted(tmp_path.iterdir()), Silent())
    projects, participations = rows(imported, "projects.csv"), rows(imported, "participations.csv")
    assert codes(imported.findings) == []
    assert (len(projects), total(projects, "eu_contribution_eur")) == (3, Decimal("4501.50"))
    assert (
        projects[0]["ai_scope"],
        projects[0]["country"],
        projects[0]["year"],
        projects[0]["beneficiaries"],
    ) == (
        "strict",
        "BE",
        "2025",
        "2",
    )
    assert (projects[0]["programme_part"], projects[0]["topic"]) == (
        "HORIZON.2.4",
        "HORIZON-CL4-2024-DIGITAL-01",
    )
    assert (len(participations), total(participations, "net_eu_contribution_eur")) == (6, Decimal("4501.50"))
    assert (participations[0]["nuts"], participations[0]["city"]) == ("BE234", "GENT")


def test_cordis_xml_that_is_cut_or_declares_entities_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_text(XML[:300], "utf-8")
    bomb = '<!DOCTYPE p [<!ENTITY a "aaaa">]>' + XML.format(number="101000001").split("?>")[1]
    (tmp_path / "bomb.xml").write_text(bomb, "utf-8")
    findings = cordis.read(sorted(tmp_path.iterdir()), Silent()).findings
    assert codes(findings) == ["xml-unreadable", "xml-unreadable", "no-amounts"]


def test_cordis_partners_stand_apart_from_the_lists_of_projects(tmp_path: Path) -> None:
    (tmp_path / "partners_2024-05-21.csv").write_text(
        "frameworkProgramme;projectID;PIC;Organisation;role;country;netEcContribution\n"
        "FP7;247919;988059752;UNIVERSITY;participant;CA;\n"
        "HORIZON;101072180;998711419;OTHER;participant;NZ;50000.50\n",
        "utf-8",
    )
    imported = cordis.read([tmp_path / "partners_2024-05-21.csv"], Silent())
    first, second = rows(imported, "partners.csv")
    assert (codes(imported.findings), list(imported.files)) == ([], ["partners.csv"])
    assert (first["dataset"], first["net_eu_contribution_eur"], first["name"]) == (
        "cordis-partners/FP7",
        "",
        "UNIVERSITY",
    )
    assert (second["country"], second["net_eu_contribution_eur"]) == ("NZ", "50000.50")
    assert str(imported.vintage) == "2024-05-21"
