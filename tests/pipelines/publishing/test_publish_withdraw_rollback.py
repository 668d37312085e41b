"""From a checked file to what the public sees, and back: effects shown before, decided by another person,
whole, reversible, on record.
"""

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Table, select
from sqlalchemy.sql import visitors
from typer.testing import CliRunner

from pages.parts.text import formatting
from pages.parts.ui import number_details
from pipelines import active_uploads, journal, releases, schema, store_audit, verify
from pipelines.__main__ import app
from pipelines.errors import Forbidden, JournalDamaged, Misconfigured, NoRelease, NotPossible
from pipelines.findings import Finding, Refused
from pipelines.publishing import (
    dry_run,
    headline_figures,
    permissions,
    preview_build,
    publication_requests,
    publish_withdraw_rollback,
)
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.isolated_process import run_in_worker, warm
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission import Overlap
from pipelines.publishing.submission_plan import PublicLine
from pipelines.queries import euros, provenance
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData
from pipelines.user_sql import run_query
from tests.conftest import Small, overwrite
from tests.paths import TESTS
from tests.pipelines.publishing.conftest import Asked
from tests.pipelines.publishing.office import (
    ANN,
    AWARD,
    BOB,
    CAT,
    CORRECTION,
    DAN,
    LINE,
    Office,
    read,
    template,
)


def ledger(office: Office, where: str = "true") -> list[dict[str, object]]:
    sql = f"select * from ledger where {where} order by entry_id"  # noqa: S608 - of this file
    return run_query.ask(sql, releases.require_current(office.store), office.store).to_pylist()  # type: ignore[no-any-return]


def is_whole(office: Office) -> bool:
    return list(verify.problems(releases.require_current(office.store), office.store)) == []


# --- upload


@pytest.mark.slow
def test_uploaded_bytes_are_kept_by_their_fingerprint_with_who_brought_them_from_where(
    office: Office,
) -> None:
    content = template(AWARD)
    receipt = office.upload(content)
    assert receipt.path.read_bytes() == content and receipt.path.name == receipt.sha256
    event = journal.read(office.store)[-1]
    details = json.loads(event.details)
    assert (event.action, event.actor, event.release_id) == ("upload", "ann", None)
    assert (details["from"], details["file_name"], details["recipe"], details["sum_eur"]) == (
        "127.0.0.1",
        "budget.csv",
        "template",
        "5000000.00",
    )


def test_the_same_bytes_again_are_told_so_and_kept_once(office: Office) -> None:
    first = office.upload(template(AWARD))
    again = office.upload(template(AWARD), CAT, "other.csv")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.message.startswith("These bytes are already here: Ann uploaded them as budget.csv on ")
    assert [path.name for path in (office.store / "uploads").iterdir()] == [first.sha256]


def test_a_file_with_an_error_or_an_open_warning_is_not_taken(office: Office) -> None:
    content = template(AWARD)
    error = Finding(
        code="not-euros",
        file="budget.csv",
        row=2,
        column="amount_eur",
        value="x",
        problem="cannot be read.",
        remedy="Write digits.",
    )
    warning = Finding(
        code="outlier",
        file="budget.csv",
        row=2,
        column="amount_eur",
        value="5",
        problem="is unusual.",
        remedy="Look again.",
        severity="warning",
    )
    for findings in ([error], [warning]):
        with pytest.raises(Refused):
            publication_requests.upload(office.store, content, read(content, findings=findings), ANN, "here")
    assert not (office.store / "uploads").exists()
    publication_requests.upload(
        office.store, content, read(content, findings=[warning]), ANN, "here", ["outlier"]
    )
    assert json.loads(journal.read(office.store)[-1].details)["acknowledged"] == ["outlier"]


def test_bytes_that_changed_while_they_were_read_are_not_taken(office: Office) -> None:
    with pytest.raises(NotPossible, match="Upload it again"):
        publication_requests.upload(office.store, b"other", read(template(AWARD)), ANN, "here")


# --- the public effect


def test_a_new_line_is_shown_with_every_number_that_it_moves(office: Office) -> None:
    before = releases.require_current(office.store), releases.available(office.store)
    seen = office.dry_run(template(AWARD))
    assert [(entry.kind, entry.heading, entry.before, entry.after) for entry in seen.entries] == [
        ("added", "Award to CSC", None, Decimal("5000000.00"))
    ]
    moved = {(figure.name, figure.stage): (figure.before, figure.after) for figure in seen.moved}
    old, new = moved["Total, counted once", "contracted"]
    assert isinstance(old, Decimal) and new == old + 5_000_000
    assert moved["horizon-europe 2024", "contracted"] == (None, Decimal("5000000.00"))
    assert {stage for _, stage in moved} == {"contracted"}, "nothing else moves"
    assert seen.can_be_published and seen.base == before[0]
    assert (releases.require_current(office.store), releases.available(office.store)) == before
    assert not list((office.store / "trials").iterdir()), "the trial is gone"


