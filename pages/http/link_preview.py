"""What the head of a page says for its choice, in the raw HTML: title and sentence for search engines, and what is shown where the link is pasted,
with the picture of the very figure that it leads to.
"""

import html
import logging
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import Request
from starlette.types import Scope

from pages.http import request_params
from pages.http.page_html import Head, plain_title
from pages.http.request_params import Problem, answers
from pages.parts.page_registry import SITE, Entry
from pages.parts.sharing import links
from pages.parts.text import formatting
from pages.parts.url_state import Parameter, Values, read_link, write_link
from pages.parts.views import FIGURES
from pipelines import releases
from pipelines.queries import sites as site_questions
from pipelines.queries.release_data import ReleaseData

SIZE = (1200, 675)
_LONGEST = 2000
_LONGEST_CHOICE = 150

logger = logging.getLogger("tracker.http")


class Card(NamedTuple):
    """What is said: title and sentence of the page; the finding, what is measured and the address of the view for pasted links; its picture, and that
    in words. canonical: the one address of the many that show the same."""

    title: str
    sentence: str
    canonical: str
    finding: str
    description: str
    url: str
    image: str = ""
    alt: str = ""


def tags(page: Entry, scope: Scope) -> Head:
    """What the head of a page says for the choice in its address."""
    site = links.home(str(Request(scope).base_url))
    query = scope["query_string"].decode("latin-1")[:_LONGEST]
    try:
        current, named = releases.current(), parse_qs(query).get("release")
        found = card(
            named[-1] if named else current, page, query, site, named is not None and named[-1] != current
        )
    except Exception as error:  # a page is never withheld because its picture cannot be described
        if not isinstance(error, Problem):
            logger.warning("No card for /%s?%s", page.path, query, exc_info=error)
        found = plain(page, site)
    return Head(found.title, found.sentence, as_tags(found))


def plain(page: Entry, site: str) -> Card:
    """The page itself, whatever is chosen on it."""
    title, address = plain_title(page), f"{site}/{page.path}"
    return Card(title, page.description, address, title, page.description, address)


@lru_cache(maxsize=512)
def card(release_id: str | None, page: Entry, query: str, site: str, is_past: bool = False) -> Card:
    """The first figure of the page as the address chooses it. is_past: its release is not the current one. Raises Problem if there is no such release."""
    known = answers(release_id)
    name, view = next(
        ((name, view) for name, view in FIGURES.items() if view.page == page.path),
        ("ladder", FIGURES["ladder"]),
    )
    asked = parse_qs(query, keep_blank_values=True)
    is_own = view.page == page.path
    parameters = view.parameters(known)
    values, _ = read_link(asked if is_own else {}, parameters)
    figure = request_params.figure(known, name, values)
    image = f"{site}/api/v1/figures/{quote(name)}.png?{links.query(parameters, values, known.release_id)}"
    said = links.choice_made(known, view, values) if is_own else ""
    past = known.release_id if is_past else None
    found = _said(known, page, _short(said), site, past)._replace(
        canonical=_canonical(site, page, parameters if is_own else [], values, past)
    )
    if is_own and values.get("site"):
        found = _of_site(known, values["site"][0], found)
    if figure is None:
        return found._replace(url=found.canonical)
    found = found._replace(image=image, alt=figure.alt)
    if not is_own:
        return found
    if query:
        found = found._replace(
            url=links.permalink(
                site, page.path, parameters, values, known.release_id if "release" in asked else None
            )
        )
    if values.get("site"):
        return found
    finding, measured = (
        f"{figure.title} · {_short(said)}" if said else figure.title,
        f"{figure.subtitle} {page.question} {SITE}.",
    )
    return found._replace(
        finding=finding,
        description=measured,
        sentence=f"{figure.title}. {figure.subtitle}" if said else found.sentence,
    )


def _said(known: ReleaseData, page: Entry, said: str, site: str, past: str | None) -> Card:
    """A page with its choice and, if that is not the current one, its release in words."""
    found = plain(page, site)
    more = "; ".join(filter(None, [said, f"release {formatting.spelt(known.release_id)}" if past else ""]))
    if not more:
        return found
    return found._replace(
        title=f"{page.title}: {more} · {SITE}",
        finding=f"{page.title}: {more}",
        sentence=f"{page.title}: {more}. {page.description}",
    )


def _canonical(site: str, page: Entry, parameters: list[Parameter], values: Values, past: str | None) -> str:
    """The shortest address of the view: what differs from the preset choice, and the release if it is not the current one."""
    said: dict[str, Any] = {**write_link(values, parameters), **({"release": past} if past else {})}
    return f"{site}/{page.path}" + (f"?{urlencode(said, doseq=True)}" if said else "")


def _of_site(known: ReleaseData, site_id: str, found: Card) -> Card:
    """The card of one site: its name, kind, place, status and total."""
    row = known.read(site_questions.sites()).set_index("site_id").loc[site_id].to_dict()
    place = ", ".join(part for part in (row["city"], row["country_label"]) if part)
    what = f"{row['name']}: {row['kind_label']}{f' in {place}' if place else ''}"
    total = formatting.euros(row["total_eur"], row["total_qualifier"] or "exact")
    sentence = f"{what}. Status: {row['status_label']}. Total cost: {total}. Its euros by funder and stage, what was promised, and every source."
    return found._replace(title=f"{what} · {SITE}", sentence=sentence, finding=what, description=sentence)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_CHOICE else f"{text[:_LONGEST_CHOICE].rsplit(' ', 1)[0]} …"


def as_tags(found: Card) -> str:
    """The address of the view for search engines, and Open Graph tags, as scrapers of networks and newsrooms read them."""
    said = {
        "og:title": found.finding,
        "og:description": found.description,
        "og:type": "website",
        "og:site_name": SITE,
        "og:url": found.url,
    }
    if found.image:
        width, height = SIZE
        said |= {
            "og:image": found.image,
            "og:image:alt": found.alt[:400],
            "og:image:width": str(width),
            "og:image:height": str(height),
        }
    lines = [f'<link rel="canonical" href="{html.escape(found.canonical, quote=True)}" />']
    lines += [
        f'<meta property="{name}" content="{html.escape(text, quote=True)}" />' for name, text in said.items()
    ]
    if found.image:
        lines.append('<meta name="twitter:card" content="summary_large_image" />')
    return "\n    ".join(lines)
