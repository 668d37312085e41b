"""How the machine side says no: application/problem+json (RFC 9457) with what is allowed instead; and what
every answer to machines carries.
"""

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.http.request_params import Problem, readable
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import Message, say
from pipelines import file_writers, files
from pipelines.errors import Busy, Forbidden, JournalDamaged, NoRelease, TrackerError, explain
from pipelines.user_sql import run_query

CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, X-Row-Count, X-Release, Content-Disposition, Retry-After",
    "cross-origin-resource-policy": "cross-origin",
}
# The methods of a route: every one, because the endpoint itself answers those that it does not take.
METHODS: list[str] | None = None
IMMUTABLE = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
_OPAQUE = re.compile(r'"[^"]*"')
_CODE = Path(__file__).parents[2]
# Part of every ETag: the same release may be answered in another form by another version of the code.
EDITION = files.sha256(
    b"".join(
        path.read_bytes() for part in ("pages", "pipelines") for path in sorted((_CODE / part).rglob("*.py"))
    )
)[:12]

# Kinds of errors with the status and the title of their answer.
_STATUSES: tuple[tuple[type[TrackerError], int, Message], ...] = (
    (NoRelease, 404, text.NO_SUCH_RELEASE),
    (Forbidden, 403, text.NOT_ALLOWED),
    (Busy, 503, text.OTHER_PUBLICATION),
    (JournalDamaged, 503, text.JOURNAL_DAMAGED),
    (run_query.QueryError, 400, text.NO_ANSWER),
)

logger = logging.getLogger("tracker.http")


def problem_response(problem: Problem, path: str) -> Response:
    """A problem as its answer."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": path,
        **({"allowed": problem.allowed} if problem.allowed is not None else {}),
    }
    headers = {**CORS, "cache-control": "no-store", **problem.headers}
    return Response(file_writers.json(body), problem.status, headers, media_type="application/problem+json")


def problem_of(error: TrackerError) -> Problem:
    """A foreseen error as the problem that the asker reads."""
    status, title = next(
        ((status, title) for kind, status, title in _STATUSES if isinstance(error, kind)),
        (409, text.NOT_NOW),
    )
    explanation = explain(error)
    return Problem(status, say(title), "\n".join([*explanation.problems, explanation.message]))


def for_machines(
    handler: Callable[..., Response],
    methods: tuple[str, ...] = ("GET", "HEAD"),
    body_limit: int = 0,
    threads: CapacityLimiter | None = None,
) -> ASGIApp:
    """A handler as an endpoint: runs beside the server's loop, answers OPTIONS and wrong methods, turns
    problems into answers, allows reading from other sites. body_limit: bytes of a request's body that the
    handler takes as its second argument. threads: those in which handlers run that may wait long, so that
    the threads of all others stay free.
    """

    async def endpoint(request: Request) -> Response:
        path = request.url.path
        if request.method == "OPTIONS":
            allow = {
                "access-control-allow-methods": ", ".join(methods),
                "access-control-allow-headers": "*",
                "access-control-max-age": "86400",
            }
            return Response(None, 204, {**CORS, **allow, "allow": ", ".join((*methods, "OPTIONS"))})
        if request.method not in methods:
            allowed = list(methods)
            detail = say(text.ASKED_WITH, methods=formatting.listed(allowed, "or"))
            return problem_response(
                Problem(405, say(text.ONLY_READING), detail, allowed, {"allow": ", ".join(allowed)}), path
            )
        try:
            readable(request)
            body = (await _body(request, body_limit),) if body_limit else ()
            answer = await to_thread.run_sync(handler, request, *body, limiter=threads)
        except Problem as problem:
            return problem_response(problem, path)
        except TrackerError as error:
            return problem_response(problem_of(error), path)
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            logger.error("Reference %s", reference, exc_info=error)
            detail = say(text.OUR_MISTAKE_TELL, reference=reference)
            return problem_response(Problem(500, say(text.OUR_MISTAKE), detail), path)
        for name, value in CORS.items():
            answer.headers.setdefault(name, value)
        return answer

    return Endpoint(endpoint)


class Endpoint:
    """An endpoint that the router hands every method: for a plain function it would answer the others itself,
    in words of its own.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        await (await self.answer(Request(scope, receive, send)))(scope, receive, send)


async def _body(request: Request, limit: int) -> bytes:
    """The body of a request. Raises Problem as soon as it is longer than the limit."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise Problem(413, say(text.TOO_LONG), say(text.TOO_LONG_LIMIT, bytes=limit))
    return body


def etag(request: Request, release_id: str, more: str = "") -> str:
    """The fingerprint of an answer: the same release and question give the same one."""
    question = "&".join(
        sorted(f"{name}={value}" for name, value in request.query_params.multi_items() if name != "release")
    )
    named = f"{EDITION} {release_id} {request.url.path} {question} {more}"
    return f'W/"{files.sha256(named)[:20]}"'


def caching(request: Request, tag: str) -> dict[str, str]:
    """Headers: what names its release never changes, all else is asked again and answered 304 as long as it
    is the same.
    """
    return {
        "etag": tag,
        "cache-control": IMMUTABLE if request.query_params.get("release") else ASK_AGAIN,
        "vary": "accept-encoding",
    }


def not_modified(request: Request, tag: str, headers: Mapping[str, str]) -> Response | None:
    """304 if the asker has this answer already, else None.

    Tags are compared weakly (RFC 9110, 13.1.2): W/"x" is "x".
    """
    asked = ",".join(request.headers.getlist("if-none-match"))
    is_known = asked.strip() == "*" or tag.removeprefix("W/") in _OPAQUE.findall(asked)
    return Response(None, 304, dict(headers)) if is_known else None