@pytest.mark.slow
def test_a_line_that_is_there_already_is_nothing_new(office: Office) -> None:
    known = ledger(office, "entry_id = 'envelopes:horizon-europe-total'")[0]
    row = {
        name: str(known[name])
        for name in ("programme", "stage", "basis", "amount_eur", "heading", "source_url")
    }
    seen = office.dry_run(template(row | {"dated_on": str(known["dated_on"] or "")}))
    assert (seen.entries, seen.repeats, seen.can_be_published) == (
        (),
        ((2, "envelopes:horizon-europe-total"),),
        False,
    )
    with pytest.raises(NotPossible, match="in the ledger already"):
        office.ask(template(row | {"dated_on": str(known["dated_on"] or "")}))


@pytest.mark.slow
def test_the_same_line_with_another_amount_is_a_correction_that_takes_its_place(office: Office) -> None:
    seen = office.dry_run(template(CORRECTION))
    (entry,) = seen.entries
    assert (entry.kind, entry.replaces) == ("corrected", "envelopes:digital-europe-total-2023")
    assert (entry.before, entry.after) == (Decimal("8168000000.00"), Decimal("8200000000.00"))
    office.publish(office.ask(template(CORRECTION), seen=seen))
    (old,) = ledger(office, "entry_id = 'envelopes:digital-europe-total-2023'")
    (new,) = ledger(office, f"entry_id = '{old['superseded_by']}'")
    assert (old["amount_eur"], new["amount_eur"]) == (Decimal("8168000000.00"), Decimal("8200000000.00"))
    assert [new[name] for name in ("level", "instrument", "period_start", "ai_scope")] == [
        old[name] for name in ("level", "instrument", "period_start", "ai_scope")
    ]
    sql = (
        'select container_entry_id, count(*) as parts from "overlaps" where container_entry_id in '
        "('{}', '{}') group by all"
    )
    edges = run_query.ask(
        sql.format(old["entry_id"], new["entry_id"]), releases.require_current(office.store), office.store
    ).to_pylist()
    assert len(edges) == 2 and len({row["parts"] for row in edges}) == 1, (
        "what the old figure contained, the new one contains"
    )


@pytest.mark.slow
def test_a_correction_moves_the_headline_that_stands_on_the_old_figure(office: Office) -> None:
    sql = (
        "select ladder.amount_eur, entry.* from mart_ladder as ladder join mart_ladder_entries using "
        "(ladder, position) join ledger as entry using (entry_id) where ladder.entries = 1 and "
        "entry.superseded_on is null and entry.amount_eur > 1000000 limit 1"
    )
    (step,) = run_query.ask(sql, releases.require_current(office.store), office.store).to_pylist()
    names = (
        "programme",
        "initiative",
        "funder",
        "stage",
        "basis",
        "country",
        "beneficiary",
        "heading",
        "source_url",
        "year",
    )
    row = {name: str(step[name] or "") for name in names} | {
        "site": step["site_id"] or "",
        "dated_on": "2026-11-01",
    }
    seen = office.dry_run(template(row | {"amount_eur": str(step["amount_eur"] - 1000)}))
    assert seen.count("corrected") == 1, seen
    assert any(
        figure.page == "overview"
        and (figure.before, figure.after) == (step["amount_eur"], step["amount_eur"] - 1000)
        for figure in seen.moved
    )


@pytest.mark.slow
def test_a_correction_of_a_correction_follows_to_the_newest(office: Office) -> None:
    office.publish(office.ask(template(CORRECTION)))
    office.publish(office.ask(template(CORRECTION | {"amount_eur": "8300000000.00"})))
    in_force = ledger(office, "heading = 'Digital Europe 2021–27' and superseded_on is null")
    assert [row["amount_eur"] for row in in_force] == [Decimal("8300000000.00")]
    sql = "select count(distinct latest_entry_id) as latest, count(*) as corrections from corrections"
    assert run_query.ask(sql, releases.require_current(office.store), office.store).to_pylist() == [
        {"latest": 1, "corrections": 2}
    ]
    assert is_whole(office)


@pytest.mark.slow
def test_an_award_inside_a_whole_envelope_is_proposed_as_an_overlap_and_recorded_if_accepted(
    office: Office,
) -> None:
    award = AWARD | {"stage": "programmed"}
    seen = office.dry_run(template(award))
    (edge,) = seen.proposals
    assert (edge.container, edge.contained) == ("envelopes:horizon-europe-total", "row:2")
    counted = {figure.name: figure for figure in seen.moved}
    assert counted["Total, counted once"].after == counted["Total, counted once"].before + 5_000_000  # type: ignore[operator]
    with_edge = office.dry_run(template(award), overlaps=seen.proposals)
    assert with_edge.proposals == () and with_edge.can_be_published
    assert "Total, counted once" not in {figure.name for figure in with_edge.moved}, "net does not move"
    office.publish(office.ask(template(award), overlaps=seen.proposals, seen=with_edge))
    sql = "select container_entry_id, reason from \"overlaps\" where contained_entry_id like 'upload-%'"
    (recorded,) = run_query.ask(sql, releases.require_current(office.store), office.store).to_pylist()
    assert recorded["container_entry_id"] == edge.container and "the same programme" in recorded["reason"]


