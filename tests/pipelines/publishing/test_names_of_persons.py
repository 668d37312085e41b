"""Names that may be those of natural persons are withheld, unless a second person allows them."""

from dataclasses import replace

import pytest

from pipelines import releases
from pipelines.errors import NotPossible
from pipelines.person_names import WITHHELD
from pipelines.publishing import dry_run, publication_requests, publish_withdraw_rollback
from pipelines.publishing.publication_requests import Request
from pipelines.publishing.submission import submission
from pipelines.user_sql import run_query
from tests.pipelines.publishing.office import ANN, AWARD, BOB, CAT, LINE, Office, read, template

NAME = "Anna Example"
PERSON = AWARD | {"beneficiary": NAME, "heading": f"Award to {NAME}"}


def asked_by_name(office: Office, person: object = ANN) -> Request:
    """A request that asks to show the name."""
    receipt = office.upload(template(PERSON), person)  # type: ignore[arg-type]
    checked = replace(read(template(PERSON)), names_shown=(NAME,))
    handed_in = submission(checked, receipt.received_on, "Awards", "Agency", "CC BY 4.0")
    effect = dry_run.dry_run(office.store, handed_in, person, office.data)  # type: ignore[arg-type]
    return publication_requests.ask(office.store, handed_in, effect, person, "It is right.")  # type: ignore[arg-type]


def published(office: Office) -> list[tuple[str, str]]:
    """Beneficiary and heading of what an upload brought."""
    sql = "select beneficiary, heading from ledger where source_id like 'upload-%'"
    return [
        (row["beneficiary"], row["heading"])
        for row in run_query.ask(sql, releases.require_current(office.store), office.store).to_pylist()
    ]


def test_a_name_is_withheld_wherever_the_row_says_it(office: Office) -> None:
    asked = office.ask(template(PERSON))
    office.publish(asked)
    assert published(office) == [(WITHHELD, f"Award to {WITHHELD}")]
    kept = [path for folder in ("requests", "sources") for path in (office.store / folder).rglob("*")]
    assert kept and not any(NAME in path.read_text("utf-8") for path in kept if path.is_file())


@pytest.mark.slow
def test_the_same_list_again_repeats_what_is_published_without_names(office: Office) -> None:
    office.publish(office.ask(template(PERSON)))
    again = office.dry_run(template(PERSON))
    assert len(again.repeats) == 1 and not again.can_be_published


@pytest.mark.slow
def test_a_second_person_may_allow_a_name(office: Office) -> None:
    asked = asked_by_name(office)
    with pytest.raises(NotPossible, match="Say that they may be shown"):
        office.publish(asked)
    publish_withdraw_rollback.publish(
        office.store, asked.request_id, BOB, "They agreed.", LINE, office.data, allow_names=True
    )
    assert published(office) == [(NAME, f"Award to {NAME}")]


@pytest.mark.slow
def test_nobody_allows_a_name_that_they_asked_for_themselves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_FOUR_EYES", "off")
    asked = asked_by_name(office, CAT)
    with pytest.raises(NotPossible, match="second person"):
        publish_withdraw_rollback.publish(
            office.store, asked.request_id, CAT, "Mine.", LINE, office.data, allow_names=True
        )
    assert publication_requests.request(office.store, asked.request_id).state == "waiting"
