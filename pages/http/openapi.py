"""/api/v1/openapi.json: the description of the API in OpenAPI 3.1, made from the declarations that the
answers are made from.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import (
    api,
    feeds,
    openapi_parameters,
    openapi_schemas,
    release_list,
    release_zip,
    request_params,
    search,
    sql,
    table_response,
)
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.api_list_declarations import RESOURCES, Resource
from pages.http.request_params import answers, chosen, wanted_release
from pages.parts.figure_request import FigureRequest
from pages.parts.images import sheet
from pages.parts.page_registry import SITE
from pages.parts.sharing import links, underlying_entries
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pages.parts.views import FIGURES
from pipelines import file_writers, release_row_stream
from pipelines.queries.release_answers import ReleaseData, sql_of
from pipelines.user_sql import query_guard

PATH = f"{api.ROOT}/openapi.json"
EXAMPLE_ROWS = 2

ERRORS = {status: say(meaning) for status, meaning in text.ERRORS.items()} | {
    "413": say(text.TOO_LONG, bytes=sql.BODY)
}
HEADER_TYPES = {"ETag": "string", "X-Release": "string", "X-Row-Count": "integer"}
COUNTED = ("ETag", "X-Release", "X-Row-Count")

Paths = Iterable[tuple[str, dict[str, Any]]]


def document(release: ReleaseData, site: str) -> dict[str, Any]:
    """The description, with the values that this release allows and examples from its rows."""
    own = openapi_parameters.own_parameters(release)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": say(text.TITLE, site=SITE),
            "version": "1",
            "summary": say(text.SUMMARY),
            "description": say(
                text.DESCRIPTION,
                caveat=table_response.CAVEAT,
                harmless=file_writers.HARMLESS,
                rows=api.PAGE,
                readme=f"{api.ROOT}/figures/<figure>/readme.txt",
            ),
            "license": {"name": table_response.LICENCE, "url": table_response.LICENCE_URL},
        },
        "servers": [{"url": site}],
        "tags": [{"name": "lists"}, {"name": "figures"}, {"name": "questions"}, {"name": "everything"}],
        "paths": {
            **{
                path: item for resource in RESOURCES.values() for path, item in _list_paths(release, resource)
            },
            **dict(_releases_paths(release)),
            f"{api.ROOT}/figures.json": _figures_path(release),
            **{path: item for name in FIGURES for path, item in _figure_paths(release, name, site)},
            sql.PATH: _sql_path(release),
            search.PATH: _search_path(release, site),
            **_whole_paths(),
            feeds.PATH: _feed_path([name for name in own if name.startswith("feed.")]),
        },
        "components": {
            "parameters": openapi_parameters.shared_parameters(release) | own,
            "headers": {
                name: {"description": say(text.HEADERS[name]), "schema": {"type": kind}}
                for name, kind in HEADER_TYPES.items()
            },
            "schemas": {
                "Problem": openapi_schemas.problem_schema(),
                "Column": openapi_schemas.object_schema(
                    {name: {"type": "string"} for name in ("name", "type", "unit", "meaning")},
                    ("name", "type"),
                ),
                "Figure": _listed_figure(),
                **{
                    f"{name}_row": openapi_schemas.row_schema(resource.columns(release))
                    for name, resource in RESOURCES.items()
                },
                "releases_row": openapi_schemas.row_schema(release_list.COLUMNS),
            },
            "responses": {
                status: {
                    "description": meaning,
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
                for status, meaning in ERRORS.items()
            },
        },
    }


# --- lists


def _list_paths(release: ReleaseData, resource: Resource) -> Paths:
    """A list in each of its formats."""
    parameters = resource.filters(release)
    values = {parameter.name: parameter.default for parameter in parameters}
    values |= {
        parameter.name: (code,)
        for parameter in parameters
        if (code := openapi_parameters.example_of(resource, parameter))
    }
    streamed = release_row_stream.stream(
        release.release_id, sql_of(resource.rows(release, values)), limit=EXAMPLE_ROWS
    )
    example = openapi_schemas.rows_example(resource.name, release.release_id, streamed)
    own = [
        *openapi_parameters.of_release(),
        *(openapi_parameters.ref(f"list.{resource.name}.{parameter.name}") for parameter in parameters),
    ]
    for ending in table_response.FORMATS:
        content = openapi_schemas.content(
            ending, openapi_schemas.list_schema(resource.name, f"{resource.name}_row"), example
        )
        yield (
            f"{api.ROOT}/{resource.name}.{ending}",
            _get(
                "lists",
                _id(resource.name, ending),
                resource.title,
                [*openapi_parameters.file_words(ending), *own],
                content,
                COUNTED,
                ("404", "429", "503"),
                resource.meaning,
            ),
        )


def _releases_paths(release: ReleaseData) -> Paths:
    """The list of releases in each format.

    The example is not from the journal: a description never changes.
    """
    row = release_list.row(release.release_id, release.manifest, True, None, None)
    example = {"list": "releases", "count": 1, "returned": 1, "rows": [row]}
    for ending in table_response.FORMATS:
        content = openapi_schemas.content(
            ending, openapi_schemas.list_schema("releases", "releases_row"), example
        )
        sent = ("ETag", "X-Row-Count")
        item = _get(
            "lists",
            _id("releases", ending),
            release_list.TITLE,
            openapi_parameters.file_words(ending),
            content,
            sent,
            (),
            release_list.MEANING,
        )
        yield f"{api.ROOT}/releases.{ending}", item


# --- figures


def _figures_path(release: ReleaseData) -> dict[str, Any]:
    whole = api.listed_figures(release)
    properties = {
        "release": {"type": "string"},
        "count": {"type": "integer"},
        "figures": {"type": "array", "items": {"$ref": "#/components/schemas/Figure"}},
    }
    content = openapi_schemas.content(
        "json",
        openapi_schemas.object_schema({**properties, **openapi_schemas.AS_OF}, tuple(properties)),
        {**whole, "figures": whole["figures"][:1]},
    )
    return _get(
        "figures",
        "figures",
        say(text.FIGURES),
        openapi_parameters.of_release(),
        content,
        ("ETag", "X-Row-Count"),
        ("404", "503"),
    )


def _listed_figure() -> dict[str, Any]:
    """One figure in the list of figures."""
    codes = {"type": "array", "items": {"type": "string"}}
    parameter = {
        "name": {"type": "string"},
        "allowed": codes,
        "default": codes,
        "several": {"type": "boolean"},
    }
    properties = {
        **{name: {"type": "string"} for name in ("name", "page", "data", "readme", "image", "embed")},
        "entries": {
            "type": "string",
            "description": say(text.FIGURE_ENTRIES),
        },
        "formats": codes,
        "parameters": {"type": "array", "items": openapi_schemas.object_schema(parameter, tuple(parameter))},
    }
    return openapi_schemas.object_schema(properties, tuple(name for name in properties if name != "entries"))


def _figure_paths(release: ReleaseData, name: str, site: str) -> Paths:
    """A figure as data, as images, its ledger entries if it has any, and its newsroom pack."""
    view = FIGURES[name]
    parameters = view.parameters(release)
    values = {parameter.name: parameter.default for parameter in parameters}
    shown = FigureRequest(name, release, values, site)
    figure = request_params.figure(release, name, values)
    own = [
        *openapi_parameters.of_release(),
        *(
            openapi_parameters.ref(f"page.{openapi_parameters.page_name(name)}.{parameter.name}")
            for parameter in parameters
        ),
    ]
    refused = ("404", "422", "503")
    schema, example = _figure_json(api.figure_content(shown) if figure else None)
    for ending in table_response.FORMATS:
        words = [*own, *([openapi_parameters.ref("dialect")] if ending == "csv" else [])]
        title = say(text.FIGURE_ROWS, figure=name)
        item = _get(
            "figures",
            _id(f"figure_{name}", ending),
            title,
            words,
            openapi_schemas.content(ending, schema, example),
            COUNTED,
            refused,
        )
        yield f"{api.ROOT}/figures/{name}.{ending}", item
    for kind, media in sheet.FORMATS.items():
        words = [*own, *(openapi_parameters.ref(word) for word in ("size", "theme", "scale"))]
        title = say(text.FIGURE_IMAGE, figure=name, format=kind.upper())
        item = _get(
            "figures",
            f"image_{name}_{kind}",
            title,
            words,
            {media: {}},
            ("ETag", "X-Release"),
            (*refused, "429"),
        )
        yield f"{api.ROOT}/figures/{name}.{kind}", item
    words = [*own, openapi_parameters.ref("sizes"), openapi_parameters.ref("theme")]
    title = say(text.FIGURE_PACK, figure=name)
    item = _get(
        "figures",
        f"pack_{name}",
        title,
        words,
        {"application/zip": {}},
        ("X-Release",),
        (*refused, "429"),
        say(text.FIGURE_PACK_HOLDS),
    )
    yield f"{api.ROOT}/packs/{name}.zip", item
    content = {"text/plain": {"schema": {"type": "string"}}}
    title = say(text.FIGURE_README, figure=name)
    item = _get(
        "figures",
        f"readme_{name}",
        title,
        own,
        content,
        ("ETag", "X-Release"),
        ("404", "422", "503"),
        say(text.FIGURE_README_HOLDS),
    )
    yield f"{api.ROOT}/figures/{name}/readme.txt", item
    if not view.has_euros:
        return
    question = underlying_entries.of_figure(figure, release) if figure else None
    streamed = (
        release_row_stream.stream(release.release_id, sql_of(question), limit=EXAMPLE_ROWS)
        if question is not None
        else None
    )
    behind = (
        openapi_schemas.rows_example(f"{name}-ledger", release.release_id, streamed) if streamed else None
    )
    title = say(text.FIGURE_LEDGER, figure=name)
    for ending in table_response.FORMATS:
        content = openapi_schemas.content(
            ending, openapi_schemas.list_schema(f"{name}-ledger", "ledger_row"), behind
        )
        words = [*own, *openapi_parameters.file_words(ending)]
        yield (
            f"{api.ROOT}/figures/{name}/ledger.{ending}",
            _get(
                "figures",
                _id(f"entries_{name}", ending),
                title,
                words,
                content,
                COUNTED,
                (*refused, "429"),
                say(text.FIGURE_LEDGER_HOLDS),
            ),
        )


def _figure_json(content: table_response.Content | None) -> tuple[dict[str, Any], Any]:
    """The JSON of a figure, and an example.

    content: the figure as it is first shown, None if that holds nothing.
    """
    cells = (
        [column._replace(is_optional=True) for column in content.columns] if content else []
    )  # a choice may leave any of them empty
    codes = {"type": "array", "items": {"type": "string"}}
    strings = (
        "figure",
        "title",
        "subtitle",
        "alt",
        "source",
        "release",
        "page",
        "readme",
        "licence",
        "citation",
        "caveat",
    )
    properties = {
        **{name: {"type": "string"} for name in strings},
        "sources": {"type": "array", "items": {"type": "object"}},
        "choice": {"type": "object", "additionalProperties": codes},
        "sql": codes,
        "count": {"type": "integer"},
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
        "rows": {
            "type": "array",
            "items": openapi_schemas.object_schema(openapi_schemas.row_schema(cells)["properties"]),
        },
    }
    rows = (
        [row for batch in content.rows.batches for row in batch.to_pylist()][:EXAMPLE_ROWS] if content else []
    )
    schema = openapi_schemas.object_schema({**properties, **openapi_schemas.AS_OF}, tuple(properties))
    return schema, {
        **content.about,
        "rows": rows,
    } if content else None


# --- questions, and everything at once


def _sql_path(release: ReleaseData) -> dict[str, Any]:
    meaning = say(
        text.SQL_LIMITS,
        seconds=f"{query_guard.SECONDS:g}",
        rows=query_guard.ROWS,
        megabytes=query_guard.MEGABYTES,
    )
    query = {
        "name": "query",
        "in": "query",
        "required": True,
        "schema": {"type": "string"},
        "example": sql.EXAMPLE,
    }
    form = {
        "name": "format",
        "in": "query",
        "schema": {"type": "string", "enum": list(sql.FORMATS), "default": "json"},
    }
    strings = ("sql", "release", "licence", "citation", "caveat")
    properties = {
        **{name: {"type": "string"} for name in strings},
        "count": {"type": "integer"},
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
        "rows": {"type": "array", "items": {"type": "object"}},
    }
    streamed = release_row_stream.stream(release.release_id, sql.EXAMPLE, limit=EXAMPLE_ROWS)
    rows = [row for batch in streamed.batches for row in batch.to_pylist()]
    about = {
        "sql": sql.EXAMPLE,
        "release": release.release_id,
        "count": streamed.total,
        "licence": table_response.LICENCE_URL,
    }
    about |= {"citation": table_response.citation(release.release_id), "caveat": table_response.CAVEAT}
    columns = [{"name": column.name, "type": str(column.type)} for column in streamed.schema]
    content = {
        **openapi_schemas.content(
            "json",
            openapi_schemas.object_schema({**properties, **openapi_schemas.AS_OF}, tuple(properties)),
            {**about, "columns": columns, "rows": rows},
        ),
        **openapi_schemas.content("csv", {}, None),
    }
    sent, refused = ("X-Release", "X-Row-Count"), ("404", "429", "503")
    words: list[dict[str, Any]] = [query, form, *openapi_parameters.of_release()]
    by_get = _get("questions", "sql", say(text.SQL), words, content, sent, refused, meaning)["get"]
    title, words = say(text.SQL_BODY), [form, *openapi_parameters.of_release()]
    by_post = _get("questions", "sql_post", title, words, content, sent, (*refused, "413"), meaning)["get"]
    by_post["requestBody"] = {
        "required": True,
        "content": {"text/plain": {"schema": {"type": "string"}, "example": sql.EXAMPLE}},
    }
    return {"get": by_get, "post": by_post}


def _search_path(release: ReleaseData, site: str) -> dict[str, Any]:
    meanings = {name: say(meaning) for name, meaning in text.SEARCH_WORDS.items()}
    words = [
        openapi_parameters.parameter_of(
            parameter, meanings[parameter.name], search.EXAMPLE if parameter.is_text else None
        )
        for parameter in search.PARAMETERS
    ]
    most = {"type": "integer", "minimum": 0, "maximum": search.MOST}
    limit = {"name": "limit", "in": "query", "description": meanings["limit"], "schema": most}
    example = search.example(release, site, EXAMPLE_ROWS)
    content = openapi_schemas.content(
        "json",
        openapi_schemas.object_schema(
            {**search.PROPERTIES, **openapi_schemas.AS_OF}, tuple(search.PROPERTIES)
        ),
        example,
    )
    title, meaning = say(text.SEARCH), say(text.SEARCH_HOLDS)
    words = [*words, limit, *openapi_parameters.of_release()]
    return _get("questions", "search", title, words, content, ("ETag", "X-Release"), ("404", "503"), meaning)


def _whole_paths() -> dict[str, Any]:
    bundle = _get(
        "everything",
        "bundle",
        say(text.BUNDLE),
        [openapi_parameters.ref("release")],
        {"application/zip": {}},
        ("ETag", "X-Release"),
        ("404", "416", "503"),
    )
    bundle["get"]["responses"]["206"] = {
        "description": say(text.BUNDLE_PART),
        "content": {"application/zip": {}},
    }
    others: dict[str, tuple[str, str, str]] = {
        PATH: ("openapi", say(text.THIS_DESCRIPTION), table_response.MEDIA["json"]),
        "/catalog.jsonld": (
            "catalogue",
            say(text.CATALOGUE),
            "application/ld+json",
        ),
    }
    return {release_zip.PATH: bundle} | {
        path: _get(
            "everything",
            name,
            title,
            [openapi_parameters.ref("release")],
            {media: {"schema": {"type": "object"}}},
            ("ETag",),
            ("404", "503"),
        )
        for path, (name, title, media) in others.items()
    }


def _feed_path(names: list[str]) -> dict[str, Any]:
    words = [openapi_parameters.ref(name) for name in names]
    return _get(
        "everything",
        "feed",
        say(text.FEED),
        words,
        {"application/atom+xml": {}},
        ("ETag",),
        ("404", "503"),
        say(text.FEED_HOLDS),
    )


# --- parts


def _get(
    tag: str,
    name: str,
    title: str,
    parameters: list[dict[str, Any]],
    content: dict[str, Any],
    sent: Sequence[str],
    refused: Sequence[str],
    meaning: str = "",
) -> dict[str, Any]:
    """A path that is read. sent: the headers of its answer; one with an ETag can be 304.

    refused: what it may be beside 400, 405 and 500.
    """
    kept: dict[str, Any] = {"304": {"description": say(text.UNCHANGED)}} if "ETag" in sent else {}
    headers = {header: {"$ref": f"#/components/headers/{header}"} for header in sent}
    operation = {
        "operationId": name,
        "tags": [tag],
        "summary": title,
        "description": meaning or say(text.SENTENCE, title=title),
        "parameters": parameters,
        "responses": {
            "200": {"description": say(text.ANSWER), "headers": headers, "content": content},
            **kept,
            **{
                status: {"$ref": f"#/components/responses/{status}"}
                for status in sorted({"307", "400", "405", "500", *refused})
            },
        },
    }
    return {"get": operation}


def _id(name: str, ending: str) -> str:
    return name if ending == "json" else f"{name}_{ending}"


# --- the answer


@lru_cache(maxsize=4)
def _text(release_id: str, site: str) -> bytes:
    return file_writers.json(document(answers(release_id), site))


def describe(request: Request) -> Response:
    """The description of the release that is asked for."""
    chosen(request, [], of_day=False)
    release_id, site = answers(wanted_release(request)).release_id, links.home(str(request.base_url))
    tag = etag(request, release_id, site)
    headers = {**caching(request, tag), "content-type": table_response.MEDIA["json"]}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    return (
        table_response.head(headers)
        if request.method == "HEAD"
        else table_response.stream(request, [_text(release_id, site)], headers)
    )


ROUTES = [Route(PATH, for_machines(describe), methods=METHODS)]