def test_a_broken_law_is_listed_and_forbids_publication(office: Office) -> None:
    content = template(AWARD | {"amount_eur": "0.00"}, CORRECTION | {"amount_eur": "1000.00"})
    seen = office.dry_run(content)
    assert {finding.code for finding in seen.broken} == {
        "law-03-overlap-is-data",
        "law-04-missing-is-not-zero",
        "law-12-of-which-is-inside",
    }
    assert seen.moved and not seen.can_be_published
    with pytest.raises(NotPossible, match="cannot be published"):
        office.ask(content)


def test_what_names_nothing_is_listed_too(office: Office) -> None:
    seen = office.dry_run(template(AWARD | {"site": "nowhere"}))
    assert [finding.code for finding in seen.broken] == ["unknown-reference"]
    assert (
        office.dry_run(template(AWARD), overlaps=(Overlap("row:99", "row:2", "x", "https://example.org/"),))
        .broken[0]
        .code
        == "overlap-row"
    )


@pytest.mark.slow
def test_a_change_that_the_file_did_not_make_is_marked(office: Office, small: Small) -> None:
    small.change("envelopes", "entries.csv", 2, heading="Changed meanwhile")
    kinds = {entry.heading: entry.is_of_file for entry in office.dry_run(template(AWARD)).entries}
    assert kinds == {"Award to CSC": True, "Changed meanwhile": False}


@pytest.mark.slow
def test_a_ranking_that_turns_is_shown(office: Office) -> None:
    seen = office.dry_run(template(AWARD | {"programme": "digital-europe", "amount_eur": "9000000000.00"}))
    (ranking,) = [
        ranking for ranking in seen.rankings if (ranking.stage, ranking.of) == ("contracted", "programmes")
    ]
    assert ranking.after[0] == "digital-europe" != (ranking.before or ("",))[0]


@pytest.mark.slow
def test_a_country_that_passes_another_is_shown(office: Office) -> None:
    seen = office.dry_run(template(AWARD | {"country": "FR", "amount_eur": "9000000000.00"}))
    (ranking,) = [ranking for ranking in seen.rankings if ranking.of == "countries"]
    assert ranking.after[0] == "FR" and ranking.before[:1] != ("FR",)
    assert any(figure.name == "FR, counted once" and figure.after == 9_000_000_000 for figure in seen.moved)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((AWARD,), marks=pytest.mark.slow),
        (CORRECTION,),
        pytest.param((AWARD, CORRECTION), marks=pytest.mark.slow),
        pytest.param((AWARD | {"stage": "programmed"},), marks=pytest.mark.slow),
    ],
)
def test_publication_brings_the_numbers_that_the_dry_run_showed_and_no_other(
    office: Office, rows: tuple[dict[str, str], ...]
) -> None:
    content = template(*rows)
    seen = office.dry_run(content)
    edges = seen.proposals
    if edges:
        seen = office.dry_run(content, overlaps=edges)
    decision = office.publish(office.ask(content, overlaps=edges, seen=seen))
    with (
        preview_build.opened(releases.folder(seen.base, office.store)) as before,
        preview_build.opened(releases.folder(decision.release_id, office.store)) as after,
    ):
        everything = {*headline_figures.pairs(before), *headline_figures.pairs(after)}
        figures, rankings = headline_figures.changed_metrics(
            headline_figures.read(before, everything), headline_figures.read(after, everything)
        )
    assert (seen.moved, seen.rankings) == (tuple(figures), tuple(rankings)) and seen.moved


@pytest.mark.slow
def test_another_list_moves_numbers_of_every_stage_and_basis(office: Office) -> None:
    path = office.data / "reference" / "programmes.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows = [row | ({"is_tracked": "false"} if row["code"] == "horizon-europe" else {}) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    seen = office.dry_run(template(AWARD))
    assert {figure.stage for figure in seen.moved if figure.page == "euros"} > {"contracted"}


@pytest.mark.slow
def test_the_numbers_of_a_stage_and_basis_are_counted_from_entries_overlaps_and_the_lists_that_are_compared() -> (
    None
):
    questions = [
        ask(Choice(located=True)) for ask in (euros.totals, euros.envelopes, euros.years, euros.countries)
    ]
    read_from = {
        part.name for question in questions for part in visitors.iterate(question) if isinstance(part, Table)
    }
    assert read_from == {"ledger", "overlap_paths", "overlap_splits", *headline_figures.LISTS}


