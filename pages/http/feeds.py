"""/feed.atom: what changed, for all, for a site, a country or an initiative, or for one figure as a link
chooses it.

Made from the change log of the release and from what moved between one publication and the next.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pandas as pd
from sqlalchemy import Select, select, union_all
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import request_params
from pages.http.api_errors_and_headers import ASK_AGAIN, METHODS, etag, for_machines, not_modified
from pages.http.request_params import Problem, answers, chosen, missing
from pages.parts.page_registry import SITE
from pages.parts.sharing import links
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, read_link
from pages.parts.views import FIGURES
from pipelines import frame_rows, journal, release_diff, releases, schema
from pipelines.queries import overview as overview_questions
from pipelines.queries import sites as site_questions
from pipelines.queries.release_answers import ReleaseData

PATH = "/feed.atom"
FOLLOWED = ("country", "site", "initiative")
CELLS = 6  # of a row that moved, that its line shows
PUBLICATIONS = 30  # how far back the feed goes; all of them stand under /api/v1/releases.json
ATOM = "http://www.w3.org/2005/Atom"


class News(NamedTuple):
    """One entry. key: its identity for ever. link: where a reader sees it."""

    key: str
    updated: datetime
    title: str
    text: str
    link: str


def feed(request: Request) -> Response:
    """The feed.

    `figure` takes the parameters of that figure's page; else one of country, site and initiative narrows it.
    """
    release, site = answers(), links.home(str(request.base_url))
    named = request.query_params.getlist("figure")
    events = journal.read(releases.store_path())
    tag = etag(request, release.release_id, f"{site} {len(events)}")
    headers = {"etag": tag, "cache-control": ASK_AGAIN}
    if named:
        if len(named) > 1 or named[0] not in FIGURES:
            raise missing(
                say(text.NO_FIGURE),
                say(text.NO_FIGURE_NAMED, name=named[-1]),
                {"figure": list(FIGURES)},
            )
        values = chosen(request, FIGURES[named[0]].parameters(release), ("figure",), of_release=False)
        choice = links.choice_words(release, FIGURES[named[0]], values)
        title = say(text.FEED_OF_FIGURE, figure=named[0], choice=choice)
        news = list(_figure_news(named[0], request, site, events))
    else:
        follow, code = _followed(request, release)
        title = say(text.FEED_OF_ONE, name=_label(release, follow, code)) if follow else say(text.FEED_OF_ALL)
        news = [*_change_news(release, site, follow, code), *_publication_news(site, events, follow, code)]
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    news.sort(key=lambda entry: (entry.updated, entry.key), reverse=True)
    address = f"{site}{PATH}{f'?{request.url.query}' if request.url.query else ''}"
    content = atom(title, address, site, news, release.known_on)
    return Response(content, headers=headers, media_type="application/atom+xml")


def parameters(release: ReleaseData) -> list[Parameter]:
    """What a feed can follow, one at a time."""
    allowed = {
        "country": tuple(release.labels("countries")),
        "site": tuple(release.read(site_questions.sites())["site_id"]),
        "initiative": tuple(release.labels("initiatives")),
    }
    return [Parameter(name, allowed[name]) for name in FOLLOWED]


def _followed(request: Request, release: ReleaseData) -> tuple[str, str]:
    """What the address follows: site, country or initiative, and its code; two empty words if it follows
    everything. Raises Problem.
    """
    values = chosen(request, parameters(release), ("figure",), of_release=False)
    given = [(name, codes[0]) for name, codes in values.items() if codes]
    if len(given) > 1:
        raise Problem(
            400,
            say(text.ONE_THING),
            say(text.ONE_THING_ONLY),
            list(FOLLOWED),
        )
    return given[0] if given else ("", "")


def _label(release: ReleaseData, follow: str, code: str) -> str:
    if follow == "site":
        return str(
            release.read(select(schema.sites.c.name).where(schema.sites.c.site_id == code))["name"].iloc[0]
        )
    return release.labels("countries" if follow == "country" else "initiatives")[code]


# --- the change log


def _change_news(release: ReleaseData, site: str, follow: str, code: str) -> Iterator[News]:
    """The change log of the release, line by line."""
    for row in frame_rows.records(release.read(overview_questions.changes())):
        if follow and code not in concerned(release, row)[follow]:
            continue
        day: date = row["changed_on"]
        title = (
            say(text.CHANGED_FROM, subject=row["subject"], before=row["before"], after=row["after"])
            if row["before"]
            else say(text.CHANGED, subject=row["subject"], after=row["after"])
        )
        reason = (
            say(text.CHANGE_SOURCE, reason=row["reason"], address=row["source_url"])
            if row["source_url"]
            else row["reason"]
        )
        key = f"change/{day.isoformat()}/{row['change_id']}"
        updated = datetime(day.year, day.month, day.day, tzinfo=UTC)
        yield News(key, updated, title, reason, f"{site}/about")


def concerned(release: ReleaseData, change: dict[Any, Any]) -> dict[str, set[str]]:
    """Which sites, countries and initiatives a line of the change log is about.

    The site is the one whose code the line holds; a line without a code, as those of older releases, is about
    the sites that its subject names.
    What is inside a site concerns that site too. A line that names nothing is about what its document speaks
    of, if that is one thing alone.
    """
    codes_by_kind: dict[str, set[str]] = {name: set() for name in FOLLOWED}
    sites = release.read(site_questions.sites()).set_index("site_id", drop=False)
    named = {change["site_id"]} if change["site_id"] else _sites_named(str(change["subject"]), sites)
    for site_id in named & set(sites.index):
        codes_by_kind["site"] |= {site_id, sites.loc[site_id, "part_of"]} - {None}
        codes_by_kind["country"] |= {sites.loc[site_id, "country"]} - {None}
    line = f"{change['subject']} {change['after']} {change['reason']}"
    for code, label in release.labels("initiatives").items():
        if _names(line, label.removesuffix(" JU")):
            codes_by_kind["initiative"].add(code)
    codes_by_kind["country"] |= {
        code for code, label in release.labels("countries").items() if _names(line, label)
    }
    if not any(codes_by_kind.values()) and change["source_url"]:
        subjects = release.read(_subjects_of(change["source_url"]))
        for name in FOLLOWED:
            codes = set(subjects[name]) - {None}
            codes_by_kind[name] |= codes if len(codes) == 1 else set()
    return codes_by_kind


def _sites_named(subject: str, sites: pd.DataFrame) -> set[str]:
    """The sites whose name stands in a subject; of names that hold one another the longest.

    A name that is only a city names no site.
    """
    names: dict[str, str] = {}
    for row in frame_rows.rows(sites):
        short = str(row.name).partition(" (")[0]
        names |= {
            name: row.site_id for name in (str(row.name), short) if name != row.city and _names(subject, name)
        }
    return {
        site_id
        for name, site_id in names.items()
        if not any(name != other and name in other for other in names)
    }


def _names(sentence: str, name: str) -> bool:
    """Whether a name stands in a text as a whole: LUMI is not in “LUMI-AI”, nor BRAIN in “BRAIN++”."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w+-])", sentence) is not None


