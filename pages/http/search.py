"""/api/v1/search?q=…: what a release has of a name, and the published amounts nearest to a number."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import table_response
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.request_params import answers, chosen, number, wanted_release
from pages.parts.sharing import links
from pages.parts.url_state import Parameter
from pages.parts.views import search
from pages.parts.views.search import Checked, Result, Results, Way
from pipelines import as_of_days, file_writers
from pipelines.queries.release_answers import ReleaseData

PATH = "/api/v1/search"
MOST = 100
EXAMPLE = "20 bn gigafactories"
PARAMETERS = [Parameter("q", (), is_text=True), Parameter("kind", search.KINDS, several=True)]
PROPERTIES: dict[str, dict[str, Any]] = {
    **{
        name: {"type": "string"}
        for name in ("question", "answer", "release", "licence", "citation", "caveat")
    },
    "claim": {"type": ["object", "null"]},
    "numbers": {"type": "array", "items": {"type": "object"}},
    "count": {"type": "integer"},
    "rows": {"type": "array", "items": {"type": "object"}},
}
"""What the answer holds, as JSON Schema."""


def ask(request: Request) -> Response:
    """The results of a question: `q`, with `kind` for some kinds only and `limit` for how many.

    Nothing is found without a question.
    """
    release = answers(wanted_release(request))
    values = {**chosen(request, PARAMETERS[1:], ("q", "limit")), "number": ()}
    values["q"] = tuple(request.query_params.getlist("q"))
    limit = number(request, "limit", MOST)
    site = links.home(str(request.base_url))
    tag = etag(request, release.release_id, site)
    headers = caching(request, tag)
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    found = search.results(release, values, search.LISTED if limit is None else limit)
    body = content(found, search.question_of(values), release.release_id, site)
    return Response(
        file_writers.json(body),
        headers=headers | table_response.release_headers(release.release_id),
        media_type=table_response.MEDIA["json"],
    )


def example(release: ReleaseData, site: str, rows: int) -> dict[str, Any]:
    """The answer to the example, with its first rows."""
    values = {"q": (EXAMPLE,), "kind": (), "number": ()}
    return content(search.results(release, values, rows), EXAMPLE, release.release_id, site)


def content(found: Results, question: str, release_id: str, site: str) -> dict[str, Any]:
    """The answer as JSON. Amounts are EUR; addresses are whole."""
    claim = found.claim
    return {
        "question": question,
        "answer": found.headline,
        **as_of_days.words(release_id),
        "claim": claim
        and {
            "amounts": [reading.amount for reading in claim.readings],
            "currency": claim.currency,
            "words": claim.words,
        },
        "numbers": [_number(amount, site) for amount in found.checked],
        "count": found.number,
        "rows": [_result(result, site) for result in found.results],
        "licence": table_response.LICENCE_URL,
        "citation": table_response.citation(release_id),
        "caveat": table_response.CAVEAT,
    }


def _address(way: Way, site: str) -> str:
    return way.elsewhere or f"{site}{way.address}"


def _result(result: Result, site: str) -> dict[str, Any]:
    thing = result.thing
    return {
        "kind": thing.kind,
        "id": thing.code,
        "name": thing.name,
        "says": result.line,
        "country": thing.country or None,
        "programme": thing.programme or None,
        "stage": thing.stage or None,
        "basis": thing.basis or None,
        "amount_eur": thing.amount_eur,
        "qualifier": thing.qualifier or None,
        "address": _address(result.way, site),
        "source_url": thing.link or None,
        "score": result.score,
    }


def _number(checked: Checked, site: str) -> dict[str, Any]:
    amount = checked.amount
    return {
        "id": amount.entry_id,
        "heading": amount.heading,
        "amount_eur": amount.amount_eur,
        "qualifier": amount.qualifier or None,
        "stage": amount.stage,
        "basis": amount.basis,
        "level": amount.level,
        "rounds_to_it": amount.is_same,
        "may_be_written": checked.sentence,
        "publisher": amount.publisher,
        "dated_on": amount.dated_on,
        "superseded_on": amount.superseded_on,
        "source_url": amount.source_url,
        "address": _address(checked.way, site),
    }


ROUTES = [Route(PATH, for_machines(ask), methods=METHODS)]
