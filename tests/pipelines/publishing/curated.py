"""Files of curated rows for tests, one row for every shape that can be uploaded, and what a contributor does
with them.
"""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from pipelines.file_schemas import upload_cells
from pipelines.publishing import dry_run, publication_requests
from pipelines.publishing.checked_upload import check_file
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.publication_requests import Request
from pipelines.publishing.submission import Checked, Submission, submission
from tests.pipelines.publishing.office import ANN, Office

URL = "https://example.org/notice"
AMOUNT = {
    "entry_key": "mimer-award",
    "programme": "national",
    "initiative": "ai-factories",
    "funder": "member-states",
    "stage": "contracted",
    "basis": "national-contribution",
    "level": "award",
    "amount_eur": "29760000.00",
    "qualifier": "exact",
    "country": "SE",
    "heading": "Contract for the machine Mimer",
    "ai_scope": "strict",
    "confidence": "stated",
    "price_basis": "current",
    "dated_on": "2026-09-01",
    "source_url": URL,
}
SITE = {
    "site_id": "mimer",
    "name": "Mimer",
    "kind": "ai-factory",
    "status": "selected",
    "city": "Linköping",
    "country": "SE",
    "selected": "2025-Q1",
    "source_url": URL,
}
ROWS: dict[str, dict[str, str]] = {
    "entry": AMOUNT,
    "publisher": {"host": "example.org", "publisher": "Example agency", "tier": "host-or-government"},
    "overlap": {
        "container": "envelopes:digital-europe-total-2023",
        "contained": "site-funding:lumi-ai-factory-eurohpc-ju",
        "reason": "The share is paid out of the programme.",
        "source_url": URL,
    },
    "overlap_rule": {
        "container": "envelopes:horizon-europe-committed-2022",
        "family": "fts",
        "programme": "horizon-europe",
        "from_year": "2022",
        "to_year": "2022",
        "reason": "They are made under the budget of that year, says the notice.",
        "source_url": URL,
    },
    "claim": {
        "claim_id": "it4lia-420",
        "site_id": "it4lia",
        "subject": "IT4LIA, total",
        "said": "€420 M in all.",
        "amount_eur": "420000000.00",
        "qualifier": "exact",
        "source_url": URL,
        "resolution": "€430 M is used.",
    },
    "flow": {
        "flow_id": "states-to-sites",
        "from_node": "member-states",
        "to_node": "ai-factories",
        "stage": "announced",
        "basis": "national-contribution",
        "amount_eur": "5000000.00",
        "is_first_booking": "false",
        "confidence": "stated",
        "source_url": URL,
    },
    "site": SITE,
    "milestone": {
        "milestone_id": "mimer-contract",
        "dated": "2026-09-01",
        "event": "agreement",
        "title": "Mimer is under contract",
        "is_planned": "false",
        "source_url": URL,
    },
    "promise": {
        "promise_id": "mimer-opens",
        "statement": "1",
        "title": "Mimer opens",
        "said": "2025-03",
        "promised": "2026-H2",
        "source_url": URL,
    },
    "rate": {
        "rate_id": "ecb-daily-2026-09-01-sek",
        "rate_type": "ecb_daily",
        "year": "2026",
        "base": "EUR",
        "quote": "SEK",
        "rate": "11.05",
        "source_url": URL,
    },
    "indicator": {
        "country": "SE",
        "indicator": "population",
        "year": "2026",
        "value": "10600000",
        "published_on": "2026-07-21",
        "source_url": URL,
    },
    "dossier_row": {"dossier_row": "update:1", "outcome": "left-out", "reason": "Said twice."},
    "ladder_step": {
        "ladder": "investai",
        "position": "9",
        "stage": "paid",
        "basis": "eu-contribution",
        "label": "Paid",
        "basis_label": "EU contribution",
        "is_of_which": "false",
    },
    "funder_total": {
        "funder": "several",
        "position": "9",
        "stage": "announced",
        "basis": "investment-mobilised",
        "basis_label": "investment to be mobilised",
        "entries": "envelopes:investai-total",
        "limits": "A hope, not a promise.",
    },
    "stated_total": {
        "total_key": "investai-said",
        "title": "InvestAI, as the notice says",
        "initiative": "investai",
        "stage": "announced",
        "basis": "investment-mobilised",
        "amount_eur": "200000000000.00",
        "source_url": URL,
        "members": "envelopes:investai-total",
        "gap_eur": "0.00",
    },
    "fact": {
        "fact_id": "gigafactories-2026",
        "subject": "Gigafactories that the call may choose",
        "value": "7",
        "unit": "sites",
        "dated_on": "2026-07-30",
        "source_url": URL,
    },
    "call_state": {
        "call": "gigafactories-2026",
        "country": "SE",
        "has_signed": "true",
        "source_url": URL,
    },
    # every statement of the article is there; one can be said anew
    "article_statement": {
        "statement_id": "eurohpc-founded",
        "statement": "The body for supercomputers was set up in 2018.",
        "unit": "year",
        "stated": "2018",
        "reads": "Facts, eurohpc-founded.",
        "replaces": "eurohpc-founded",
        "replaces_reason": "In plain words.",
    },
}


def table(shape: str, *rows: Mapping[str, str]) -> bytes:
    """A file of this shape, with the columns of its template."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(upload_cells(shape)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def check(office: Office, folder: Path, content: bytes, name: str = "rows.csv", shape: str = "") -> Checked:
    """What a file comes to against the current release."""
    path = folder / name
    path.write_bytes(content)
    return check_file(path, "", office.store, shape)


def submitted(office: Office, folder: Path, content: bytes, name: str = "rows.csv") -> Submission:
    """A file, checked and uploaded by Ann."""
    checked = check(office, folder, content, name)
    codes = [finding.code for finding in checked.findings]
    receipt = publication_requests.upload(office.store, content, checked, ANN, "127.0.0.1", codes)
    return submission(checked, receipt.received_on, "Rows", "Agency", "CC BY 4.0")


def effect(office: Office, folder: Path, content: bytes) -> Effect:
    """What the public would see of a file."""
    return dry_run.dry_run(office.store, submitted(office, folder, content), ANN, office.data)


def ask(office: Office, folder: Path, content: bytes) -> Request:
    """A request of Ann."""
    return seen_and_asked(office, folder, content)[1]


def seen_and_asked(office: Office, folder: Path, content: bytes) -> tuple[Effect, Request]:
    """What Ann saw, and her request."""
    found = submitted(office, folder, content)
    seen = dry_run.dry_run(office.store, found, ANN, office.data)
    return seen, publication_requests.ask(office.store, found, seen, ANN, "It is right.")
