"""A site and a milestone that belong elsewhere are published and withdrawn: no sentence moves."""

from pathlib import Path

import pytest

from pages.parts.views.page_sentences import sentences
from pipelines import releases
from pipelines.publishing.ledger_changes import PublicLine
from pipelines.queries.release_answers import ReleaseData, opened
from tests.conftest import Small
from tests.pipelines.publishing import curated
from tests.pipelines.publishing.office import Office

LINE = PublicLine("A quantum computer in Italy", "One more", "The host announced it.")
URL = "https://example.org/notice"
SITE = {
    "site_id": "elsewhere",
    "name": "A quantum computer elsewhere",
    "kind": "quantum-computer",
    "status": "selected",
    "city": "Bologna",
    "country": "IT",
    "selected": "2025-Q1",
    "source_url": URL,
}
MILESTONE = {
    "milestone_id": "elsewhere-contract",
    "dated": "2025-03-01",
    "event": "agreement",
    "title": "A quantum computer elsewhere is under contract",
    "is_planned": "false",
    "source_url": URL,
}


def release(office: Office) -> ReleaseData:
    return opened(releases.require_current(office.store), office.store)


@pytest.mark.parametrize(
    ("shape", "row"), [("site", SITE), ("milestone", MILESTONE)], ids=["site", "milestone"]
)
def test_what_belongs_elsewhere_moves_no_sentence(
    shape: str, row: dict[str, str], small: Small, tmp_path: Path
) -> None:
    office = Office(small.store, small.data)
    before = sentences(release(office))
    seen, request = curated.seen_and_asked(office, tmp_path, curated.table(shape, row))
    assert seen.sentences == ()
    decision = office.publish(request, line=LINE)
    table, key = f"{shape}s", next(iter(row))
    counted = f"select count(*) as rows from {table} where {key} = '{row[key]}'"  # noqa: S608 - of this file
    assert release(office).ask(counted)["rows"].iat[0] == 1
    assert sentences(release(office)) == before
    office.withdraw(seen.source_id, line=LINE)
    assert releases.require_current(office.store) != decision.release_id
    assert release(office).ask(counted)["rows"].iat[0] == 0
    assert sentences(release(office)) == before