# --- the decision


def test_a_publication_makes_the_file_public_with_its_line_in_the_change_log(asked_office: Asked) -> None:
    office, asked = asked_office, asked_office.request
    before = releases.require_current(office.store)
    assert (asked.state, asked.requester) == ("waiting", "ann")
    decision = office.publish(asked)
    assert decision.is_new and decision.release_id == releases.current(office.store) != before
    (entry,) = ledger(office, "heading = 'Award to CSC'")
    assert entry["source_id"] == f"upload-{asked.sha256[:12]}"
    (change,) = run_query.ask(
        "select * from changes where change_id like 'upload-%'", decision.release_id, office.store
    ).to_pylist()
    assert (change["kind"], change["subject"], change["after"], change["reason"]) == (
        "added",
        LINE.subject,
        LINE.after,
        LINE.reason,
    )
    event = journal.read(office.store)[-1]
    details = json.loads(event.details)
    assert (event.action, event.actor, event.reason, details["request"]) == (
        "publish",
        "bob",
        "Checked.",
        asked.request_id,
    )
    assert publication_requests.request(office.store, asked.request_id).state == "published"
    assert is_whole(office)
    assert releases.available(office.store) == sorted([before, decision.release_id])


@pytest.mark.slow
def test_the_same_request_twice_gives_the_same_answer_once(asked_office: Asked) -> None:
    office, asked = asked_office, asked_office.request
    first = office.publish(asked)
    events = journal.read(office.store)
    again = office.publish(asked, CAT)
    assert (again.release_id, again.seq, again.is_new) == (first.release_id, first.seq, False)
    assert "Bob published" in again.message and journal.read(office.store) == events


@pytest.mark.slow
def test_asking_twice_is_one_request(asked_office: Asked) -> None:
    assert asked_office.ask(template(AWARD)).request_id == asked_office.request.request_id


def test_four_eyes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = office.ask(template(AWARD), CAT)
    with pytest.raises(Forbidden, match="another person must"):
        office.publish(asked, CAT)
    assert publication_requests.request(office.store, asked.request_id).state == "waiting"
    monkeypatch.setenv("TRACKER_FOUR_EYES", "off")
    assert office.publish(asked, CAT).is_new
    assert came_in(office).endswith("by the same person")


def came_in(office: Office) -> str:
    """How the card of the uploaded figure says that it came in."""
    release_id = releases.require_current(office.store)
    answers = ReleaseData(
        release_id, {}, lambda sql: pd.DataFrame(releases.read(release_id, sql, office.store).to_pylist())
    )
    question = select(schema.ledger.c.entry_id).where(schema.ledger.c.heading == AWARD["heading"])
    (row,) = answers.read(provenance.entries(question)).to_dict("records")
    return number_details.came_in(row)


def test_the_public_reads_on_which_day_a_second_person_approved_and_no_names(asked_office: Asked) -> None:
    office, before = asked_office, formatting.day(datetime.now(UTC).date())
    office.publish(office.request, BOB)
    today = formatting.day(datetime.now(UTC).date())
    assert came_in(office) in [
        f"from the upload budget.csv, {day}, approved on {day} by a second person" for day in (before, today)
    ]
    (upload,) = active_uploads.in_force(office.store)
    told = (office.store / "sources" / upload / "source.toml").read_text()
    assert not {ANN.name, BOB.name, ANN.subject, BOB.subject} & set(re.findall(r"\w+", told))


@pytest.mark.slow
def test_who_uploaded_the_bytes_may_not_publish_them_though_another_asked(office: Office) -> None:
    office.upload(template(AWARD), CAT)
    with pytest.raises(Forbidden):
        office.publish(office.ask(template(AWARD), ANN), CAT)


NOTHING = Effect(base="", source_id="", figures="")
ACTS: dict[str, Callable[[Office, Person], object]] = {
    "upload": lambda office, person: office.upload(template(AWARD), person),
    "dry run": lambda office, person: dry_run.dry_run(
        office.store, office.submission(template(AWARD)), person, office.data
    ),
    "request": lambda office, person: publication_requests.ask(
        office.store, office.submission(template(AWARD)), NOTHING, person, "Please."
    ),
    "decline": lambda office, person: publication_requests.decline(office.store, "request-99", person, "No."),
    "publish": lambda office, person: office.publish("request-99", person),
    "roll back": lambda office, person: office.rollback("2020-01-01-0000000000", person),
    "withdraw": lambda office, person: office.withdraw("0" * 64, person),
}


def test_every_action_has_its_rule() -> None:
    assert set(ACTS) == set(permissions._MAY)


