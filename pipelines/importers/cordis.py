"""CORDIS: the research projects of a framework programme, from whichever of its tables are given.

Tables are known by their columns, not by their file names; projects as XML count as tables too. Reads no
texts of objectives, no publications.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from pipelines.file_schemas import SHAPES
from pipelines.finding_codes import make_finding
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import day, euros, is_finer_than_cents, read_amount, words
from pipelines.importers.cordis_tables import (
    Table,
    Tables,
    count_projects,
    name_tables,
    read_table,
    read_xml,
)
from pipelines.importers.country_codes import CountryCodes, read_country_codes

PUBLISHER = "Publications Office of the European Union, CORDIS"
URL = "https://cordis.europa.eu/"

# A table with less than this share of the projects is a sample: totals, years and countries are not drawn
# from it.
_SAMPLE = 0.5


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """All projects of all tables, one row each, and the participations where their table is there."""
    tables = Tables()
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        if path.suffix.lower() != ".xml":
            read_table(path, tables)
    read_xml([path for path in paths if path.suffix.lower() == ".xml"], tables)
    progress.step("joining and judging", len(paths), len(paths))
    ids = sorted(
        {
            project
            for table in tables.tables
            for project in table.projects
            if project and table.kind != "partners"
        },
        key=lambda project: (len(project), project),
    )
    if not ids and tables.of("partners"):
        return _partners_alone(tables)
    samples = {id(table) for table in tables.tables if count_projects(table) < _SAMPLE * len(ids)}
    if not tables.of("projects"):
        tables.add(
            "no-amounts",
            None,
            "no table with the amounts of the projects is among the files.",
            column="ecMaxContribution",
            remedy="Give the table of projects as well. It is known by the columns id and ecMaxContribution; "
            f"read were: {name_tables(tables)}.",
        )
    countries = read_country_codes()
    definition = read_definition()
    columns = _projects(ids, tables, samples, countries)
    paths_of, topics = _classification(tables), _topics(tables)
    texts = [
        " ".join(filter(None, (acronym, title, topics.get(project, ("", ""))[1])))
        for project, acronym, title in zip(ids, columns["acronym"], columns["title"], strict=True)
    ]
    columns["topic"] = [
        topics[project][0] if project in topics else of_project
        for project, of_project in zip(ids, columns["topic"], strict=True)
    ]
    columns["ai_scope"], columns["ai_rule"] = definition.relevances(
        (text, "", topic or "", None if paths_of is None else paths_of.get(project, ""))
        for project, text, topic in zip(ids, texts, columns["topic"], strict=True)
    )
    files = {"projects.csv": shaped("project_line", columns)}
    shapes = {"projects.csv": "project_line"}
    if tables.of("organisations"):
        datasets = dict(zip(ids, columns["dataset"], strict=True))
        participations = _participations(tables, datasets, countries)
        files["participations.csv"] = shaped("participation_line", participations)
        shapes["participations.csv"] = "participation_line"
    if tables.of("partners"):
        files["partners.csv"] = shaped("partner_line", _partners(tables, countries))
        shapes["partners.csv"] = "partner_line"
    tables.findings += countries.findings("", "country")
    frameworks = sorted({dataset.split("/")[1] for dataset in columns["dataset"] if dataset})
    return Imported(
        title=f"CORDIS research projects: {', '.join(_FRAMEWORKS.get(name, name) for name in frameworks)}",
        publisher=PUBLISHER,
        url=PAGES.get(frameworks[0] if len(frameworks) == 1 else "", URL),
        licence="CC BY 4.0",
        vintage=max(tables.vintages, default=None),
        definition=definition.version,
        files=files,
        shapes=shapes,
        findings=tuple(tables.findings),
    )


_FRAMEWORKS = {"HORIZON": "Horizon Europe and Euratom", "H2020": "Horizon 2020"}
PAGES = {
    "HORIZON": "https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027",
    "H2020": "https://data.europa.eu/data/datasets/cordish2020projects",
}


# --- one row per project


def _projects(
    ids: list[str], tables: Tables, samples: set[int], countries: CountryCodes
) -> dict[str, list[str | None]]:
    """The columns of project_line, topic and AI reading apart."""
    parts = _parts(tables)
    frameworks = _frameworks(ids, parts, tables)
    amounts, costs = _amounts(tables, samples)
    stated = {name: _attribute(tables, column) for name, column in _ATTRIBUTES.items()}
    stated["title"] = _titles_of_reports(tables) | stated["title"]
    signed_in_full = _attribute(tables, "ecsignaturedate", samples)
    days = {
        name: _days(tables, values, name)
        for name, values in stated.items()
        if name in ("signed_on", "period_start", "period_end")
    }
    country_of, beneficiaries = _hosts(tables, samples, countries)
    return {
        "dataset": [f"cordis/{frameworks[project]}" for project in ids],
        "project_id": [*ids],
        "programme": [
            _programme(frameworks[project], parts.get(project, stated["part"].get(project, "")))
            for project in ids
        ],
        "programme_part": [parts.get(project, stated["part"].get(project, "")) for project in ids],
        "acronym": [stated["acronym"].get(project) for project in ids],
        "title": [stated["title"].get(project) for project in ids],
        "status": [stated["status"].get(project) for project in ids],
        "year": [
            (days["signed_on"].get(project) or "")[:4] if project in signed_in_full else "" for project in ids
        ],
        "signed_on": [days["signed_on"].get(project) for project in ids],
        "period_start": [days["period_start"].get(project) for project in ids],
        "period_end": [days["period_end"].get(project) for project in ids],
        "topic": [stated["topic"].get(project) for project in ids],
        "country": [country_of.get(project) for project in ids],
        "eu_contribution_eur": [euros(amounts.get(project)) for project in ids],
        "total_cost_eur": [euros(costs.get(project)) for project in ids],
        "beneficiaries": [str(beneficiaries[project]) if project in beneficiaries else "" for project in ids],
    }


_ATTRIBUTES = {
    "acronym": "acronym",
    "title": "title",
    "status": "status",
    "part": "legalbasis",
    "topic": "topics",
    "signed_on": "ecsignaturedate",
    "period_start": "startdate",
    "period_end": "enddate",
}


def _attribute(tables: Tables, column: str, without: Collection[int] = ()) -> dict[str, str]:
    """Project → what the tables of projects say in a column; the first that says something.

    without: ids of tables that are not asked.
    """
    texts: dict[str, str] = {}
    for table in tables.of("projects"):
        if id(table) not in without and column in table.sheet.header:
            if column.endswith("date"):
                cells = [day(cell) or words(cell) for cell in table.sheet.column(column)]
            else:
                cells = table.sheet.texts(column)
            for project, text in zip(table.projects, cells, strict=True):
                if text:
                    texts.setdefault(project, text)
    return texts


def _titles_of_reports(tables: Tables) -> dict[str, str]:
    """Project → its title, which the heading of a report gives in brackets after the acronym.

    A heading whose brackets or quotation marks do not close is damaged and gives none.
    """
    titles: dict[str, str] = {}
    for table in tables.of("reports"):
        headings = zip(
            table.projects, table.sheet.texts("projectacronym"), table.sheet.texts("title"), strict=True
        )
        for project, acronym, heading in headings:
            _, found, title = heading.partition(f" - {acronym} (")
            title = title.removesuffix(")").strip() if title.endswith(")") else ""
            if found and title and title.count('"') % 2 == 0:
                titles.setdefault(project, title)
    return titles


def _days(tables: Tables, values: dict[str, str], name: str) -> dict[str, str]:
    days = {project: day(text) for project, text in values.items()}
    unread = Counter(values[project] for project, text in days.items() if text is None)
    for value, rows in unread.items():
        tables.findings.append(
            make_finding(
                "not-a-day",
                "",
                f"cannot be read as a day ({rows:,} projects); left empty.",
                column=_ATTRIBUTES[name],
                value=value,
                remedy="Compare with the publisher's file.",
                severity="warning",
            )
        )
    return {project: text for project, text in days.items() if text}


def _parts(tables: Tables) -> dict[str, str]:
    """Project → the one legal basis that is its part of the programme.

    Its other bases would count the project again.
    """
    parts: dict[str, str] = {}
    for table in tables.of("legal bases"):
        is_unique = table.sheet.texts("uniqueprogrammepart")
        for row, project, basis, flag in zip(
            table.sheet.numbers, table.projects, table.sheet.texts("legalbasis"), is_unique, strict=True
        ):
            if flag.lower() not in ("true", "1", "yes"):
                continue
            if parts.setdefault(project, basis) != basis:
                tables.add(
                    "part-twice",
                    table,
                    f"is a second unique programme part of project {project}, after {parts[project]}.",
                    row=row,
                    column="legalBasis",
                    value=basis,
                    remedy="Give the tables of one day only.",
                )
    return parts


def _frameworks(ids: list[str], parts: dict[str, str], tables: Tables) -> dict[str, str]:
    """Project → framework programme under which CORDIS lists it: HORIZON (with Euratom 2021–27), H2020, …"""
    stated = _attribute(tables, "frameworkprogramme")
    bases = parts | {
        project: basis for project, basis in _attribute(tables, "legalbasis").items() if project not in parts
    }
    frameworks = {project: stated.get(project) or _framework(bases.get(project, "")) for project in ids}
    named = sorted({framework for framework in frameworks.values() if framework})
    if len(named) != 1 and (unnamed := [project for project in ids if not frameworks[project]]):
        tables.add(
            "no-framework",
            None,
            f"and {len(unnamed) - 1:,} more projects: no table says under which framework programme "
            "they are.",
            column="frameworkProgramme",
            value=unnamed[0],
            remedy="Give the table legalBasis, or the table of projects with frameworkProgramme.",
        )
    return {
        project: framework or (named[0] if len(named) == 1 else "unknown")
        for project, framework in frameworks.items()
    }


def _framework(basis: str) -> str:
    """The framework programme of a legal basis. CORDIS lists Euratom 2021–27 with Horizon Europe."""
    if basis.startswith(("HORIZON", "EURATOM")):
        return "HORIZON"
    return re.split(r"[.\-]", basis)[0]


def _programme(framework: str, part: str) -> str:
    """Our programme. Euratom has a budget of its own beside Horizon: it is another EU programme."""
    if "EURATOM" in part.upper():
        return "other-eu"
    return {"HORIZON": "horizon-europe", "H2020": "horizon-2020"}.get(framework, "other-eu")


def _amounts(tables: Tables, samples: set[int]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Project → EU contribution and total cost.

    Tables of one month that name one project must agree; of an older month or of none, the newer counts,
    since grants are amended. A sample is compared, and nothing is drawn from it.
    """
    amounts: dict[str, Decimal] = {}
    months: dict[str, str] = {}
    costs: dict[str, Decimal] = {}
    only_in_samples: list[str] = []
    amended: list[str] = []
    by_size = sorted(tables.of("projects"), key=count_projects, reverse=True)
    by_month = sorted(by_size, key=lambda table: table.month, reverse=True)
    for table in sorted(by_month, key=lambda table: id(table) in samples):
        is_sample = id(table) in samples
        given = list(
            zip(table.projects, table.sheet.numbers, _money(tables, table, "ecmaxcontribution"), strict=True)
        )
        cost = dict(zip(table.projects, _money(tables, table, "totalcost", "project totalcost"), strict=True))
        for project, row, amount in given:
            if amount is None:
                continue
            if is_sample and project not in amounts:
                only_in_samples.append(project)
                continue
            months.setdefault(project, table.month)
            if amounts.setdefault(project, amount) != amount and table.month < months[project]:
                amended.append(project)
            elif amounts[project] != amount:
                tables.add(
                    "amount-differs",
                    table,
                    f"is not what another table gives for project {project}: {amounts[project]}.",
                    row=row,
                    column="ecMaxContribution",
                    value=str(amount),
                    remedy="Give tables of one day only.",
                )
            total = cost.get(project)
            if not is_sample and total is not None and not (total == 0 and amount > 0):
                costs.setdefault(project, total)
    if amended:
        problem = (
            f"projects have another amount in an older table ({', '.join(amended[:10])}); the newer counts."
        )
        number = f"{len(amended):,}"
        tables.add("amount-newer", None, problem, column="ecMaxContribution", value=number)
    for table in tables.of("projects"):
        if id(table) in samples:
            problem = (
                "projects only: a sample. It was compared with the others; amounts, years and countries are "
                "not drawn from it."
            )
            tables.add("sample", table, problem, value=f"{count_projects(table):,}")
    if only_in_samples:
        projects = ", ".join(only_in_samples[:10])
        problem = f"projects have an amount in a sample only ({projects}); not used."
        number = f"{len(only_in_samples):,}"
        tables.add("amount-in-sample", None, problem, column="ecMaxContribution", value=number)
    return amounts, costs


