"""CORDIS: the research projects of a framework programme, from whichever of its tables are given.

Tables are known by their columns, not by their file names. Reads no texts of objectives, no publications.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.findings import Finding, nearest
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import day, euros, exact, is_finer_than_cents, words
from pipelines.importers.country_codes import CountryCodes, read_country_codes
from pipelines.importers.tabular_files import Sheet, read_sheet

URL = "https://cordis.europa.eu/"

# Columns by which a table is known, as `tables.plain` writes them → its kind. The first column holds the number of the project.
_KINDS = {
    "projects": ("id", "ecmaxcontribution"),
    "organisations": ("projectid", "organisationid", "role"),
    "legal bases": ("projectid", "legalbasis", "uniqueprogrammepart"),
    "topics": ("projectid", "topic"),
    "classification": ("projectid", "euroscivocpath"),
}
# A column that only this kind of table has: with it but without the others the table is damaged, not foreign.
_MARKS = {
    "projects": ("ecmaxcontribution", "ecsignaturedate"),
    "organisations": ("organisationid", "neteccontribution"),
    "legal bases": ("uniqueprogrammepart",),
    "topics": (),
    "classification": ("euroscivocpath", "euroscivoccode"),
}
# A table with less than this share of the projects is a sample: totals, years and countries are not drawn from it.
_SAMPLE = 0.5
_LISTED = 100


@dataclass
class _Table:
    kind: str
    sheet: Sheet
    projects: list[str]


@dataclass
class _Read:
    """All tables of an import, by kind, and what was found in them."""

    tables: list[_Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    vintages: list[date] = field(default_factory=list)

    def of(self, kind: str) -> list[_Table]:
        return [table for table in self.tables if table.kind == kind]

    def error(
        self, code: str, table: _Table | None, row: int, column: str, value: str, problem: str, remedy: str
    ) -> None:
        self.findings.append(
            Finding(
                code=code,
                file=table.sheet.file if table else "",
                row=row,
                column=column,
                value=value,
                problem=problem,
                remedy=remedy,
            )
        )

    def note(self, code: str, table: _Table | None, column: str, value: str, problem: str) -> None:
        self.findings.append(
            Finding(
                code=code,
                file=table.sheet.file if table else "",
                column=column,
                value=value,
                problem=problem,
                severity="note",
            )
        )


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """All projects of all tables: one row each, and the participations where the table of organisations is there."""
    what = _Read()
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        _take(path, what)
    progress.step("joining and judging", len(paths), len(paths))
    ids = sorted(
        {project for table in what.tables for project in table.projects if project},
        key=lambda project: (len(project), project),
    )
    samples = {id(table) for table in what.tables if _covers(table) < _SAMPLE * len(ids)}
    if not what.of("projects"):
        remedy = f"Give the table of projects as well. It is known by the columns id and ecMaxContribution; read were: {_read_were(what)}."
        what.error(
            "no-amounts",
            None,
            0,
            "ecMaxContribution",
            "",
            "no table with the amounts of the projects is among the files.",
            remedy,
        )
    places = read_country_codes()
    definition = read_definition()
    columns = _projects(ids, what, samples, places)
    paths_of, topics = _classification(what), _topics(what)
    texts = [
        " ".join(filter(None, (acronym, title, topics.get(project, ("", ""))[1])))
        for project, acronym, title in zip(ids, columns["acronym"], columns["title"], strict=True)
    ]
    columns["topic"] = [
        topics[project][0] if project in topics else known
        for project, known in zip(ids, columns["topic"], strict=True)
    ]
    columns["ai_scope"], columns["ai_rule"] = definition.relevances(
        (text, "", topic or "", None if paths_of is None else paths_of.get(project, ""))
        for project, text, topic in zip(ids, texts, columns["topic"], strict=True)
    )
    files = {"projects.csv": shaped("project_line", columns)}
    shapes = {"projects.csv": "project_line"}
    if what.of("organisations"):
        datasets = dict(zip(ids, columns["dataset"], strict=True))
        files["participations.csv"] = shaped("participation_line", _participations(what, datasets, places))
        shapes["participations.csv"] = "participation_line"
    what.findings += places.findings("", "country")
    frameworks = sorted({dataset.split("/")[1] for dataset in columns["dataset"] if dataset})
    return Imported(
        title=f"CORDIS research projects: {', '.join(_FRAMEWORKS.get(name, name) for name in frameworks)}",
        publisher="Publications Office of the European Union, CORDIS",
        url=PAGES.get(frameworks[0] if len(frameworks) == 1 else "", URL),
        licence="CC BY 4.0",
        vintage=max(what.vintages, default=None),
        definition=definition.version,
        files=files,
        shapes=shapes,
        findings=tuple(what.findings),
    )


_FRAMEWORKS = {"HORIZON": "Horizon Europe and Euratom", "H2020": "Horizon 2020"}
PAGES = {
    "HORIZON": "https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027",
    "H2020": "https://data.europa.eu/data/datasets/cordish2020projects",
}


# --- which table is it -----------------------------------------------------------------------------------------------------------------


def _kind(titles: Collection[str]) -> str:
    return next((kind for kind, columns in _KINDS.items() if set(columns) <= set(titles)), "")


def _take(path: Path, what: _Read) -> None:
    """Reads one file into its kind of table, or says why it is left out."""
    sheet = read_sheet(path, lambda titles: bool(_kind(titles)))
    if isinstance(sheet, Finding):
        what.findings.append(sheet)
        return
    kind = _kind(sheet.header)
    if not kind:
        what.findings += _foreign(sheet)
        return
    table = _Table(kind, sheet, [words(cell) for cell in sheet.column(_KINDS[kind][0])])
    what.findings += sheet.findings
    wrong = [
        (row, project)
        for row, project in zip(sheet.rows, table.projects, strict=True)
        if not re.fullmatch(r"\d{1,12}", project)
    ]
    for row, project in wrong[:_LISTED]:
        remedy = "Fetch the file again; if it is the publisher's, tell the publisher."
        what.error(
            "not-a-project",
            table,
            row.number,
            sheet.titles[sheet.header[_KINDS[kind][0]]],
            project,
            "is no project number.",
            remedy,
        )
    if len(wrong) > _LISTED:
        what.error(
            "more",
            table,
            0,
            "",
            f"{len(wrong) - _LISTED:,}",
            "more rows have no project number.",
            "Mend these first.",
        )
    if sheet.vintage:
        what.vintages.append(sheet.vintage)
    what.tables.append(table)


def _foreign(sheet: Sheet) -> list[Finding]:
    damaged = [kind for kind, marks in _MARKS.items() if any(mark in sheet.header for mark in marks)]
    if not damaged:
        return [
            Finding(
                code="table-unused",
                file=sheet.file,
                problem="is a table that we do not use; left out.",
                severity="note",
            )
        ]
    missing = [column for column in _KINDS[damaged[0]] if column not in sheet.header]
    remedy = f"The columns of the file are {', '.join(sheet.titles)}."
    return [
        Finding(
            code="column-missing",
            file=sheet.file,
            row=1,
            column=column,
            problem=f"is a column that the table of {damaged[0]} must have.",
            remedy=nearest(column, sheet.header) + remedy,
        )
        for column in missing
    ]


def _covers(table: _Table) -> int:
    return len(set(table.projects))


def _read_were(what: _Read) -> str:
    return ", ".join(f"{table.sheet.file} ({table.kind})" for table in what.tables) or "none"


# --- one row per project ---------------------------------------------------------------------------------------------------------------


def _projects(
    ids: list[str], what: _Read, samples: set[int], places: CountryCodes
) -> dict[str, list[str | None]]:
    """The columns of project_line, topic and AI reading apart."""
    parts = _parts(what)
    frameworks = _frameworks(ids, parts, what)
    amounts, costs = _amounts(what, samples)
    known = {name: _attribute(what, column) for name, column in _ATTRIBUTES.items()}
    full = {name: _attribute(what, column, samples) for name, column in {"signed": "ecsignaturedate"}.items()}
    days = {
        name: _days(what, values, name)
        for name, values in known.items()
        if name in ("signed_on", "period_start", "period_end")
    }
    countries, beneficiaries = _hosts(what, samples, places)
    return {
        "dataset": [f"cordis/{frameworks[project]}" for project in ids],
        "project_id": [*ids],
        "programme": [
            _programme(frameworks[project], parts.get(project, known["part"].get(project, "")))
            for project in ids
        ],
        "programme_part": [parts.get(project, known["part"].get(project, "")) for project in ids],
        "acronym": [known["acronym"].get(project) for project in ids],
        "title": [known["title"].get(project) for project in ids],
        "status": [known["status"].get(project) for project in ids],
        "year": [
            (days["signed_on"].get(project) or "")[:4] if project in full["signed"] else "" for project in ids
        ],
        "signed_on": [days["signed_on"].get(project) for project in ids],
        "period_start": [days["period_start"].get(project) for project in ids],
        "period_end": [days["period_end"].get(project) for project in ids],
        "topic": [known["topic"].get(project) for project in ids],
        "country": [countries.get(project) for project in ids],
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


def _attribute(what: _Read, column: str, without: Collection[int] = ()) -> dict[str, str]:
    """Project → what the tables of projects say in a column; the first that says something."""
    found: dict[str, str] = {}
    for table in what.of("projects"):
        if id(table) not in without and column in table.sheet.header:
            for project, cell in zip(table.projects, table.sheet.column(column), strict=True):
                if text := (day(cell) or words(cell)) if column.endswith("date") else words(cell):
                    found.setdefault(project, text)
    return found


def _days(what: _Read, values: dict[str, str], name: str) -> dict[str, str]:
    read = {project: day(text) for project, text in values.items()}
    for value, rows in Counter(values[project] for project, text in read.items() if text is None).items():
        remedy = "Compare with the publisher's file."
        problem = f"cannot be read as a day ({rows:,} projects); left empty."
        what.findings.append(
            Finding(
                code="not-a-day",
                column=_ATTRIBUTES[name],
                value=value,
                problem=problem,
                remedy=remedy,
                severity="warning",
            )
        )
    return {project: text for project, text in read.items() if text}


def _parts(what: _Read) -> dict[str, str]:
    """Project → the one legal basis that is its part of the programme. The other bases of a project would count it again."""
    parts: dict[str, str] = {}
    for table in what.of("legal bases"):
        unique = table.sheet.column("uniqueprogrammepart")
        for row, project, basis, flag in zip(
            table.sheet.rows, table.projects, table.sheet.column("legalbasis"), unique, strict=True
        ):
            if words(flag).lower() not in ("true", "1", "yes"):
                continue
            if parts.setdefault(project, words(basis)) != words(basis):
                problem = f"is a second unique programme part of project {project}, after {parts[project]}."
                what.error(
                    "part-twice",
                    table,
                    row.number,
                    "legalBasis",
                    words(basis),
                    problem,
                    "Give the tables of one day only.",
                )
    return parts


def _frameworks(ids: list[str], parts: dict[str, str], what: _Read) -> dict[str, str]:
    """Project → framework programme under which CORDIS lists it: HORIZON (with Euratom 2021–27), H2020, …"""
    stated = _attribute(what, "frameworkprogramme")
    bases = parts | {
        project: basis for project, basis in _attribute(what, "legalbasis").items() if project not in parts
    }
    found = {project: stated.get(project) or _framework(bases.get(project, "")) for project in ids}
    others = sorted({framework for framework in found.values() if framework})
    if len(others) != 1 and (lost := [project for project in ids if not found[project]]):
        remedy = "Give the table legalBasis, or the table of projects with frameworkProgramme."
        problem = (
            f"and {len(lost) - 1:,} more projects: no table says under which framework programme they are."
        )
        what.error("no-framework", None, 0, "frameworkProgramme", lost[0], problem, remedy)
    return {
        project: framework or (others[0] if len(others) == 1 else "unknown")
        for project, framework in found.items()
    }


def _framework(basis: str) -> str:
    """The framework programme of a legal basis. CORDIS lists Euratom 2021–27 with Horizon Europe."""
    if basis.startswith(("HORIZON", "EURATOM")):
        return "HORIZON"
    return re.split(r"[.\-]", basis)[0]


def _programme(framework: str, part: str) -> str:
    """Our purse. Euratom has a budget of its own beside Horizon Europe and Horizon 2020: it is another EU programme."""
    if "EURATOM" in part.upper():
        return "other-eu"
    return {"HORIZON": "horizon-europe", "H2020": "horizon-2020"}.get(framework, "other-eu")


def _amounts(what: _Read, samples: set[int]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Project → EU contribution and total cost. Tables that name one project must agree; a sample is compared, and nothing is drawn from it."""
    amounts: dict[str, Decimal] = {}
    costs: dict[str, Decimal] = {}
    only_in_samples: list[str] = []
    for table in sorted(what.of("projects"), key=lambda table: (id(table) in samples, -_covers(table))):
        given = list(
            zip(table.projects, table.sheet.rows, _money(table, "ecmaxcontribution", what=what), strict=True)
        )
        cost = dict(
            zip(table.projects, _money(table, "totalcost", "project totalcost", what=what), strict=True)
        )
        for project, row, amount in given:
            if amount is None:
                continue
            if id(table) in samples and project not in amounts:
                only_in_samples.append(project)
            elif amounts.setdefault(project, amount) != amount:
                problem = f"is not what another table gives for project {project}: {amounts[project]}."
                what.error(
                    "amount-differs",
                    table,
                    row.number,
                    "ecMaxContribution",
                    str(amount),
                    problem,
                    "Give tables of one day only.",
                )
            total = cost.get(project)
            if id(table) not in samples and total is not None and not (total == 0 and amount > 0):
                costs.setdefault(project, total)
    for table in what.of("projects"):
        if id(table) in samples:
            problem = "projects only: a sample. It was compared with the others; amounts, years and countries are not drawn from it."
            what.note("sample", table, "", f"{_covers(table):,}", problem)
    if only_in_samples:
        problem = f"projects have an amount in a sample only ({', '.join(only_in_samples[:10])}); not used."
        what.note("amount-in-sample", None, "ecMaxContribution", f"{len(only_in_samples):,}", problem)
    return amounts, costs


