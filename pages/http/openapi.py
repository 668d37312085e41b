"""/api/v1/openapi.json: the description of the API in OpenAPI 3.1, made from the declarations that the answers are made from."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import api, files, history, images, sql
from pages.http.asking import answers, chosen, wanted_release
from pages.http.columns import Described
from pages.http.problems import METHODS, caching, etag, for_machines, not_modified
from pages.http.resources import MEANINGS, RESOURCES, Resource
from pages.parts import imaging, share
from pages.parts.answers import Answers, sql_of
from pages.parts.contents import SITE
from pages.parts.link import Parameter
from pages.parts.views import FIGURES
from pipelines import confined, formats, streams

PATH = f"{api.ROOT}/openapi.json"
EXAMPLE_ROWS = 2

TYPES: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "euros": {"type": "number"},
    "decimal": {"type": "number"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
}
ERRORS = {
    "400": "Something in the address cannot be followed; the answer lists what is allowed.",
    "404": "There is no such list, figure, format or release; the answer lists those that there are.",
}


def document(known: Answers, site: str) -> dict[str, Any]:
    """The description, with the values that this release allows and examples from its rows."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{SITE}: data",
            "version": "1",
            "summary": "Where has Europe’s AI money really got to?",
            "description": f"{files.CAVEAT} Amounts are euros with two decimals. {formats.HARMLESS} JSON comes in pages of {api.PAGE:,} rows unless "
            f"`limit` says otherwise; the number of all rows stands in `count` and in the header X-Row-Count. An answer to an address with "
            "`release` never changes. The files of a figure name the text that says what they hold in the header Link (rel=describedby): "
            f"{api.ROOT}/figures/<figure>/readme.txt, with the same parameters.",
            "license": {"name": files.LICENCE, "url": files.LICENCE_URL},
        },
        "servers": [{"url": site}],
        "tags": [{"name": "lists"}, {"name": "figures"}, {"name": "questions"}, {"name": "everything"}],
        "paths": {
            **{f"{api.ROOT}/{name}.{{format}}": _list_path(known, resource) for name, resource in RESOURCES.items()},
            f"{api.ROOT}/releases.{{format}}": _releases_path(),
            f"{api.ROOT}/figures.json": {
                "get": _get("figures", "figures", "Every figure with its parameters", [_ref("release")], _json(_object()))
            },
            **{f"{api.ROOT}/figures/{name}.{{format}}": _figure_path(known, name) for name in FIGURES},
            **{f"{api.ROOT}/figures/{name}/ledger.{{format}}": _entries_path(known, name) for name in FIGURES},
            **{f"{api.ROOT}/figures/{name}/readme.txt": _readme_path(known, name) for name in FIGURES},
            f"{api.ROOT}/packs/{{figure}}.zip": _pack_path(),
            sql.PATH: _sql_path(),
            **_whole_paths(),
        },
        "components": {
            "parameters": _shared_parameters(known),
            "headers": {
                "RowCount": {"description": "How many rows fit, whatever limit takes of them.", "schema": {"type": "integer"}},
                "Release": {"description": "The release that the rows come from.", "schema": {"type": "string"}},
                "ETag": {"description": "The same as long as the answer is.", "schema": {"type": "string"}},
            },
            "schemas": {
                "Problem": _problem(),
                **{f"{name}_row": _row(resource.columns(known)) for name, resource in RESOURCES.items()},
                "releases_row": _row(history.COLUMNS),
            },
            "responses": {
                status: {
                    "description": said,
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status, said in ERRORS.items()
            },
        },
    }


# --- paths -----------------------------------------------------------------------------------------------------------------------------------


