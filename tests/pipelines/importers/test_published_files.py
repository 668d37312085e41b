"""The publishers' own files come out to the cent, quickly, and the shipped sums are theirs."""

import csv
import hashlib
import shutil
import time
import tomllib
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import reference
from pipelines.importers import (
    cordis,
    ecb,
    ecorda,
    eurostat,
    fts,
    funding_calls,
    investeu,
    rrf_italy,
    source_writer,
)
from pipelines.importers.base import Silent
from pipelines.importers.write_shipped_lines import write_shipped_lines
from pipelines.importers.write_shipped_sums import line_sums
from tests.pipelines.importers.common import (
    REAL,
    SHIPPED,
    codes,
    needs_real,
    rows,
    total,
)


@needs_real
def test_fts_comes_out_to_the_cent() -> None:
    imported = fts.read([REAL / "fts-cnect" / f"FTS_CNECT_{year}.xlsx" for year in (2020, 2021)], Silent())
    assert codes(imported.findings) == []
    lines = rows(imported, "commitment_lines.csv")
    of = {
        year: [line for line in lines if line["dataset"] == f"fts/{year}/CNECT"] for year in ("2020", "2021")
    }
    assert (len(of["2020"]), total(of["2020"], "amount_eur")) == (10_253, Decimal("2803228431.34"))
    assert (len(of["2021"]), total(of["2021"], "amount_eur")) == (1_755, Decimal("1054767243.05"))
    programmes = {
        programme: (len(own), round(total(own, "amount_eur")))
        for programme in ("horizon-europe", "digital-europe", "cef-digital")
        for own in [[line for line in of["2021"] if line["programme"] == programme]]
    }
    assert programmes == {
        "horizon-europe": (781, 445_864_265),
        "digital-europe": (324, 362_680_768),
        "cef-digital": (86, 108_078_525),
    }


@pytest.mark.slow
@needs_real
def test_cordis_comes_out_to_the_cent_from_whatever_is_in_the_folder() -> None:
    imported = cordis.read(sorted((REAL / "cordis-he-2025-02").iterdir()), Silent())
    assert codes(imported.findings) == []
    projects = rows(imported, "projects.csv")
    known = [project for project in projects if project["eu_contribution_eur"]]
    assert (len(projects), len(known), total(projects, "eu_contribution_eur")) == (
        15_341,
        14_743,
        Decimal("42473862909.96"),
    )
    strict = [project for project in projects if project["ai_scope"] == "strict"]
    assert (len(strict), total(strict, "eu_contribution_eur")) == (883, Decimal("2353165970.79"))
    assert sum(bool(project["eu_contribution_eur"]) for project in strict) == 845
    digital = [project for project in projects if project["programme_part"] == "HORIZON.2.4"]
    assert round(total(digital, "eu_contribution_eur")) == 7_310_093_959
    assert str(imported.vintage) == "2025-02-26"


CORDIS_OF_MAY = [
    *(
        REAL / "cordis-he-2025-02" / name
        for name in ("legalBasis.csv", "topics.csv", "euroSciVoc.xlsx", "derived_project_amounts.csv")
    ),
    REAL / "cordis-he-2025-05" / "derived_project_amounts_2025-05.csv",
]


@pytest.mark.slow
@needs_real
def test_cordis_of_may_gives_an_amount_to_every_project_that_is_ai() -> None:
    alone = rows(cordis.read(CORDIS_OF_MAY[-1:], Silent()), "projects.csv")
    assert (len(alone), total(alone, "eu_contribution_eur")) == (15_862, Decimal("44337965606.54"))
    imported = cordis.read(CORDIS_OF_MAY, Silent())
    assert codes(imported.findings) == []
    projects = rows(imported, "projects.csv")
    strict = [project for project in projects if project["ai_scope"] == "strict"]
    assert (len(strict), total(strict, "eu_contribution_eur")) == (883, Decimal("2473470554.89"))
    assert all(project["eu_contribution_eur"] for project in strict)
    parts = {
        part: total(
            [project for project in strict if project["programme_part"] == part], "eu_contribution_eur"
        )
        for part in ("HORIZON.1.1", "HORIZON.2.4", "EURATOM2027", "HORIZON.3.2")
    }
    assert parts == {
        "HORIZON.1.1": Decimal("666317465.64"),
        "HORIZON.2.4": Decimal("445195490.46"),
        "EURATOM2027": Decimal("15917783.08"),
        "HORIZON.3.2": Decimal("975000.00"),
    }


