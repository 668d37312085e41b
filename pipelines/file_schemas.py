"""The shapes that a file of a source can have: its columns, what may stand in them, and the tables that it
fills.

A shape is the contract between a file, its SQL and the release. The union of the ledger, the checks of
references and law 10 are made from these declarations (see row_outcomes.py): no other list names the shapes.
Opens no file and no database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal[
    "text", "code", "euros", "decimal", "number", "day", "moment", "year", "count", "flag", "url", "list"
]


@dataclass(frozen=True)
class Cell:
    """A cell says what may stand in a column.

    kind: text; code (a word of the vocabulary `of`); euros (digits, a point, at most two decimals);
    decimal (exact); number; day (YYYY-MM-DD); moment (YYYY-MM-DD, YYYY-MM, YYYY-Qn, YYYY-Hn or YYYY;
    read into first day, last day and precision); year; count; flag (true or false); url;
    list (several values parted by ;, each a row of raw_<shape>_<column>).
    names: the value is the key of a row of one of these shapes; `entry` stands for every entry of the ledger.
    fills: of a list, the table of a release that holds one row per value.
    is_later: the column was added later; a file without it is read as if it were empty.
    """

    kind: Kind = "text"
    of: str = ""
    required: bool = False
    names: tuple[str, ...] = ()
    fills: str = ""
    is_later: bool = False


text, needed = Cell(), Cell(required=True)
euros, decimal, number, day, moment, year, count, flag = (
    Cell(kind) for kind in ("euros", "decimal", "number", "day", "moment", "year", "count", "flag")
)
url = Cell("url", required=True)


def code(of: str, required: bool = True) -> Cell:
    """A word of data/reference/<of>.csv."""
    return Cell("code", of, required)


def must(cell: Cell) -> Cell:
    """The same cell, but it may not be empty."""
    return replace(cell, required=True)


def later(cell: Cell) -> Cell:
    """The same cell, of a column that was added later."""
    return replace(cell, is_later=True)


def name_of(*shapes: str) -> Cell:
    """The identity of a row of one of these shapes."""
    return Cell(names=shapes)


def entries(fills: str) -> Cell:
    """A list of entries of the ledger, each a row of the table `fills`."""
    return Cell("list", names=("entry",), fills=fills)


@dataclass(frozen=True)
class Fill:
    """A table of a release that the rows of a shape fill, and how a row is recognised there.

    found_by: column of the table → SQL over the cells of the row; empty: the columns of the shape's key.
    is_one_to_one: the table has one row per row of the shape. Otherwise rows may share one, or give several.
    """

    table: str
    found_by: Mapping[str, str] = field(default_factory=dict)
    is_one_to_one: bool = True


LEDGER = Fill("ledger", {"source_file": "source_file", "source_row": "source_row"})


@dataclass(frozen=True)
class Sums:
    """How the lines of a published list are summed as rows of the shape line_sum, which stand in for the
    list.

    amount, part: columns of the shape. stage, basis: those of its entries in the ledger.
    note: what a reader must know of the sums.
    """

    amount: str
    part: str
    stage: str
    basis: str
    note: str


@dataclass(frozen=True)
class Shape:
    """A shape says what a file of a source holds and which tables of a release it fills.

    cells: column → what may stand in it.
    fills: the tables that must hold every row. A shape fills the ledger through sql/staging/stg_<shape>.sql.
    key: columns that tell a row from every other row; empty for published lines, which only their row number
        tells apart.
    is_key_of_source: other sources may use the same key for rows of their own.
    list_by: of an imported shape, the columns that name the published list which a row belongs to.
        Its source needs `import_no`; of each list only the newest import counts.
    dated_by: a column with the day of the list, which decides before the number of the import.
    follows: an imported shape whose lists are those of another shape, and are replaced with them.
    is_stand_in: rows give way to the lines of any imported list with the same `dataset` that fills the
        ledger.
    sums: how its lines are summed for the shape line_sum, if they are.
    title: what people call one of its rows; only for shapes whose rows people write.
    """

    cells: Mapping[str, Cell]
    fills: tuple[Fill, ...]
    key: tuple[str, ...] = ()
    is_key_of_source: bool = False
    list_by: tuple[str, ...] = ()
    dated_by: str = ""
    follows: str = ""
    is_stand_in: bool = False
    sums: Sums | None = None
    title: str = ""

    @property
    def is_imported(self) -> bool:
        """Whether its sources are imports, of which the newest counts."""
        return bool(self.list_by or self.follows)

    @property
    def fills_ledger(self) -> bool:
        """Whether its rows are entries of the ledger."""
        return any(fill.table == "ledger" for fill in self.fills)

    @property
    def is_curated(self) -> bool:
        """Whether people write its rows one by one, each known by its key: they can be uploaded and
        replaced.
        """
        return bool(self.title and self.key) and not self.is_imported and not self.is_stand_in


KEY_MARK = " / "
"""Stands between the parts of a key that is written as one text."""


def key_text(parts: Iterable[str | None]) -> str:
    """The key of a row as one text, as people write it and as tables of a release hold it."""
    return KEY_MARK.join(part or "" for part in parts)


CHECKED = {"checked_on": Cell("day", is_later=True), "witness_url": Cell("url", is_later=True)}
"""When somebody last looked whether a row is still true, and a second document that says the same: where the
text of the first was read, or another witness."""

BUDGET_LINE = {
    "programme": code("programmes"),
    "initiative": code("initiatives", required=False),
    "funder": code("funders", required=False),
    "stage": code("stages"),
    "basis": code("bases"),
    "amount_eur": euros,
    "year": year,
    "country": code("countries", required=False),
    "site": name_of("site"),
    "beneficiary": text,
    "heading": text,
    "dated_on": day,
    "source_url": url,
    "note": text,
}

PARTICIPATION = {
    "dataset": needed,
    "project_id": needed,
    "organisation_id": text,
    "name": text,
    "role": text,
    "country": code("countries", required=False),
    "city": text,
    "nuts": text,
    "net_eu_contribution_eur": euros,
}

SHAPES: dict[str, Shape] = {
    # the staff template
    "budget_line": Shape(
        BUDGET_LINE,
        fills=(LEDGER,),
        title="Budget line",
    ),
    # curated figures: the template and everything else we know of a figure
    "entry": Shape(
        {
            "entry_key": needed,
            "programme": code("programmes"),
            "initiative": code("initiatives", required=False),
            "funder": code("funders"),
            "stage": code("stages"),
            "basis": code("bases"),
            "instrument": code("instruments", required=False),
            "level": code("levels"),
            "amount_eur": euros,
            "qualifier": code("qualifiers"),
            "year": year,
            "period_start": day,
            "period_end": day,
            "country": code("countries", required=False),
            "site_id": name_of("site"),
            "beneficiary": text,
            "heading": needed,
            "ai_scope": code("ai_scopes"),
            "confidence": code("confidences"),
            "formula": text,
            "price_basis": code("price_bases"),
            "amount_original": decimal,
            "currency": text,
            "rate": decimal,
            "superseded_on": day,
            "superseded_by": name_of("entry", "stated_total"),
            "dated_on": moment,
            "source_url": url,
            "dossier_row": text,
            "note": text,
            **CHECKED,
        },
        fills=(LEDGER,),
        key=("entry_key",),
        is_key_of_source=True,
        title="Amount: of a site, a part of a budget or an award",
    ),
    # sums of a publisher's lines, by programme, part, year, country and AI reading;
    # the lines take their place once they are imported
    "line_sum": Shape(
        {
            "family": needed,
            "dataset": needed,
            "programme": code("programmes"),
            "part": text,
            "year": year,
            "country": code("countries", required=False),
            "ai_scope": code("ai_scopes"),
            "stage": code("stages"),
            "basis": code("bases"),
            "amount_eur": must(euros),
            "lines": must(count),
            "lines_unknown": must(count),
            "source_url": url,
            "note": text,
        },
        fills=(LEDGER,),
        is_stand_in=True,
    ),
    # one beneficiary of one commitment, as the Financial Transparency System lists it
    "commitment_line": Shape(
        {
            "dataset": needed,
            "project_id": needed,
            "programme": code("programmes"),
            "programme_name": needed,
            "title": text,
            "beneficiary": text,
            "country": code("countries", required=False),
            "amount_eur": euros,
            "commitment_eur": euros,
            "year": must(year),
            "period_start": day,
            "period_end": day,
            "department": text,
            "ai_scope": code("ai_scopes"),
            "ai_rule": text,
        },
        fills=(LEDGER, Fill("projects", {"project_id": "'fts:' || project_id"}, is_one_to_one=False)),
        list_by=("dataset",),
        sums=Sums(
            "amount_eur",
            "programme_name",
            "committed",
            "eu-contribution",
            "Budgetary commitments of the year by beneficiary; shares are rounded together to the cent.",
        ),
    ),
    # one research project, as CORDIS lists it
    "project_line": Shape(
        {
            "dataset": needed,
            "project_id": needed,
            "programme": code("programmes"),
            "programme_part": text,
            "acronym": text,
            "title": text,
            "status": text,
            "year": year,
            "signed_on": day,
            "period_start": day,
            "period_end": day,
            "topic": text,
            "country": code("countries", required=False),
            "eu_contribution_eur": euros,
            "total_cost_eur": euros,
            "beneficiaries": count,
            "ai_scope": code("ai_scopes"),
            "ai_rule": text,
        },
        fills=(LEDGER, Fill("projects", {"project_id": "'cordis:' || project_id", "source_id": "source_id"})),
        list_by=("dataset",),
        sums=Sums(
            "eu_contribution_eur",
            "programme_part",
            "contracted",
            "eu-contribution",
            "Grant agreements as CORDIS lists them; countries and years of signature are in tables that are "
            "read once they are imported.",
        ),
    ),
    # one project of a recovery plan, and what has been paid for it until a day
    "payment_line": Shape(
        {
            "dataset": needed,
            "project_id": text,
            "local_id": text,
            "measure": needed,
            "measure_title": text,
            "programme": code("programmes"),
            "country": code("countries"),
            "total_eur": euros,
            "granted_eur": euros,
            "paid_total_eur": euros,
            "paid_eur": euros,
            "extracted_on": must(day),
            "ai_scope": code("ai_scopes"),
            "ai_rule": text,
        },
        fills=(
            LEDGER,
            Fill(
                "projects",
                {
                    "project_id": "dataset || ':' || measure || '/' || coalesce(project_id, '-') || '/' "
                    "|| coalesce(local_id, '-')",
                    "source_id": "source_id",
                },
            ),
        ),
        list_by=("dataset",),
        dated_by="extracted_on",
    ),
    # one measure of a recovery plan, as one table gives it: money declared, or what counts as digital
    "measure_line": Shape(
        {
            "dataset": needed,
            "measure": needed,
            "measure_title": text,
            "programme": code("programmes"),
            "country": code("countries"),
            "support": text,
            "total_eur": euros,
            "declared_eur": euros,
            "digital_eur": euros,
            "climate_eur": euros,
            "extracted_on": day,
        },
        fills=(Fill("plan_measures", {"source_id": "source_id", "source_row": "source_row"}),),
        list_by=("dataset",),
    ),
    # one commitment of the European Investment Fund to a fund, in its own currency
    "intermediary_line": Shape(
        {
            "dataset": needed,
            "fund": needed,
            "country": code("countries", required=False),
            "product": text,
            "support": text,
            "targets": text,
            "amount_original": must(decimal),
            "currency": needed,
            "listed_on": day,
            "ai_scope": code("ai_scopes"),
            "ai_rule": text,
        },
        fills=(LEDGER,),
        list_by=("dataset",),
    ),
    # one reference rate of a day: units of a currency for one euro
    "rate_line": Shape(
        {"dataset": needed, "day": must(day), "currency": needed, "rate": must(decimal)},
        fills=(
            Fill(
                "rates",
                {"rate_id": "dataset || '/' || day || '/' || currency"},
                is_one_to_one=False,
            ),
        ),
        list_by=("dataset",),
    ),
    # what another publisher gives for a country and a year or part: a cross-check, never in the ledger
    "country_total": Shape(
        {
            "dataset": needed,
            "framework": needed,
            "part": text,
            "year": year,
            "stage": needed,
            "country": code("countries", required=False),
            "group_name": text,
            "eu_contribution_eur": must(euros),
            "projects": count,
            "participations": count,
            "coordinations": count,
        },
        fills=(Fill("country_totals", {"source_id": "source_id", "source_row": "source_row"}),),
        list_by=("dataset",),
    ),
    # one value of a statistic of a country and year
    "indicator_line": Shape(
        {
            "dataset": needed,
            "country": code("countries"),
            "indicator": code("indicators"),
            "year": must(year),
            "value": must(decimal),
            "published_on": must(day),
        },
        fills=(
            Fill(
                "country_indicators",
                {"country": "country", "indicator": "indicator", "year": "year"},
                is_one_to_one=False,
            ),
        ),
        key=("dataset", "country", "indicator", "year"),
        is_key_of_source=True,
        list_by=("dataset",),
    ),
    # one participation in a research project
    "participation_line": Shape(
        PARTICIPATION,
        fills=(Fill("participations", {"source_id": "source_id", "source_row": "source_row"}),),
        follows="project_line",
    ),
    # one participation from a list of some partners only, which stands apart from the lists of projects
    "partner_line": Shape(
        PARTICIPATION,
        fills=(Fill("participations", {"source_id": "source_id", "source_row": "source_row"}),),
        list_by=("dataset",),
    ),
    # one topic of the Funding & Tenders portal, as one list of a certain day shows it
    "call_line": Shape(
        {
            "topic": needed,
            "title": needed,
            "programme": code("programmes", required=False),
            "opens_on": day,
            "closes_on": day,
            "budget_eur": euros,
            "listed_on": must(day),
            "ai_scope": code("ai_scopes"),
            "ai_rule": text,
            "link": text,
            "reference": later(text),
            "kind": later(text),
            "call": later(text),
            "call_title": later(text),
            "status": later(text),
            "first_listed_on": later(day),
            "status_history": later(text),
            "closes_history": later(text),
            "budget_history": later(text),
        },
        fills=(
            Fill(
                "calls",
                {"topic": "topic", "title": "title", "source_id": "source_id", "last_listed_on": "listed_on"},
            ),
        ),
        key=("topic", "title", "listed_on"),
        is_key_of_source=True,
        list_by=("topic", "title"),
        dated_by="listed_on",
    ),
    # a figure of an upload takes the place of a figure that we have
    "correction": Shape(
        {
            "entry_id": must(name_of("entry")),
            "replaced_by": must(name_of("entry")),
            "replaced_on": must(day),
            "reason": needed,
        },
        fills=(Fill("corrections"),),
        key=("entry_id",),
    ),
    # a row of an upload takes the place of a curated row that is no figure of the ledger; the old row is kept
    # in the table replaced_rows
    "replacement": Shape(
        {
            "shape": needed,
            "row_key": needed,
            "of_source": needed,
            "replaced_by": needed,
            "replaced_on": must(day),
            "reason": needed,
        },
        fills=(Fill("replaced_rows", {"shape": "shape", "row_key": "row_key", "source_id": "of_source"}),),
        key=("shape", "row_key", "of_source"),
    ),
    # who publishes at an address, and how well a figure from there is supported
    "publisher": Shape(
        {
            "host": needed,
            "publisher": needed,
            "tier": code("source_tiers"),
        },
        fills=(Fill("publishers"),),
        key=("host",),
        title="Source: who publishes at an address",
    ),
    "overlap": Shape(
        {
            "container": must(name_of("entry")),
            "contained": must(name_of("entry")),
            "reason": needed,
            "source_url": url,
            "split": Cell(is_later=True),
            **CHECKED,
        },
        fills=(Fill("overlaps", {"container_entry_id": "container", "contained_entry_id": "contained"}),),
        key=("container", "contained"),
        title="Overlap: one amount includes another",
    ),
    # one entry contains all entries drawn from a family of bulk lines that match
    "overlap_rule": Shape(
        {
            "container": must(name_of("entry")),
            "family": needed,
            "programme": code("programmes"),
            "from_year": year,
            "to_year": year,
            "reason": needed,
            "source_url": url,
            "split": Cell(is_later=True),
            **CHECKED,
        },
        fills=(
            Fill(
                "overlaps",
                {"container_entry_id": "container", "reason": "reason", "source_url": "source_url"},
                is_one_to_one=False,
            ),
        ),
        key=("container", "reason", "source_url"),
        title="Overlap with a published list",
    ),
    "claim": Shape(
        {
            "claim_id": needed,
            "entry_id": name_of("entry"),
            "site_id": name_of("site"),
            "subject": needed,
            "said": needed,
            "amount_eur": euros,
            "qualifier": code("qualifiers", required=False),
            "source_url": url,
            "dated_on": moment,
            "resolution": needed,
            **CHECKED,
        },
        fills=(Fill("claims"),),
        key=("claim_id",),
        title="Rival claim",
    ),
    "flow": Shape(
        {
            "flow_id": needed,
            "from_node": needed,
            "to_node": needed,
            "stage": code("stages"),
            "basis": code("bases"),
            "amount_eur": euros,
            "period_start": day,
            "period_end": day,
            "is_first_booking": must(flag),
            "confidence": code("confidences"),
            "superseded_on": day,
            "source_url": url,
            "dossier_row": text,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("flows"),),
        key=("flow_id",),
        title="Flow of money",
    ),
    "site": Shape(
        {
            "site_id": needed,
            "name": needed,
            "kind": code("site_kinds"),
            "status": code("site_statuses"),
            "wave": text,
            "host_entity": text,
            "city": text,
            "country": code("countries"),
            "participating_countries": text,
            "lat": number,
            "lon": number,
            "system_name": text,
            "selected": moment,
            "operational": moment,
            "expected_operational": moment,
            "accelerators": text,
            "peak_pflops": number,
            "power_mw": number,
            "part_of": name_of("site"),
            "source_url": url,
            "dated_on": moment,
            "dossier_row": text,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("sites"),),
        key=("site_id",),
        title="Site",
    ),
    "milestone": Shape(
        {
            "milestone_id": needed,
            "dated": must(moment),
            "event": code("milestone_events"),
            "title": needed,
            "site_id": name_of("site"),
            "initiative": code("initiatives", required=False),
            "programme": code("programmes", required=False),
            "amount_eur": euros,
            "is_planned": must(flag),
            "source_url": url,
            "dossier_row": text,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("milestones"),),
        key=("milestone_id",),
        title="Milestone",
    ),
    "promise": Shape(
        {
            "promise_id": needed,
            "statement": must(count),
            "title": needed,
            "site_id": name_of("site"),
            "initiative": code("initiatives", required=False),
            "said": moment,
            "promised": moment,
            "happened": moment,
            "source_url": url,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("promises"),),
        key=("promise_id", "statement"),
        title="Promised date",
    ),
    "rate": Shape(
        {
            "rate_id": needed,
            "rate_type": needed,
            "year": year,
            "period_start": day,
            "period_end": day,
            "base": needed,
            "quote": needed,
            "rate": must(decimal),
            "source_url": url,
            "dossier_row": text,
            "note": text,
        },
        fills=(Fill("rates"),),
        key=("rate_id",),
        title="Exchange rate or deflator",
    ),
    "indicator": Shape(
        {
            "country": code("countries"),
            "indicator": code("indicators"),
            "year": must(year),
            "value": must(decimal),
            "published_on": must(day),
            "source_url": url,
            "note": text,
        },
        fills=(Fill("country_indicators"),),
        key=("country", "indicator", "year"),
        title="Size of a country",
    ),
    # machines on other continents, as somebody's open data gives them: context of costs, never in the ledger
    "machine_elsewhere": Shape(
        {
            "machine_id": needed,
            "name": needed,
            "place": needed,
            "operator": needed,
            "chips": text,
            "accelerators": must(count),
            "power_mw": decimal,
            "cost_usd": must(decimal),
            "operational": must(day),
            "source_url": url,
            "note": text,
        },
        fills=(Fill("machines_elsewhere"),),
        key=("machine_id",),
    ),
    "article_statement": Shape(
        {
            "statement_id": needed,
            "statement": needed,
            "unit": needed,
            "stated": must(decimal),
            "usd_quoted": decimal,
            "rate_on": day,
            "reads": needed,
            "later": text,
            **CHECKED,
        },
        fills=(Fill("article"),),
        key=("statement_id",),
        title="Statement of the founding article",
    ),
    "dossier_row": Shape(
        {
            "dossier_row": needed,
            "outcome": needed,
            "carried_to": text,
            "reason": text,
        },
        fills=(Fill("dossier_rows"),),
        key=("dossier_row",),
        title="Row of the research",
    ),
    "ladder_step": Shape(
        {
            "ladder": needed,
            "position": must(count),
            "stage": code("stages"),
            "basis": code("bases"),
            "label": needed,
            "basis_label": needed,
            "entries": entries("mart_ladder_entries"),
            "is_of_which": must(flag),
            "note": text,
        },
        fills=(Fill("mart_ladder"),),
        key=("ladder", "position"),
        title="Step of a funding ladder",
    ),
    "funder_total": Shape(
        {
            "funder": code("funders"),
            "position": must(count),
            "stage": code("stages"),
            "basis": code("bases"),
            "basis_label": needed,
            "entries": must(entries("mart_purse_entries")),
            "limits": needed,
        },
        fills=(Fill("mart_purses"),),
        key=("funder",),
        title="Total of a funder",
    ),
    "stated_total": Shape(
        {
            "total_key": needed,
            "title": needed,
            "initiative": code("initiatives", required=False),
            "stage": code("stages"),
            "basis": code("bases"),
            "amount_eur": must(euros),
            "dated_on": day,
            "superseded_on": day,
            "source_url": url,
            "dossier_row": text,
            "members": must(entries("stated_total_parts")),
            "gap_eur": euros,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("stated_totals"),),
        key=("total_key",),
        title="Total over several programmes",
    ),
    "fact": Shape(
        {
            "fact_id": needed,
            "subject": needed,
            "value": must(decimal),
            "unit": needed,
            "dated_on": moment,
            "source_url": url,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("facts"),),
        key=("fact_id",),
        title="Published number that is not euros",
    ),
    # whether a state backs a call for sites
    "call_state": Shape(
        {
            "call": needed,
            "country": code("countries"),
            "has_signed": must(flag),
            "source_url": url,
            "note": text,
            **CHECKED,
        },
        fills=(Fill("call_states"),),
        key=("call", "country"),
        title="State that backs a call",
    ),
    "change": Shape(
        {
            "changed_on": must(day),
            "change_id": needed,
            "kind": needed,
            "subject": needed,
            "before": text,
            "after": needed,
            "reason": needed,
            "source_url": text,
        },
        fills=(Fill("changes"),),
        key=("changed_on", "change_id"),
    ),
}

REPLACES, REPLACES_REASON = "replaces", "replaces_reason"
"""Columns that an upload of curated rows may have besides those of its shape: the key of the row that ships
and is replaced, and why."""


def uploadable() -> list[str]:
    """The shapes that a file of an upload can have: the budget list first, then every curated shape."""
    return ["budget_line", *(name for name, shape in SHAPES.items() if shape.is_curated)]


def upload_cells(shape: str) -> dict[str, Cell]:
    """The columns of an uploaded file of a shape."""
    cells = dict(SHAPES[shape].cells)
    return {**cells, REPLACES: text, REPLACES_REASON: text} if SHAPES[shape].is_curated else cells


def key_columns(shape: str) -> dict[str, str]:
    """Column of the key of a curated shape → the column of its table that holds it. The key of a figure
    becomes its identity in the ledger.
    """
    declared, fill = SHAPES[shape], SHAPES[shape].fills[0]
    if declared.fills_ledger:
        return {declared.key[0]: "entry_id"}
    named = {cell: column for column, cell in fill.found_by.items()}
    return {column: named.get(column, column) for column in declared.key}
