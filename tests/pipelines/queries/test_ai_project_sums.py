"""Codes of names, years of calls, and sums of AI lines: counted a second time in plain Python and SQL."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import literal, select

from pipelines.queries import ai_project_sums
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData, opened, sql_of

CONTRACTED = Choice("contracted", "eu-contribution", tracked=False)


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return opened(release_id, store)


def value(expression: Any) -> Any:
    with duckdb.connect() as connection:
        ((found,),) = connection.execute(sql_of(select(expression.label("x")))).fetchall()
    return found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Fsas (Fujitsu) and Telefónica", "fsas-fujitsu-and-telefonica"),
        ("  POLITECNICO   DI MILANO ", "politecnico-di-milano"),
        ("Alma Mater Studiorum – Università", "alma-mater-studiorum-universita"),
        ("Αθηνά", "αθηνα"),
        ("3VC II SCSp", "3vc-ii-scsp"),
        ("***", ""),
    ],
)
def test_the_code_of_a_name_has_no_accents_signs_and_capitals(name: str, code: str) -> None:
    assert value(ai_project_sums.name_code(literal(name))) == code


@pytest.mark.parametrize(
    ("topic", "year"),
    [
        ("HORIZON-CL4-2023-HUMAN-01-01", 2023),
        ("ERC-2021-STG", 2021),
        ("HORIZON-JU-EUROHPC-2026", 2026),
        ("HORIZON-20231-X", None),
        ("AI4EU", None),
        (None, None),
    ],
)
def test_the_year_of_a_call_stands_in_its_topic(topic: str | None, year: int | None) -> None:
    assert value(ai_project_sums.call_year(literal(topic))) == year


def added(amounts: Any) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


@pytest.mark.parametrize("stage", ["programmed", "committed", "contracted"])
def test_however_lines_are_grouped_they_add_to_the_same_sum(stage: str, answers: ReleaseData) -> None:
    chosen = Choice(stage, "eu-contribution", tracked=False)
    sums = set()
    for by in ai_project_sums.DIMENSIONS:
        rows = answers.read(ai_project_sums.lines, chosen, by)
        sums.add((added(rows["amount_eur"]), added(rows["strict_eur"]), rows["entries"].sum()))
    assert len(sums) == 1
    ((broad, _, entries),) = sums
    assert broad > 0 and entries > 0


def test_the_strict_reading_is_inside_the_broad_one(answers: ReleaseData) -> None:
    for by in ai_project_sums.DIMENSIONS:
        for row in answers.read(ai_project_sums.lines, CONTRACTED, by).to_dict("records"):
            assert (row["strict_eur"] or 0) <= (row["amount_eur"] or 0)


def test_years_narrow_and_together_hold_what_has_a_year(answers: ReleaseData) -> None:
    every = answers.read(ai_project_sums.lines, CONTRACTED, "year")
    dated = every[every["item"].notna()]
    for item, amount in zip(dated["item"], dated["amount_eur"], strict=True):
        of_year = answers.read(ai_project_sums.lines, CONTRACTED, "programme", (int(item),))
        assert added(of_year["amount_eur"]) == amount


def test_the_series_has_what_belongs_to_a_year_and_says_how_much_does(answers: ReleaseData) -> None:
    chosen = Choice("", "eu-contribution", programme=("horizon-europe", "digital-europe"), tracked=False)
    rows, covered = (
        answers.read(ai_project_sums.series, chosen),
        answers.read(ai_project_sums.series_coverage, chosen),
    )
    assert rows["year"].notna().all()
    for row in covered.to_dict("records"):
        of_it = rows[(rows["programme"] == row["programme"]) & (rows["stage"] == row["stage"])]
        assert of_it["entries"].sum() == row["entries_with_year"] <= row["entries"]


def test_recipients_hold_no_more_than_all_lines_at_their_stage(answers: ReleaseData) -> None:
    rows = answers.read(ai_project_sums.recipients, Choice("", "eu-contribution", tracked=False))
    assert len(rows) and rows["name_code"].ne("").all()
    for stage, of_stage in rows.groupby("stage"):
        whole = answers.read(
            ai_project_sums.lines, Choice(str(stage), "eu-contribution", tracked=False), "programme"
        )
        assert added(of_stage["amount_eur"]) <= added(whole["amount_eur"])


def test_each_recipient_has_its_lines_and_their_sum(answers: ReleaseData) -> None:
    for row in answers.read(ai_project_sums.beneficiaries).head(12).to_dict("records"):
        found = answers.read(ai_project_sums.of_beneficiary, row["name_code"])
        assert len(found) == row["lines"]
        own = found[~found["is_partner"].astype(bool)]
        sums = answers.read(ai_project_sums.recipient_years, row["name_code"])
        assert added(sums["amount_eur"]) <= added(own["amount_eur"])