@pytest.mark.slow
@pytest.mark.parametrize("action", ACTS)
def test_the_role_is_asked_inside_every_action(office: Office, action: str) -> None:
    for person in (ANN, BOB, CAT, DAN):
        if permissions.allowed(person, action):
            try:
                ACTS[action](office, person)
            except (NotPossible, NoRelease):
                continue
        else:
            events = journal.read(office.store)
            with pytest.raises(Forbidden, match=rf"may not {action}\. This needs the role"):
                ACTS[action](office, person)
            assert [event.actor for event in journal.read(office.store)[len(events) :]] in (
                [],
                ["ann"],
                ["ann", "ann"],
            )


def test_the_matrix_of_roles() -> None:
    may = {
        person.name: {action for action in ACTS if permissions.allowed(person, action)}
        for person in (ANN, BOB, CAT, DAN)
    }
    assert may["Ann"] == {"upload", "dry run", "request"}
    assert may["Bob"] == {"dry run", "decline", "publish", "roll back", "withdraw"}
    assert (may["Cat"], may["Dan"]) == (set(ACTS), set())


def test_the_operator_has_the_roles_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_OPERATOR_ROLES", raising=False)
    assert permissions.operator().roles == frozenset(permissions.ROLES)
    monkeypatch.setenv("TRACKER_OPERATOR_ROLES", "contributor, approver")
    assert permissions.operator().roles == {"contributor", "approver"}
    monkeypatch.setenv("TRACKER_OPERATOR_ROLES", "")
    assert permissions.operator().roles == frozenset()
    monkeypatch.setenv("TRACKER_OPERATOR_ROLES", "boss")
    with pytest.raises(Misconfigured, match="TRACKER_OPERATOR_ROLES names boss"):
        permissions.operator()


@pytest.mark.slow
def test_a_request_on_an_older_release_must_be_seen_anew(asked_office: Asked) -> None:
    office, one, other = asked_office, asked_office.request, asked_office.ask(template(CORRECTION))
    office.publish(one)
    assert publication_requests.request(office.store, other.request_id).state == "stale"
    with pytest.raises(NotPossible, match="Make the dry run again"):
        office.publish(other)
    found = publication_requests.submission_of(office.store, other.request_id)
    renewed = publication_requests.ask(
        office.store, found, dry_run.dry_run(office.store, found, ANN, office.data), ANN, "It is still right."
    )
    assert office.publish(renewed).is_new and is_whole(office)
    assert len(active_uploads.in_force(office.store)) == 2


