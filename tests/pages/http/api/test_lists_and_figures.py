"""The API: the same numbers as the pages in every format, to the cent; refusals that list what is allowed."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from pages.http import api, request_params, routes, table_response
from pages.http.api_list_declarations import RESOURCES
from pages.http.column_docs import Described, of_names
from pages.parts.sharing import links, underlying_entries
from pages.parts.url_state import read_link
from pages.parts.views import FIGURES
from pipelines import file_writers
from pipelines.queries.choice import Choice
from pipelines.queries.euros import totals
from pipelines.queries.release_answers import ReleaseData
from tests.each_figure import EACH_FIGURE
from tests.pages.http.api.conftest import choices

Row = dict[str, Any]


# --- the same rows in each format


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
    return file_writers.as_published(text)


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

    return [
        {column.name: cell(value, column) for value, column in zip(row, columns, strict=True)} for row in rows
    ]


def from_json(content: bytes, columns: list[Described]) -> list[Row]:
    rows = json.loads(content, parse_float=Decimal)["rows"]

    def cell(value: Any, column: Described) -> Any:
        if value is None:
            return None
        if column.kind == "day":
            return date.fromisoformat(value)
        return (
            Decimal(value)
            if column.kind in ("euros", "decimal")
            else float(value)
            if column.kind == "number"
            else value
        )

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


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_each_figure_has_the_same_rows_in_every_format_as_on_its_page(
    client: TestClient, known: ReleaseData, name: str
) -> None:
    view = FIGURES[name]
    parameters = view.parameters(known)
    drawn = 0
    for choice in choices(name, known):
        values = {
            parameter.name: tuple(choice.get(parameter.name, parameter.default)) for parameter in parameters
        }
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
            assert [{name: row[name] for name in figure.rows.columns} for row in found] == expected, (
                ending,
                choice,
            )
            assert answer.headers["x-row-count"] == str(len(expected))
            assert (
                f"eu-ai-{name}-" in answer.headers["content-disposition"]
                and known.release_id in answer.headers["content-disposition"]
            )
    assert drawn


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_each_figure_travels_with_what_is_needed_to_defend_it(
    client: TestClient, known: ReleaseData, name: str
) -> None:
    body = client.get(f"/api/v1/figures/{name}.json").json()
    view = FIGURES[name]
    figure = view.make(known, {parameter.name: parameter.default for parameter in view.parameters(known)})
    assert figure is not None
    assert (body["title"], body["subtitle"], body["source"], body["alt"]) == (
        figure.title,
        figure.subtitle,
        figure.source,
        figure.alt,
    )
    assert (
        body["sql"] == list(figure.sql)
        and body["release"] == known.release_id
        and f"release={known.release_id}" in body["page"]
    )
    sources = [source.url for source in figure.sources]
    assert sources and {source.url for source in figure.sources} <= {*sources}
    assert [source["url"] for source in body["sources"]] == sources
    assert all(column["meaning"] for column in body["columns"]), [
        column["name"] for column in body["columns"] if not column["meaning"]
    ]
    notes = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/api/v1/figures/{name}.xlsx").content)
    ).get_sheet_by_name("notes")
    said = dict(row[:2] for row in notes.to_python())
    assert (
        said["Title"] == figure.title
        and said["Release"] == known.release_id
        and "CC BY 4.0" in said["Licence"]
    )
    about = parquet.read_schema(io.BytesIO(client.get(f"/api/v1/figures/{name}.parquet").content)).metadata
    assert about[b"Title"].decode() == figure.title and about[b"Release"].decode() == known.release_id
    named = {name.decode(): text.decode() for name, text in about.items()}
    for kept in (said, named):
        assert kept["Source"] == figure.source
        addresses = [text.rpartition(" ")[2] for name, text in kept.items() if name.startswith("Source ")]
        assert addresses == sources, "every source, each under a name of its own"


@pytest.mark.parametrize("name", RESOURCES)
def test_each_list_has_the_same_rows_in_every_format(
    client: TestClient, known: ReleaseData, name: str
) -> None:
    columns = RESOURCES[name].columns(known)
    assert not [column.name for column in columns if not column.meaning]
    found = {
        ending: read(client.get(f"/api/v1/{name}.{ending}?limit=10000").content, columns)
        for ending, read in READ.items()
    }
    assert found["csv"] == found["xlsx"] == found["json"] == found["parquet"]


@pytest.mark.slow
def test_the_euros_of_the_api_are_those_of_the_page(client: TestClient, known: ReleaseData) -> None:
    body = client.get("/api/v1/euros.json").json()
    assert sum(row["amount_eur"] for row in body["rows"]) == 103_733_000_000
    assert (
        sum(row["amount_eur"] for row in client.get("/api/v1/euros.json?net=0").json()["rows"])
        == 112_137_300_000
    )
    for stage, basis in (
        ("programmed", "eu-contribution"),
        ("committed", "eu-contribution"),
        ("contracted", "national-contribution"),
    ):
        choice = Choice(stage, basis, "whole" if stage == "programmed" else "", programme=(), initiative=())
        stated = known.row(totals(choice))
        for net, column in (("1", "net_eur"), ("0", "gross_eur")):
            answer = client.get("/api/v1/euros.json", params={"stage": stage, "basis": basis, "net": net})
            rows = json.loads(answer.content, parse_float=Decimal)["rows"]
            known_amounts = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
            assert (sum(known_amounts, Decimal(0)) if known_amounts else None) == stated[column], (
                stage,
                basis,
                net,
            )
            listed = client.get(
                "/api/v1/ledger.json", params={"stage": stage, "basis": basis, "net": net, "limit": 10000}
            )
            behind = json.loads(listed.content, parse_float=Decimal)["rows"]
            assert sum(
                (row["amount_eur"] for row in behind if row["amount_eur"] is not None), Decimal(0)
            ) == (stated[column] or 0)
            assert len(behind) == sum(
                row["entries"] - (row["entries_removed"] if net == "1" else 0) for row in rows
            )


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_readme_beside_the_files_says_what_a_csv_cannot(
    client: TestClient, known: ReleaseData, name: str
) -> None:
    data = client.get(f"/api/v1/figures/{name}.csv")
    (address,) = re.findall(r'<([^>]+readme\.txt[^>]*)>; rel="describedby"', data.headers["link"])
    answer = client.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (
        answer.headers["content-disposition"]
        == f'attachment; filename="eu-ai-{name}-readme-{known.release_id}.txt"'
    )
    view = FIGURES[name]
    values = {parameter.name: parameter.default for parameter in view.parameters(known)}
    figure = view.make(known, values)
    assert figure is not None
    citation = client.get(f"/api/v1/figures/{name}.json").json()["citation"]
    for must in (
        *(
            figure.title,
            figure.subtitle,
            figure.source,
            links.choice_words(known, view, values),
            file_writers.HARMLESS,
            table_response.LICENCE_URL,
        ),
        *(
            known.release_id,
            "23\u00a0November 2026",
            citation,
            "An empty amount means not published, never zero.",
        ),
        *(source.url for source in figure.sources),
    ):
        assert must in answer.text
    columns = [*of_names(data.text.partition("\n")[0].split(","))]
    if client.get(f"/api/v1/figures/{name}/ledger.csv").status_code == 200:
        entries_link = client.get(f"/api/v1/figures/{name}/ledger.json?limit=1").headers["link"]
        assert f'<{address}>; rel="describedby"' in entries_link and 'rel="next"' in entries_link
        columns += RESOURCES["ledger"].columns(known)
    else:
        assert "LEDGER ENTRIES\nNone" in answer.text
    for column in columns:
        assert f"- {column.name} ({column.unit}): " in answer.text, column.name
    assert client.head(address).headers["content-disposition"] == answer.headers["content-disposition"]
    assert client.get(address, headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_the_readme_is_of_the_choice_that_the_data_are_of(client: TestClient) -> None:
    link = client.get(
        "/api/v1/figures/envelopes.csv?count=gross&programme=digital-europe&dialect=excel-eu"
    ).headers["link"]
    (address,) = re.findall(r"<([^>]+readme\.txt[^>]*)>", link)
    assert "count=gross" in address and "dialect" not in address
    text = client.get(address).text
    assert "programme Digital Europe" in text and "count with double counting" in text


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_the_entries_behind_a_figure_can_be_had_too(
    client: TestClient, known: ReleaseData, name: str
) -> None:
    answer = client.get(f"/api/v1/figures/{name}/ledger.json?limit=10000")
    listed = {figure["name"]: figure for figure in client.get("/api/v1/figures.json").json()["figures"]}
    assert (
        (listed[name].get("entries") == f"/api/v1/figures/{name}/ledger.json")
        == (answer.status_code == 200)
        == FIGURES[name].has_euros
    )
    if not FIGURES[name].has_euros:
        assert answer.status_code == 404 and "dates" in answer.json()["detail"]
        return
    assert answer.status_code == 200, answer.text
    ids = [row["entry_id"] for row in answer.json()["rows"]]
    assert ids == sorted(set(ids)) and len(ids) == answer.json()["count"] > 0
    assert len(client.get(f"/api/v1/figures/{name}/ledger.csv").text.splitlines()) == len(ids) + 1
    figure = request_params.figure(known, name, read_link({}, FIGURES[name].parameters(known))[0])
    assert figure and underlying_entries.number(figure, known) == len(ids), (
        "the page states how many there are"
    )


def test_the_entries_behind_the_envelopes_are_those_that_are_added(client: TestClient) -> None:
    behind = json.loads(
        client.get("/api/v1/figures/envelopes/ledger.json?limit=10000").content, parse_float=Decimal
    )["rows"]
    assert len(behind) == 10 and sum(row["amount_eur"] for row in behind) == Decimal("112137300000.00")


def test_several_stages_stand_side_by_side_and_overlaps_are_removed_inside_each(client: TestClient) -> None:
    each = [
        client.get(f"/api/v1/euros.json?stage={stage}").json()["rows"]
        for stage in ("announced", "programmed", "committed")
    ]
    together = client.get("/api/v1/euros.json?stage=announced&stage=programmed&stage=committed").json()[
        "rows"
    ]
    key = lambda row: (row["stage"], row["programme"], row["initiative"] or "")  # noqa: E731
    assert sorted(together, key=key) == sorted((row for rows in each for row in rows), key=key)


@pytest.mark.parametrize(
    ("address", "column", "values"),
    [
        (
            "ledger.json?programme=digital-europe&programme=cef-digital&limit=10000",
            "programme",
            {"digital-europe", "cef-digital"},
        ),
        ("ledger.json?country=IT", "country", {"IT"}),
        ("sites.json?kind=ai-factory&country=IT", "kind", {"ai-factory"}),
        ("milestones.json?year=2026&limit=10000", "event", None),
        ("flows.json?stage=programmed", "stage", {"programmed"}),
        ("ledger.json?year=2024", "year", {2024}),
    ],
)
def test_filters_have_the_names_of_the_pages(
    client: TestClient, address: str, column: str, values: set[Any] | None
) -> None:
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
    monkeypatch.setattr(
        file_writers, "XLSX_CELLS", 100 * len(RESOURCES["ledger"].columns(request_params.answers()))
    )
    answer = client.get("/api/v1/ledger.xlsx")
    assert (
        answer.status_code == 400
        and "more than an Excel file" in answer.json()["detail"]
        and "csv" in answer.json()["allowed"]["format"]
    )
    assert client.get("/api/v1/ledger.xlsx?limit=50").status_code == 200


def test_excel_in_continental_europe_gets_its_own_csv(client: TestClient) -> None:
    text = client.get("/api/v1/euros.csv?dialect=excel-eu").content.decode("utf-8")
    assert text.startswith("\ufeffprogramme;initiative;")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    plain = list(csv.DictReader(io.StringIO(client.get("/api/v1/euros.csv").text)))
    assert [row["amount_eur"].replace(",", ".") for row in rows] == [
        row["amount_eur"] for row in plain
    ] and "," in rows[0]["amount_eur"]
    assert client.get("/api/v1/euros.xlsx?dialect=excel-eu").status_code == 400


def test_text_that_a_spreadsheet_would_run_is_made_harmless_and_numbers_are_not_touched() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "-", "safe", None, "'=x", 'a,"b"\nc']
    amounts = [Decimal("-1.50")] * len(texts)
    table = pa.table({"text": texts, "amount_eur": pa.array(amounts, pa.decimal128(18, 2))})
    content = b"".join(file_writers.csv(table.schema, table.to_batches()))
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [row["text"] for row in rows] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "'\tx",
        "'＝1",
        "-",
        "safe",
        "",
        "'=x",
        'a,"b"\nc',
    ]
    assert {row["amount_eur"] for row in rows} == {"-1.50"}
    assert [file_writers.as_published(row["text"]) for row in rows[:8]] == texts[:8]


def test_excel_files_hold_no_formula_and_no_link(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["=1+1", "https://example.org", "x" * 40_000],
            "dated_on": [date(1850, 1, 1), date(2026, 1, 2), None],
        }
    )
    file_writers.write_xlsx(
        tmp_path / "x.xlsx", table.schema, table.to_batches(), [("Title", "t")], date(2026, 1, 1)
    )
    head, *rows = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("data").to_python()
    assert head == ["text", "dated_on"] and [row[0] for row in rows[:2]] == ["=1+1", "https://example.org"]
    assert rows[0][1] == "1850-01-01" and rows[1][1] == date(2026, 1, 2) and "40,000 characters" in rows[2][0]


# --- refusals

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
    ("/api/v1/figures/nothing/readme.txt", 404, "ladder"),
    ("/api/v1/figures/ladder/readme.txt?ladder=nothing", 400, "investai"),
    ("/api/v1/figures/ladder/readme.md", 404, "readme.txt"),
    ("/api/v2/euros.csv", 404, "/api/v1/"),
    ("/api/v1/sql", 400, "select"),
    ("/api/v1/openapi.json?x=1", 400, "release"),
    ("/feed.atom?country=Italy", 400, "IT"),
    ("/feed.atom?figure=nothing", 404, "ladder"),
    ("/catalog.jsonld?x=1", 400, "release"),
    ("/feed.atom?release=x", 400, "country"),
    ("/feed.atom?figure=ladder&release=x", 400, "ladder"),
    ("/sitemap.xml?release=x", 400, "not a choice"),
    ("/api/v1/releases.json?release=x", 400, "limit"),
    ("/dataset?foo=bar", 400, "release"),
    ("/dataset?release=x", 404, "2026-"),
]


@pytest.mark.parametrize(("address", "status", "offer"), REFUSED)
def test_what_cannot_be_asked_is_answered_with_what_can(
    client: TestClient, address: str, status: int, offer: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    assert (
        answer.headers["content-type"] == "application/problem+json"
        and answer.headers["access-control-allow-origin"] == "*"
    )
    body = answer.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert offer in json.dumps(body["allowed"], ensure_ascii=False) + body["detail"]
    assert "Traceback" not in answer.text and "ignored" not in body["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "FOO", "PROPFIND", "TRACE"])
@pytest.mark.parametrize(
    "path", ["/api/v1/euros.csv", "/api/v1/figures/ladder.svg", "/feed.atom", "/dataset", "/api/nothing"]
)
def test_the_api_can_only_be_read(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"
    assert (
        answer.headers["content-type"] == "application/problem+json"
        and answer.headers["access-control-allow-origin"] == "*"
    )
    options = client.options("/api/v1/euros.csv")
    assert options.status_code == 204 and options.headers["access-control-allow-methods"] == "GET, HEAD"


def test_the_list_of_addresses_is_whole(client: TestClient) -> None:
    offered = client.get("/api/v1/nothing/at/all").json()["allowed"]
    there = {route.path for route in routes.ROUTES if route.path.startswith("/api/v1/")} - {
        "/api/v1/",
        api.LIST,
    }
    assert {address.replace("<", "{").replace(">", "}") for address in offered[len(api.LISTS) :]} == there
    assert "/api/v1/packs/<figure>.zip" in offered and all(
        f"/api/v1/{name}." in offered[place] for place, name in enumerate(api.LISTS)
    )


@pytest.mark.parametrize("path", ["/embed/nix", "/embed/", "/embed/ladder/more"])
def test_a_frame_without_a_figure_lists_those_that_there_are(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 and "frame-ancestors *" in answer.headers["content-security-policy"]
    assert re.findall(r'<li><a href="/embed/(\w+)">\1</a></li>', answer.text) == sorted(FIGURES)
    assert client.get(f"/embed/{sorted(FIGURES)[0]}").status_code == 200


def test_without_a_release_the_api_says_what_to_do(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "empty"))
    answer = client.get("/api/v1/euros.csv")
    assert answer.status_code == 503 and "python -m pipelines build" in answer.json()["detail"]


def test_a_mistake_of_ours_is_a_sentence_with_a_reference(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the server")

    monkeypatch.setattr(api.release_row_stream, "stream", broken)
    answer = client.get("/api/v1/flows.csv")
    assert (
        answer.status_code == 500 and "reference" in answer.json()["detail"] and "secret" not in answer.text
    )


# --- caching


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/euros.csv",
        "/api/v1/figures/ladder.json",
        "/api/v1/openapi.json",
        "/api/v1/figures.json",
        "/catalog.jsonld",
    ],
)
def test_what_names_its_release_never_changes_and_the_rest_is_asked_again(
    client: TestClient, known: ReleaseData, path: str
) -> None:
    answer = client.get(path)
    assert answer.headers["cache-control"] == "public, no-cache"
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304 and not again.content
    fixed = client.get(f"{path}?release={known.release_id}")
    assert "immutable" in fixed.headers["cache-control"] and fixed.content == answer.content
    head = client.head(path)
    assert head.status_code == 200 and not head.content and head.headers["etag"] == answer.headers["etag"]
    assert head.headers["content-type"] == answer.headers["content-type"]


@pytest.mark.parametrize("more", ["", 'W/"other", ', '"a,b" , '])
def test_a_tag_is_compared_weakly_alone_and_among_others(client: TestClient, more: str) -> None:
    tag = client.get("/api/v1/flows.csv").headers["etag"]
    strong = tag.removeprefix("W/")
    for said in (tag, strong, f"{more}{strong}", f'{more}{tag},"z"', "*"):
        assert client.get("/api/v1/flows.csv", headers={"if-none-match": said}).status_code == 304, said
    for said in (f'{more}"{strong[1:-1]}x"', strong[1:-1], f'"*"{"," if more else ""}', ""):
        assert client.get("/api/v1/flows.csv", headers={"if-none-match": said}).status_code == 200, said


@pytest.mark.parametrize(
    "path", ["sites.xlsx", "sites.parquet", "releases.xlsx", "releases.parquet", "figures/ladder.xlsx"]
)
def test_one_tag_is_one_answer_whoever_asks(client: TestClient, path: str) -> None:
    here, there = (
        client.get(f"/api/v1/{path}"),
        client.get(f"/api/v1/{path}", headers={"host": "elsewhere.example"}),
    )
    assert here.content != there.content and here.headers["etag"] != there.headers["etag"]


def test_the_address_in_a_file_is_the_public_one_and_lasts(
    client: TestClient, known: ReleaseData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_ADDRESS", "https://tracker.example.org/")
    asked = ("", f"&release={known.release_id}")
    files = [
        client.get(f"/api/v1/sites.parquet?kind=antenna&country=MT{release}", headers={"host": "x.example"})
        for release in asked
    ]
    assert files[0].content == files[1].content
    address = parquet.read_schema(io.BytesIO(files[0].content)).metadata[b"Address"].decode()
    assert (
        address
        == f"https://tracker.example.org/api/v1/sites.parquet?country=MT&kind=antenna&release={known.release_id}"
    )


@pytest.mark.parametrize(
    "path", ["/api/v1/flows.csv", "/api/v1/flows.json", "/api/v1/flows.xlsx", "/app/static/embed.js"]
)
@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br;q=1.0, GZIP; q=0.5", True),
        ("*", True),
        ("identity, gzip;q=0", False),
        ("*, gzip;q=0.000", False),
        ("*;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_who_refuses_gzip_gets_none_and_identity_is_never_named(
    client: TestClient, path: str, accepted: str, is_packed: bool
) -> None:
    with client.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
        packed = answer.headers.get("content-encoding")
    assert packed == ("gzip" if is_packed and not path.endswith("xlsx") else None)


def test_the_number_of_rows_is_stated_before_the_rows(client: TestClient) -> None:
    assert (
        int(client.head("/api/v1/ledger.csv").headers["x-row-count"])
        == len(client.get("/api/v1/ledger.csv").text.splitlines()) - 1
    )


def test_the_list_of_releases_says_which_is_current(client: TestClient, known: ReleaseData) -> None:
    (row,) = client.get("/api/v1/releases.json").json()["rows"]
    assert row["release_id"] == known.release_id and row["is_current"] and row["published_at"]


def test_every_format_is_declared_with_its_media_type() -> None:
    assert set(table_response.MEDIA) == set(READ)


@pytest.mark.parametrize("alias", ["{}/", "{}/.", "{}//./", "./{}"])
@pytest.mark.parametrize(
    "address", ["/api/v1/ledger.json", "/api/v1/bundle.zip", "/api/v1/sql", "/api/v1/figures/ladder.csv"]
)
def test_only_the_exact_name_of_a_release_is_one(
    client: TestClient, release_id: str, address: str, alias: str
) -> None:
    answer = client.get(
        address,
        params={"release": alias.format(release_id)}
        | ({"query": "select 1 as a"} if "sql" in address else {}),
    )
    assert (
        answer.status_code == 404
        and answer.json()["allowed"] == {"release": [release_id]}
        and "immutable" not in str(answer.headers)
    )
