"""Each point of the data audit of November 2026 has its decision, and what was mended stays mended.

audit.csv lists the points in our own words: mended, kept (with the reason in data/reference/changes.csv) or
pages (a sentence, which the tests of the pages answer for). checks: what must hold in the release, parted by
semicolons; the first word says what is looked at, as the functions below.
"""

import csv
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from duckdb_sqlalchemy import Dialect

from pipelines import double_counting_without_sql as recount
from pipelines.queries.choice import Choice
from pipelines.queries.euros import totals

with (Path(__file__).parent / "audit.csv").open(encoding="utf-8", newline="") as stream:
    POINTS = list(csv.DictReader(stream))
CHECKS = [(point["id"], check) for point in POINTS for check in point["checks"].split("; ") if check]
SECTIONS = {
    "0": 15,
    "1": 11,
    "2a": 18,
    "2b": 8,
    "2c": 3,
    "2d": 3,
    "2e": 6,
    "2f": 1,
    "3": 23,
    "4": 27,
    "5": 16,
}


def cell(connection: duckdb.DuckDBPyConnection, sql: str, *values: object) -> str:
    """The only cell of the only row, as text."""
    ((found,),) = connection.execute(sql, list(values)).fetchall()
    return str(found)


def entry(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    name, _, wanted = check.partition("=")
    entry_id, _, column = name.rpartition(".")
    rows = connection.table("ledger").filter(f"entry_id = '{entry_id}'")
    ((value,),) = rows.select(column.rstrip("~")).fetchall()
    found = str(value)
    assert wanted in found if column.endswith("~") else found == wanted


def net(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    level, stage, basis, rest = check.split(":", 3)
    sign = next(sign for sign in ("<=", ">=", "=") if sign in rest)
    programmes, wanted = rest.split(sign)
    is_located = programmes == "@located"
    some = tuple(programmes.split(",")) if programmes and not is_located else ()
    question = totals(Choice(stage, basis, level, some, located=is_located))
    text = str(question.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
    found = connection.execute(text).to_arrow_table().to_pylist()[0]["net_eur"]
    if wanted == "None":
        assert found is None
    else:
        amount = Decimal(wanted)
        assert {"<=": found <= amount, ">=": found >= amount, "=": found == amount}[sign]


def edge(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    assert connection.execute(EDGE, check.split(">")).fetchone()


def noedge(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    assert not connection.execute(EDGE, check.split(">")).fetchone()


EDGE = 'select split from "overlaps" where container_entry_id = ? and contained_entry_id = ?'


def split(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    ends, _, wanted = check.partition("=")
    assert cell(connection, EDGE, *ends.split(">")) == wanted


def document(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    url, _, publisher = check.rpartition("=")
    assert cell(connection, "select publisher from documents where source_url = ?", url) == publisher


def nourl(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    sql = "select count(*) from documents where contains(source_url, ?)"
    assert cell(connection, sql, check) == "0"


def tier(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    host, _, wanted = check.partition("=")
    sql = "select distinct tier from documents where contains(source_url, ?)"
    assert connection.execute(sql, [host]).fetchall() == [(wanted,)]


def milestone(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    key, _, wanted = check.partition("=")
    assert cell(connection, "select dated_on from milestones where milestone_id = ?", key) == wanted


def line(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    family, _, wanted = check.partition("=")
    sql = "select distinct stage from ledger where starts_with(dataset, ?)"
    assert connection.execute(sql, [family]).fetchall() == [(wanted,)]


def ladder(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    name, _, wanted = check.partition("=")
    sql = "select stage from mart_ladder where ladder = ? and label = ?"
    assert cell(connection, sql, *name.split(":")) == wanted


def article(connection: duckdb.DuckDBPyConnection, check: str) -> None:
    key, _, wanted = check.partition("=")
    assert cell(connection, "select found::integer from article where statement_id = ?", key) == wanted


LOOKS: dict[str, Callable[[duckdb.DuckDBPyConnection, str], None]] = {
    function.__name__: function
    for function in (*(net, edge, noedge, split, document, nourl, tier, milestone, line, ladder, article),)
}


def test_every_point_has_its_decision() -> None:
    assert {
        section: sum(point["id"].split(".")[0] == section for point in POINTS) for section in SECTIONS
    } == SECTIONS
    assert len({point["id"] for point in POINTS}) == len(POINTS)
    assert {point["decision"] for point in POINTS} == {"mended", "kept", "pages"}


@pytest.mark.slow
def test_every_decision_is_told_to_readers(connection: duckdb.DuckDBPyConnection) -> None:
    told = {
        change: (kind, reason)
        for change, kind, reason in connection.execute(
            "select change_id, kind, reason from changes where changed_on = date '2026-11-27'"
        ).fetchall()
    }
    for point in POINTS:
        assert bool(point["change"]) == (point["decision"] != "pages"), point["id"]
        if point["change"]:
            kind, reason = told[point["change"]]
            assert reason, point["id"]
            assert kind != "kept" or point["decision"] == "kept", point["id"]
    decided = {point["change"] for point in POINTS if point["change"]}
    assert decided <= set(told)
    for kind, reason in (told[change] for change in set(told) - decided):  # of new data, not of the audit
        assert kind != "kept" and reason


@pytest.mark.parametrize(("point", "check"), CHECKS, ids=[f"{point} {check}" for point, check in CHECKS])
def test_what_was_mended_stays_mended(connection: duckdb.DuckDBPyConnection, point: str, check: str) -> None:
    what, _, rest = check.partition(":")
    if what in LOOKS:
        LOOKS[what](connection, rest)
    else:
        entry(connection, check)


# --- law 11, over everything that can be chosen


def figures(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The entries that a choice may hold: in force, current prices, of a level and a basis that may be
    added."""
    sql = """
        select entry.* from ledger as entry
        inner join levels as level on level.code = entry.level
        inner join bases as basis on basis.code = entry.basis
        where entry.superseded_on is null and entry.price_basis = 'current' and level.is_summable and basis.is_summable
    """
    return connection.execute(sql).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def everything(connection: duckdb.DuckDBPyConnection) -> recount.Overlaps:
    rows = connection.execute("select * from ledger").to_arrow_table().to_pylist()
    return recount.Overlaps(
        {
            row["entry_id"]: recount.Figure(
                row["amount_eur"],
                row["stage"],
                row["basis"],
                row["price_basis"] == "current",
                row["superseded_on"] is None,
                row["qualifier"] in ("at-least", "over"),
            )
            for row in rows
        },
        tuple(
            recount.Edge(*found)
            for found in connection.execute(
                'select container_entry_id, contained_entry_id, split from "overlaps"'
            ).fetchall()
        ),
    )


Choices = dict[tuple[str, str, tuple[str, ...], str, str], list[str]]


def choices(rows: list[dict[str, Any]]) -> Choices:
    """Every choice of programmes (one, two, all, or those that are tracked), initiative, level, stage and
    basis that holds anything: what is chosen → the entries.
    """
    found: Choices = {}
    for stage, basis in {(row["stage"], row["basis"]) for row in rows}:
        here = [row for row in rows if (row["stage"], row["basis"]) == (stage, basis)]
        programmes = sorted({row["programme"] for row in here})
        groups = [(one,) for one in programmes] + list(combinations(programmes, 2)) + [tuple(programmes)]
        groups.append(tuple(sorted({"horizon-europe", "digital-europe", "investeu", "cef-digital"})))
        for group in groups:
            of_group = [row for row in here if row["programme"] in group]
            for level in ["", *sorted({row["level"] for row in of_group})]:
                of_level = [row for row in of_group if level in ("", row["level"])]
                for initiative in ["", *sorted({row["initiative"] or "-" for row in of_level})]:
                    entries = [
                        row["entry_id"] for row in of_level if initiative in ("", row["initiative"] or "-")
                    ]
                    if entries:
                        found[stage, basis, group, level, initiative] = entries
    return found


@pytest.mark.slow
def test_no_choice_gives_a_net_above_a_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """By the rule without SQL, which tests on random graphs hold equal to the rule in SQL."""
    overlaps = everything(connection)
    wholes = {
        whole: parts | {whole}
        for whole, parts in overlaps.inside.items()
        if overlaps.bound(whole) is not None and overlaps.figures[whole].is_in_force
    }
    every = choices(figures(connection))
    assert len(every) > 1000
    for choice, entries in every.items():
        counted = recount.counted(entries, overlaps)
        for whole, parts in wholes.items():
            net_of_whole = sum((counted[part] or Decimal(0) for part in parts & counted.keys()), Decimal(0))
            assert net_of_whole <= (overlaps.bound(whole) or 0), (choice, whole)


@pytest.mark.slow
def test_the_answer_of_the_pages_is_that_of_the_rule(connection: duckdb.DuckDBPyConnection) -> None:
    """Every level, stage and basis of each programme and of all together, asked as a page asks."""
    rows, overlaps = figures(connection), everything(connection)
    known = {row["entry_id"]: row for row in rows}
    for (stage, basis, group, level, initiative), entries in choices(rows).items():
        if initiative or len(group) > 1:
            continue
        question = totals(Choice(stage, basis, level, group))
        text = str(question.compile(dialect=Dialect(), compile_kwargs={"literal_binds": True}))
        found = connection.execute(text).to_arrow_table().to_pylist()[0]
        counted = recount.counted(entries, overlaps)
        assert found["net_eur"] == recount_sum(counted), (stage, basis, group, level)
        assert found["entries"] == len(entries) == len([entry for entry in entries if entry in known])


def recount_sum(counted: dict[str, Decimal | None]) -> Decimal | None:
    amounts = [amount for amount in counted.values() if amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None