@pytest.mark.slow
def test_data_that_changed_since_the_dry_run_is_not_published_unseen(
    asked_office: Asked, small: Small
) -> None:
    office, asked, before = asked_office, asked_office.request, releases.current(asked_office.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed meanwhile")
    with pytest.raises(NotPossible, match="not those of the dry run"):
        office.publish(asked)
    assert releases.current(office.store) == before and len(releases.available(office.store)) == 1
    assert list((office.store / "sources").iterdir()) == [] and is_whole(office)


@pytest.mark.parametrize(
    "line", [PublicLine("", "a", "b"), PublicLine("a", " \u200b", "b"), PublicLine("a", "b", "")]
)
def test_nothing_is_published_without_words(asked_office: Asked, line: PublicLine) -> None:
    office, asked = asked_office, asked_office.request
    with pytest.raises(NotPossible, match="change log needs"):
        office.publish(asked, line=line)
    with pytest.raises(NotPossible, match="Say in a sentence why"):
        office.publish(asked, reason="  ")


def test_a_declined_request_is_not_published(asked_office: Asked) -> None:
    office, asked = asked_office, asked_office.request
    assert (
        publication_requests.decline(office.store, asked.request_id, BOB, "The source is a blog.").state
        == "declined"
    )
    with pytest.raises(NotPossible, match="bob declined"):
        office.publish(asked)
    again = office.ask(template(AWARD))
    assert again.request_id != asked.request_id and office.publish(again).is_new


@pytest.mark.slow
def test_two_approvers_at_once_one_wins_and_the_other_is_told(asked_office: Asked) -> None:
    office, asked = asked_office, asked_office.request
    call = (
        "import sys; from pathlib import Path; from tests.pipelines.publishing.office import BOB, CAT, "
        "Office; office = Office(Path(sys.argv[1]), Path(sys.argv[2])); print(office.publish(sys.argv[3], "
        "CAT if sys.argv[4] == 'cat' else BOB).is_new)"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", call, office.store, office.data, asked.request_id, who],
            cwd=TESTS.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in ("bob", "cat")
    ]
    said = [process.communicate() for process in running]
    outcomes = sorted(
        "won" if out == "True\n" else "told" if out == "False\n" or "Busy" in err else err
        for out, err in said
    )
    assert outcomes == ["told", "won"], said
    assert [event.action for event in journal.read(office.store)].count("publish") == 2, (
        "the build and one publication"
    )
    assert is_whole(office)


@pytest.mark.slow
def test_an_act_can_be_done_by_another_process(office: Office) -> None:
    found = office.submission(template(AWARD))
    seen = run_in_worker(dry_run.dry_run, office.store, found, ANN, office.data)
    assert seen.count("added") == 1
    asked = publication_requests.ask(office.store, found, seen, ANN, "It is right.")
    with pytest.raises(Forbidden, match="may not publish"):
        run_in_worker(
            publish_withdraw_rollback.publish, office.store, asked.request_id, DAN, "x", LINE, office.data
        )
    assert run_in_worker(
        publish_withdraw_rollback.publish, office.store, asked.request_id, BOB, "Checked.", LINE, office.data
    ).is_new
    with pytest.raises(NotPossible, match="cut off"):
        run_in_worker(os._exit, 0)


def test_the_other_process_has_loaded_the_code_and_sees_the_settings_of_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warm()
    monkeypatch.setenv("TRACKER_FOUR_EYES", "off")
    assert run_in_worker(os.getenv, "TRACKER_FOUR_EYES") == "off"
    assert run_in_worker(eval, "'pandas' in __import__('sys').modules")


@pytest.mark.slow
def test_code_that_was_changed_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    warm()
    loaded = run_in_worker(os.getppid)
    assert loaded not in (os.getpid(), os.getppid()), "forked from the process that has loaded the code"
    monkeypatch.setattr("pipelines.publishing.isolated_process._state_of_code", lambda: 0)
    assert run_in_worker(os.getppid) == os.getpid(), "begun anew"


# --- and back


@pytest.mark.slow
def test_a_withdrawal_takes_the_figures_back_and_says_so_in_the_change_log(
    published: Asked, _small: Small
) -> None:
    office, asked = published, published.request
    tables = releases.manifest(releases.require_current(_small.store), _small.store)["tables"]
    with pytest.raises(Forbidden):
        office.withdraw(asked.sha256, ANN)
    effect_ = dry_run.dry_run_withdrawal(office.store, f"upload-{asked.sha256[:12]}", BOB, office.data)
    assert [(entry.kind, entry.is_of_file) for entry in effect_.entries] == [("removed", True)]
    decision = office.withdraw(
        asked.sha256[:8], line=PublicLine("Award to CSC", "Withdrawn", "The list was a draft.")
    )
    after = releases.manifest(decision.release_id, office.store)["tables"]
    assert {name for name in tables if tables[name] != after[name]} == {"changes", "row_outcomes", "sources"}
    changes = run_query.ask(
        "select after from changes where change_id like '%-' || ? order by change_id".replace(
            "?", f"'{asked.sha256[:12]}'"
        ),
        decision.release_id,
        office.store,
    )
    assert changes["after"].to_pylist() == ["One more award", "Withdrawn"]
    assert publication_requests.upload_path(office.store, asked.sha256).is_file(), "bytes are never removed"
    assert publication_requests.request(office.store, asked.request_id).state == "withdrawn" and is_whole(
        office
    )
    with pytest.raises(NotPossible, match="no upload in the current release"):
        office.withdraw(asked.sha256)
    again = office.publish(office.ask(template(AWARD)))
    assert [row["source_id"] for row in ledger(office, "heading = 'Award to CSC'")] == [
        f"upload-{asked.sha256[:12]}-2"
    ]
    assert again.is_new and is_whole(office)


@pytest.mark.slow
def test_an_upload_on_which_another_stands_is_not_withdrawn_before_that(published: Asked) -> None:
    office, first = published, published.request
    second = office.ask(template(AWARD | {"amount_eur": "6000000.00"}))
    office.publish(second)
    with pytest.raises(NotPossible, match="Withdraw that first"):
        office.withdraw(first.sha256)
    office.withdraw(second.sha256)
    office.withdraw(first.sha256)
    assert ledger(office, "heading = 'Award to CSC'") == [] and is_whole(office)


@pytest.mark.slow
def test_rolling_back_shows_the_earlier_release_byte_for_byte_and_its_uploads(
    published: Asked, small: Small
) -> None:
    office, first = published, releases.require_current(small.store)
    folder = releases.folder(first, office.store)
    content = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    second = releases.require_current(office.store)
    office.rollback(first)
    assert releases.current(office.store) == first and active_uploads.in_force(office.store) == []
    assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == content
    third = office.publish(office.ask(template(CORRECTION))).release_id
    assert ledger(office, "heading = 'Award to CSC'") == [], "what was rolled back does not come back unasked"
    office.rollback(second)
    assert len(ledger(office, "heading = 'Award to CSC'")) == 1
    office.rollback(third)
    assert [event.reason for event in journal.read(office.store) if event.action == "rollback"] == [
        "It was better."
    ] * 3
    assert is_whole(office)


@pytest.mark.slow
def test_a_build_after_a_roll_back_does_not_bring_the_upload_back(published: Asked, small: Small) -> None:
    office, here = published, Small(small.data, published.store)
    first = releases.require_current(small.store)
    office.rollback(first)
    assert here.build(only_if_changed=True) == (first, False)
    assert here.build() == (first, False)
    here.change("envelopes", "entries.csv", 2, heading="Changed")
    here.build()
    assert ledger(office, "heading = 'Award to CSC'") == []


def test_a_build_keeps_the_uploads_that_are_in_force(published: Asked, small: Small) -> None:
    office, here = published, Small(small.data, published.store)
    assert not here.build(only_if_changed=True).is_new
    here.change("envelopes", "entries.csv", 2, heading="Changed")
    assert here.build().is_new
    assert len(ledger(office, "heading = 'Award to CSC'")) == 1 and is_whole(office)


def test_rolling_back_to_what_cannot_be_shown_is_refused(published: Asked, small: Small) -> None:
    office, first = published, releases.require_current(small.store)
    second = releases.require_current(office.store)
    with pytest.raises(NotPossible, match="current release already"):
        office.rollback(second)
    with pytest.raises(NotPossible, match="Say in a sentence why"):
        publish_withdraw_rollback.rollback(office.store, first, " ", BOB)
    path = releases.folder(first, office.store) / "parquet" / "ledger.parquet"
    overwrite(path, path.read_bytes()[:-1])
    with pytest.raises(NotPossible, match="is damaged and cannot be shown"):
        office.rollback(first)
    with pytest.raises(NoRelease):
        office.rollback("2020-01-01-0000000000")
    (office.store / "releases" / "2020-01-01-0000000000").mkdir()
    (office.store / "releases" / "2020-01-01-0000000000" / "manifest.json").write_text("{}")
    with pytest.raises(NotPossible, match="was never public"):
        office.rollback("2020-01-01-0000000000")
    assert releases.current(office.store) == second


# --- tampering and damage


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    overwrite(path, bytes(content))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("uploads/*", "The stored bytes of the upload budget.csv were changed"),
        ("requests/*", "The stored bytes of request-3 were changed"),
        ("sources/*/lines.csv", "was changed or is missing: it is not what event 4 accepted"),
        ("sources/*/source.toml", "was changed or is missing: it is not what event 4 accepted"),
        ("sources/*/changes.csv", "was changed or is missing: it is not what event 4 accepted"),
    ],
)
def test_verify_finds_a_changed_and_a_missing_file(published: Asked, pattern: str, said: str) -> None:
    (path,) = published.store.glob(pattern)
    damage(path)
    assert any(said in problem for problem in store_audit.problems(published.store))
    path.unlink()
    assert any(
        path.name in problem or "changed or is missing" in problem
        for problem in store_audit.problems(published.store)
    )