def _money(table: _Table, *columns: str, what: _Read) -> Iterator[Decimal | None]:
    """The amounts of a column, exact; a cell that is none, or has something below the cent, is a finding."""
    title = next(
        (table.sheet.titles[table.sheet.header[name]] for name in columns if name in table.sheet.header), ""
    )
    for row, cell in zip(table.sheet.rows, table.sheet.column(*columns), strict=True):
        amount = exact(cell)
        if amount is None and words(cell):
            what.error(
                "not-euros",
                table,
                row.number,
                title,
                words(cell),
                "cannot be read as euros.",
                "Compare with the publisher's file.",
            )
        elif amount is not None and is_finer_than_cents(amount):
            remedy = "Compare with the publisher's file: CORDIS gives euros and cents."
            what.error(
                "third-decimal",
                table,
                row.number,
                title,
                words(cell),
                "has more than two decimals; euros end at the cent.",
                remedy,
            )
            amount = None
        yield amount


def _hosts(what: _Read, samples: set[int], places: CountryCodes) -> tuple[dict[str, str], Counter[str]]:
    """Project → country of its coordinator, and number of participations. Neither is drawn from a sample."""
    countries: dict[str, str] = {}
    beneficiaries: Counter[str] = Counter()
    for table in what.of("organisations"):
        if id(table) in samples:
            problem = "projects only: a sample. Its participations are kept; countries of projects are not drawn from it."
            what.note("sample", table, "", f"{_covers(table):,}", problem)
            continue
        beneficiaries.update(table.projects)
        for project, role, country in zip(
            table.projects, table.sheet.column("role"), table.sheet.column("country"), strict=True
        ):
            if words(role).lower() == "coordinator" and (code := places.code(words(country))):
                countries.setdefault(project, code)
    return countries, beneficiaries


