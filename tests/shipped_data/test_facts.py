"""The figures themselves, read from the release of the shipped data: what was published, to the cent, and
every row of the research accounted for.
"""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Select

from pipelines.queries.choice import Choice
from pipelines.queries.euros import removed, totals
from pipelines.queries.overlaps import nested
from tests.paths import REAL_DATA

DOSSIER = REAL_DATA.parents[1] / "facts"
UPDATE = DOSSIER / "UPDATE-2026-11-27.md"
COUNTS = {
    "programmes": 25,
    "envelopes": 221,
    "flows": 57,
    "sites": 91,
    "site_funding": 110,
    "milestones": 233,
    "exchange_rates": 302,
}

needs_dossier = pytest.mark.skipif(
    not DOSSIER.is_dir(), reason="the research dossier (../shared/facts) is not here"
)


def one(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> Any:
    """The only cell of the only row."""
    ((found,),) = connection.execute(sql, list(values)).fetchall()
    return found


def ask(connection: duckdb.DuckDBPyConnection, question: Select[Any]) -> list[dict[str, Any]]:
    """What a page gets when it asks this."""
    text = str(question.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
    return connection.execute(text).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def amounts(connection: duckdb.DuckDBPyConnection, like: str) -> list[Decimal]:
    sql = "select amount_eur from ledger where regexp_full_match(entry_id, ?) order by amount_eur desc"
    return [amount for (amount,) in connection.execute(sql, [like]).fetchall()]


# --- the sums that readers will check


def test_eurohpc_in_force_is_three_programmes_to_the_cent(connection: duckdb.DuckDBPyConnection) -> None:
    total = "select stated_eur from stated_totals where total_key = 'eurohpc-union-2026' and superseded_on is null"
    parts = amounts(connection, "envelopes:eurohpc-2026-(digital-europe|horizon-europe|cef)")
    assert parts == [Decimal("2142300000.00"), Decimal("1660000000.00"), Decimal("320000000.00")]
    assert sum(parts) == one(connection, total) == Decimal("4122300000.00")


def test_eurohpc_before_is_kept_and_was_replaced_on_20_january_2026(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    parts = amounts(connection, "envelopes:eurohpc-2021-(digital-europe|horizon-europe|cef)")
    assert parts == [Decimal("1981300000.00"), Decimal("900000000.00"), Decimal("200000000.00")]
    before = connection.execute(
        "select stated_eur, superseded_on from stated_totals where total_key = 'eurohpc-union-2021'"
    ).fetchall()
    assert before == [(sum(parts), date(2026, 1, 20))] == [(Decimal("3081300000.00"), date(2026, 1, 20))]
    replaced = connection.execute(
        "select distinct superseded_on, superseded_by is not null from ledger where starts_with(entry_id, 'envelopes:eurohpc-2021-')"
    ).fetchall()
    assert replaced == [(date(2026, 1, 20), True)]


def test_the_total_of_several_programmes_is_in_no_sum(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*) from ledger where amount_eur in (4122300000, 3081300000) and basis = 'eu-contribution'"
    assert one(connection, sql) == 0


def test_the_objectives_of_digital_europe_add_to_its_whole(connection: duckdb.DuckDBPyConnection) -> None:
    objectives = amounts(connection, r"envelopes:digital-europe-so\d-[a-z-]+-2023")
    assert len(objectives) == 6
    assert (
        [sum(objectives)]
        == amounts(connection, "envelopes:digital-europe-total-2023")
        == [Decimal("8168000000.00")]
    )


def test_the_windows_of_investeu_add_to_the_guarantee_and_are_never_grants(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    windows = amounts(connection, "envelopes:investeu-guarantee-2025-(infrastructure|research|smes|social)")
    assert len(windows) == 4
    assert (
        [sum(windows)]
        == amounts(connection, "envelopes:investeu-guarantee-2025")
        == [Decimal("29052310073.00")]
    )
    bases = connection.execute(
        "select distinct basis from ledger where entry_id like 'envelopes:investeu-guarantee%'"
    ).fetchall()
    assert bases == [("guarantee-cover",)]


def test_the_guarantee_is_counted_once(connection: duckdb.DuckDBPyConnection) -> None:
    (row,) = ask(connection, totals(Choice(basis="guarantee-cover", programme=("investeu",))))
    assert row["net_eur"] == Decimal("29052310073.00")
    assert row["gross_eur"] > row["net_eur"]


PAID = {
    "envelopes:section-3-paid-2025": ("mff-2021-2027", Decimal("152985334307.32")),
    "envelopes:title-01-paid-2025": ("mff-2021-2027", Decimal("12035513394.01")),
    "envelopes:title-02-paid-2025": ("mff-2021-2027", Decimal("5125232304.58")),
    "envelopes:horizon-europe-paid-2025": ("horizon-europe", Decimal("10314416742.50")),
}


def test_what_is_paid_is_the_budget_of_one_year_and_none_of_it_is_called_ai(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = connection.execute(
        "select entry_id, programme, amount_eur, initiative, level, year, ai_scope, note from ledger "
        "where stage = 'paid' and level <> 'line'"
    ).fetchall()
    assert {entry: (programme, amount) for entry, programme, amount, *_ in rows} == PAID
    assert {tuple(row[3:7]) for row in rows} == {(None, "year", 2025, "not-split")}
    assert all("ut-turn" in row[7] for row in rows), "each says that its source shows what was paid"
    amount = PAID["envelopes:horizon-europe-paid-2025"][1]
    steps = connection.execute(
        "select ladder, amount_eur, ai_scope, is_recorded from mart_ladder where stage = 'paid' and not is_of_which"
    ).fetchall()
    named = {ladder: found for ladder, found, _, is_recorded in steps if not is_recorded}
    assert len(named) == 8
    assert {ladder: found for ladder, found in named.items() if found is not None} == {
        "horizon-europe": amount
    }
    paid = {ladder: scope for ladder, found, scope, _ in steps if found is not None}
    assert set(paid) == {"horizon-europe", "mff-2021-2027", "rrf"}
    assert not set(paid.values()) & {"strict", "broad"}, "no payment of a ladder is for AI alone"


def test_italy_paid_for_four_measures_and_none_is_ai_alone(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute(
        "select programme, basis, country, ai_scope, count(*), sum(amount_eur) from ledger "
        "where stage = 'paid' and level = 'line' group by all order by ai_scope"
    ).fetchall() == [
        ("rrf", "eu-contribution", "IT", "not-split", 583, Decimal("838056966.50")),
        ("rrf", "eu-contribution", "IT", "outside", 157, Decimal("408135299.09")),
    ]


def test_the_funds_of_the_eif_are_in_euros_at_the_rate_of_their_day(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    funds = connection.table("ledger").filter("dataset = 'investeu/eif'")
    assert funds.aggregate("count(*), sum(amount_eur)").fetchall() == [(152, Decimal("4358793010.57"))]
    assert connection.execute(
        "select currency, count(*), min(rate), sum(amount_original), sum(amount_eur) from ledger "
        "where dataset = 'investeu/eif' and currency is not null group by currency order by currency"
    ).fetchall() == [
        ("DKK", 2, Decimal("7.473"), Decimal("410000000"), Decimal("54864177.70")),
        ("SEK", 5, Decimal("10.943"), Decimal("1082999250"), Decimal("98967307.87")),
    ]


def test_the_whole_envelopes_count_eurohpc_once(connection: duckdb.DuckDBPyConnection) -> None:
    choice = Choice(level="whole")
    (row,), gone = ask(connection, totals(choice)), ask(connection, removed(choice))
    assert (row["gross_eur"], row["net_eur"]) == (Decimal("112137300000.00"), Decimal("103733000000.00"))
    assert (row["entries"], row["entries_unknown"], row["entries_removed"]) == (10, 0, 7)
    assert Counter(entry["initiative"] for entry in gone) == {"eurohpc-ju": 3, "chips-ju": 2, "raise": 2}
    assert sum(entry["amount_eur"] for entry in gone if entry["initiative"] == "eurohpc-ju") == Decimal(
        "4122300000.00"
    )
    assert {entry["contained_in_programme"] for entry in gone} == {
        "digital-europe",
        "horizon-europe",
        "cef-digital",
    }
    assert all(entry["reason"] and entry["source_url"] and entry["publisher"] for entry in gone)


def test_eurohpc_alone_is_counted_whole(connection: duckdb.DuckDBPyConnection) -> None:
    (row,) = ask(connection, totals(Choice(level="whole", initiative=("eurohpc-ju",))))
    assert (row["gross_eur"], row["net_eur"], row["entries_removed"]) == (
        Decimal("4122300000.00"),
        Decimal("4122300000.00"),
        0,
    )


# --- sites and time


def test_sites_by_kind(connection: duckdb.DuckDBPyConnection) -> None:
    found = dict(connection.execute("select kind, count(*) from sites group by kind").fetchall())
    assert found == {
        "ai-factory": 19,
        "antenna": 13,
        "supercomputer": 29,
        "quantum-computer": 9,
        "gigafactory": 21,
    }


def test_no_gigafactory_is_more_than_a_bid(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select distinct status, selected_on, operational_on from sites where kind = 'gigafactory'"
    assert connection.execute(sql).fetchall() == [("announced", None, None)]


def test_the_timeline_runs_from_2018_to_2033(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select count(*), min(year(dated_on)), max(year(dated_until)) from milestones"
    assert connection.execute(sql).fetchall() == [(265, 2018, 2033)]


def test_nothing_after_the_day_of_knowledge_is_said_to_have_happened(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    sql = "select milestone_id from milestones where not is_planned and dated_on > (select max(retrieved_on) from sources)"
    assert connection.execute(sql).fetchall() == []


# --- published lists

LISTS = [
    ("dataset = 'fts/2020/CNECT'", 10253, "2803228431.34"),
    ("dataset = 'fts/2021/CNECT'", 1755, "1054767243.05"),
    ("dataset = 'fts/2021/CNECT' and programme = 'horizon-europe'", 781, "445864265"),
    ("dataset = 'fts/2021/CNECT' and programme = 'digital-europe'", 324, "362680768"),
    ("dataset = 'fts/2021/CNECT' and programme = 'cef-digital'", 86, "108078525"),
    # the projects that are AI have amounts of May 2025, all others those of February
    ("dataset = 'cordis/HORIZON'", 15341, "42617564038.08"),
    ("dataset = 'cordis/HORIZON' and ai_scope = 'outside'", 14140, "38654618761.39"),
    ("dataset = 'cordis/HORIZON' and ai_scope = 'strict'", 883, "2473470554.89"),
    ("dataset = 'cordis/HORIZON' and ai_scope = 'broad'", 318, "1489474721.80"),
    ("dataset = 'cordis/HORIZON' and ai_scope = 'strict' and note = 'HORIZON.2.4'", None, "445195490.46"),
    ("dataset like 'fts/%' and ai_scope = 'strict'", 585, "117747386.51"),
    ("dataset like 'fts/%' and ai_scope = 'broad'", 1531, "1263026551.84"),
]


def lines_of(heading: str) -> int:
    """How many published lines an entry stands for: a sum says it, all others are one line."""
    said = re.findall(r"^Sum of (\d+) published lines", heading)
    return int(said[0]) if said else 1


@pytest.mark.parametrize(("lines", "count", "euros"), LISTS, ids=[lines for lines, _, _ in LISTS])
def test_the_published_lists_come_out_to_the_cent(
    connection: duckdb.DuckDBPyConnection, lines: str, count: int | None, euros: str
) -> None:
    found = (
        connection.table("ledger")
        .filter(lines)
        .filter("level = 'line'")
        .select("heading", "amount_eur", "note")
        .fetchall()
    )
    total = sum((amount for _, amount, _ in found), Decimal(0))
    assert (total if "." in euros else total.quantize(Decimal(1))) == Decimal(euros)
    if count is not None:
        assert sum(lines_of(heading) for heading, _, _ in found) == count


@pytest.mark.parametrize(("scope", "known"), [("true", 14788), ("ai_scope <> 'outside'", 1201)])
def test_projects_without_an_amount_are_said(
    connection: duckdb.DuckDBPyConnection, scope: str, known: int
) -> None:
    found = (
        connection.table("ledger")
        .filter(scope)
        .filter("dataset = 'cordis/HORIZON'")
        .select("heading", "note", "amount_eur")
        .fetchall()
    )
    lines = sum(lines_of(heading) for heading, _, _ in found)
    unknown = sum(
        int(number)
        for _, note, _ in found
        for number in re.findall(r"^(\d+) of the lines have no published amount", note or "")
    )
    unknown += sum(amount is None and lines_of(heading) == 1 for heading, _, amount in found)
    assert lines - unknown == known


def test_calls_projects_participations_and_documents_are_there(connection: duckdb.DuckDBPyConnection) -> None:
    tables = ("projects", "calls", "participations", "documents")
    numbers = {name: len(connection.table(name)) for name in tables}
    assert all(numbers.values()), numbers
    assert connection.execute(
        "select count(*), sum(eu_contribution_eur) from projects where project_id like 'cordis:%' and ai_scope = 'strict'"
    ).fetchall() == [(883, Decimal("2473470554.89"))]
    assert connection.execute(
        "select programme, count(*), sum(budget_eur), sum(budget_once_eur) from calls group by programme order by programme"
    ).fetchall() == [
        ("cef-digital", 5, Decimal("440000000.00"), Decimal("260000000.00")),
        ("digital-europe", 118, Decimal("350453152.00"), Decimal("274053152.00")),
        ("horizon-europe", 67, Decimal("1361300000.00"), Decimal("1331300000.00")),
    ]
    assert connection.execute(
        "select budget_history from calls where topic = 'HORIZON-JU-EUROHPC-2026-QML-07-01'"
    ).fetchall() == [("3000000 > 6000000",)]
    assert connection.execute(
        "select count(*), sum(net_eu_contribution_eur) from participations"
    ).fetchall() == [(1018, Decimal("32727492.51"))]


def test_measures_of_italy_hold_the_payments_of_their_projects(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute(
        "select dataset, count(*), sum(total_eur), sum(declared_eur), sum(digital_eur), sum(climate_eur)"
        " from plan_measures group by dataset order by dataset"
    ).fetchall() == [
        ("rrf-it/declared", 240, Decimal("194415951465.97"), Decimal("65724636471.27"), None, None),
        (
            "rrf-it/tags",
            363,
            Decimal("194417951466.20"),
            None,
            Decimal("38198365118.70"),
            Decimal("76597460601.80"),
        ),
    ]
    rows = connection.execute(
        "select measure, total_eur, declared_eur, paid from plan_measures join (select split_part(split_part("
        "project_id, ':', 2), '/', 1) as measure, sum(amount_eur) as paid from ledger"
        " where stage = 'paid' and dataset = 'rrf-it/payments' group by 1) using (measure)"
        " where dataset = 'rrf-it/declared' order by measure"
    ).fetchall()
    assert len(rows) == 4
    assert all(paid <= declared <= whole for _, whole, declared, paid in rows), rows


def test_ecorda_bounds_what_cordis_lists_of_horizon_europe(connection: duckdb.DuckDBPyConnection) -> None:
    """Grants of all calls until 2025 by eCORDA; CORDIS lists those that were signed by the spring of 2025."""
    (granted,) = connection.execute(
        "select sum(eu_contribution_eur) from country_totals where stage = 'successful' and group_name = 'all countries'"
    ).fetchall()[0]
    (countries,) = connection.execute(
        "select sum(eu_contribution_eur) from country_totals where stage = 'successful' and country is not null"
    ).fetchall()[0]
    (listed,) = connection.execute(
        "select sum(amount_eur) from ledger where dataset = 'cordis/HORIZON' and programme = 'horizon-europe'"
    ).fetchall()[0]
    assert (granted, countries) == (Decimal("49192951492.23"), Decimal("48404425570.65"))
    assert Decimal("0.8") * granted < listed < granted


# --- the founding article


def test_the_founding_article_is_found_in_the_release(connection: duckdb.DuckDBPyConnection) -> None:
    found = {
        row[0]: row[1:]
        for row in connection.execute("select statement_id, stated, found from article").fetchall()
    }
    assert len(found) == 14
    assert {statement: pair for statement, pair in found.items() if pair[0] != pair[1]} == {
        "ai-machines-2026": (5, 4)  # the Finnish machine is due in 2027
    }
    stated = {statement: int(pair[0]) for statement, pair in found.items()}
    assert stated == {
        "investai-mobilised": 200_000_000_000,
        "gigafactory-fund": 20_000_000_000,
        "gigafactories": 4,
        "gigafactory-chips": 100_000,
        "ai-factories-programme": 10_000_000_000,
        "ai-factories-selected-2024": 7,
        "ai-factories-expected": 5,
        "ai-machines-2026": 5,
        "marenostrum-upgrade": 1,
        "daedalus": 1,
        "eurohpc-founded": 2018,
        "eurohpc-countries": 35,
        "eurohpc-supercomputers": 9,
        "investai-sources": 4,
    }


def test_dollars_as_quoted_stand_beside_the_rate_of_the_day(connection: duckdb.DuckDBPyConnection) -> None:
    sql = "select statement_id, found, usd_quoted, usd_at_ecb_rate, rate_on from article where usd_quoted is not null"
    quoted = connection.execute(sql).fetchall()
    assert len(quoted) == 3
    for statement, found, usd, at_rate, day in quoted:
        rate = one(
            connection,
            "select rate from rates where rate_type = 'ecb_daily' and quote = 'USD' and period_start = ?",
            day,
        )
        assert at_rate == found * rate, statement
        assert abs(usd / at_rate - 1) < Decimal("0.05"), (
            f"{statement}: the dollars of the article are far from those of the day"
        )


# --- the dossier


def accounts(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, list[str], str]]:
    """Row of the dossier → outcome, what it went to, reason."""
    rows = connection.execute("select dossier_row, outcome, carried_to, reason from dossier_rows").fetchall()
    return {
        row: (outcome, [part for part in (carried or "").split(";") if part], reason or "")
        for row, outcome, carried, reason in rows
    }


def test_every_row_of_the_dossier_is_accounted_for(connection: duckdb.DuckDBPyConnection) -> None:
    found = {row: account for row, account in accounts(connection).items() if not row.startswith("update:")}
    assert Counter(row.split(":")[0] for row in found) == COUNTS
    for file, count in COUNTS.items():
        assert {int(row.split(":")[1]) for row in found if row.startswith(f"{file}:")} == set(
            range(2, count + 2)
        )
    for row, (outcome, carried, reason) in found.items():
        assert outcome in ("carried", "merged", "left-out"), row
        assert reason or outcome == "carried", f"{row} is {outcome}, but why?"
        assert bool(carried) == (outcome != "left-out"), row


@pytest.mark.skipif(not UPDATE.is_file(), reason="the update of the research is not here")
def test_every_line_of_the_update_is_accounted_for(connection: duckdb.DuckDBPyConnection) -> None:
    """Rows of tables and sentences alike, from its first numbered section on."""
    lines = UPDATE.read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("## 1."))
    said = {
        f"update:{number}"
        for number, line in enumerate(lines, start=1)
        if number > first + 1 and line.strip() and not line.startswith(("#", "|---"))
        if not "".join(lines[number : number + 1]).startswith("|---")  # the heading of a table
    }
    found = {row: account for row, account in accounts(connection).items() if row.startswith("update:")}
    assert set(found) == said
    for row, (outcome, carried, reason) in found.items():
        assert outcome in ("carried", "merged", "left-out"), row
        assert reason or outcome == "carried", f"{row} is {outcome}, but why?"
        assert bool(carried) == (outcome != "left-out"), row


PLACES = {
    "programmes": ("programmes", "code"),
    "initiatives": ("initiatives", "code"),
    "envelopes": ("ledger", "entry_id"),
    "site-funding": ("ledger", "entry_id"),
    "stated_totals": ("stated_totals", "total_key"),
    "claims": ("claims", "claim_id"),
    "flows": ("flows", "flow_id"),
    "sites": ("sites", "site_id"),
    "milestones": ("milestones", "milestone_id"),
    "rates": ("rates", "rate_id"),
    "facts": ("facts", "fact_id"),
    "promises": ("promises", "promise_id"),
}


def carried_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """What the accounts name → its row in the release."""
    found = {}
    for place, (table, key) in PLACES.items():
        for row in connection.table(table).to_arrow_table().to_pylist():
            found[row[key] if key == "entry_id" else f"{place}:{row[key]}"] = row
    return found


def test_everything_that_the_accounts_name_is_in_the_release(connection: duckdb.DuckDBPyConnection) -> None:
    there = carried_rows(connection)
    named = {(row, part) for row, (_, carried, _) in accounts(connection).items() for part in carried}
    assert sorted((row, part) for row, part in named if part not in there) == []


def dossier(file: str) -> list[tuple[str, dict[str, str]]]:
    with (DOSSIER / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        return [(f"{file}:{number}", row) for number, row in enumerate(csv.DictReader(stream), start=2)]


def euros(millions: str) -> Decimal | None:
    return Decimal(millions) * 1_000_000 if millions else None


def is_same(millions: str, carried: list[dict[str, Any]]) -> bool:
    """Whether the amount of the dossier is that of one of the rows, or their sum; conversions are rounded in
    the dossier.
    """
    wanted = euros(millions)
    known = [row.get("amount_eur", row.get("stated_eur")) for row in carried]
    if any(row.get("currency") for row in carried) and wanted is not None:
        return any(amount is not None and abs(amount / wanted - 1) < Decimal("0.01") for amount in known)
    return wanted in known or (len(known) > 1 and None not in known and sum(known) == wanted)


@needs_dossier
@pytest.mark.parametrize("file", COUNTS)
def test_the_dossier_has_the_rows_that_we_account_for(
    connection: duckdb.DuckDBPyConnection, file: str
) -> None:
    assert {row for row in accounts(connection) if row.startswith(f"{file}:")} == {
        row for row, _ in dossier(file)
    }


@needs_dossier
@pytest.mark.parametrize("file", ["envelopes", "flows", "milestones", "site_funding"])
def test_every_carried_amount_is_that_of_the_dossier(
    connection: duckdb.DuckDBPyConnection, file: str
) -> None:
    there, known = carried_rows(connection), accounts(connection)
    for row, cells in dossier(file):
        outcome, carried, _ = known[row]
        if outcome != "left-out":
            assert is_same(cells["amount_meur"], [there[part] for part in carried]), (
                f"{row}: {cells['amount_meur']} M, {carried}"
            )


@needs_dossier
def test_the_amounts_of_the_sites_went_to_the_entries_that_are_named(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    there, known = carried_rows(connection), accounts(connection)
    named = {"eu": "EU", "national": "national", "private": "private"}
    for row, cells in dossier("sites"):
        _, carried, reason = known[row]
        entries = [there[part] for part in carried if part.startswith("site-funding:")]
        assert any(
            there[part].get("site_id") == cells["site_id"] for part in carried if part.startswith("sites:")
        )
        for column in ("total_cost", "eu_contribution", "national_contribution", "private_contribution"):
            if not cells[f"{column}_meur"]:
                continue
            word = named.get(column.split("_")[0])
            merged = next(
                (clause for clause in reason.split("; ") if word and clause.startswith(f"{word} amount")), ""
            )
            parts = [there[part] for part in re.findall(r"site-funding:[a-z0-9-]+", merged)] or entries
            assert is_same(cells[f"{column}_meur"], parts), (
                f"{row} {column}: {cells[f'{column}_meur']} M, {parts}"
            )


@needs_dossier
@pytest.mark.parametrize("file", ["envelopes", "flows", "milestones", "site_funding", "sites"])
def test_every_carried_row_keeps_its_document_and_its_place(
    connection: duckdb.DuckDBPyConnection, file: str
) -> None:
    there, known = carried_rows(connection), accounts(connection)
    for row, cells in dossier(file):
        outcome, carried, reason = known[row]
        rows = [there[part] for part in carried]
        if outcome == "carried":
            same = cells["source_url"] in {found.get("source_url") for found in rows}
            assert same or reason.startswith("Source replaced"), row
            assert row in {found.get("dossier_row") for found in rows} or any(
                part.startswith("claims:") for part in carried
            ), row


@needs_dossier
def test_exchange_rates_are_those_of_the_dossier(connection: duckdb.DuckDBPyConnection) -> None:
    there, known = carried_rows(connection), accounts(connection)
    for row, cells in dossier("exchange_rates"):
        (part,) = known[row][1]
        assert there[part]["rate"] == Decimal(cells["rate"]), row


# --- what a hearing asks


def test_what_is_counted_twice_in_the_ai_continent_plan(connection: duckdb.DuckDBPyConnection) -> None:
    rows = ask(connection, nested("ai-continent"))
    held = {(row["contained_in"], row["heading"]): row for row in rows}
    whole = "InvestAI: investment to be mobilised"
    fund = held[whole, "AI gigafactories: fund announced"]
    assert (fund["contained_in_eur"], fund["amount_eur"]) == (Decimal(200 * 10**9), Decimal(20 * 10**9))
    assert fund["relation"] == "same" and fund["reason"] and fund["source_url"].startswith("http")
    public = held[whole, "InvestAI: public money"]
    pledges = held[whole, "InvestAI: private pledges (EU AI Champions)"]
    assert public["amount_eur"] + pledges["amount_eur"] == fund["contained_in_eur"]
    programmes = {
        row["contained_in"] for row in rows if str(row["heading"]).startswith("EuroHPC JU: EU contr")
    }
    assert {"Horizon Europe 2021–27", "Digital Europe 2021–27", "CEF Digital 2021–27"} <= programmes


def test_every_initiative_and_programme_with_an_amount_has_a_ladder(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = connection.execute(
        "select initiative as code from ledger where superseded_on is null and initiative is not null "
        "and price_basis = 'current' union select programme from ledger "
        "join programmes on programmes.code = ledger.programme "
        "where period is not null and superseded_on is null and price_basis = 'current' "
        "except select ladder from mart_ladder"
    ).fetchall()
    assert rows == []
    for stage in ("committed", "contracted", "paid"):
        passed_over = connection.execute(
            "select distinct ladder from mart_ladder except select ladder from mart_ladder where stage = ?",
            [stage],
        ).fetchall()
        assert passed_over == [], stage