@needs_real
def test_cordis_of_may_is_read_from_its_folder_alone() -> None:
    imported = cordis.read(sorted((REAL / "cordis-he-2025-05").iterdir()), Silent())
    assert codes(imported.findings) == []
    projects = rows(imported, "projects.csv")
    strict = [project for project in projects if project["ai_scope"] == "strict"]
    assert (len(projects), total(projects, "eu_contribution_eur")) == (15_862, Decimal("44337965606.54"))
    assert (len(strict), total(strict, "eu_contribution_eur")) == (883, Decimal("2473470554.89"))
    assert {project["dataset"] for project in projects} == {"cordis/HORIZON"}


@needs_real
def test_cordis_partners_and_xml_come_out_to_the_cent() -> None:
    partners = REAL / "cordis-participations-2024-05" / "derived_participations.csv"
    lines = rows(cordis.read([partners], Silent()), "partners.csv")
    of = {
        name: [line for line in lines if line["dataset"].endswith(name)]
        for name in ("FP7", "H2020", "HORIZON")
    }
    assert {name: len(own) for name, own in of.items()} == {"FP7": 270, "H2020": 556, "HORIZON": 192}
    assert total(lines, "net_eu_contribution_eur") == Decimal("32727492.51")
    assert total(of["HORIZON"], "net_eu_contribution_eur") == Decimal("13669033.50")
    xml = cordis.read(sorted((REAL / "cordis-xml-2026").iterdir()), Silent())
    assert total(rows(xml, "projects.csv"), "eu_contribution_eur") == Decimal("5500000.00")
    participations = rows(xml, "participations.csv")
    assert (len(participations), total(participations, "net_eu_contribution_eur")) == (
        7,
        Decimal("5500000.00"),
    )


@needs_real
def test_calls_are_read_from_three_days_of_lists() -> None:
    imported = funding_calls.read(sorted((REAL / "funding-tenders-calls").iterdir()), Silent())
    lines = rows(imported, "calls.csv")
    days = {
        day: sum(line["listed_on"] == day for line in lines)
        for day in ("2026-04-27", "2026-05-04", "2026-05-11")
    }
    assert (codes(imported.findings), days) == ([], {"2026-04-27": 521, "2026-05-04": 512, "2026-05-11": 532})
    assert sum(not line["budget_eur"] for line in lines if line["listed_on"] == "2026-05-11") > 0


@needs_real
@pytest.mark.parametrize(
    ("file", "number", "with_budget", "whole", "once"),
    [
        ("grants_2026-08-22.json", 723, 612, "28451309531.67", "17494781143.67"),
        ("grants_2026-05-31.json.gz", 701, 576, "26204904471.67", "15507476083.67"),
        ("derived_calls_union.csv", 1_368, 957, "58267768835.67", "26157567273.67"),
    ],
)
def test_calls_of_2026_come_out_to_the_cent(
    file: str, number: int, with_budget: int, whole: str, once: str
) -> None:
    imported = funding_calls.read([REAL / "ft-portal-calls-2026" / file], Silent())
    lines = rows(imported, "calls.csv")
    known = [line for line in lines if line["budget_eur"]]
    assert (codes(imported.findings), len(lines), len(known)) == ([], number, with_budget)
    assert total(known, "budget_eur") == Decimal(whole)
    budgets = {(line["call"], line["budget_eur"]): Decimal(line["budget_eur"]) for line in known}
    assert sum(budgets.values()) == Decimal(once)


@needs_real
def test_calls_before_2025_and_answers_of_the_search_service_are_read() -> None:
    topics = REAL / "ft-portal-calls-2024" / "derived_topics_2024-07-11.csv"
    imported = funding_calls.read([topics], Silent())
    statuses = Counter(line["status"] for line in rows(imported, "calls.csv"))
    assert statuses == {"Closed": 1_759, "Open": 124, "Forthcoming": 24}
    answer = funding_calls.read([REAL / "sedia-api-2025-12" / "api_response.json"], Silent())
    (line,) = rows(answer, "calls.csv")
    assert (line["topic"], line["status"]) == ("HORIZON-CL4-2025-04-DATA-03", "Closed")


