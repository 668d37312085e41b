"""The API: the same numbers as the pages in every format, to the cent; refusals that list what is allowed; any number of rows in bounded memory."""

import asyncio
import csv
import gc
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import weakref
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Message

from pages.http import api, asking, cards, files, routes
from pages.http import sql as sql_route
from pages.http.columns import Described, of_names
from pages.http.guard import Guard
from pages.http.resources import RESOURCES
from pages.parts.answers import Answers
from pages.parts.queries.euros import Choice, totals
from pages.parts.views import FIGURES
from pipelines import confined, formats, journal, query, releases

ROOT = Path(__file__).parents[1]
Row = dict[str, Any]


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    """A visitor of the API behind the guard, on the release of the shipped data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        guard = Middleware(Guard, own_paths=routes.PATHS, card=cards.tags)
        yield TestClient(Starlette(routes=routes.ROUTES, middleware=[guard]), follow_redirects=False)


@pytest.fixture(scope="module")
def known(client: TestClient) -> Answers:
    return asking.answers()


# --- the same rows in each format ------------------------------------------------------------------------------------------------------------


def typed(text: str, column: Described) -> Any:
    """A CSV cell as what its column says."""
    if text == "":
        return None
    match column.kind:
        case "euros" | "decimal":
            return Decimal(text)
        case "number":
            return float(text)
        case "integer":
            return int(text)
        case "boolean":
            return text == "true"
        case "day":
            return date.fromisoformat(text)
    return formats.as_published(text)


def from_csv(content: bytes, columns: list[Described]) -> list[Row]:
    rows = csv.DictReader(io.StringIO(content.decode()))
    assert rows.fieldnames == [column.name for column in columns]
    return [{column.name: typed(row[column.name], column) for column in columns} for row in rows]


def from_xlsx(content: bytes, columns: list[Described]) -> list[Row]:
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("data").to_python()
    assert head == [column.name for column in columns]

    def cell(value: Any, column: Described) -> Any:
        if value == "":
            return None
        if column.kind in ("euros", "decimal"):
            assert isinstance(value, float | int), f"{column.name} is no number in Excel: {value!r}"
            return Decimal(str(value)).quantize(Decimal("0.01" if column.kind == "euros" else "0.00000001"))
        if column.kind == "day":
            assert isinstance(value, date), f"{column.name} is no day in Excel: {value!r}"
        return int(value) if column.kind == "integer" else value

    return [{column.name: cell(value, column) for value, column in zip(row, columns, strict=True)} for row in rows]


def from_json(content: bytes, columns: list[Described]) -> list[Row]:
    rows = json.loads(content, parse_float=Decimal)["rows"]

    def cell(value: Any, column: Described) -> Any:
        if value is None:
            return None
        if column.kind == "day":
            return date.fromisoformat(value)
        return Decimal(value) if column.kind in ("euros", "decimal") else float(value) if column.kind == "number" else value

    assert all(list(row) == [column.name for column in columns] for row in rows)
    return [{column.name: cell(row[column.name], column) for column in columns} for row in rows]


def from_parquet(content: bytes, columns: list[Described]) -> list[Row]:
    table = parquet.read_table(io.BytesIO(content))
    assert table.column_names == [column.name for column in columns]
    return table.to_pylist()  # type: ignore[no-any-return]


READ: dict[str, Callable[[bytes, list[Described]], list[Row]]] = {
    "csv": from_csv,
    "xlsx": from_xlsx,
    "json": from_json,
    "parquet": from_parquet,
}


def choices(figure: str, known: Answers) -> list[dict[str, list[str]]]:
    """The preset choice of a figure, and for each parameter another one: a figure that is added is covered without being named here."""
    found: list[dict[str, list[str]]] = [{}]
    for parameter in FIGURES[figure].parameters(known):
        others = [code for code in parameter.allowed if code not in parameter.default]
        found += [{parameter.name: [others[len(others) // 2]]}] if others else []
        found += [{parameter.name: others[:3]}] if parameter.several and len(others) > 1 else []
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_has_the_same_rows_in_every_format_as_on_its_page(client: TestClient, known: Answers, name: str) -> None:
    view = FIGURES[name]
    parameters = view.parameters(known)
    drawn = 0
    for choice in choices(name, known):
        values = {parameter.name: tuple(choice.get(parameter.name, parameter.default)) for parameter in parameters}
        figure, address = view.make(known, values), urlencode(choice, doseq=True)
        if figure is None:
            assert client.get(f"/api/v1/figures/{name}.json?{address}").status_code == 422
            continue
        drawn += 1
        expected = [
            {column: None if cell is None or cell != cell else cell for column, cell in row.items()}
            for row in figure.rows.to_dict("records")
        ]
        for ending, read in READ.items():
            answer = client.get(f"/api/v1/figures/{name}.{ending}?{address}")
            assert answer.status_code == 200, answer.text
            extra = ["release", "licence"] if ending == "csv" else []
            found = read(answer.content, of_names([*figure.rows.columns, *extra]))
            assert {row.pop("release", known.release_id) for row in found} == {known.release_id}
            assert [{name: row[name] for name in figure.rows.columns} for row in found] == expected, (ending, choice)
            assert answer.headers["x-row-count"] == str(len(expected))
            assert f"eu-ai-{name}-" in answer.headers["content-disposition"] and known.release_id in answer.headers["content-disposition"]
    assert drawn


@pytest.mark.parametrize("name", FIGURES)
def test_each_figure_travels_with_what_is_needed_to_defend_it(client: TestClient, known: Answers, name: str) -> None:
    body = client.get(f"/api/v1/figures/{name}.json").json()
    view = FIGURES[name]
    figure = view.make(known, {parameter.name: parameter.default for parameter in view.parameters(known)})
    assert figure is not None
    assert (body["title"], body["subtitle"], body["source"], body["alt"]) == (figure.title, figure.subtitle, figure.source, figure.alt)
    assert body["sql"] == list(figure.sql) and body["release"] == known.release_id and f"release={known.release_id}" in body["page"]
    assert [source["url"] for source in body["sources"]] == [source.url for source in figure.sources]
    assert all(column["meaning"] for column in body["columns"]), [column["name"] for column in body["columns"] if not column["meaning"]]
    notes = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/api/v1/figures/{name}.xlsx").content)).get_sheet_by_name("notes")
    said = dict(row[:2] for row in notes.to_python())
    assert said["Title"] == figure.title and said["Release"] == known.release_id and "CC BY 4.0" in said["Licence"]
    about = parquet.read_schema(io.BytesIO(client.get(f"/api/v1/figures/{name}.parquet").content)).metadata
    assert about[b"Title"].decode() == figure.title and about[b"Release"].decode() == known.release_id


@pytest.mark.parametrize("name", RESOURCES)
def test_each_list_has_the_same_rows_in_every_format(client: TestClient, known: Answers, name: str) -> None:
    columns = RESOURCES[name].columns(known)
    assert not [column.name for column in columns if not column.meaning]
    found = {ending: read(client.get(f"/api/v1/{name}.{ending}?limit=10000").content, columns) for ending, read in READ.items()}
    assert found["csv"] == found["xlsx"] == found["json"] == found["parquet"]


def test_the_euros_of_the_api_are_those_of_the_page(client: TestClient, known: Answers) -> None:
    body = client.get("/api/v1/euros.json").json()
    assert sum(row["amount_eur"] for row in body["rows"]) == 103_733_000_000
    assert sum(row["amount_eur"] for row in client.get("/api/v1/euros.json?net=0").json()["rows"]) == 112_137_300_000
    for stage, basis in (("programmed", "eu-contribution"), ("committed", "eu-contribution"), ("contracted", "national-contribution")):
        choice = Choice(stage, basis, "whole" if stage == "programmed" else "", programme=(), initiative=())
        stated = known.row(totals(choice))
        for net, column in (("1", "net_eur"), ("0", "gross_eur")):
            answer = client.get("/api/v1/euros.json", params={"stage": stage, "basis": basis, "net": net})
            rows = json.loads(answer.content, parse_float=Decimal)["rows"]
            known_amounts = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
            assert (sum(known_amounts, Decimal(0)) if known_amounts else None) == stated[column], (stage, basis, net)
            entries = client.get("/api/v1/ledger.json", params={"stage": stage, "basis": basis, "net": net, "limit": 10000})
            behind = json.loads(entries.content, parse_float=Decimal)["rows"]
            assert sum((row["amount_eur"] for row in behind if row["amount_eur"] is not None), Decimal(0)) == (stated[column] or 0)
            assert len(behind) == sum(row["entries"] - (row["entries_removed"] if net == "1" else 0) for row in rows)


@pytest.mark.parametrize("name", FIGURES)
def test_the_entries_behind_a_figure_can_be_had_too(client: TestClient, known: Answers, name: str) -> None:
    answer = client.get(f"/api/v1/figures/{name}/ledger.json?limit=10000")
    if name in ("promises", "milestones") and answer.status_code == 404:
        assert "dates" in answer.json()["detail"]
        return
    assert answer.status_code == 200, answer.text
    ids = [row["entry_id"] for row in answer.json()["rows"]]
    assert ids == sorted(set(ids)) and len(ids) == answer.json()["count"] > 0
    assert len(client.get(f"/api/v1/figures/{name}/ledger.csv").text.splitlines()) == len(ids) + 1


def test_the_entries_behind_the_envelopes_are_those_that_are_added(client: TestClient) -> None:
    behind = json.loads(client.get("/api/v1/figures/envelopes/ledger.json?limit=10000").content, parse_float=Decimal)["rows"]
    assert len(behind) == 10 and sum(row["amount_eur"] for row in behind) == Decimal("112137300000.00")


def test_several_stages_stand_side_by_side_and_overlaps_are_removed_inside_each(client: TestClient) -> None:
    each = [client.get(f"/api/v1/euros.json?stage={stage}").json()["rows"] for stage in ("announced", "programmed", "committed")]
    together = client.get("/api/v1/euros.json?stage=announced&stage=programmed&stage=committed").json()["rows"]
    key = lambda row: (row["stage"], row["programme"], row["initiative"] or "")  # noqa: E731
    assert sorted(together, key=key) == sorted((row for rows in each for row in rows), key=key)


@pytest.mark.parametrize(
    ("address", "column", "values"),
    [
        ("ledger.json?programme=digital-europe&programme=cef-digital&limit=10000", "programme", {"digital-europe", "cef-digital"}),
        ("ledger.json?country=IT", "country", {"IT"}),
        ("sites.json?kind=ai-factory&country=IT", "kind", {"ai-factory"}),
        ("milestones.json?year=2026&limit=10000", "event", None),
        ("flows.json?stage=programmed", "stage", {"programmed"}),
        ("ledger.json?year=2024", "year", {2024}),
    ],
)
def test_filters_have_the_names_of_the_pages(client: TestClient, address: str, column: str, values: set[Any] | None) -> None:
    body = client.get(f"/api/v1/{address}").json()
    assert body["rows"] and body["count"] == body["returned"]
    if values is not None:
        assert {row[column] for row in body["rows"]} == values
    else:
        assert {row["dated_on"][:4] for row in body["rows"]} == {"2026"}


def test_the_pages_of_a_list_are_its_rows_once_each_in_order(client: TestClient) -> None:
    whole = [row["entry_id"] for row in client.get("/api/v1/ledger.json?limit=10000").json()["rows"]]
    found, address = [], "/api/v1/ledger.json?limit=200"
    while address:
        answer = client.get(address)
        body = answer.json()
        assert body["count"] == len(whole) == int(answer.headers["x-row-count"])
        found += [row["entry_id"] for row in body["rows"]]
        address = body["next"]
        assert (f'<{address}>; rel="next"' in answer.headers["link"]) == bool(address)
    assert found == whole == sorted(whole)
    assert client.get("/api/v1/ledger.json").json()["returned"] == min(api.PAGE, len(whole))


def test_nothing_is_cut_in_silence(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "XLSX_CELLS", 100 * len(RESOURCES["ledger"].columns(asking.answers())))
    answer = client.get("/api/v1/ledger.xlsx")
    assert (
        answer.status_code == 400 and "more than an Excel file" in answer.json()["detail"] and "csv" in answer.json()["allowed"]["format"]
    )
    assert client.get("/api/v1/ledger.xlsx?limit=50").status_code == 200


def test_excel_in_continental_europe_gets_its_own_csv(client: TestClient) -> None:
    text = client.get("/api/v1/euros.csv?dialect=excel-eu").content.decode("utf-8")
    assert text.startswith("\ufeffprogramme;initiative;")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    plain = list(csv.DictReader(io.StringIO(client.get("/api/v1/euros.csv").text)))
    assert [row["amount_eur"].replace(",", ".") for row in rows] == [row["amount_eur"] for row in plain] and "," in rows[0]["amount_eur"]
    assert client.get("/api/v1/euros.xlsx?dialect=excel-eu").status_code == 400


def test_text_that_a_spreadsheet_would_run_is_made_harmless_and_numbers_are_not_touched() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "-", "safe", None, "'=x", 'a,"b"\nc']
    amounts = [Decimal("-1.50")] * len(texts)
    table = pa.table({"text": texts, "amount_eur": pa.array(amounts, pa.decimal128(18, 2))})
    content = b"".join(formats.csv(table.schema, table.to_batches()))
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [row["text"] for row in rows] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'＝1", "-", "safe", "", "'=x", 'a,"b"\nc']
    assert {row["amount_eur"] for row in rows} == {"-1.50"}
    assert [formats.as_published(row["text"]) for row in rows[:8]] == texts[:8]


def test_excel_files_hold_no_formula_and_no_link(tmp_path: Path) -> None:
    table = pa.table({"text": ["=1+1", "https://example.org", "x" * 40_000], "dated_on": [date(1850, 1, 1), date(2026, 1, 2), None]})
    formats.write_xlsx(tmp_path / "x.xlsx", table.schema, table.to_batches(), [("Title", "t")], date(2026, 1, 1))
    head, *rows = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("data").to_python()
    assert head == ["text", "dated_on"] and [row[0] for row in rows[:2]] == ["=1+1", "https://example.org"]
    assert rows[0][1] == "1850-01-01" and rows[1][1] == date(2026, 1, 2) and "40,000 characters" in rows[2][0]


# --- refusals --------------------------------------------------------------------------------------------------------------------------------

REFUSED = [
    ("/api/v1/nothing.csv", 404, "euros"),
    ("/api/v1/euros.xml", 404, "parquet"),
    ("/api/v1/euros", 404, "/api/v1/euros."),
    ("/api/v1/euros.csv?stage=comitted", 400, "committed"),
    ("/api/v1/euros.csv?stgae=paid", 400, "stage"),
    ("/api/v1/euros.csv?net=2", 400, "1"),
    ("/api/v1/euros.csv?net=1&net=0", 400, "one value"),
    ("/api/v1/euros.csv?embed=true", 400, "programme"),
    ("/api/v1/ledger.json?limit=20000", 400, "10,000"),
    ("/api/v1/ledger.json?limit=x", 400, "whole number"),
    ("/api/v1/ledger.json?offset=-1", 400, "whole number"),
    ("/api/v1/ledger.json?year=20x4", 400, "2024"),
    ("/api/v1/sites.json?kind=factory", 400, "ai-factory"),
    ("/api/v1/ledger.csv?release=2020-01-01-0000000000", 404, "2026-"),
    ("/api/v1/ledger.csv?release=../../etc", 404, "2026-"),
    ("/api/v1/ledger.csv?dialect=excel", 400, "excel-eu"),
    ("/api/v1/releases.json?stage=paid", 400, "limit"),
    ("/api/v1/figures/nothing.json", 404, "ladder"),
    ("/api/v1/figures/ladder.gif", 404, "svg"),
    ("/api/v1/figures/ladder.json?ladder=nothing", 400, "investai"),
    ("/api/v1/figures/ladder.json?programme=x", 400, "ladder"),
    ("/api/v1/figures.json?x=1", 400, "release"),
    ("/api/v1/figures/ladder.json?release=x", 404, "2026-"),
    ("/api/v2/euros.csv", 404, "/api/v1/"),
    ("/api/v1/sql", 400, "select"),
    ("/api/v1/openapi.json?x=1", 400, "release"),
    ("/feed.atom?country=Italy", 400, "IT"),
    ("/feed.atom?figure=nothing", 404, "ladder"),
    ("/catalog.jsonld?x=1", 400, "release"),
]


@pytest.mark.parametrize(("address", "status", "offer"), REFUSED)
def test_what_cannot_be_asked_is_answered_with_what_can(client: TestClient, address: str, status: int, offer: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json" and answer.headers["access-control-allow-origin"] == "*"
    body = answer.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert offer in json.dumps(body["allowed"], ensure_ascii=False) + body["detail"]
    assert "Traceback" not in answer.text and "ignored" not in body["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_can_only_be_read(client: TestClient, method: str) -> None:
    answer = client.request(method, "/api/v1/euros.csv")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"
    options = client.options("/api/v1/euros.csv")
    assert options.status_code == 204 and options.headers["access-control-allow-methods"] == "GET, HEAD"


def test_without_a_release_the_api_says_what_to_do(client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "empty"))
    answer = client.get("/api/v1/euros.csv")
    assert answer.status_code == 503 and "python -m pipelines build" in answer.json()["detail"]


def test_a_mistake_of_ours_is_a_sentence_with_a_reference(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the server")

    monkeypatch.setattr(api.streams, "stream", broken)
    answer = client.get("/api/v1/flows.csv")
    assert answer.status_code == 500 and "reference" in answer.json()["detail"] and "secret" not in answer.text


# --- caching ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/v1/euros.csv", "/api/v1/figures/ladder.json", "/api/v1/openapi.json", "/api/v1/figures.json", "/catalog.jsonld"]
)
def test_what_names_its_release_never_changes_and_the_rest_is_asked_again(client: TestClient, known: Answers, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["cache-control"] == "public, no-cache"
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    fixed = client.get(f"{path}?release={known.release_id}")
    assert "immutable" in fixed.headers["cache-control"] and fixed.content == answer.content
    head = client.head(path)
    assert head.status_code == 200 and not head.content and head.headers["etag"] == answer.headers["etag"]
    assert head.headers["content-type"] == answer.headers["content-type"]


def test_the_number_of_rows_is_stated_before_the_rows(client: TestClient) -> None:
    assert int(client.head("/api/v1/ledger.csv").headers["x-row-count"]) == len(client.get("/api/v1/ledger.csv").text.splitlines()) - 1


def test_the_list_of_releases_says_which_is_current(client: TestClient, known: Answers) -> None:
    (row,) = client.get("/api/v1/releases.json").json()["rows"]
    assert row["release_id"] == known.release_id and row["is_current"] and row["published_at"]


# --- the description -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json()  # type: ignore[no-any-return]


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_every_address_is_described(described: dict[str, Any]) -> None:
    expected = {f"/api/v1/{name}.{{format}}" for name in api.LISTS} | {f"/api/v1/figures/{name}.{{format}}" for name in FIGURES}
    expected |= {f"/api/v1/figures/{name}/ledger.{{format}}" for name in FIGURES}
    others = {"figures.json", "packs/{figure}.zip", "sql", "bundle.zip", "openapi.json"}
    assert set(described["paths"]) == expected | {f"/api/v1/{name}" for name in others} | {"/catalog.jsonld", "/feed.atom"}


@pytest.mark.parametrize("name", api.LISTS)
def test_each_answer_is_as_described_and_each_example_can_be_asked(client: TestClient, described: dict[str, Any], name: str) -> None:
    get = described["paths"][f"/api/v1/{name}.{{format}}"]["get"]
    media = get["responses"]["200"]["content"]["application/json"]
    asked: dict[str, Any] = {}
    for parameter in get["parameters"]:
        if "$ref" not in parameter and parameter["in"] == "query" and "example" in parameter:
            asked[parameter["name"]] = parameter["example"]
    answer = client.get(f"/api/v1/{name}.json", params=asked)
    assert answer.status_code == 200, answer.text
    schema = {**media["schema"], "components": described["components"]}
    problems = list(Draft202012Validator(schema).iter_errors(answer.json()))
    assert not problems, problems[0].message
    assert "example" not in media or media["example"]["count"] == answer.json()["count"]


# --- questions in SQL ------------------------------------------------------------------------------------------------------------------------


def test_a_question_in_sql_is_answered_exactly(client: TestClient, known: Answers) -> None:
    sql = "select sum(amount_eur) as eur from ledger where dataset = 'fts/2020/CNECT'"
    answer = client.get("/api/v1/sql", params={"query": sql})
    assert (
        json.loads(answer.content, parse_float=Decimal)["rows"] == [{"eur": Decimal("2803228431.34")}]
        and answer.headers["cache-control"] == "no-store"
    )
    posted = client.post(
        "/api/v1/sql?format=csv",
        content="select 'a,b' as \"x y\", [1, 2] as l, interval 1 day as i",
        headers={"content-type": "text/plain"},
    )
    assert posted.text.splitlines()[0] == '"x y",l,i' and '"a,b","[1, 2]"' in posted.text


@pytest.mark.parametrize("sql", ["select * from read_csv('/etc/passwd')", "drop table ledger", "select 1 as a, 2 as a", "select x"])
def test_a_question_cannot_reach_files_or_change_anything(client: TestClient, sql: str) -> None:
    answer = client.get("/api/v1/sql", params={"query": sql})
    assert answer.status_code == 400 and answer.json()["detail"] and "/root" not in answer.text


@pytest.mark.clock
@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select sum(a.range * b.range % 7) from range(10000000) as a, range(10000000) as b", "longer than 1 seconds"),
        ("select range from range(100001)", "100,000 are the most"),
        ("select list(range::varchar) as x from range(200000000)", "."),
    ],
)
def test_a_question_is_stopped_at_its_limits(store: Path, release_id: str, sql: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(query.QueryError, match=said):
        confined.ask(sql, release_id, store, seconds=1)
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    "sql",
    [
        "select * from duckdb_databases()",
        'select * from "duckdb_settings"',
        "select * from pg_settings",
        "select * from pg_catalog.pg_settings",
        "select * from information_schema.schemata",
        "select * from tracker.ledger",
        "select (select path from pragma_database_list limit 1)",
        "with a as (select current_setting('temp_directory') as x) select * from a",
        "select * from query('select 1')",
        "show databases",
    ],
)
def test_no_question_learns_where_the_store_lies(store: Path, release_id: str, sql: str) -> None:
    with pytest.raises(query.QueryError, match="tables of the release, and nothing else"):
        confined.ask(sql, release_id, store)


def test_a_question_may_name_its_own_tables_and_the_declared_ones(store: Path, release_id: str) -> None:
    sql = "with duckdb_x as (select stage from ledger) select count(*) as n from duckdb_x, range(2), overlaps o where o.reason = ''"
    assert confined.ask(sql, release_id, store).to_pylist() == [{"n": 0}]


def test_a_question_that_needs_too_much_says_so_and_writes_nothing_beside_the_release(store: Path, release_id: str) -> None:
    folder = store / "releases" / release_id
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    with pytest.raises(query.QueryError) as refused:
        confined.ask("select * from ledger as l, ledger as m, ledger as n, ledger as o order by 1, 40, 80, 120", release_id, store)
    assert str(store) not in str(refused.value) and "Ask for less at once" in str(refused.value)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))} == before


def test_only_so_many_questions_are_answered_at_once(client: TestClient) -> None:
    for _ in range(sql_route.AT_ONCE):
        assert sql_route._places.acquire(blocking=False)
    try:
        answer = client.get("/api/v1/sql?query=select 1 as a")
        assert answer.status_code == 429 and answer.headers["retry-after"]
    finally:
        for _ in range(sql_route.AT_ONCE):
            sql_route._places.release()


def test_a_question_may_not_be_too_long(client: TestClient) -> None:
    assert client.post("/api/v1/sql", content="x" * 60_000).status_code == 413
    assert client.post("/api/v1/sql", content=b"\xff\xfe").status_code == 400


# --- readers who are slow, who go, and who are many --------------------------------------------------------------------------------------


class Pieces:
    """Rows on their way, and whether somebody still holds them."""

    def __init__(self) -> None:
        self.is_held = True

    def __call__(self) -> Iterator[bytes]:
        try:
            for _ in range(100):
                yield b"x" * 200_000
        finally:
            self.is_held = False


@pytest.mark.parametrize("kind", ["goes", "stops"])
def test_who_goes_or_stops_does_not_hold_the_rows(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "STALLED", 0.05)
    rows, given_back = Pieces(), []
    answer = files.Download(rows(), {})
    answer.undone.callback(given_back.append, True)
    taken = 0

    async def send(message: Message) -> None:
        nonlocal taken
        taken += len(message.get("body", b""))
        assert len(message.get("body", b"")) <= 1 << 16, "one who is slow is told from one who has stopped by small pieces"
        if taken > 500_000:
            if kind == "goes":
                raise OSError("The reader has gone.")
            await asyncio.sleep(3600)

    async def receive() -> Message:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ClientDisconnect):
        asyncio.run(answer(scope, receive, send))
    assert not rows.is_held and given_back == [True]


def test_large_downloads_are_counted_and_never_keep_others_from_small_ones(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGE", 100)
    monkeypatch.setattr(files, "_large", places := BoundedSemaphore(1))
    for ending in ("csv", "parquet", "csv", "xlsx", "json?limit=200", "csv"):
        assert client.get(f"/api/v1/ledger.{ending}").status_code == 200, "the place is given back each time"
    monkeypatch.setattr(formats, "write_parquet", lambda *_: 1 / 0)
    assert client.get("/api/v1/ledger.parquet").status_code == 500
    assert client.get("/api/v1/ledger.csv").status_code == 200, "and when the file cannot be made"
    places.acquire()
    answer = client.get("/api/v1/ledger.csv")
    assert answer.status_code == 503 and answer.headers["retry-after"] and "choose less" in answer.json()["detail"]
    assert client.get("/api/v1/ledger.csv?limit=50").status_code == client.get("/api/v1/figures/ladder.xlsx").status_code == 200


class Reader:
    """What reads the files behind some rows."""


def test_rows_that_nobody_will_read_are_let_go_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    readers = []
    real = api.streams.stream

    def watched(*arguments: Any, **words: Any) -> Any:
        rows, reader = real(*arguments, **words), Reader()
        readers.append(weakref.ref(reader))
        return rows._replace(batches=held(rows.batches, reader))

    def held(batches: Iterator[pa.RecordBatch], _reader: Reader) -> Iterator[pa.RecordBatch]:
        yield from batches

    monkeypatch.setattr(api.streams, "stream", watched)
    monkeypatch.setattr(files, "LARGE", 100)
    monkeypatch.setattr(files, "_large", places := BoundedSemaphore(1))
    places.acquire()
    gc.disable()
    try:
        assert client.get("/api/v1/ledger.csv").status_code == 503
        assert client.head("/api/v1/ledger.csv").status_code == 200
        assert [reader() for reader in readers] == [None, None]
    finally:
        gc.enable()


# --- a million rows --------------------------------------------------------------------------------------------------------------------------

ROWS = 1_000_000


@pytest.fixture(scope="module")
def large(store: Path, release_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up release whose ledger is that of the shipped data a thousand times over, with other keys."""
    place = tmp_path_factory.mktemp("large") / "store"
    folder = place / "releases" / "2026-11-23-aaaaaaaaaa"
    shutil.copytree(releases.folder(release_id, store), folder, copy_function=os.link)
    ledger = folder / "parquet" / "ledger.parquet"
    with duckdb.connect(":memory:", config={"memory_limit": "500MB", "threads": 1}) as connection:
        connection.read_parquet(str(ledger)).create_view("ledger")
        rows = connection.sql("select l.* replace (entry_id || '-' || i as entry_id) from range(2000) as t(i), ledger as l").limit(ROWS)
        rows.write_parquet(str(ledger.with_suffix(".new")), compression="zstd", row_group_size=122_880)
    ledger.with_suffix(".new").replace(ledger)
    journal.append(place, "publish", folder.name, "made up for a test", {})
    return place


