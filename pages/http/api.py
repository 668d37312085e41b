"""The lists and the figures of a release for machines: /api/v1/<list>.<format> and
/api/v1/figures/<figure>.<format>.

What can be asked is declared in `api_list_declarations` and `pages.parts.views`; here is only the way from an
address to an answer.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages.http import release_list, table_response
from pages.http.api_errors_and_headers import ASK_AGAIN, METHODS, caching, etag, for_machines, not_modified
from pages.http.api_list_declarations import RESOURCES
from pages.http.column_docs import Described, arrow, of_names, of_select
from pages.http.figure_request import figure_of as shown_figure
from pages.http.figure_request import read_figure_request
from pages.http.request_params import Problem, answers, chosen, missing, number, wanted_release, word
from pages.parts.figure_model import Source
from pages.parts.figure_request import FigureRequest
from pages.parts.images import sheet
from pages.parts.page_registry import SITE
from pages.parts.sharing import citations, underlying_entries
from pages.parts.sharing import links as share_links
from pages.parts.text import citations_and_readmes as sharing_text
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import FIGURES
from pipelines import as_of_days, file_writers, release_row_stream
from pipelines.queries.release_answers import ReleaseData, sql_of

ROOT = "/api/v1"
PAGE = 1000
LONGEST_PAGE = 10_000
IMAGES = tuple(sheet.FORMATS)  # answered by `images`
LISTS = (*RESOURCES, "releases")
LIST = f"{ROOT}/{{name}}.{{format}}"


def list_of(request: Request) -> Response:
    """One of the lists in one of the formats."""
    name, ending = request.path_params["name"], request.path_params["format"]
    if name not in LISTS:
        raise missing(say(text.NO_LIST), say(text.NO_LIST_NAMED, name=name), {"lists": list(LISTS)})
    known_format(ending, table_response.FORMATS)
    dialect, limit, offset = _file_words(request, ending)
    if name == "releases":
        return _releases(request, ending, dialect, limit, offset)
    release = answers(wanted_release(request))
    resource = RESOURCES[name]
    parameters = resource.filters(release)
    values = chosen(request, parameters, file_words(ending))
    tag = etag(request, release.release_id, share_links.home(str(request.base_url)))
    headers = {**caching(request, tag), "link": ", ".join(links())}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    rows = release_row_stream.stream(
        release.release_id, sql_of(resource.rows(release, values)), limit=limit, offset=offset
    )
    about = {"list": name, "title": resource.title, "meaning": resource.meaning}
    content = _content(
        request,
        release.release_id,
        about,
        values,
        resource.columns(release),
        rows,
        limit,
        offset,
        share_links.choice_name(parameters, values),
    )
    return table_response.answer(request, content, ending, dialect, headers | _next_link(content))


def _releases(request: Request, ending: str, dialect: str, limit: int | None, offset: int) -> Response:
    """The list of releases; it is not part of a release."""
    chosen(request, [], file_words(ending), of_release=False)
    table = release_list.table()
    tag = etag(request, "releases", f"{share_links.home(str(request.base_url))} {table.to_pylist()}")
    headers = {"etag": tag, "cache-control": ASK_AGAIN, "vary": "accept-encoding", "link": ", ".join(links())}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    rows = release_row_stream.of_table(table.slice(offset, limit))._replace(total=table.num_rows)
    about = {"list": "releases", "title": release_list.TITLE, "meaning": release_list.MEANING}
    content = _content(request, "", about, {}, release_list.COLUMNS, rows, limit, offset, "")
    return table_response.answer(request, content, ending, dialect, headers | _next_link(content))


def known_format(ending: str, allowed: tuple[str, ...]) -> None:
    """Raises Problem 404 if the format is not one of these."""
    if ending not in allowed:
        raise missing(say(text.NO_FORMAT), say(text.NO_FORMAT_NAMED, name=ending), {"format": list(allowed)})


def file_words(ending: str) -> tuple[str, ...]:
    """What can be asked of a list in a format beside its choice and its release."""
    return ("limit", "offset", "dialect") if ending == "csv" else ("limit", "offset")


def _dialect(request: Request, ending: str) -> str:
    """How a CSV file is written."""
    dialect = word(request, "dialect", tuple(file_writers.DIALECTS))
    if dialect and ending != "csv":
        raise Problem(400, say(text.CANNOT_BE_ASKED), say(text.CSV_ONLY), {"format": ["csv"]})
    return dialect


def _file_words(request: Request, ending: str) -> tuple[str, int | None, int]:
    """Dialect, limit and offset. JSON comes in pages; files come whole unless the address says otherwise."""
    dialect = _dialect(request, ending)
    limit = number(request, "limit", LONGEST_PAGE if ending == "json" else None)
    return (
        dialect,
        PAGE if limit is None and ending == "json" else limit,
        number(request, "offset", None) or 0,
    )


def _content(
    request: Request,
    release_id: str,
    about: dict[str, Any],
    choice: Values,
    columns: list[Described],
    rows: release_row_stream.Rows,
    limit: int | None,
    offset: int,
    choice_name: str,
) -> table_response.Content:
    """A list with what must be known beside it: how many rows there are, which of them these are, where the
    next are.
    """
    in_file = max(0, min(rows.total - offset, limit if limit is not None else rows.total))
    following = None
    if limit and offset + in_file < rows.total:
        # with the release, so that a publication between two pages never mixes two releases
        query = [
            pair
            for pair in request.query_params.multi_items()
            if pair[0] not in ("offset", "limit", "release", "as_of")
        ]
        query += [
            ("limit", str(limit)),
            ("offset", str(offset + limit)),
            *as_of_days.words(release_id).items(),
        ]
        following = f"{request.url.path}?{urlencode(query)}"
    name = "-".join(filter(None, ("eu-ai", about["list"], choice_name, release_id)))
    chosen_codes = "; ".join(
        f"{parameter}: {', '.join(codes)}" for parameter, codes in choice.items() if codes
    )
    notes = _notes(
        title=about["title"],
        meaning=about["meaning"],
        choice=chosen_codes or say(text.EVERYTHING),
        rows=say(text.ROWS_OF, returned=in_file, count=rows.total),
        release=formatting.named(release_id) if release_id else say(text.NO_RELEASE_OF),
        licence=say(text.LICENCE, licence=table_response.LICENCE, address=table_response.LICENCE_URL),
        citation=table_response.citation(release_id),
        caveat=table_response.CAVEAT,
        address=_address(request, release_id),
    )
    whole = {
        **about,
        "release": None,
        **as_of_days.words(release_id),
        "choice": {name: list(codes) for name, codes in choice.items()},
        "count": rows.total,
        "returned": in_file,
        "limit": limit,
        "offset": offset,
        "next": following,
        "licence": table_response.LICENCE_URL,
        "citation": table_response.citation(release_id),
        "caveat": table_response.CAVEAT,
        "columns": table_response.describe(columns),
    }
    return table_response.Content(name, about["title"], release_id, whole, notes, columns, rows, in_file)


def _notes(**values: str) -> dict[str, str]:
    """What must be known of rows, in words, under the titles that people read.

    values: keys of text.NOTES → text.
    """
    return {say(text.NOTES[name]): value for name, value in values.items()}


def _address(request: Request, release_id: str) -> str:
    """The address of a list, the same however it was asked: its words in order, and the release that makes it
    last.
    """
    words = sorted(pair for pair in request.query_params.multi_items() if pair[0] not in ("release", "as_of"))
    query = urlencode([*words, *as_of_days.words(release_id).items()])
    return f"{share_links.home(str(request.base_url))}{request.url.path}{f'?{query}' if query else ''}"


def links(about: str = "") -> list[str]:
    """Where machines find licence, description and meaning.

    about: the address of the text about the files of a figure.
    """
    described = [f'<{address}>; rel="describedby"' for address in (about, "/dataset") if address]
    return [
        f'<{table_response.LICENCE_URL}>; rel="license"',
        f'<{ROOT}/openapi.json>; rel="service-desc"',
        *described,
    ]


def _next_link(content: table_response.Content, about: str = "") -> dict[str, str]:
    following = content.about["next"]
    return {"link": ", ".join([*links(about), f'<{following}>; rel="next"'])} if following else {}


# --- figures


def list_of_figures(request: Request) -> Response:
    """Every figure of the site: its page, what can be chosen with which values, the formats, an address of
    each kind.
    """
    release = answers(wanted_release(request))
    chosen(request, [])
    tag = etag(request, release.release_id)
    headers = {
        **caching(request, tag),
        "content-type": table_response.MEDIA["json"],
        "link": ", ".join(links()),
        "x-row-count": str(len(FIGURES)),
    }
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    body = file_writers.json(listed_figures(release))
    return (
        table_response.head(headers)
        if request.method == "HEAD"
        else table_response.stream(request, [body], headers)
    )


def listed_figures(release: ReleaseData) -> dict[str, Any]:
    """The list of figures as it is answered."""
    figures = [
        {
            "name": name,
            "page": f"/{view.page}",
            "formats": [*table_response.FORMATS, *IMAGES],
            "data": f"{ROOT}/figures/{name}.json",
            **({"entries": f"{ROOT}/figures/{name}/ledger.json"} if view.has_euros else {}),
            "readme": f"{ROOT}/figures/{name}/readme.txt",
            "image": f"{ROOT}/figures/{name}.svg",
            "embed": f"/embed/{name}",
            "parameters": [
                {
                    "name": parameter.name,
                    "allowed": list(parameter.listed),
                    "default": list(parameter.default),
                    "several": parameter.several,
                }
                for parameter in view.parameters(release)
            ],
        }
        for name, view in FIGURES.items()
    ]
    return {**as_of_days.words(release.release_id), "count": len(figures), "figures": figures}


def figure_of(request: Request) -> Response:
    """The rows of one figure, with everything that stands around it on its page."""
    ending = request.path_params["format"]
    dialect, wanted = (
        _dialect(request, ending),
        read_figure_request(request, ("dialect",) if ending == "csv" else ()),
    )
    known_format(ending, (*table_response.FORMATS, *IMAGES))
    tag = etag(request, wanted.answers.release_id, wanted.site)
    headers = {**caching(request, tag), "link": ", ".join(links(wanted.readme()))}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    return table_response.answer(request, figure_content(wanted, ending == "csv"), ending, dialect, headers)


def figure_content(wanted: FigureRequest, with_licence: bool = False) -> table_response.Content:
    """A figure as rows with notes.

    with_licence: release and licence beside every row, for files that have no other place for them.
    """
    figure, release_id = shown_figure(wanted), wanted.answers.release_id
    beside = (
        {
            **as_of_days.words(release_id),
            "licence": say(sharing_text.LICENCE_OF_ROWS, licence=table_response.LICENCE, site=SITE),
        }
        if with_licence
        else {}
    )
    rows = figure.rows.assign(**beside)
    columns = of_names(list(rows.columns))
    citation = citations.citation(figure.title, release_id, wanted.permalink())
    about = {
        "figure": wanted.name,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "source": figure.source,
        "sources": [source._asdict() for source in figure.sources],
        **as_of_days.words(release_id),
        "choice": {word: list(codes) for word, codes in wanted.values.items()},
        "page": wanted.permalink(),
        "readme": f"{wanted.site}{wanted.readme()}",
        "licence": table_response.LICENCE_URL,
        "citation": citation,
        "caveat": table_response.CAVEAT,
        "sql": list(figure.sql),
        "count": len(rows),
        "columns": table_response.describe(columns),
    }
    notes = {
        **_notes(
            title=figure.title,
            measured=figure.subtitle,
            choice=wanted.choice_words(),
            source=figure.source,
        ),
        **_named(figure.sources),
        **_notes(
            rows=formatting.whole(len(rows)),
            release=formatting.named(release_id),
            licence=say(text.LICENCE, licence=table_response.LICENCE, address=table_response.LICENCE_URL),
            citation=citation,
            page=wanted.permalink(),
            caveat=table_response.CAVEAT,
        ),
        **{say(text.NOTE_QUERY, number=number): sql for number, sql in enumerate(figure.sql, start=1)},
    }
    return table_response.Content(
        wanted.stem(),
        figure.title,
        release_id,
        about,
        notes,
        columns,
        release_row_stream.of_table(arrow(rows, columns)),
        len(rows),
    )


def _named(sources: Sequence[Source]) -> dict[str, str]:
    """Each source under a name of its own: its number in the drawing, else its place in the list."""
    numbers = [source.number for source in sources]
    is_numbered = all(numbers) and len({*numbers}) == len(numbers)
    return {
        say(text.NOTE_SOURCE, number=source.number if is_numbered else str(index)): say(
            text.NOTE_SOURCE_WORDS, words=source.words, tier=source.tier, address=source.url
        )
        for index, source in enumerate(sources, start=1)
    }


def entries_of(request: Request) -> Response:
    """The ledger entries behind the values of one figure, whole: what a reader needs to add them up again."""
    ending = request.path_params["format"]
    known_format(ending, table_response.FORMATS)
    dialect, limit, offset = _file_words(request, ending)
    wanted = read_figure_request(request, file_words(ending))
    tag = etag(request, wanted.answers.release_id, wanted.site)
    headers = {**caching(request, tag), "link": ", ".join(links(wanted.readme()))}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    question = underlying_entries.of_figure(shown_figure(wanted), wanted.answers)
    if question is None:
        rows_instead = {"rows": f"{ROOT}/figures/{wanted.name}.{ending}"}
        raise missing(say(text.NO_ENTRIES), say(text.NO_ENTRIES_DATES), rows_instead)
    release_id = wanted.answers.release_id
    rows = release_row_stream.stream(release_id, sql_of(question), limit=limit, offset=offset)
    about = {
        "list": f"{wanted.name}-ledger",
        "title": say(text.ENTRIES_BEHIND, title=shown_figure(wanted).title),
        "meaning": say(text.ENTRIES_BEHIND_MEANING),
        "page": wanted.permalink(),
    }
    content = _content(
        request,
        release_id,
        about,
        wanted.values,
        of_select(question),
        rows,
        limit,
        offset,
        wanted.choice_name(),
    )
    return table_response.answer(
        request, content, ending, dialect, headers | _next_link(content, wanted.readme())
    )


def nothing_here(request: Request) -> Response:
    """404 for every other address below /api/, with those that there are."""
    endings = ",".join(table_response.FORMATS)
    allowed = [f"{ROOT}/{name}.{{{endings}}}" for name in LISTS]
    paths = [getattr(route, "path", "") for route in request.app.routes]
    allowed += [
        path.replace("{", "<").replace("}", ">")
        for path in paths
        if path.startswith(f"{ROOT}/") and path not in (f"{ROOT}/", LIST)
    ]
    raise missing(say(text.NOTHING_HERE), say(text.NOT_OF_API, path=request.url.path), allowed)


def index(_request: Request) -> Response:
    """The way to the description for people."""
    return RedirectResponse("/dataset", 307)


ROUTES = [
    Route(f"{ROOT}/figures.json", for_machines(list_of_figures), methods=METHODS),
    Route(f"{ROOT}/figures/{{figure}}/ledger.{{format}}", for_machines(entries_of), methods=METHODS),
    Route(f"{ROOT}/figures/{{figure}}.{{format}}", for_machines(figure_of), methods=METHODS),
    Route(LIST, for_machines(list_of), methods=METHODS),
    Route("/api/", for_machines(index), methods=METHODS),
    Route(f"{ROOT}/", for_machines(index), methods=METHODS),
]
REST = [Route("/api/{rest:path}", for_machines(nothing_here), methods=METHODS)]