@pytest.mark.slow
@needs_real
def test_payments_of_italy_come_out_to_the_cent() -> None:
    imported = rrf_italy.read(sorted((REAL / "rrf-italy-2025-03").iterdir()), Silent())
    lines = rows(imported, "payments.csv")
    assert (codes(imported.findings), len(lines)) == ([], 127_377)
    sums = {
        column: total(lines, column) for column in ("total_eur", "granted_eur", "paid_total_eur", "paid_eur")
    }
    assert sums == {
        "total_eur": Decimal("173043902836.21"),
        "granted_eur": Decimal("130777625066.53"),
        "paid_total_eur": Decimal("69675973911.98"),
        "paid_eur": Decimal("64371044768.18"),
    }
    of = {
        measure: (len(own), total(own, "granted_eur"), total(own, "paid_eur"))
        for measure in ("M4C2I1.03.00", "M4C2I1.04.00", "M4C2I3.01.00", "M1C1I1.01.00")
        for own in [[line for line in lines if line["measure"] == measure]]
    }
    assert of == {
        "M4C2I1.03.00": (342, Decimal("1588514271.49"), Decimal("428199385.67")),
        "M4C2I1.04.00": (241, Decimal("1581254901.25"), Decimal("409857580.83")),
        "M4C2I3.01.00": (38, Decimal("1327328603.46"), Decimal("383196971.90")),
        "M1C1I1.01.00": (119, Decimal("57327995.44"), Decimal("24938327.19")),
    }


@pytest.mark.slow
@needs_real
def test_measures_of_italy_come_out_to_the_cent() -> None:
    """Declared expenditure and tags; of 64,917 rows of the first table all but 240 are empty."""
    imported = rrf_italy.read(sorted((REAL / "rrf-italy-2025-03").iterdir()), Silent())
    lines = rows(imported, "measures.csv")
    declared = [line for line in lines if line["dataset"] == "rrf-it/declared"]
    tags = [line for line in lines if line["dataset"] == "rrf-it/tags"]
    assert (len(declared), len(tags), len({line["measure"] for line in tags})) == (240, 363, 307)
    assert total(declared, "total_eur") == Decimal("194415951465.97")
    assert total(declared, "declared_eur") == Decimal("65724636471.27")
    assert total(tags, "total_eur") == Decimal("194417951466.20")
    assert total(tags, "digital_eur") == Decimal("38198365118.70")
    assert total(tags, "climate_eur") == Decimal("76597460601.80")
    of = {line["measure"]: line["declared_eur"] for line in declared}
    assert (of["M4C2I1.03.00"], of["M4C2I1.04.00"]) == ("655718976.65", "642736301.59")
    assert {line["extracted_on"] for line in declared} == {"2025-02-28"}


@pytest.mark.slow
@needs_real
def test_funds_and_rates_come_out_to_the_cent(tmp_path: Path) -> None:
    table = REAL / "investeu-eif" / "eif_pdf_intermediaries.csv"
    imported = investeu.read([table], Silent())
    funds = rows(imported, "intermediaries.csv")
    assert (codes(imported.findings), codes(imported.findings, "warning")) == ([], ["no-day"])
    assert (len(funds), total(funds, "amount_original")) == (152, Decimal("5697960775.00"))
    assert Counter(fund["currency"] for fund in funds) == {"EUR": 145, "SEK": 5, "DKK": 2}
    with zipfile.ZipFile(REAL / "ecb" / "eurofxref-hist.zip") as bundle:
        bundle.extractall(tmp_path)
    rates = ecb.read([tmp_path / "eurofxref-hist.csv", REAL / "ecb" / "eurofxref.csv"], Silent())
    lines = rows(rates, "rates.csv")
    days = {line["day"] for line in lines}
    assert (codes(rates.findings), len(days), min(days), max(days)) == ([], 7_126, "1999-01-04", "2026-10-30")
    assert len({line["currency"] for line in lines}) == 41


@needs_real
def test_ecorda_comes_out_to_the_cent() -> None:
    imported = ecorda.read(sorted((REAL / "fr-esr-pcri").iterdir()), Silent())
    lines = rows(imported, "countries.csv")
    by_year = [line for line in lines if line["dataset"] == "ecorda/by-year"]
    by_part = [line for line in lines if line["dataset"] == "ecorda/by-part"]
    assert codes(imported.findings) == []
    assert total(by_part, "eu_contribution_eur") == Decimal("19037320259.01")
    digital = [line for line in by_part if line["part"] == "HORIZON.2.4"]
    assert total(digital, "eu_contribution_eur") == Decimal("3097826034.87")
    assert len(by_year) == 1_877
    horizon = [line for line in by_year if line["framework"] == "Horizon Europe"]
    successful = [line for line in horizon if line["stage"] == "successful"]
    whole = [line for line in successful if line["group_name"] == "all countries"]
    assert {line["year"]: line["eu_contribution_eur"] for line in whole} == {
        "2021": "11013533988.29",
        "2022": "13225836067.59",
        "2023": "14291611460.01",
        "2024": "10527059486.32",
        "2025": "134910490.02",
    }
    assert total(whole, "eu_contribution_eur") == Decimal("49192951492.23")
    countries = [line for line in successful if line["country"]]
    members = [line for line in successful if line["group_name"].startswith("member states")]
    assert len({line["country"] for line in countries}) == 43
    assert total(countries, "eu_contribution_eur") == Decimal("48404425570.65")
    assert total(members, "eu_contribution_eur") == Decimal("48404425570.65")
    evaluated = [line for line in horizon if line["stage"] == "evaluated" and line["country"]]
    assert total(evaluated, "eu_contribution_eur") == Decimal("258153016274.90")


