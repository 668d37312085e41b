"""The description of the API is valid, whole and true: what it says of an address is what the server does."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from pages.http import api, table_response
from pages.parts.views import FIGURES
from pipelines.queries.release_answers import ReleaseData
from tests.pages.http.api.conftest import choices


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json()  # type: ignore[no-any-return]


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_every_address_is_described(described: dict[str, Any]) -> None:
    lists = {f"{name}.{ending}" for name in api.LISTS for ending in table_response.FORMATS}
    figures = {
        f"figures/{name}.{ending}" for name in FIGURES for ending in (*table_response.FORMATS, *api.IMAGES)
    }
    behind = {
        f"figures/{name}/ledger.{ending}"
        for name, view in FIGURES.items()
        if view.has_euros
        for ending in table_response.FORMATS
    }
    others = {
        "figures.json",
        "sql",
        "search",
        "bundle.zip",
        "openapi.json",
        *(f"packs/{name}.zip" for name in FIGURES),
    }
    others |= {f"figures/{name}/readme.txt" for name in FIGURES}
    assert set(described["paths"]) == {f"/api/v1/{path}" for path in lists | figures | behind | others} | {
        "/catalog.jsonld",
        "/feed.atom",
    }


def parameters(described: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The parameters of a path, each in full."""
    found = described["paths"][path]["get"]["parameters"]
    return [
        described["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in found
    ]


@pytest.mark.slow
def test_each_address_takes_the_parameters_that_are_described_and_no_other(
    client: TestClient, described: dict[str, Any]
) -> None:
    for path in described["paths"]:
        answer = client.get(path, params={"nonsense": "1"})
        assert answer.status_code == 400, path
        taken = set(answer.json()["allowed"]["parameters"])
        if path == "/feed.atom":
            asked = (client.get(path, params={"figure": name, "nonsense": "1"}) for name in FIGURES)
            taken = taken.union(*(answer.json()["allowed"]["parameters"] for answer in asked))
        assert {one["name"] for one in parameters(described, path)} == taken, path
        if not path.endswith(
            (
                "/sites.csv",
                "/ledger.json",
                "/figures.json",
                "/euros.json",
                "/releases.parquet",
                ".svg",
                "/sql",
                ".zip",
            )
        ):
            continue
        for one in parameters(described, path):
            schema = one["schema"].get("items", one["schema"])
            if "maximum" in schema:
                too_much = client.get(path, params={one["name"]: schema["maximum"] + 1})
                assert too_much.status_code == 400 and one["name"] in too_much.json()["allowed"]
                assert client.head(path, params={one["name"]: schema["maximum"]}).status_code == 200
            elif "enum" in schema:
                wrong = client.get(path, params={one["name"]: "nonsense"})
                assert wrong.status_code == 400 and set(wrong.json()["allowed"][one["name"]]) <= set(
                    schema["enum"]
                ), (path, one["name"])


DRAWN = ("svg", "png", "pdf", "zip")  # takes a browser, and is asked of one figure


@pytest.mark.slow
def test_each_answer_has_the_headers_and_the_type_that_are_described(
    client: TestClient, described: dict[str, Any]
) -> None:
    for path, item in described["paths"].items():
        if path.rpartition(".")[2] in DRAWN and "ladder" not in path and "bundle" not in path:
            continue
        responses = item["get"]["responses"]
        method = "GET" if path.endswith("sql") else "HEAD"
        answer = client.request(
            method, path, params={"query": "select 1 as a"} if path.endswith("sql") else {}
        )
        if answer.status_code == 503 and path.rpartition(".")[2] in api.IMAGES:
            continue  # no browser on this machine
        assert answer.status_code == 200, (path, answer.text)
        declared = responses["200"]
        assert set(declared["headers"]) == {
            name for name in ("ETag", "X-Release", "X-Row-Count") if name in answer.headers
        }, path
        assert answer.headers["content-type"].partition(";")[0] in declared["content"], path
        assert ("304" in responses) == ("ETag" in declared["headers"])
        if "304" in responses:
            assert client.get(path, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
        assert {"400", "405", "500"} <= set(responses)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/figures/years/ledger.json?stage=announced", "422"),
        ("GET", "/api/v1/packs/years.zip?stage=announced", "422"),
        ("GET", "/api/v1/figures/years.json?stage=announced", "422"),
        ("POST", "/api/v1/sql", "413"),
        ("PUT", "/api/v1/sql", "405"),
        ("DELETE", "/feed.atom", "405"),
    ],
)
def test_what_is_refused_is_described(
    client: TestClient, described: dict[str, Any], method: str, address: str, status: str
) -> None:
    answer = client.request(method, address, content="x" * 60_000 if method == "POST" else None)
    assert answer.status_code == int(status)
    item = described["paths"][urlsplit(address).path]
    assert status in item.get(method.lower(), item["get"])["responses"]
    problem = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
    assert not list(Draft202012Validator(problem).iter_errors(answer.json()))


@pytest.mark.slow
def test_each_json_answer_and_its_example_are_as_described(
    client: TestClient, described: dict[str, Any], known: ReleaseData
) -> None:
    for path, item in described["paths"].items():
        media = item["get"]["responses"]["200"]["content"].get("application/json")
        if media is None or path.endswith("openapi.json"):
            continue
        schema = Draft202012Validator({**media["schema"], "components": described["components"]})
        example = media["example"]
        asked = {one["name"]: one["example"] for one in parameters(described, path) if "example" in one}
        wanted: list[dict[str, Any]] = [asked]
        name = path.split("/")[-1].removesuffix(".json")
        wanted += choices(name, known) if "/figures/" in path and name in FIGURES else []
        for place, params in enumerate(wanted):
            answer = client.get(path, params=params)
            if place and answer.status_code == 422:
                continue
            assert answer.status_code == 200, answer.text
            problems = [*schema.iter_errors(answer.json()), *schema.iter_errors(example)]
            assert not problems, (path, params, problems[0].message)
            assert place or example["count"] == answer.json()["count"], path
        if not path.endswith(("releases.json", "figures.json")):
            assert example["rows"] == client.get(path, params=asked).json()["rows"][:2], path
