"""What newsletters and social networks append to an address is ignored; every other stranger is kept."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from pages.http.security_middleware import SecurityMiddleware
from pages.http.tracking_params import undecorated
from pages.parts.text.api import PARAMETERS


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("utm_source=newsletter&country=DE", "country=DE"),
        ("country=DE&fbclid=abc&stage=paid", "country=DE&stage=paid"),
        ("UTM_Medium=x&gclid=1&mc_cid=2&_=1699999999&ref=rss", ""),
        ("utm%5Fsource=x&country=EL", "country=EL"),
        ("stge=paid", "stge=paid"),
        ("country=DE&country=FR&per=person", "country=DE&country=FR&per=person"),
        ("reference=x", "reference=x"),
        ("note=a%26utm_source%3Db", "note=a%26utm_source%3Db"),
    ],
)
def test_only_the_words_of_strangers_are_taken_out(query: str, kept: str) -> None:
    assert undecorated(query.encode()).decode() == kept


def test_no_choice_of_ours_is_taken_for_a_decoration() -> None:
    names = set(PARAMETERS)
    names |= {
        "release",
        "embed",
        "embed_options",
        "figure",
        "size",
        "theme",
        "format",
        "dialect",
        "limit",
        "offset",
    }
    assert undecorated("&".join(f"{name}=x" for name in sorted(names)).encode()).count(b"=") == len(names)


def test_embeds_and_files_are_asked_without_them_and_pages_as_they_are() -> None:
    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["query_string"])(scope, receive, send)

    visitor = TestClient(SecurityMiddleware(told, own_paths=("/api/", "/feed.atom")))
    for path in ("/embed/countries", "/api/v1/figures/countries.png", "/feed.atom"):
        assert visitor.get(f"{path}?utm_source=x&stge=paid&fbclid=y").text == "stge=paid"