def _money(tables: Tables, table: Table, *columns: str) -> Iterator[Decimal | None]:
    """The amounts of a column. A cell that is no amount, or has something below the cent, is a finding.

    CORDIS writes no marks between thousands, and decimals with a comma or a point, by the age of the file.
    """
    sheet = table.sheet
    title = next((sheet.titles[sheet.header[name]] for name in columns if name in sheet.header), "")
    for row, cell in zip(sheet.numbers, sheet.column(*columns), strict=True):
        amount = read_amount(cell)
        if amount is None and words(cell):
            tables.add(
                "not-euros",
                table,
                "cannot be read as euros.",
                row=row,
                column=title,
                value=words(cell),
                remedy="Compare with the publisher's file.",
            )
        elif amount is not None and is_finer_than_cents(amount):
            tables.add(
                "third-decimal",
                table,
                "has more than two decimals; euros end at the cent.",
                row=row,
                column=title,
                value=words(cell),
                remedy="Compare with the publisher's file: CORDIS gives euros and cents.",
            )
            amount = None
        yield amount


def _hosts(tables: Tables, samples: set[int], countries: CountryCodes) -> tuple[dict[str, str], Counter[str]]:
    """Project → country of its coordinator, and number of participations. Neither is drawn from a sample."""
    country_of: dict[str, str] = {}
    beneficiaries: Counter[str] = Counter()
    for table in tables.of("organisations"):
        if id(table) in samples:
            problem = (
                "projects only: a sample. Its participations are kept; countries of projects are not drawn "
                "from it."
            )
            tables.add("sample", table, problem, value=f"{count_projects(table):,}")
            continue
        beneficiaries.update(table.projects)
        for project, role, country in zip(
            table.projects, table.sheet.texts("role"), table.sheet.texts("country"), strict=True
        ):
            if role.lower() == "coordinator" and (code := countries.code(country)):
                country_of.setdefault(project, code)
    return country_of, beneficiaries