@needs_real
def test_gdp_of_eurostat_is_that_of_its_countries() -> None:
    table = REAL / "denominators" / "eurostat" / "estat_nama_10r_3gdp.tsv"
    imported = eurostat.read([table], Silent())
    members = {row["code"] for row in reference.read_rows("countries") if row["is_member"] == "true"}
    lines = [
        line
        for line in rows(imported, "indicators.csv")
        if line["year"] == "2022" and line["country"] in members
    ]
    assert (codes(imported.findings), codes(imported.findings, "warning")) == ([], ["no-day"])
    assert (len(lines), total(lines, "value")) == (27, Decimal("15905279860000"))


SHIPPED_FROM = [
    ("rrf-it", "rrf-italy-2025-03/PNRR_Pagamenti_di_Progetto.parquet", ""),
    ("fts", "fts-cnect", ""),
    ("calls", "ft-portal-calls-2026/derived_calls_union.csv", ""),
    ("cordis", "cordis-participations-2024-05/derived_participations.csv", "cordis_partners_2024-05-21.csv"),
    ("investeu", "investeu-eif/eif_pdf_intermediaries.csv", "eif_pdf_intermediaries_2026-03-31.csv"),
    (
        "ecorda",
        "fr-esr-pcri/fr-esr-countries-evolution-pcri.json",
        "fr-esr-countries-evolution-pcri_2025-12-02.json",
    ),
]


SHIPPED_FROM_SEVERAL = [
    (
        "cordis",
        [
            *CORDIS_OF_MAY,
            *(REAL / "cordis-he-2025-02" / name for name in ("project_head100.csv", "reportSummaries.csv")),
        ],
    ),
    (
        "rrf-it",
        [
            REAL / "rrf-italy-2025-03" / name
            for name in ("PNRR_Spesa_per_misura_PNRR.parquet", "TAG_sostegno_clima_digitale.parquet")
        ],
    ),
]


@pytest.mark.slow
@needs_real
def test_shipped_lines_are_those_of_the_files(tmp_path: Path) -> None:
    """Whoever imports what the how-to names draws the same lines, byte for byte."""
    store = tmp_path / "store"
    for kind, file, name in SHIPPED_FROM:
        path = REAL / file
        if name:
            path = Path(shutil.copy(path, tmp_path / name))
        source_writer.import_source(kind, [str(path)], store)
    for kind, paths in SHIPPED_FROM_SEVERAL:
        source_writer.import_source(kind, list(map(str, paths)), store)
    written = write_shipped_lines((store / "sources").iterdir(), tmp_path / "drawn")
    assert len(written) == 8
    for folder, _ in written:
        (drawn,) = (tmp_path / "drawn" / folder).glob("*.csv")
        assert drawn.read_bytes() == (SHIPPED.parent / folder / drawn.name).read_bytes(), folder


@pytest.mark.clock
@needs_real
def test_importing_is_quick(tmp_path: Path) -> None:
    started = time.monotonic()
    source_writer.import_source("fts", [str(REAL / "fts-cnect")], tmp_path)
    assert time.monotonic() - started < 10
    started = time.monotonic()
    source_writer.import_source("cordis", [str(REAL / "cordis-he-2025-02")], tmp_path)
    assert time.monotonic() - started < 20


@needs_real
def test_shipped_sums_are_those_of_the_files(tmp_path: Path) -> None:
    source_writer.import_source("fts", [str(REAL / "fts-cnect")], tmp_path)
    source_writer.import_source("cordis", [str(REAL / "cordis-he-2025-02")], tmp_path)
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
    assert (
        about["file"]["sums.csv"]["sha256"] == hashlib.sha256((SHIPPED / "sums.csv").read_bytes()).hexdigest()
    )
