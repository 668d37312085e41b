"""Every kind of curated row comes in as an upload: checked, seen, approved by another person, taken out
again; and takes the place of a row that ships, which is kept.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines import releases, verify
from pipelines.errors import Forbidden, NotPossible
from pipelines.file_schemas import SHAPES, key_columns, uploadable
from pipelines.findings import Refused
from pipelines.publishing import dry_run, publication_requests
from pipelines.user_sql import run_query
from tests.conftest import Small
from tests.pipelines.publishing import curated
from tests.pipelines.publishing.curated import AMOUNT, ROWS, SITE, ask, check, effect, seen_and_asked, table
from tests.pipelines.publishing.office import ANN, BOB, CAT, Office

LUMI = {
    **SITE,
    "site_id": "lumi-ai-factory",
    "name": "LUMI AI Factory",
    "status": "operational",
    "country": "FI",
    "replaces": "lumi-ai-factory",
    "replaces_reason": "The host says that it opened.",
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: the confined one has its own tests."""
    from pipelines.foreign_files import file_reader

    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


def asked(office: Office, sql: str, release_id: str = "") -> list[dict[str, Any]]:
    release = release_id or releases.require_current(office.store)
    rows: list[dict[str, Any]] = run_query.ask(sql, release, office.store).to_pylist()
    return rows


def row_of(office: Office, shape: str, row: dict[str, str]) -> list[dict[str, Any]]:
    """The published rows of a shape with the key of a row."""
    columns = key_columns(shape)
    if SHAPES[shape].fills_ledger:
        where = f"entry_id like '%:{row['entry_key']}'"
    else:
        where = " and ".join(f"{column}::varchar = '{row[name]}'" for name, column in columns.items())
    return asked(office, f'select * from "{SHAPES[shape].fills[0].table}" where {where}')  # noqa: S608


def test_every_kind_of_curated_row_has_its_journey_here() -> None:
    assert sorted(ROWS) == sorted(uploadable()[1:])


@pytest.mark.slow
@pytest.mark.parametrize("shape", sorted(ROWS))
def test_a_row_of_every_kind_goes_in_and_out_again(office: Office, tmp_path: Path, shape: str) -> None:
    row, first = ROWS[shape], releases.require_current(office.store)
    before = row_of(office, shape, row)
    checked = check(office, tmp_path, table(shape, row))
    assert checked.shape == shape
    assert [str(finding) for finding in checked.findings if finding.severity == "error"] == []
    if shape == "overlap_rule":  # no published line obeys it here, so that nothing would change
        seen = effect(office, tmp_path, table(shape, row))
        assert seen.broken == () and not seen.can_be_published
        return
    seen, request = seen_and_asked(office, tmp_path, table(shape, row))
    own = [one for one in seen.rows if one.is_of_file]
    assert len(own) + sum(entry.is_of_file for entry in seen.entries) == 1
    assert all(one.cells and one.kind == ("replaced" if "replaces" in row else "added") for one in own)
    with pytest.raises(Forbidden):
        office.publish(request, ANN)
    published = office.publish(request, BOB).release_id
    after = row_of(office, shape, row)
    assert len(after) == 1 and after != before
    assert list(verify.problems(published, office.store)) == []
    (upload,) = asked(office, "select source_id from sources where source_id like 'upload-%'")
    office.withdraw(upload["source_id"])
    assert row_of(office, shape, row) == before
    assert asked(office, "select count(*) as n from replaced_rows") == [{"n": 0}]
    old = asked(office, f'select count(*) as n from "{SHAPES[shape].fills[0].table}"', first)  # noqa: S608
    assert old[0]["n"] >= len(before), "the old release answers as before"