def _list_path(known: Answers, resource: Resource) -> dict[str, Any]:
    parameters = resource.filters(known)
    values = {parameter.name: parameter.default for parameter in parameters}
    values |= {name: (code,) for name, code in resource.example.items()}
    found = streams.stream(known.release_id, sql_of(resource.rows(known, values)), limit=EXAMPLE_ROWS)
    rows = [row for batch in found.batches for row in batch.to_pylist()]
    examples = [_said(parameter, MEANINGS[parameter.name], resource.example.get(parameter.name)) for parameter in parameters]
    shared = [_format(files.FORMATS), _ref("release"), _ref("limit"), _ref("offset"), _ref("dialect")]
    example = {"list": resource.name, "release": known.release_id, "count": found.total, "returned": len(rows), "rows": rows}
    answer = _get("lists", resource.name, resource.title, [*shared, *examples], _files(_list(resource.name), example), resource.meaning)
    return {"get": _with_too_many(answer)}


def _releases_path() -> dict[str, Any]:
    parameters = [_format(files.FORMATS), _ref("limit"), _ref("offset"), _ref("dialect")]
    return {"get": _get("lists", "releases", history.TITLE, parameters, _files(_list("releases")), history.MEANING)}


def _figure_path(known: Answers, name: str) -> dict[str, Any]:
    shared = [
        _format((*files.FORMATS, *api.IMAGES)),
        *(_ref(word) for word in ("release", "dialect", "size", "theme", "scale")),
        *_chosen(known, name),
    ]
    content = {
        **_files(_object({"rows": {"type": "array", "items": {"type": "object"}}})),
        "image/svg+xml": {},
        "image/png": {},
        "application/pdf": {},
    }
    said = "The rows behind the figure with title, sources and query; or its image. `size`, `theme` and `scale` are for images, `dialect` is for CSV."
    answer = _get("figures", f"figure_{name}", f"The figure “{name}”", shared, content, said)
    answer["responses"]["422"] = {"description": "Nothing fits the choice.", "content": _problem_content()}
    answer["responses"]["429"] = {"description": "Too many images for one visitor; the data can be had.", "content": _problem_content()}
    answer["responses"]["503"] = {"description": "No image can be made now; the data can be had.", "content": _problem_content()}
    return {"get": answer}


def _entries_path(known: Answers, name: str) -> dict[str, Any]:
    shared = [_format(files.FORMATS), *(_ref(word) for word in ("release", "limit", "offset", "dialect")), *_chosen(known, name)]
    said = "Every ledger entry behind a value of the figure, counted or removed. 404 if no euros stand behind it."
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/ledger_row"}}
    content = _files(_object({"rows": rows}))
    answer = _get("figures", f"entries_{name}", f"The ledger entries behind the figure “{name}”", shared, content, said)
    return {"get": _with_too_many(answer)}


def _readme_path(known: Answers, name: str) -> dict[str, Any]:
    said = (
        "What the files of the figure and of its ledger entries hold: title, what is measured, choice, every source with its address, each column "
        "with its unit, how cells are written, licence, citation, release, date of knowledge. In English, as UTF-8."
    )
    content = {"text/plain": {"schema": {"type": "string"}}}
    parameters = [_ref("release"), *_chosen(known, name)]
    answer = _get("figures", f"readme_{name}", f"README and citation of the figure “{name}”", parameters, content, said)
    answer["responses"]["422"] = {"description": "Nothing fits the choice.", "content": _problem_content()}
    return {"get": answer}


def _chosen(known: Answers, name: str) -> list[dict[str, Any]]:
    """The parameters of a figure."""
    return [_said(parameter, f"As on the page /{FIGURES[name].page}.", None) for parameter in FIGURES[name].parameters(known)]


def _with_too_many(answer: dict[str, Any]) -> dict[str, Any]:
    said = f"{files.LARGE_AT_ONCE} downloads of more than {files.LARGE:,} rows are on their way already: come again, or choose less."
    answer["responses"]["503"] = {"description": said, "content": _problem_content()}
    return answer


