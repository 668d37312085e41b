"""The questions of a hearing: a page answers each within three steps, or one query, with its source.

hearing.csv: where is page (what must be read there), figure (a row of it: label, amount, qualifier) or query
(SQL, and what its cells hold). Answers are parted by semicolons; of two with | between them one is enough.
source: a part of the address of a document that the release cites for it.
"""

import csv
import html
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from pages.http import routes
from pages.parts.page_registry import PAGES
from tests.paths import FIXTURES

with (Path(__file__).parent / "hearing.csv").open(encoding="utf-8", newline="") as stream:
    QUESTIONS = list(csv.DictReader(stream))
MOST_STEPS = 3  # the page, and each choice on it


def of_kind(where: str) -> list[object]:
    return [pytest.param(question, id=question["id"]) for question in QUESTIONS if question["where"] == where]


def read(path: str, choices: dict[str, list[str]]) -> str:
    """What a visitor reads at an address, without its markup."""
    app = AppTest.from_file(str(FIXTURES / "front_door.py"), default_timeout=60)
    app.run()
    page = next(page for page in PAGES if page.path == path)
    if path:
        app.switch_page(str(page.script))
    for name, values in choices.items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    parts = [
        element.proto.body if hasattr(element.proto, "body") else str(element.value)
        for element in [*app.get("html"), *app.markdown]
    ]
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts))))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def has(text: str, answer: str) -> None:
    for wanted in answer.split("; "):
        assert any(plain(one) in text for one in wanted.split("|")), wanted


def test_there_are_enough_questions_and_each_has_its_answer() -> None:
    assert len(QUESTIONS) >= 25
    assert {question["where"] for question in QUESTIONS} == {"page", "figure", "query"}
    assert all(question["answer"] and question["source"] for question in QUESTIONS)
    asked = " ".join(question["question"] for question in QUESTIONS)
    assert all(word in asked for word in ("JUPITER", "Germany", "Horizon Europe pay for AI in a year"))


@pytest.mark.slow
@pytest.mark.parametrize("question", of_kind("page"))
def test_a_page_answers_within_three_steps(
    question: dict[str, str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    address = urlsplit(question["address"])
    choices = parse_qs(address.query)
    assert 1 + len(choices) <= MOST_STEPS
    has(read(address.path.strip("/"), choices), question["answer"])


@pytest.mark.parametrize("question", of_kind("figure"))
def test_a_figure_answers_within_three_steps(
    question: dict[str, str], store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    name, _, choices = question["address"].partition("?")
    assert 1 + choices.count("=") <= MOST_STEPS
    answer = TestClient(Starlette(routes=routes.ROUTES)).get(f"/api/v1/figures/{name}.json?{choices}")
    assert answer.status_code == 200, answer.text
    label, amount, qualifier = question["answer"].split("|")
    rows = [
        (row["label"], row["amount_eur"], row["qualifier"])
        for row in answer.json()["rows"]
        if row["amount_eur"] is not None
    ]
    assert (label, float(amount), qualifier) in rows


@pytest.mark.parametrize("question", of_kind("query"))
def test_one_query_answers(question: dict[str, str], connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(question["address"]).fetchall()
    has(" ".join(str(cell) for row in rows for cell in row), question["answer"])


@pytest.mark.parametrize("question", [pytest.param(each, id=each["id"]) for each in QUESTIONS])
def test_the_release_cites_the_document_of_each_answer(
    question: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    sql = "select count(*) from documents where contains(source_url, ?)"
    ((found,),) = connection.execute(sql, [question["source"]]).fetchall()
    assert found, question["source"]