def memory(pid: int) -> int:
    """What a process holds, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def seconds_of_work(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.clock
def test_a_million_rows_stream_from_a_real_server_in_bounded_memory(large: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"]
    environment = {**os.environ, "TRACKER_STORE": str(large)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://localhost:{port}"
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/readyz", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.25)
            urllib.request.urlopen(f"{address}/api/v1/ledger.csv?limit=1", timeout=60).close()
            idle, most, done = memory(process.pid), [0], threading.Event()

            def watch() -> None:
                while not done.wait(0.05):
                    most[0] = max(most[0], memory(process.pid))

            watcher = threading.Thread(target=watch)
            watcher.start()
            worked, began, lines = seconds_of_work(process.pid), time.monotonic(), 0
            with urllib.request.urlopen(f"{address}/api/v1/ledger.csv", timeout=60) as answer:
                assert int(answer.headers["x-row-count"]) == ROWS
                while piece := answer.read(1 << 20):
                    lines += piece.count(b"\n")
            took, worked = time.monotonic() - began, seconds_of_work(process.pid) - worked
            done.set()
            watcher.join()
            print(f"{ROWS / took:,.0f} rows/s, {ROWS / worked:,.0f} rows per second of work, {most[0] - idle} MB above idle")
            assert lines == ROWS + 1
            assert most[0] - idle < 200
            assert ROWS / worked > 100_000, "counted in the server's own seconds, so that other work on the machine does not matter"
        finally:
            process.terminate()


def test_a_page_far_into_a_million_rows_is_still_a_page(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(large))
    body = TestClient(Starlette(routes=routes.ROUTES)).get("/api/v1/ledger.json?limit=2&offset=999999").json()
    assert (body["count"], body["returned"], body["next"]) == (ROWS, 1, None)


def test_every_format_is_declared_with_its_media_type() -> None:
    assert set(files.MEDIA) == set(READ)
