"""The schemas of the API's answers as OpenAPI describes them: contents, lists, rows and problems."""

from collections.abc import Mapping, Sequence
from typing import Any

from pages.http import table_response
from pages.http.column_docs import Described
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pipelines import release_row_stream

TYPES: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "euros": {"type": "number"},
    "decimal": {"type": "number"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
}

AS_OF = {"as_of": {"type": "string", "format": "date"}}
"""The day on which the release of an answer is looked at, where the address names one."""


def content(ending: str, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """The content of an answer in a format. schema, example: of its JSON."""
    if ending == "json":
        return {table_response.MEDIA["json"]: {"schema": schema, **({"example": example} if example else {})}}
    media = table_response.MEDIA[ending].partition(";")[0]
    return {media: {"schema": {"type": "string"}} if ending == "csv" else {}}


def object_schema(properties: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    """An object. Where something of it is required, it holds nothing that is not declared."""
    more = {"required": list(required), "additionalProperties": False} if required else {}
    return {"type": "object", "properties": dict(properties), **more}


def list_schema(name: str, row: str) -> dict[str, Any]:
    """The JSON of a list: what must be release, then the rows. row: the schema of one."""
    string, number = {"type": "string"}, {"type": ["integer", "null"]}
    properties = {
        "list": {"const": name},
        **dict.fromkeys(("title", "meaning", "page", "licence", "citation", "caveat"), string),
        "release": {"type": ["string", "null"]},
        **AS_OF,
        "choice": {"type": "object", "additionalProperties": {"type": "array", "items": string}},
        "count": {"type": "integer", "description": say(text.COUNT)},
        "returned": {"type": "integer", "description": say(text.RETURNED)},
        "limit": number,
        "offset": {"type": "integer"},
        "next": {"type": ["string", "null"], "description": say(text.NEXT)},
        "columns": {"type": "array", "items": {"$ref": "#/components/schemas/Column"}},
        "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{row}"}},
    }
    return object_schema(properties, ("list", "count", "returned", "rows"))


def rows_example(name: str, release_id: str, streamed: release_row_stream.Rows) -> dict[str, Any]:
    rows = [row for batch in streamed.batches for row in batch.to_pylist()]
    return {"list": name, "release": release_id, "count": streamed.total, "returned": len(rows), "rows": rows}


def row_schema(columns: list[Described]) -> dict[str, Any]:
    """One row of a list. Columns stand in the order of this declaration in every format."""
    properties = {}
    for column in columns:
        kind = dict(TYPES[column.kind])
        if column.is_optional:
            kind["type"] = [kind["type"], "null"]
        properties[column.name] = {
            **kind,
            "description": " ".join(
                filter(None, (column.meaning, f"({column.unit})" if column.unit else ""))
            ),
        }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def problem_schema() -> dict[str, Any]:
    properties = {name: {"type": "string"} for name in ("type", "title", "detail", "instance")}
    allowed = {"description": say(text.ALLOWED)}
    return object_schema(
        {**properties, "status": {"type": "integer"}, "allowed": allowed}, ("title", "status")
    )