def _subjects_of(source_url: str) -> Select[Any]:
    """Which site, country and initiative the figures and events of a document belong to."""
    entry, event = schema.ledger, schema.milestones
    rows = union_all(
        *(
            select(table.c.site_id.label("site"), table.c.country, table.c.initiative).where(
                table.c.source_url == source_url
            )
            for table in (entry, event)
        )
    ).subquery()
    return select(rows.c.site, rows.c.country, rows.c.initiative)


# --- publications


def _steps(events: list[journal.Event]) -> list[tuple[journal.Event, str | None]]:
    """The newest events that made another release the current one, each with the release before it, if that
    is still kept.
    """
    kept = set(releases.available())
    steps: list[tuple[journal.Event, str | None]] = []
    before: str | None = None
    for event in events:
        if event.release_id and event.release_id != before:
            steps.append((event, before if before in kept else None))
            before = event.release_id
    return [step for step in steps if step[0].release_id in kept][-PUBLICATIONS:]


def _publication_news(site: str, events: list[journal.Event], follow: str, code: str) -> Iterator[News]:
    """Each publication and roll-back with what moved by it."""
    for event, before in _steps(events):
        release_id, when = str(event.release_id), datetime.fromisoformat(event.happened_at)
        key, link = f"event/{event.seq}/{event.hash[:12]}", f"{site}/data?release={release_id}"
        if before is None:
            if not follow:
                title = say(text.PUBLISHED, release=formatting.spelt(release_id))
                yield News(key, when, title, f"{event.reason}.".capitalize(), link)
            continue
        changes = release_diff.changes(before, release_id, releases.store_path(), follow, code)
        if not follow or changes.total:
            title = _publication_title(event, changes.total)
            yield News(key, when, title, "\n".join(_publication_lines(event, before, changes)), link)