def test_verify_says_what_the_audit_found(published: Asked) -> None:
    (path,) = published.store.glob("uploads/*")
    damage(path)
    (problem,) = verify.problems(releases.require_current(published.store), published.store)
    assert "The stored bytes of the upload" in problem


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_verify_finds_every_event_that_was_removed_the_last_one_too(published: Asked, seq: int) -> None:
    with closing(sqlite3.connect(published.store / "journal.sqlite")) as connection:
        connection.execute("drop trigger events_no_delete")
        connection.execute("delete from events where seq = ?", [seq])
        connection.commit()
    assert journal.broken_links(published.store)


@pytest.mark.slow
def test_damaged_bytes_are_not_published_and_uploading_them_again_mends_them(asked_office: Asked) -> None:
    office, asked, before = asked_office, asked_office.request, releases.current(asked_office.store)
    path = publication_requests.upload_path(office.store, asked.sha256)
    damage(path)
    with pytest.raises(NotPossible, match="Upload the file again"):
        office.publish(asked)
    path.unlink()
    with pytest.raises(NotPossible, match="missing"):
        office.publish(asked)
    assert releases.current(office.store) == before
    office.upload(template(AWARD))
    assert office.publish(asked).is_new and is_whole(office)


def test_a_damaged_request_is_not_published(asked_office: Asked) -> None:
    office, asked = asked_office, asked_office.request
    damage(office.store / "requests" / asked.stored)
    with pytest.raises(NotPossible, match="Hand the file in again"):
        office.publish(asked)