def _classification(tables: Tables) -> dict[str, str] | None:
    """Project → its EuroSciVoc paths, one a line; None where no table gives any.

    Tables that others made of the export may have them beside the amounts.
    """
    with_paths = [table for table in tables.tables if "euroscivocpath" in table.sheet.header]
    if not with_paths:
        return None
    paths_of: dict[str, list[str]] = {}
    for table in with_paths:
        for project, path in zip(table.projects, table.sheet.texts("euroscivocpath"), strict=True):
            paths_of.setdefault(project, []).append(path)
    return {project: "\n".join(sorted(set(paths))) for project, paths in paths_of.items()}


def _topics(tables: Tables) -> dict[str, tuple[str, str]]:
    """Project → code and title of its topic."""
    topics: dict[str, tuple[str, str]] = {}
    for table in tables.of("topics"):
        for project, topic, title in zip(
            table.projects, table.sheet.texts("topic"), table.sheet.texts("title"), strict=True
        ):
            topics.setdefault(project, (topic, title))
    return topics


def _participations(
    tables: Tables, datasets: dict[str, str | None], countries: CountryCodes
) -> dict[str, list[str | None]]:
    columns: dict[str, list[str | None]] = {
        name: []
        for name in (
            "dataset",
            "project_id",
            "organisation_id",
            "name",
            "role",
            "country",
            "city",
            "nuts",
            "net_eu_contribution_eur",
        )
    }
    for table in tables.of("organisations"):
        sheet = table.sheet
        columns["dataset"] += [datasets.get(project) for project in table.projects]
        columns["project_id"] += table.projects
        for ours, theirs in {
            "organisation_id": "organisationid",
            "name": "name",
            "role": "role",
            "city": "city",
            "nuts": "nutscode",
        }.items():
            columns[ours] += sheet.texts(theirs)
        columns["country"] += [countries.code(country) for country in sheet.texts("country")]
        columns["net_eu_contribution_eur"] += [
            euros(amount) for amount in _money(tables, table, "neteccontribution")
        ]
    return columns


