"""What a request asks for: the release, ready to be asked without Streamlit, and its choice, checked against
what is allowed.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from pages.parts.figure_model import Figure
from pages.parts.figure_request import FigureRequest
from pages.parts.other_spellings import code_meant, respelt
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pages.parts.url_state import RECODED, RESERVED, RETIRED, Parameter, Values, read_link
from pipelines import as_of_days, releases
from pipelines.errors import NoRelease, NotPossible
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData

NAMED = 8  # allowed values that a sentence names; the answer lists all of them


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
    folder = releases.store_path(store)
    wanted = release_id or releases.current(folder)
    if wanted is None:
        raise Problem(
            503, say(text.NO_RELEASE_YET), say(text.NO_RELEASE_YET_WAY), headers={"retry-after": "60"}
        )
    try:
        return release_answers.opened(wanted, folder)
    except NoRelease as missing:
        raise Problem(
            404, say(text.NO_SUCH_RELEASE), str(missing), {"release": releases.available(folder)}
        ) from None


def figure(release: ReleaseData, name: str, values: Values) -> Figure | None:
    """A figure of a release as it is chosen, shared with the pages; None if the choice is empty."""
    return FigureRequest(name, release, values).figure()


def wanted_release(request: Request) -> str | None:
    """The release that the address names, on the day that it names, if it names one of them.

    Raises Problem: 400 if the day cannot be looked at, 404 for a name that holds both in one word.
    """
    release, day = _named_release(request), wanted_day(request)
    if release and as_of_days.view(release).day:
        raise Problem(
            404,
            say(text.NO_SUCH_RELEASE),
            say(text.RELEASE_AND_DAY, name=release),
            {"release": releases.available()},
        )
    if day is None:
        return release
    release = release or releases.current()
    return as_of_days.name_of(release, day) if release else None


def wanted_day(request: Request) -> date | None:
    """The day on which the address looks at its release, if it names one. Raises Problem 400."""
    given = [value for value in dict.fromkeys(request.query_params.getlist("as_of")) if value]
    if len(given) > 1:
        raise Problem(400, say(text.CANNOT_BE_ASKED), say(text.ONE_DAY, number=len(given)), _days())
    if not given:
        return None
    try:
        return as_of_days.day_to_look_at(given[0])
    except NotPossible as error:
        raise Problem(400, say(text.CANNOT_BE_ASKED), str(error), _days()) from None


def _days() -> dict[str, str]:
    return {"as_of": say(text.DAYS_ALLOWED, first=as_of_days.FIRST, last=as_of_days.today())}


def _named_release(request: Request) -> str | None:
    named = request.query_params.getlist("release")
    if len(set(named)) > 1:
        raise Problem(
            400,
            say(text.ONE_RELEASE),
            say(text.ONE_RELEASE_NAMED, number=len(set(named))),
            {"release": releases.available()},
        )
    return named[0] if named and named[0] else None


def readable(request: Request) -> None:
    """Raises Problem if the address holds what no address of ours holds."""
    if "\x00" in request.url.path or any(
        "\x00" in word for pair in request.query_params.multi_items() for word in pair
    ):
        raise Problem(400, say(text.UNREADABLE_ADDRESS), say(text.UNREADABLE_CHARACTER))


def chosen(
    request: Request,
    parameters: Sequence[Parameter],
    more: Collection[str] = (),
    of_release: bool = True,
    of_day: bool = True,
) -> dict[str, tuple[str, ...]]:
    """What an address chooses: parameter → codes. more: parameters that the caller reads itself. of_release:
    `release` is one of them. of_day: and `as_of` too, the day on which it is looked at.

    Raises Problem: 400 with a sentence for each part of the address that cannot be followed, and the allowed
    values; 307 to the right address where it only spells codes otherwise.
    """
    own = {*(("release",) if of_release else ()), *(("as_of",) if of_release and of_day else ()), *more}
    query: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in own:
            query.setdefault(name, []).append(value)
    by_name = {parameter.name: parameter for parameter in parameters}
    query, readings = respelt(query, parameters)
    values, notices = read_link(query, parameters)
    strangers = [name for name in query if name in RESERVED and name not in by_name]
    if not notices and not strangers:
        if readings:
            raise _right_address(request, query, readings)
        return values
    wrong = [
        name for name in query if name in by_name and not set(query[name]) <= {*by_name[name].allowed, ""}
    ]
    doubled = [
        name for name in query if name in by_name and len(query[name]) > 1 and not by_name[name].several
    ]
    if strangers or any(name not in by_name for name in query):
        allowed: Any = {"parameters": sorted({*by_name, *own})} | {
            name: list(by_name[name].allowed) for name in wrong
        }
    else:
        allowed = {name: list(by_name[name].allowed) for name in dict.fromkeys([*wrong, *doubled])}
    raise Problem(400, say(text.CANNOT_BE_ASKED), " ".join(_refusals(query, by_name)), allowed)


def _right_address(request: Request, query: Mapping[str, Sequence[str]], readings: Sequence[str]) -> Problem:
    """The way to the address that spells its codes as we do. query: parameter → our codes."""
    pairs: list[tuple[str, str]] = []
    for name in dict.fromkeys(request.query_params):
        values = query[name] if name in query else request.query_params.getlist(name)
        pairs += [(name, value) for value in values]
    address = f"{request.url.path}?{urlencode(pairs)}"
    return Problem(307, say(text.SPELT_OTHERWISE), " ".join(readings), headers={"location": address})


def _refusals(query: Mapping[str, Sequence[str]], by_name: Mapping[str, Parameter]) -> Iterator[str]:
    """A sentence for each part of an address that `read_link` does not follow. query: parameter → values."""
    for name, given in query.items():
        parameter = by_name.get(name) or by_name.get(RETIRED.get(name, name))
        if parameter is None:
            if by_name and name not in RESERVED:
                yield say(text.NOT_A_CHOICE_OF, name=name, choices=sorted(by_name))
            else:
                yield say(text.NOT_A_CHOICE, name=name)
            continue
        codes = [
            code if code in parameter.allowed else RECODED.get((parameter.name, code), code) for code in given
        ]
        yield from (_unknown(name, code, parameter) for code in codes if code not in {*parameter.allowed, ""})
        good = list(dict.fromkeys(code for code in codes if code in parameter.allowed))
        if len(good) > 1 and not parameter.several:
            yield say(text.ONE_VALUE, name=name, given=good)


def _unknown(name: str, value: str, parameter: Parameter) -> str:
    """That a value is none of those allowed, with the nearest of them and the first few."""
    first, more = parameter.allowed[:NAMED], len(parameter.allowed) - NAMED
    allowed = (
        say(text.SOME_OF_ALLOWED, first=", ".join(first), number=more)
        if more > 0
        else formatting.listed(first, "or")
    )
    meant = code_meant(parameter, value)
    near = [meant] if meant else difflib.get_close_matches(value.lower(), parameter.allowed, n=1, cutoff=0.6)
    if near:
        return say(text.UNKNOWN_VALUE_NEAR, name=name, value=value, near=near[0], allowed=allowed)
    return say(text.UNKNOWN_VALUE, name=name, value=value, allowed=allowed)


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
    digits = given[-1]
    if (
        len(given) > 1
        or not digits.isascii()
        or not digits.isdigit()
        or len(digits) > 12
        or (most is not None and int(digits) > most)
    ):
        allowed = say(text.WHOLE_NUMBER) if most is None else say(text.WHOLE_NUMBER_TO, most=most)
        detail = say(text.NOT_FOLLOWED_ALLOWED, name=name, value=formatting.listed(given), allowed=allowed)
        raise Problem(400, say(text.CANNOT_BE_ASKED), detail, {name: allowed})
    return int(digits)


def word(request: Request, name: str, allowed: Sequence[str]) -> str:
    """A parameter of the file format, such as `dialect`; "" if the address does not say it.

    Raises Problem.
    """
    given = request.query_params.getlist(name)
    if any(value not in allowed for value in given) or len(given) > 1:
        offered = [value for value in allowed if value]
        detail = say(
            text.NOT_FOLLOWED_ALLOWED,
            name=name,
            value=formatting.listed(given),
            allowed=formatting.listed(offered, "or"),
        )
        raise Problem(400, say(text.CANNOT_BE_ASKED), detail, {name: offered})
    return given[0] if given else ""