@pytest.mark.slow
def test_a_corrected_site_takes_the_place_of_the_one_that_ships(office: Office, tmp_path: Path) -> None:
    first = releases.require_current(office.store)
    (was,) = row_of(office, "site", LUMI)
    rows_before = asked(office, "select sum(rows) as n from row_outcomes where shape = 'site'")
    seen = effect(office, tmp_path, table("site", LUMI))
    (shown,) = [row for row in seen.rows if row.table == "sites"]
    assert (shown.kind, shown.key, shown.reason) == (
        "replaced",
        "lumi-ai-factory",
        "The host says that it opened.",
    )
    assert ("status", "selected", "operational") in shown.cells
    said = {sentence.page: sentence for sentence in seen.sentences}
    assert said["Sites, headline"].before != said["Sites, headline"].after
    second = office.publish(ask(office, tmp_path, table("site", LUMI))).release_id
    (now,) = row_of(office, "site", LUMI)
    assert (was["status"], now["status"]) == ("selected", "operational")
    (kept,) = asked(office, "select * from replaced_rows")
    assert (kept["shape"], kept["row_key"], kept["source_id"], kept["source_file"], kept["source_row"]) == (
        "site",
        "lumi-ai-factory",
        "sites",
        "sites/sites.csv",
        2,
    )
    assert kept["reason"] == "The host says that it opened." and kept["replaced_on"] is not None
    assert kept["replaced_by_source"].startswith("upload-")
    assert json.loads(kept["cells"])["system_name"] == was["system_name"], "nothing of it is lost"
    rows_after = asked(office, "select sum(rows) as n from row_outcomes where shape = 'site'")
    assert rows_after[0]["n"] == rows_before[0]["n"] + 1, "every row of every source is accounted for"
    sql = "select because, rows from row_outcomes where shape = 'site' and outcome = 'replaced'"
    assert asked(office, sql) == [{"because": kept["replaced_by_source"], "rows": 1}]
    assert asked(office, "select status from sites where site_id = 'lumi-ai-factory'", first) == [
        {"status": "selected"}
    ]
    assert list(verify.problems(second, office.store)) == []


@pytest.mark.slow
def test_a_correction_can_be_corrected_and_taken_back_in_its_order(office: Office, tmp_path: Path) -> None:
    office.publish(ask(office, tmp_path, table("site", LUMI)))
    again = LUMI | {"status": "selected", "replaces_reason": "It closed again."}
    office.publish(ask(office, tmp_path, table("site", again)))
    sql = "select source_id, reason from replaced_rows order by replaced_on, reason"
    kept = asked(office, sql)
    assert [row["reason"] for row in kept] == ["It closed again.", "The host says that it opened."]
    first, second = kept[0]["source_id"], asked(office, "select replaced_by_source from replaced_rows")
    assert kept[1]["source_id"] == "sites" and first.startswith("upload-")
    (newest,) = {row["replaced_by_source"] for row in second} - {first}
    with pytest.raises(NotPossible, match="Withdraw that first"):
        office.withdraw(first)
    office.withdraw(newest)
    assert row_of(office, "site", LUMI)[0]["status"] == "operational"
    office.withdraw(first)
    assert row_of(office, "site", LUMI)[0]["status"] == "selected"


@pytest.mark.slow
def test_a_corrected_figure_moves_what_stands_on_it_and_stays_superseded(
    office: Office, tmp_path: Path
) -> None:
    first = releases.require_current(office.store)
    row = AMOUNT | {
        "entry_key": "investai-total-2026",
        "programme": "several",
        "initiative": "investai",
        "funder": "several",
        "stage": "announced",
        "basis": "investment-mobilised",
        "level": "whole",
        "amount_eur": "210000000000.00",
        "country": "",
        "heading": "InvestAI",
        "ai_scope": "strict",
        "replaces": "envelopes:investai-total",
        "replaces_reason": "The Commission raised it.",
    }
    (old,) = asked(
        office,
        "select programme, funder, level, ai_scope from ledger where entry_id = 'envelopes:investai-total'",
    )
    row |= old
    seen = effect(office, tmp_path, table("entry", row))
    assert [(one.kind, one.replaces) for one in seen.entries] == [("corrected", "envelopes:investai-total")]
    headline = next(sentence for sentence in seen.sentences if sentence.page == "Overview, headline")
    assert "€200\u00a0bn" in headline.before and "€210\u00a0bn" in headline.after
    office.publish(ask(office, tmp_path, table("entry", row)))
    superseded = asked(
        office, "select superseded_on, superseded_by from ledger where entry_id = 'envelopes:investai-total'"
    )[0]
    assert superseded["superseded_on"] is not None
    assert superseded["superseded_by"].endswith(":investai-total-2026")
    ladder = "select amount_eur from mart_ladder where ladder = 'investai' and position = 1"
    assert (
        str(asked(office, ladder)[0]["amount_eur"]),
        str(asked(office, ladder, first)[0]["amount_eur"]),
    ) == (
        "210000000000.00",
        "200000000000.00",
    )