def _pack_path() -> dict[str, Any]:
    figure = {"name": "figure", "in": "path", "required": True, "schema": {"type": "string", "enum": list(FIGURES)}}
    said = (
        "PNG, SVG and PDF in each size, the numbers and the ledger entries behind them as CSV, caption, alternative text, sources, licence, "
        "citation and README in one zip. Takes the parameters of the figure too."
    )
    size = _said(Parameter("size", tuple(imaging.SIZES), images.PACKED, several=True), "Sizes of the images.", None)
    parameters = [figure, _ref("release"), size, _ref("theme")]
    answer = _get("figures", "pack", "The newsroom pack of a figure", parameters, {"application/zip": {}}, said)
    answer["responses"]["422"] = {"description": "Nothing fits the choice.", "content": _problem_content()}
    answer["responses"]["429"] = {"description": "Too many images for one visitor.", "content": _problem_content()}
    return {"get": answer}


def _sql_path() -> dict[str, Any]:
    said = f"One select on the tables of a release: read only, no files, {confined.SECONDS:g} seconds, {confined.ROWS:,} rows. Tables and columns: /dataset."
    query = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}, "example": sql.EXAMPLE}
    form = {"name": "format", "in": "query", "schema": {"type": "string", "enum": list(sql.FORMATS), "default": "json"}}
    content = {**_json(_object({"rows": {"type": "array", "items": {"type": "object"}}})), "text/csv": {"schema": {"type": "string"}}}
    by_get = _get("questions", "sql", "Ask in SQL", [query, form, _ref("release")], content, said)
    by_post = _get("questions", "sql_post", "Ask in SQL, with the question as the body", [form, _ref("release")], content, said)
    for answer in (by_get, by_post):
        answer["responses"]["429"] = {"description": "Too many questions at once.", "content": _problem_content()}
    by_post["requestBody"] = {"required": True, "content": {"text/plain": {"schema": {"type": "string"}, "example": sql.EXAMPLE}}}
    return {"get": by_get, "post": by_post}


def _whole_paths() -> dict[str, Any]:
    listed = {
        f"{api.ROOT}/bundle.zip": (
            "bundle",
            "A release as one zip: DuckDB, Parquet, CSV, data dictionary, checksums",
            "application/zip",
            True,
        ),
        PATH: ("openapi", "This description", files.MEDIA["json"], True),
        "/catalog.jsonld": ("catalogue", "The dataset for data portals: DCAT-AP 3 as JSON-LD", "application/ld+json", True),
        "/feed.atom": ("feed", "What changed, also with country, site or initiative", "application/atom+xml", False),
    }
    return {
        path: {"get": _get("everything", name, title, [_ref("release")] if with_release else [], {media: {}})}
        for path, (name, title, media, with_release) in listed.items()
    }


# --- parts -----------------------------------------------------------------------------------------------------------------------------------


def _get(tag: str, name: str, title: str, parameters: list[dict[str, Any]], content: dict[str, Any], meaning: str = "") -> dict[str, Any]:
    headers = {"X-Row-Count": {"$ref": "#/components/headers/RowCount"}, "X-Release": {"$ref": "#/components/headers/Release"}}
    return {
        "operationId": name,
        "tags": [tag],
        "summary": title,
        **({"description": meaning} if meaning else {}),
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The answer.",
                "headers": {**headers, "ETag": {"$ref": "#/components/headers/ETag"}},
                "content": content,
            },
            "304": {"description": "You have it already (If-None-Match)."},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in ERRORS},
        },
    }


def _said(parameter: Parameter, meaning: str, example: str | None) -> dict[str, Any]:
    """One parameter of an address: several values by repetition, as on the pages."""
    one: dict[str, Any] = {"type": "string", "enum": list(parameter.allowed)} if parameter.allowed else {"type": "string"}
    if parameter.several:
        default = {"default": list(parameter.default)} if parameter.default else {}
        schema: dict[str, Any] = {"type": "array", "items": one, **default}
        shape: dict[str, Any] = {"schema": schema, "style": "form", "explode": True, **({"example": [example]} if example else {})}
    else:
        schema = {**one, **({"default": parameter.default[0]} if parameter.default else {})}
        shape = {"schema": schema, **({"example": example} if example else {})}
    return {"name": parameter.name, "in": "query", "required": False, "description": meaning, **shape}


