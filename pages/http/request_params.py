"""What a request asks for: the release, ready to be asked without Streamlit, and its choice, checked against what is allowed."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from starlette.requests import Request

from pages.parts.figure import Figure
from pages.parts.url_state import RESERVED, Parameter, Values, read_link
from pages.parts.views import FIGURES
from pipelines import releases
from pipelines.errors import NoRelease
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
    """A release ready to be asked, the current one if none is named; kept, with its answers, for the next request. store: as for `releases`.

    Raises Problem: 404 if there is no such release, 503 if nothing was ever published.
    """
    place = releases.store_path(store)
    wanted = release_id or releases.current(place)
    if wanted is None:
        raise Problem(
            503, "There is no release yet", "Run: python -m pipelines build", headers={"retry-after": "60"}
        )
    try:
        return _answers(wanted, place)
    except NoRelease as missing:
        raise Problem(
            404, "There is no such release", str(missing), {"release": releases.available(place)}
        ) from None


@lru_cache(maxsize=4)
def _answers(release_id: str, store: Path) -> ReleaseData:
    @lru_cache(maxsize=256)
    def ask(sql: str) -> pd.DataFrame:
        return pd.DataFrame(releases.read(release_id, sql, store).to_pydict(), dtype=object)

    kept: Callable[[str], pd.DataFrame] = ask
    return ReleaseData(release_id, releases.manifest(release_id, store), lambda sql: kept(sql).copy())


def figure(known: ReleaseData, name: str, values: Values) -> Figure | None:
    """A figure of a release as it is chosen, kept for the next format, image or embed of the same; None if the choice is empty."""
    return _figure(
        known.release_id,
        releases.store_path(),
        name,
        tuple(sorted((word, tuple(codes)) for word, codes in values.items())),
    )


@lru_cache(maxsize=64)
def _figure(
    release_id: str, store: Path, name: str, values: tuple[tuple[str, tuple[str, ...]], ...]
) -> Figure | None:
    return FIGURES[name].make(_answers(release_id, store), dict(values))


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
    """What an address chooses: parameter → codes. more: parameters that the caller reads itself. of_release: `release` is one of them.

    Raises Problem 400 with a sentence for each part of the address that cannot be followed, and the allowed values.
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
    """A parameter that is a whole number from 0 to `most`; None if the address does not say it. Raises Problem."""
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
    """A parameter of the file format, such as `dialect`; "" if the address does not say it. Raises Problem."""
    given = request.query_params.getlist(name)
    if any(text not in allowed for text in given) or len(given) > 1:
        said = (
            f"“{name}={' and '.join(given)}” cannot be followed. Allowed: {', '.join(filter(None, allowed))}."
        )
        raise Problem(400, "This cannot be asked", said, {name: [text for text in allowed if text]})
    return given[0] if given else ""
