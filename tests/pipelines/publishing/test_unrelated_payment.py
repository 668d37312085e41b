"""A payment of another programme is published and withdrawn: what is said of all other money stays."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import link_preview, release_zip, routes
from pages.parts.page_registry import PAGES
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, overview
from pages.parts.views.searched_sources import search
from pipelines import releases
from pipelines.bundle import writer
from pipelines.publishing.submission_plan import PublicLine
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import build_edition
from tests.pipelines.publishing.office import Office, template

PAYMENT = {
    "programme": "horizon-europe",
    "stage": "paid",
    "basis": "eu-contribution",
    "amount_eur": "1250000.00",
    "year": "2026",
    "country": "FR",
    "beneficiary": "CNRS",
    "heading": "Payment to a laboratory",
    "dated_on": "2026-11-20",
    "source_url": "https://example.org/payments",
}
LINE = PublicLine("Payments of Horizon Europe", "One payment to a laboratory", "The agency published it.")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office on the kept edition, in which nothing is paid."""
    return Office(build_edition(tmp_path), tmp_path / "data")


def said_of(answers: ReleaseData, ladder: str) -> list[Any]:
    """All that the Overview says of one ladder: headline, figure, table, numbers and what is read aloud."""
    values: Values = {"ladder": (ladder,)}
    figure = FIGURES["ladder"].make(answers, values)
    assert figure is not None
    return [
        overview.answer(answers, values),
        figure.title,
        figure.subtitle,
        figure.alt,
        figure.source,
        figure.table.to_csv(),
        [(value.label, value.said) for value in figure.values],
    ]


def served(office: Office, patch: pytest.MonkeyPatch, ladder: str) -> list[Any]:
    """What the API and the previews of links say of one ladder, without the name of the release."""
    patch.setenv("TRACKER_STORE", str(office.store))
    name = releases.require_current(office.store)
    client = TestClient(Starlette(routes=routes.ROUTES))
    text = client.get("/api/v1/figures/ladder.json", params={"ladder": ladder}).text
    assert json.loads(text)
    card = link_preview.card(name, PAGES[0], f"ladder={ladder}", "https://example.org")
    return [text.replace(name, ""), *(str(part).replace(name, "") for part in card)]


def bundled(office: Office, target: Path) -> list[list[str]]:
    """The steps of all ladders but that of Horizon Europe, as the bundle of the release has them."""
    name = releases.require_current(office.store)
    writer.export(name, target, office.store, release_zip.exhibits(name, office.store))
    with zipfile.ZipFile(target) as zipped:
        rows = list(csv.reader(io.StringIO(zipped.read("csv/mart_ladder.csv").decode())))
    assert rows[0][0] == "ladder"
    return [row for row in rows if row[0] != "horizon-europe"]


@pytest.mark.slow
def test_a_payment_of_another_programme_moves_no_other_headline(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = office.answers()
    ladders = overview.parameters(before)[0].allowed
    others = [ladder for ladder in ladders if ladder != "horizon-europe"]
    assert len(others) == 6

    def everything() -> list[Any]:
        now = office.answers()
        return [
            [said_of(now, ladder) for ladder in others],
            [served(office, monkeypatch, ladder) for ladder in others],
            search(now),
        ]

    was, was_of_horizon = everything(), said_of(before, "horizon-europe")
    was_bundled = bundled(office, tmp_path / "before.zip")
    assert "We found no published payment for Horizon Europe; we looked in" in was_of_horizon[0].standfirst

    decision = office.publish(office.ask(template(PAYMENT)), line=LINE)
    assert everything() == was
    assert bundled(office, tmp_path / "after.zip") == was_bundled
    standfirst = said_of(office.answers(), "horizon-europe")[0].standfirst
    assert "Paid to beneficiaries: €1.3\u00a0M is on record as paid (EU contribution)." in standfirst
    assert "no published payment" not in standfirst

    (upload,) = {
        entry.split(":")[0]
        for entry in office.answers().ask("select entry_id from ledger where stage = 'paid'")["entry_id"]
    }
    assert decision.release_id == releases.require_current(office.store)
    office.withdraw(upload, line=LINE)
    assert everything() == was and said_of(office.answers(), "horizon-europe") == was_of_horizon