def _shared_parameters(known: Answers) -> dict[str, Any]:
    words: dict[str, tuple[str, dict[str, Any]]] = {
        "release": (
            "Name of the release; without it the current one. An address with a release never changes its answer.",
            {"type": "string", "examples": [known.release_id]},
        ),
        "limit": (
            f"How many rows; JSON: {api.PAGE:,} unless said otherwise, {api.LONGEST_PAGE:,} at most; files: all.",
            {"type": "integer", "minimum": 0},
        ),
        "offset": ("How many rows to leave out before.", {"type": "integer", "minimum": 0, "default": 0}),
        "dialect": (
            f"CSV {formats.DIALECTS['excel-eu']}. Without it: {formats.DIALECTS['']}.",
            {"type": "string", "enum": [name for name in formats.DIALECTS if name]},
        ),
        "size": ("Size of an image.", {"type": "string", "enum": list(imaging.SIZES)}),
        "theme": ("Ground of an image.", {"type": "string", "enum": list(imaging.THEMES)}),
        "scale": ("Pixels per point of a PNG.", {"type": "string", "enum": list(images.SCALES)}),
    }
    return {
        name: {"name": name, "in": "query", "required": False, "description": said, "schema": schema}
        for name, (said, schema) in words.items()
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/parameters/{name}"}


def _format(endings: Iterable[str]) -> dict[str, Any]:
    return {"name": "format", "in": "path", "required": True, "schema": {"type": "string", "enum": list(endings)}, "example": "json"}


def _json(schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    return {files.MEDIA["json"]: {"schema": schema, **({"example": example} if example else {})}}


def _files(schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    others: dict[str, Any] = {media: {} for ending, media in files.MEDIA.items() if ending not in ("json", "csv")}
    return {**_json(schema, example), "text/csv": {"schema": {"type": "string"}}, **others}


def _object(properties: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", **({"properties": dict(properties)} if properties else {})}


def _list(name: str) -> dict[str, Any]:
    """The JSON of a list: what must be known, then the rows."""
    properties = {
        "list": {"const": name},
        "release": {"type": ["string", "null"]},
        "choice": {"type": "object"},
        "count": {"type": "integer", "description": "How many rows fit."},
        "returned": {"type": "integer", "description": "How many of them stand here."},
        "limit": {"type": ["integer", "null"]},
        "offset": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": "Address of the next rows."},
        "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}_row"}},
    }
    return {**_object(properties), "required": ["list", "count", "returned", "rows"]}


def _row(columns: list[Described]) -> dict[str, Any]:
    """One row of a list. Columns stand in the order of this declaration in every format."""
    properties = {}
    for column in columns:
        kind = dict(TYPES[column.kind])
        if column.is_optional:
            kind["type"] = [kind["type"], "null"]
        properties[column.name] = {
            **kind,
            "description": " ".join(filter(None, (column.meaning, f"({column.unit})" if column.unit else ""))),
        }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _problem() -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    return {
        **_object({**properties, "status": {"type": "integer"}, "allowed": {"description": "What may be asked instead."}}),
        "required": ["title", "status"],
    }


def _problem_content() -> dict[str, Any]:
    return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


# --- the answer ------------------------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _text(release_id: str, site: str) -> bytes:
    return formats.json(document(answers(release_id), site))


def describe(request: Request) -> Response:
    """The description of the release that is asked for."""
    chosen(request, [])
    release_id, site = answers(wanted_release(request)).release_id, share.home(str(request.base_url))
    tag = etag(request, release_id, site)
    headers = {**caching(request, tag), "content-type": files.MEDIA["json"]}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    return files.head(headers) if request.method == "HEAD" else files.stream(request, [_text(release_id, site)], headers)


ROUTES = [Route(PATH, for_machines(describe), methods=METHODS)]