def _classification(what: _Read) -> dict[str, str] | None:
    """Project → its EuroSciVoc paths, one a line; None where no table of them is there."""
    if not what.of("classification"):
        return None
    found: dict[str, list[str]] = {}
    for table in what.of("classification"):
        for project, path in zip(table.projects, table.sheet.column("euroscivocpath"), strict=True):
            found.setdefault(project, []).append(words(path))
    return {project: "\n".join(sorted(set(lines))) for project, lines in found.items()}


def _topics(what: _Read) -> dict[str, tuple[str, str]]:
    """Project → code and title of its topic."""
    found: dict[str, tuple[str, str]] = {}
    for table in what.of("topics"):
        for project, topic, title in zip(
            table.projects, table.sheet.column("topic"), table.sheet.column("title"), strict=True
        ):
            found.setdefault(project, (words(topic), words(title)))
    return found


def _participations(
    what: _Read, datasets: dict[str, str | None], places: CountryCodes
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
    for table in what.of("organisations"):
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
            columns[ours] += [words(cell) for cell in sheet.column(theirs)]
        columns["country"] += [places.code(words(cell)) for cell in sheet.column("country")]
        columns["net_eu_contribution_eur"] += [
            euros(amount) for amount in _money(table, "neteccontribution", what=what)
        ]
    return columns
