"""People, files and requests for the tests of decisions: what a contributor and an approver do, in one line
each.
"""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines import releases
from pipelines.file_schemas import SHAPES
from pipelines.findings import Finding
from pipelines.publishing import dry_run, publication_requests, publish_withdraw_rollback
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.permissions import Person
from pipelines.publishing.publication_requests import Receipt, Request
from pipelines.publishing.publish_withdraw_rollback import Decision
from pipelines.publishing.submission import COLUMNS, Checked, Overlap, Submission, submission, text_table
from pipelines.publishing.submission_plan import PublicLine
from pipelines.queries.release_answers import ReleaseData, opened
from pipelines.source_reader import read_columns

ANN = Person("ann", "Ann", frozenset({"contributor"}))
BOB = Person("bob", "Bob", frozenset({"approver"}))
CAT = Person("cat", "Cat", frozenset({"admin"}))
DAN = Person("dan", "Dan", frozenset())

LINE = PublicLine("Awards under Horizon Europe", "One more award", "The agency published its list.")
AWARD = {
    "programme": "horizon-europe",
    "stage": "contracted",
    "basis": "eu-contribution",
    "amount_eur": "5000000.00",
    "year": "2024",
    "country": "FI",
    "beneficiary": "CSC",
    "heading": "Award to CSC",
    "source_url": "https://example.org/awards",
}
# The same figure as envelopes:digital-europe-total-2023 of the fixtures, with another amount.
CORRECTION = {
    "programme": "digital-europe",
    "stage": "programmed",
    "basis": "eu-contribution",
    "amount_eur": "8200000000.00",
    "heading": "Digital Europe 2021–27",
    "dated_on": "2026-01-01",
    "source_url": "https://example.org/regulation",
}


def template(*rows: Mapping[str, str]) -> bytes:
    """A file in the staff template."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content: bytes, name: str = "budget.csv", findings: Sequence[Finding] = ()) -> Checked:
    """What the intake would give for a file in the template."""
    own: list[Finding] = []
    columns = read_columns(content, SHAPES["budget_line"].cells, {}, own)
    assert columns is not None, own
    amounts = [Decimal(amount) for amount in columns["amount_eur"] if amount]
    size = len(columns["amount_eur"])
    rows = text_table(columns)
    return Checked(
        hashlib.sha256(content).hexdigest(),
        name,
        rows,
        tuple(findings),
        "template",
        size,
        size,
        sum(amounts, Decimal(0)),
    )


@dataclass(frozen=True)
class Office:
    """A store and its data folder."""

    store: Path
    data: Path

    def answers(self) -> ReleaseData:
        """The current release."""
        return opened(releases.require_current(self.store), self.store)

    def upload(self, content: bytes, person: Person = ANN, name: str = "budget.csv") -> Receipt:
        return publication_requests.upload(self.store, content, read(content, name), person, "127.0.0.1")

    def submission(
        self, content: bytes, person: Person = ANN, overlaps: tuple[Overlap, ...] = ()
    ) -> Submission:
        receipt = self.upload(content, person)
        return submission(
            read(content), receipt.received_on, "Awards", "Agency", "CC BY 4.0", overlaps=overlaps
        )

    def dry_run(self, content: bytes, person: Person = ANN, overlaps: tuple[Overlap, ...] = ()) -> Effect:
        return dry_run.dry_run(self.store, self.submission(content, person, overlaps), person, self.data)

    def ask(
        self,
        content: bytes,
        person: Person = ANN,
        overlaps: tuple[Overlap, ...] = (),
        seen: Effect | None = None,
    ) -> Request:
        """seen: the effect, where the dry run was made before."""
        found = self.submission(content, person, overlaps)
        seen = seen or dry_run.dry_run(self.store, found, person, self.data)
        return publication_requests.ask(self.store, found, seen, person, "It is right.")

    def publish(
        self, request: Request | str, person: Person = BOB, reason: str = "Checked.", line: PublicLine = LINE
    ) -> Decision:
        request_id = request if isinstance(request, str) else request.request_id
        return publish_withdraw_rollback.publish(self.store, request_id, person, reason, line, self.data)

    def withdraw(self, upload: str, person: Person = BOB, line: PublicLine = LINE) -> Decision:
        return publish_withdraw_rollback.withdraw(
            self.store, upload, person, "It was wrong.", line, self.data
        )

    def rollback(self, release_id: str, person: Person = BOB) -> Decision:
        return publish_withdraw_rollback.rollback(self.store, release_id, "It was better.", person)
