"""What a request asks for: the release, ready to be asked without Streamlit, and its choice, checked against
what is allowed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pages.parts.figure import Figure
from pages.parts.figure_request import FigureRequest
from pages.parts.url_state import RESERVED, Parameter, Values, read_link
from pipelines import releases
from pipelines.errors import NoRelease
from pipelines.queries import release_data
from pipelines.queries.release_data import ReleaseData

# read_link tells a reader what it made of the rest of a link; here nothing is made of it.
_FOLLOWED = re.compile(r" It was ignored\.| on this page|; [^;“]* is used(?=\.)")


class Problem(Exception):
    """Why a request cannot be answered. allowed: what may be asked instead, as a list or by name."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        allowed: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.allowed, self.headers = (
            status,
            title,
            detail,
            allowed,
            dict(headers or {}),
        )


def answers(release_id: str | None = None, store: Path | None = None) -> ReleaseData:
    """A release ready to be asked, the current one if none is named; kept, with its answers, for the next
    request. store: as for `releases`.

    Raises Problem: 404 if there is no such release, 503 if nothing was ever published.
    """
    place = releases.store_path(store)
    wanted = release_id or releases.current(place)
    if wanted is None:
        raise Problem(
            503, "There is no release yet", "Run: python -m pipelines build", headers={"retry-after": "60"}
        )
    try:
        return release_data.opened(wanted, place)
    except NoRelease as missing:
        raise Problem(
            404, "There is no such release", str(missing), {"release": releases.available(place)}
        ) from None


def figure(known: ReleaseData, name: str, values: Values) -> Figure | None:
    """A figure of a release as it is chosen, shared with the pages; None if the choice is empty."""
    return FigureRequest(name, known, values).figure()


def wanted_release(request: Request) -> str | None:
    """The release that the address names, if it names one."""
    named = request.query_params.getlist("release")
    if len(set(named)) > 1:
        raise Problem(
            400,
            "One release at a time",
            f"The address names {len(set(named))} releases.",
            {"release": releases.available()},
        )
    return named[0] if named and named[0] else None


def readable(request: Request) -> None:
    """Raises Problem if the address holds what no address of ours holds."""
    if "\x00" in request.url.path or any(
        "\x00" in text for pair in request.query_params.multi_items() for text in pair
    ):
        raise Problem(
            400, "This address cannot be read", "It holds a character that no address of ours holds."
        )


def chosen(
    request: Request, parameters: Sequence[Parameter], more: Collection[str] = (), of_release: bool = True
) -> dict[str, tuple[str, ...]]:
    """What an address chooses: parameter → codes. more: parameters that the caller reads itself. of_release:
    `release` is one of them.

    Raises Problem 400 with a sentence for each part of the address that cannot be followed, and the allowed
    values.
    """
    own = {*(("release",) if of_release else ()), *more}
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in own:
            query.setdefault(name, []).append(value)
    known = {parameter.name: parameter for parameter in parameters}
    values, notices = read_link(query, parameters)
    strangers = [name for name in query if name in RESERVED and name not in known]
    notices += [f"“{name}” is not a choice here." for name in strangers]
    if not notices:
        return values
    said = _FOLLOWED.sub("", " ".join(notices))
    wrong = [name for name in query if name in known and not set(query[name]) <= {*known[name].allowed, ""}]
    doubled = [name for name in query if name in known and len(query[name]) > 1 and not known[name].several]
    if strangers or any(name not in known for name in query):
        allowed: Any = {"parameters": sorted({*known, *own})} | {
            name: list(known[name].allowed) for name in wrong
        }
    else:
        allowed = {name: list(known[name].allowed) for name in dict.fromkeys([*wrong, *doubled])}
    raise Problem(400, "This cannot be asked", said, allowed)


def missing(title: str, detail: str, allowed: Any) -> Problem:
    """404 with what there is."""
    return Problem(404, title, detail, allowed)


def number(request: Request, name: str, most: int | None) -> int | None:
    """A parameter that is a whole number from 0 to `most`; None if the address does not say it.

    Raises Problem.
    """
    given = request.query_params.getlist(name)
    if not given:
        return None
    text, allowed = given[-1], f"a whole number from 0{f' to {most:,}' if most is not None else ''}"
    if (
        len(given) > 1
        or not text.isascii()
        or not text.isdigit()
        or len(text) > 12
        or (most is not None and int(text) > most)
    ):
        raise Problem(
            400,
            "This cannot be asked",
            f"“{name}={' and '.join(given)}” cannot be followed. Allowed: {allowed}.",
            {name: allowed},
        )
    return int(text)


def word(request: Request, name: str, allowed: Sequence[str]) -> str:
    """A parameter of the file format, such as `dialect`; "" if the address does not say it.

    Raises Problem.
    """
    given = request.query_params.getlist(name)
    if any(text not in allowed for text in given) or len(given) > 1:
        said = (
            f"“{name}={' and '.join(given)}” cannot be followed. Allowed: {', '.join(filter(None, allowed))}."
        )
        raise Problem(400, "This cannot be asked", said, {name: [text for text in allowed if text]})
    return given[0] if given else ""