def _publication_title(event: journal.Event, moved: int) -> str:
    """Which release became the current one, and how many rows moved."""
    release, is_back = formatting.spelt(str(event.release_id)), event.action == "rollback"
    if moved:
        return say(text.MOVED_BACK if is_back else text.MOVED, release=release, number=moved)
    return say(text.NOTHING_MOVED_BACK if is_back else text.NOTHING_MOVED, release=release)


def _publication_lines(event: journal.Event, before: str, changes: release_diff.Changes) -> list[str]:
    """The release before and the reason, the rows that moved, and how many more."""
    more = changes.total - len(changes.listed)
    return [
        say(text.BEFORE, release=formatting.spelt(before), reason=str(event.reason)),
        *map(_row_moved, changes.listed),
        *([say(text.MORE_ROWS, number=more)] if more > 0 else []),
    ]


def _row_moved(row: release_diff.ListedChange) -> str:
    """One row with the cells that are different."""
    cells = "; ".join(
        say(text.CELL_MOVED, column=column, before=before, after=after)
        for column, (before, after) in list(row.cells.items())[:CELLS]
    )
    if not cells:
        return say(text.ROW_MOVED[row.kind], table=row.table, name=row.name)
    return say(text.ROW_MOVED_CELLS[row.kind], table=row.table, name=row.name, cells=cells)


def _figure_news(name: str, request: Request, site: str, events: list[journal.Event]) -> Iterator[News]:
    """Each publication by which the rows of one figure moved."""
    query = {word: request.query_params.getlist(word) for word in request.query_params if word != "figure"}
    view = FIGURES[name]
    for event, before in _steps(events):
        release_id, when = str(event.release_id), datetime.fromisoformat(event.happened_at)
        release = answers(release_id)
        choices = view.parameters(release)
        values, _ = read_link(query, choices)
        figure = request_params.figure(release, name, values)
        then = _rows_then(name, query, before) if before else None
        rows = figure.rows if figure else None
        if figure is None and then is None:
            continue  # nothing fits, and nothing did
        if before and _same(then[1] if then else None, rows):
            continue
        title, reason = figure.title if figure else say(text.NOTHING_FITS_ANY_MORE), str(event.reason)
        title_then = then[0] if then else say(text.NOTHING_FITTED)
        content = (
            say(text.FIGURE_MOVED, before=title_then, title=title, reason=reason)
            if before
            else say(text.FIGURE_NEW, title=title, reason=reason)
        )
        link = links.permalink(site, view.page, choices, values, release_id)
        key = f"figure/{name}/{request.url.query}/{event.seq}/{event.hash[:12]}"
        yield News(key, when, title, content, link)


def _rows_then(name: str, query: dict[str, list[str]], release_id: str) -> tuple[str, pd.DataFrame] | None:
    release = answers(release_id)
    view = FIGURES[name]
    values, _ = read_link(query, view.parameters(release))
    figure = request_params.figure(release, name, values)
    return (figure.title, figure.rows) if figure else None


def _same(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one.reset_index(drop=True).equals(other.reset_index(drop=True)))


# --- the file


def atom(title: str, address: str, site: str, news: list[News], known_on: date) -> bytes:
    """The feed as Atom (RFC 4287). Identities do not depend on the host."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    newest = news[0].updated if news else datetime(known_on.year, known_on.month, known_on.day, tzinfo=UTC)
    _add(root, "id", _identity(f"feed/{address.removeprefix(site)}"))
    _add(root, "title", say(text.PAGE_TITLE, page=title, site=SITE))
    _add(root, "updated", newest.isoformat())
    _add(root, "rights", "CC BY 4.0")
    ElementTree.SubElement(root, f"{{{ATOM}}}link", rel="self", type="application/atom+xml", href=address)
    ElementTree.SubElement(root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=f"{site}/about")
    author = ElementTree.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", SITE)
    for entry in news:
        item = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
        _add(item, "id", _identity(entry.key))
        _add(item, "title", entry.title)
        _add(item, "updated", entry.updated.isoformat())
        _add(item, "published", entry.updated.isoformat())
        ElementTree.SubElement(item, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=entry.link)
        _add(item, "content", entry.text or entry.title).set("type", "text")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, content: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = "".join(sign for sign in content if sign >= " " or sign in "\n\t")
    return element


def _identity(key: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'eu-ai-funding-tracker/{key}')}"


ROUTES = [Route(PATH, for_machines(feed), methods=METHODS)]
