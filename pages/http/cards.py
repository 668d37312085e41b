"""What a link to a page shows where it is pasted: title, sentence and picture of the very figure that it leads to, as tags in the raw HTML."""

import html
import logging
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.types import Scope

from pages.http import asking
from pages.http.asking import Problem, answers
from pages.parts import share
from pages.parts.contents import SITE, Entry
from pages.parts.link import read_link
from pages.parts.views import FIGURES
from pipelines import releases

SIZE = (1200, 675)
_LONGEST = 2000

logger = logging.getLogger("tracker.http")


class Card(NamedTuple):
    """What is shown: the finding, what is measured, the address of the view, its picture and that in words."""

    title: str
    description: str
    url: str
    image: str = ""
    alt: str = ""


def tags(page: Entry, scope: Scope) -> str:
    """The tags of a page for the choice in its address."""
    site = share.home(str(Request(scope).base_url))
    query = scope["query_string"].decode("latin-1")[:_LONGEST]
    try:
        named = parse_qs(query).get("release")
        found = card(named[-1] if named else releases.current(), page, query, site)
    except Exception as error:  # a page is never withheld because its picture cannot be described
        if not isinstance(error, Problem):
            logger.warning("No card for /%s?%s", page.path, query, exc_info=error)
        found = plain(page, site)
    return as_tags(found)


def plain(page: Entry, site: str) -> Card:
    """The page itself, whatever is chosen on it."""
    return Card(f"{page.title} · {SITE}" if page.path else f"{SITE}: {page.question}", page.description, f"{site}/{page.path}")


@lru_cache(maxsize=512)
def card(release_id: str | None, page: Entry, query: str, site: str) -> Card:
    """The first figure of the page as the address chooses it. Raises Problem if there is no such release."""
    known = answers(release_id)
    name, view = next(((name, view) for name, view in FIGURES.items() if view.page == page.path), ("ladder", FIGURES["ladder"]))
    asked = parse_qs(query, keep_blank_values=True)
    is_own = view.page == page.path
    parameters = view.parameters(known)
    values, _ = read_link(asked if is_own else {}, parameters)
    figure = asking.figure(known, name, values)
    if figure is None:
        return plain(page, site)
    kept = [known.release_id] if "release" in asked else []
    url = share.permalink(site, page.path, parameters, values, kept[0] if kept else None) if is_own and query else f"{site}/{page.path}"
    image = f"{site}/api/v1/figures/{quote(name)}.png?{share.query(parameters, values, known.release_id)}"
    if not is_own:
        return plain(page, site)._replace(image=image, alt=figure.alt)
    return Card(figure.title, f"{figure.subtitle} {page.question} {SITE}.", url, image, figure.alt)


def as_tags(found: Card) -> str:
    """Open Graph tags, as scrapers of networks and newsrooms read them."""
    said = {"og:title": found.title, "og:description": found.description, "og:type": "website", "og:site_name": SITE, "og:url": found.url}
    if found.image:
        width, height = SIZE
        said |= {"og:image": found.image, "og:image:alt": found.alt[:400], "og:image:width": str(width), "og:image:height": str(height)}
    lines = [f'<meta property="{name}" content="{html.escape(text, quote=True)}" />' for name, text in said.items()]
    if found.image:
        lines.append('<meta name="twitter:card" content="summary_large_image" />')
    return "\n    ".join(lines)