@pytest.mark.slow
def test_a_line_of_a_reference_list_can_be_replaced_too(office: Office, tmp_path: Path) -> None:
    host, tier = "okm.fi", "weak"
    (was,) = asked(office, f"select publisher, tier from publishers where host = '{host}'")  # noqa: S608
    row = {
        "host": host,
        "publisher": was["publisher"],
        "tier": tier,
        "replaces": host,
        "replaces_reason": "Looked at.",
    }
    office.publish(ask(office, tmp_path, table("publisher", row)))
    documents = asked(office, f"select distinct tier from documents where source_url like 'https://{host}/%'")  # noqa: S608
    assert was["tier"] != tier and documents == [{"tier": tier}]
    (kept,) = asked(office, "select source_id, source_file from replaced_rows")
    assert kept == {"source_id": "reference", "source_file": "reference/publishers.csv"}


@pytest.mark.slow
def test_rolling_back_brings_the_replaced_row_back(office: Office, tmp_path: Path) -> None:
    first = releases.require_current(office.store)
    office.publish(ask(office, tmp_path, table("site", LUMI)))
    seen = dry_run.dry_run_rollback(office.store, first, BOB)
    (shown,) = [row for row in seen.rows if row.table == "sites"]
    assert ("status", "operational", "selected") in shown.cells
    assert "Sites, headline" in {sentence.page for sentence in seen.sentences}
    with pytest.raises(NotPossible, match="current release already"):
        dry_run.dry_run_rollback(office.store, releases.require_current(office.store), BOB)
    office.rollback(first)
    assert row_of(office, "site", LUMI)[0]["status"] == "selected"


@pytest.mark.slow
def test_a_build_after_the_shipped_row_is_gone_says_so(office: Office, small: Small, tmp_path: Path) -> None:
    office.publish(ask(office, tmp_path, table("milestone", milestone(office))))
    rows = small.rows("milestones", "milestones.csv")
    small.write_rows("milestones", "milestones.csv", rows[1:])
    (finding,) = small.refusal()
    assert (finding.code, finding.value) == ("replaces-nothing", rows[0]["milestone_id"])


def milestone(office: Office) -> dict[str, str]:
    """A milestone that takes the place of the first that ships, under another identity."""
    return ROWS["milestone"] | {
        "replaces": "czechia-joins-the-eurohpc-declaration",
        "replaces_reason": "It was another day.",
    }


@pytest.mark.slow
def test_a_row_may_be_replaced_under_another_identity_where_no_row_names_it(
    office: Office, tmp_path: Path
) -> None:
    seen = effect(office, tmp_path, table("milestone", milestone(office)))
    assert {(row.kind, row.key) for row in seen.rows} == {
        ("added", "mimer-contract"),
        ("replaced", "czechia-joins-the-eurohpc-declaration"),
    }
    office.publish(ask(office, tmp_path, table("milestone", milestone(office))))
    sql = "select milestone_id from milestones where milestone_id in ('mimer-contract', 'czechia-joins-the-eurohpc-declaration')"
    assert asked(office, sql) == [{"milestone_id": "mimer-contract"}]


def test_a_file_with_an_error_is_not_taken_whatever_it_holds(office: Office, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        curated.submitted(office, tmp_path, table("site", SITE | {"country": "XX"}))


# --- a request that is taken back


@pytest.mark.slow
def test_who_asked_can_take_the_request_back_and_nobody_else(office: Office, tmp_path: Path) -> None:
    request = ask(office, tmp_path, table("site", SITE))
    with pytest.raises(NotPossible, match="Say in a sentence why"):
        publication_requests.take_back(office.store, request.request_id, ANN, " ")
    with pytest.raises(Forbidden, match="Only who asked"):
        publication_requests.take_back(office.store, request.request_id, CAT, "No.")
    taken = publication_requests.take_back(office.store, request.request_id, ANN, "A row is missing.")
    assert (taken.state, taken.decided_by, taken.reason) == ("taken back", "ann", "A row is missing.")
    with pytest.raises(NotPossible, match="took back"):
        office.publish(request)
    again = ask(office, tmp_path, table("site", SITE))
    assert again.request_id != request.request_id and again.state == "waiting"
    office.publish(again)
    with pytest.raises(NotPossible, match="was published already"):
        publication_requests.take_back(office.store, again.request_id, ANN, "Too late.")