def pages_of(journal_file: Path) -> Iterator[int]:
    return iter(range(journal_file.stat().st_size // 4096))


@pytest.mark.slow
def test_a_damaged_journal_leaves_the_public_on_the_last_good_release_and_stops_decisions(
    published: Asked,
) -> None:
    current = releases.current(published.store)
    asked = published.ask(template(CORRECTION))
    path = published.store / "journal.sqlite"
    for leftover in (f"{path}-wal", f"{path}-shm"):
        Path(leftover).unlink(missing_ok=True)
    good, found = path.read_bytes(), 0
    for page in pages_of(path):
        content = bytearray(good)
        for place in range(page * 4096, page * 4096 + 4096, 64):
            content[place] ^= 0xFF
        path.write_bytes(bytes(content))
        assert releases.current(published.store) == current, f"page {page}"
        if problems := journal.broken_links(published.store):
            found += 1
            with pytest.raises((JournalDamaged, OSError)):
                published.publish(asked)
            assert releases.current(published.store) == current
            assert all("\n" not in problem for problem in problems)
        path.write_bytes(good)
    assert found >= 2, "pages that hold events"
    assert published.publish(asked).is_new and is_whole(published)


@pytest.mark.parametrize("content", [None, b"", b"no journal at all", bytes(8192)])
def test_a_lost_journal_leaves_the_public_on_the_last_good_release_and_verify_says_so(
    published: Asked, content: bytes | None
) -> None:
    current = releases.current(published.store)
    for path in published.store.glob("journal.sqlite*"):
        path.unlink()
    if content is not None:
        (published.store / "journal.sqlite").write_bytes(content)
    assert releases.current(published.store) == current
    assert journal.broken_links(published.store)


@pytest.mark.slow
@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"seq": 1}'])
def test_the_journal_is_the_truth_when_the_note_beside_it_is_lost(
    published: Asked, content: bytes | None
) -> None:
    current = releases.current(published.store)
    (published.store / "current.json").unlink()
    if content is not None:
        (published.store / "current.json").write_bytes(content)
    assert releases.current(published.store) == current
    problems = list(verify.problems(current, published.store))
    assert len(problems) == 1 and "current.json" in problems[0]
    published.upload(template(CORRECTION))
    assert json.loads((published.store / "current.json").read_text())["seq"] == 5
    assert list(verify.problems(current, published.store)) == []


# --- the command line


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.setenv("TRACKER_STORE", str(office.store))

    def invoke(*arguments: object, user: str = "ann", its_roles: str = "contributor") -> tuple[int, str, str]:
        monkeypatch.setenv("TRACKER_OPERATOR_ROLES", its_roles)
        monkeypatch.setattr("getpass.getuser", lambda: user)
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return invoke


@pytest.mark.slow
def test_two_people_publish_from_the_command_line(
    office: Office, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    file, first = tmp_path / "awards.csv", releases.current(office.store)
    file.write_bytes(template(AWARD))
    code, out, err = run("publish", file, "--dry-run", "--data", office.data)
    assert (
        (code, out) == (0, "")
        and "1 added, 0 corrected" in err
        and "euros: Total, counted once (contracted, eu-contribution)" in err
    )
    code, out, _ = run(
        "publish", file, "--ask", "--reason", "It is right.", "--accept-overlaps", "--data", office.data
    )
    assert code == 0
    request_id = out.strip()
    words = (
        "--reason",
        "Checked.",
        "--subject",
        "Awards",
        "--after",
        "One more",
        "--why",
        "New list",
        "--data",
        office.data,
    )
    code, _, err = run("publish", "--request", request_id, *words)
    assert code == 1 and "ann has contributor and may not publish" in err
    code, out, err = run("publish", "--request", request_id, *words, user="bob", its_roles="approver")
    assert (code, out) == (0, f"{releases.current(office.store)}\n"), err
    assert "published" in run("requests")[1]
    code, out, err = run("rollback", first, "--reason", "wrong", user="bob", its_roles="approver")
    assert (code, out, releases.current(office.store)) == (0, f"{first}\n", first), err
    assert run("recover")[1] == "Nothing was left behind.\n"
    assert run("publish")[0] == 2


@pytest.mark.slow
def test_one_person_alone_says_so_first(
    office: Office, run: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "awards.csv"
    file.write_bytes(template(AWARD))
    call = (
        "publish",
        file,
        "--reason",
        "Right.",
        "--subject",
        "Awards",
        "--after",
        "One more",
        "--why",
        "New list",
        "--data",
        office.data,
    )
    code, _, err = run(*call, its_roles="admin")
    assert code == 1 and "TRACKER_FOUR_EYES=off" in err
    monkeypatch.setenv("TRACKER_FOUR_EYES", "off")
    code, out, _ = run(*call, its_roles="admin")
    assert (code, out) == (0, f"{releases.current(office.store)}\n")
    upload = active_uploads.in_force(office.store)[0]
    code, out, err = run(
        "withdraw",
        upload,
        "--reason",
        "Wrong.",
        "--why",
        "It was a draft.",
        "--data",
        office.data,
        its_roles="admin",
    )
    assert (code, out) == (0, f"{releases.current(office.store)}\n"), err
    assert is_whole(office)
