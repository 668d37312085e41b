"""Answers for machines: is the process up, is a release open."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.parts.text import http as text
from pages.parts.text.messages import say
from pipelines import releases


def alive(_request: Request) -> PlainTextResponse:
    """200 as long as the process answers."""
    return PlainTextResponse("ok\n")


def ready(_request: Request) -> PlainTextResponse:
    """200 and the release id when a release is current; 503 and the way to one when there is none."""
    release = releases.current()
    if release is None:
        return PlainTextResponse(say(text.NO_RELEASE), 503)
    return PlainTextResponse(f"{release}\n")


ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
PATHS = tuple(route.path for route in ROUTES)
