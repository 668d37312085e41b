"""The shapes that a file of a source can have: column by column, what may stand in it.

A shape is the contract between a file and its `stg_<shape>.sql`. Knows no file and no database.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "code", "euros", "decimal", "number", "day", "moment", "year", "count", "flag", "url", "list"
]


@dataclass(frozen=True)
class Cell:
    """What may stand in a column.

    kind: text; code (a word of the vocabulary `of`); euros (digits, a point, at most two decimals); decimal (exact); number; day (YYYY-MM-DD);
    moment (YYYY-MM-DD, YYYY-MM, YYYY-Qn, YYYY-Hn or YYYY; read into first day, last day and precision); year; count; flag (true or false); url;
    list (several values parted by ;, each a row of raw_<shape>_<column>).
    """

    kind: Kind = "text"
    of: str = ""
    required: bool = False


text, needed = Cell(), Cell(required=True)
euros, decimal, number, day, moment, year, count, flag = (
    Cell(kind) for kind in ("euros", "decimal", "number", "day", "moment", "year", "count", "flag")
)
url = Cell("url", required=True)
several = Cell("list")


def code(of: str, required: bool = True) -> Cell:
    """A word of data/reference/<of>.csv."""
    return Cell("code", of, required)


def must(cell: Cell) -> Cell:
    """The same cell, but it may not be empty."""
    return Cell(cell.kind, cell.of, True)


BUDGET_LINE = {
    "programme": code("programmes"),
    "initiative": code("initiatives", required=False),
    "funder": code("funders", required=False),
    "stage": code("stages"),
    "basis": code("bases"),
    "amount_eur": euros,
    "year": year,
    "country": code("countries", required=False),
    "site": text,
    "beneficiary": text,
    "heading": text,
    "dated_on": day,
    "source_url": url,
    "note": text,
}

SHAPES: dict[str, dict[str, Cell]] = {
    # the staff template
    "budget_line": BUDGET_LINE,
    # curated figures: the template and everything else we know of a figure
    "entry": {
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
        "site_id": text,
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
        "superseded_by": text,
        "dated_on": moment,
        "source_url": url,
        "dossier_row": text,
        "note": text,
    },
    # sums of a publisher's lines, by programme, part, year, country and AI reading; the lines take their place once they are imported
    "line_sum": {
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
    # one beneficiary of one commitment, as the Financial Transparency System lists it
    "commitment_line": {
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
    # one research project, as CORDIS lists it
    "project_line": {
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
    # one participation in a research project
    "participation_line": {
        "dataset": needed,
        "project_id": needed,
        "organisation_id": text,
        "name": text,
        "role": text,
        "country": code("countries", required=False),
        "city": text,
        "nuts": text,
        "net_eu_contribution_eur": euros,
    },
    # one topic of the Funding & Tenders portal, as one list of a certain day shows it
    "call_line": {
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
    },
    # a figure of an upload takes the place of a figure that we have
    "correction": {"entry_id": needed, "replaced_by": needed, "replaced_on": must(day), "reason": needed},
    "overlap": {"container": needed, "contained": needed, "reason": needed, "source_url": url},
    # one entry contains all entries drawn from a family of bulk lines that match
    "overlap_rule": {
        "container": needed,
        "family": needed,
        "programme": code("programmes"),
        "from_year": year,
        "to_year": year,
        "reason": needed,
        "source_url": url,
    },
    "claim": {
        "claim_id": needed,
        "entry_id": text,
        "site_id": text,
        "subject": needed,
        "said": needed,
        "amount_eur": euros,
        "qualifier": code("qualifiers", required=False),
        "source_url": url,
        "dated_on": moment,
        "resolution": needed,
    },
    "flow": {
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
    },
    "site": {
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
        "part_of": text,
        "source_url": url,
        "dated_on": moment,
        "dossier_row": text,
        "note": text,
    },
    "milestone": {
        "milestone_id": needed,
        "dated": must(moment),
        "event": code("milestone_events"),
        "title": needed,
        "site_id": text,
        "initiative": code("initiatives", required=False),
        "programme": code("programmes", required=False),
        "amount_eur": euros,
        "is_planned": must(flag),
        "source_url": url,
        "dossier_row": text,
        "note": text,
    },
    "promise": {
        "promise_id": needed,
        "statement": must(count),
        "title": needed,
        "site_id": text,
        "initiative": code("initiatives", required=False),
        "said": moment,
        "promised": moment,
        "happened": moment,
        "source_url": url,
        "note": text,
    },
    "rate": {
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
    "indicator": {
        "country": code("countries"),
        "indicator": code("indicators"),
        "year": must(year),
        "value": must(decimal),
        "published_on": must(day),
        "source_url": url,
        "note": text,
    },
    "article_statement": {
        "statement_id": needed,
        "statement": needed,
        "unit": needed,
        "stated": must(decimal),
        "usd_quoted": decimal,
        "rate_on": day,
        "reads": needed,
        "later": text,
    },
    "dossier_row": {
        "dossier_row": needed,
        "outcome": needed,
        "carried_to": text,
        "reason": text,
    },
    "ladder_step": {
        "ladder": needed,
        "position": must(count),
        "stage": code("stages"),
        "basis": code("bases"),
        "label": needed,
        "basis_label": text,
        "entries": several,
        "is_of_which": must(flag),
        "note": text,
    },
    "purse_total": {
        "purse": code("funders"),
        "position": must(count),
        "stage": code("stages"),
        "basis": code("bases"),
        "basis_label": needed,
        "entries": must(several),
        "limits": needed,
    },
    "stated_total": {
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
        "members": must(several),
        "gap_eur": euros,
        "note": text,
    },
    "fact": {
        "fact_id": needed,
        "subject": needed,
        "value": must(decimal),
        "unit": needed,
        "dated_on": moment,
        "source_url": url,
        "note": text,
    },
    "change": {
        "changed_on": must(day),
        "change_id": needed,
        "kind": needed,
        "subject": needed,
        "before": text,
        "after": needed,
        "reason": needed,
        "source_url": text,
    },
}

# Columns that tell a row from every other row of its file. Published lines have none: their place in the file is their identity.
KEYS: dict[str, tuple[str, ...]] = {
    "entry": ("entry_key",),
    "correction": ("entry_id",),
    "overlap": ("container", "contained"),
    "claim": ("claim_id",),
    "flow": ("flow_id",),
    "site": ("site_id",),
    "milestone": ("milestone_id",),
    "promise": ("promise_id", "statement"),
    "rate": ("rate_id",),
    "indicator": ("country", "indicator", "year"),
    "article_statement": ("statement_id",),
    "dossier_row": ("dossier_row",),
    "ladder_step": ("ladder", "position"),
    "purse_total": ("purse",),
    "stated_total": ("total_key",),
    "fact": ("fact_id",),
    "change": ("changed_on", "change_id"),
}