# --- participations of some partners, listed without their projects


def _partners_alone(tables: Tables) -> Imported:
    countries = read_country_codes()
    table = shaped("partner_line", _partners(tables, countries))
    return Imported(
        title="CORDIS participations of partners in third countries",
        publisher=PUBLISHER,
        url=URL,
        licence="CC BY 4.0",
        vintage=max(tables.vintages, default=None),
        files={"partners.csv": table},
        shapes={"partners.csv": "partner_line"},
        findings=(*tables.findings, *countries.findings("", "country")),
    )


def _partners(tables: Tables, countries: CountryCodes) -> dict[str, list[str | None]]:
    """The columns of partner_line."""
    columns: dict[str, list[str | None]] = {name: [] for name in SHAPES["partner_line"].cells}
    for table in tables.of("partners"):
        sheet = table.sheet
        columns["dataset"] += [
            f"cordis-partners/{framework or 'unknown'}" for framework in sheet.texts("frameworkprogramme")
        ]
        columns["project_id"] += table.projects
        for ours, theirs in _PARTNER_COLUMNS.items():
            columns[ours] += sheet.texts(*theirs)
        columns["country"] += [countries.code(country) for country in sheet.texts("country")]
        columns["net_eu_contribution_eur"] += [
            euros(amount) for amount in _money(tables, table, "neteccontribution")
        ]
    return columns


_PARTNER_COLUMNS = {
    "organisation_id": ("pic",),
    "name": ("organisation", "name"),
    "role": ("role",),
    "city": ("city",),
    "nuts": ("nutscode",),
}
