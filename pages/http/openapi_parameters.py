"""The parameters of the API as OpenAPI describes them: of lists, of figures, of feeds, and shared ones."""

from collections.abc import Mapping
from typing import Any

from pages.http import api, feeds, images
from pages.http.api_list_declarations import MEANINGS, RESOURCES, Resource
from pages.parts.images import sheet
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter
from pages.parts.views import FIGURES
from pipelines import file_writers
from pipelines.queries.release_answers import ReleaseData

LONGEST_NUMBER = 10**12 - 1


def page_name(figure: str) -> str:
    """The name of a figure's page, under which the parameters stand that all figures of the page share."""
    return FIGURES[figure].page or "overview"


def example_of(resource: Resource, parameter: Parameter) -> str | None:
    """The code that the example of a list chooses, if the release has it."""
    code = resource.example.get(parameter.name)
    return code if code in parameter.allowed else None


def file_words(ending: str) -> list[dict[str, Any]]:
    """The parameters of a list in a format."""
    return [
        ref("page_limit" if word == "limit" and ending == "json" else word) for word in api.file_words(ending)
    ]


def parameter_of(parameter: Parameter, meaning: str, example: str | None) -> dict[str, Any]:
    """One parameter of an address: several values by repetition, as on the pages."""
    one: dict[str, Any] = (
        {"type": "string", "enum": list(parameter.listed)} if parameter.listed else {"type": "string"}
    )
    if parameter.several:
        default = {"default": list(parameter.default)} if parameter.default else {}
        schema: dict[str, Any] = {"type": "array", "items": one, **default}
        shape: dict[str, Any] = {
            "schema": schema,
            "style": "form",
            "explode": True,
            **({"example": [example]} if example else {}),
        }
    else:
        schema = {**one, **({"default": parameter.default[0]} if parameter.default else {})}
        shape = {"schema": schema, **({"example": example} if example else {})}
    return {"name": parameter.name, "in": "query", "required": False, "description": meaning, **shape}


def own_parameters(release: ReleaseData) -> dict[str, dict[str, Any]]:
    """The parameters of each list, of the figures of each page, and of the feed."""
    by_key = {
        f"list.{resource.name}.{parameter.name}": parameter_of(
            parameter, MEANINGS[parameter.name], example_of(resource, parameter)
        )
        for resource in RESOURCES.values()
        for parameter in resource.filters(release)
    }
    pages = {page_name(name): view.parameters(release) for name, view in FIGURES.items()}
    for page, parameters in pages.items():
        for parameter in parameters:
            by_key[f"page.{page}.{parameter.name}"] = parameter_of(
                parameter, say(text.AS_ON_PAGE, page=page.removeprefix("overview")), None
            )
    return by_key | _feed_parameters(release, pages)


def _feed_parameters(release: ReleaseData, pages: Mapping[str, list[Parameter]]) -> dict[str, dict[str, Any]]:
    """What a feed takes: a figure, what can be followed, and the parameters of every figure.

    pages: page → those of its figures.
    """
    figure = Parameter("figure", tuple(FIGURES))
    by_key = {"feed.figure": parameter_of(figure, say(text.FOLLOW_FIGURE), None)}
    followed = {parameter.name: parameter for parameter in feeds.parameters(release)}
    for name in dict.fromkeys(
        [*followed, *(parameter.name for parameters in pages.values() for parameter in parameters)]
    ):
        of_pages = {
            page: parameter
            for page, parameters in pages.items()
            for parameter in parameters
            if parameter.name == name
        }
        alike = [*of_pages.values(), *([followed[name]] if name in followed else [])]
        allowed = tuple(dict.fromkeys(code for parameter in alike for code in parameter.allowed))
        meanings = [say(text.FOLLOW_ONE, parameter=name)] if name in followed else []
        meanings += [say(text.FOLLOW_AS, page=page.removeprefix("overview")) for page in of_pages]
        several = any(parameter.several for parameter in alike)
        by_key[f"feed.{name}"] = parameter_of(Parameter(name, allowed, (), several), " ".join(meanings), None)
    return by_key


def shared_parameters(release: ReleaseData) -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0, "maximum": LONGEST_NUMBER}
    plain, excel = file_writers.DIALECTS[""], file_writers.DIALECTS["excel-eu"]
    meanings = {key: say(meaning) for key, meaning in text.SHARED_PARAMETERS.items()}
    meanings["dialect"] = say(text.DIALECT, plain=plain, excel=excel)
    words: dict[str, tuple[str, dict[str, Any]]] = {
        "release": (
            "release",
            {"type": "string", "examples": [release.release_id]},
        ),
        "as_of": ("as_of", {"type": "string", "format": "date", "examples": ["2025-02-11"]}),
        "page_limit": (
            "limit",
            {**whole, "maximum": api.LONGEST_PAGE, "default": api.PAGE},
        ),
        "limit": ("limit", whole),
        "offset": ("offset", {**whole, "default": 0}),
        "dialect": (
            "dialect",
            {"type": "string", "enum": [name for name in file_writers.DIALECTS if name]},
        ),
        "size": ("size", {"type": "string", "enum": list(sheet.SIZES)}),
        "sizes": (
            "size",
            {"type": "array", "items": {"type": "string", "enum": list(sheet.SIZES)}},
        ),
        "theme": ("theme", {"type": "string", "enum": list(sheet.THEMES)}),
        "scale": (
            "scale",
            {"type": "string", "enum": list(images.SCALES)},
        ),
    }
    return {
        key: {"name": name, "in": "query", "required": False, "description": meanings[key], "schema": schema}
        for key, (name, schema) in words.items()
    }


def of_release() -> list[dict[str, Any]]:
    """What names the release of an answer, and the day on which it is looked at."""
    return [ref("release"), ref("as_of")]


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/parameters/{name}"}
