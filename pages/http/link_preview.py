"""What the head of a page says for its choice, in the raw HTML: title and sentence for search engines, and
what is shown where the link is pasted, with the picture of the very figure that it leads to.
"""

import html
import logging
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import Request
from starlette.types import Scope

from pages.http import request_params
from pages.http.prerendered_html import Head, plain_title
from pages.http.request_params import Problem, answers
from pages.parts.other_spellings import respelt
from pages.parts.page_registry import SITE, Entry
from pages.parts.sharing import links
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values, read_link, write_link
from pages.parts.views import FIGURES
from pipelines import as_of_days, releases
from pipelines.queries import sites as site_questions
from pipelines.queries.release_answers import ReleaseData
from pipelines.size_limited_cache import ByteCache, size_of

SIZE = (1200, 675)
_LONGEST = 2000
_LONGEST_CHOICE = 150

logger = logging.getLogger("tracker.http")


class Card(NamedTuple):
    """What is said: title and sentence of the page; the finding, what is measured and the address of the view
    for pasted links; its picture, and that in words. canonical: the one address of the many that show the
    same.
    """

    title: str
    sentence: str
    canonical: str
    finding: str
    description: str
    url: str
    image: str = ""
    alt: str = ""


CARDS: ByteCache[Card] = ByteCache(4 * 2**20, size_of)
"""Cards by release, page, query, address of the site and locale."""


def tags(page: Entry, scope: Scope) -> Head:
    """What the head of a page says for the choice in its address."""
    site = links.home(str(Request(scope).base_url))
    query = scope["query_string"].decode("latin-1")[:_LONGEST]
    try:
        current, asked = releases.current(), Request(scope)
        wanted = request_params.wanted_release(asked) or current
        preview = card(wanted, page, query, site, wanted != current)
    except Exception as error:  # a page is never withheld because its picture cannot be described
        if not isinstance(error, Problem):
            logger.warning("No card for /%s?%s", page.path, query, exc_info=error)
        preview = plain(page, site)
    return Head(preview.title, preview.sentence, as_tags(preview))


def plain(page: Entry, site: str) -> Card:
    """The page itself, whatever is chosen on it."""
    title, address = plain_title(page), f"{site}/{page.path}"
    return Card(title, page.description, address, title, page.description, address)


def card(
    release_id: str | None,
    page: Entry,
    query: str,
    site: str,
    is_past: bool = False,
    locale: str = ENGLISH,
) -> Card:
    """The first figure of the page as the address chooses it, made once. is_past: its release is not the
    current one.

    Raises Problem if there is no such release.
    """
    release = answers(release_id)
    key = (release.identity, page, query, site, is_past, locale)
    return CARDS.get(key, lambda: _card(release, page, query, site, is_past, locale))


def _card(release: ReleaseData, page: Entry, query: str, site: str, is_past: bool, locale: str) -> Card:
    name, view = next(
        ((name, view) for name, view in FIGURES.items() if view.page == page.path),
        ("ladder", FIGURES["ladder"]),
    )
    query_values = parse_qs(query, keep_blank_values=True)
    is_own = view.page == page.path
    parameters = view.parameters(release)
    spelt, _ = respelt(query_values if is_own else {}, parameters, with_names=True)
    values, _ = read_link(spelt, parameters)
    figure = request_params.figure(release, name, values)
    image = f"{site}/api/v1/figures/{quote(name)}.png?{links.query(parameters, values, release.release_id)}"
    choice = links.choice_made(release, view, values, locale) if is_own else ""
    past = release.release_id if is_past else None
    if past and "release" not in query_values:
        past = as_of_days.of_current(past)
    preview = _with_choice(release, page, _short(choice), site, past, locale)._replace(
        canonical=_canonical(site, page, parameters if is_own else [], values, past)
    )
    if is_own and values.get("site"):
        preview = _of_site(release, values["site"][0], preview, locale)
    if figure is None:
        return preview._replace(url=preview.canonical)
    preview = preview._replace(image=image, alt=figure.alt)
    if not is_own:
        return preview
    if query:
        preview = preview._replace(
            url=links.permalink(
                site,
                page.path,
                parameters,
                values,
                release.release_id
                if "release" in query_values
                else as_of_days.of_current(release.release_id),
            )
        )
    if values.get("site"):
        return preview
    preview = preview._replace(
        finding=figure.title,
        description=say(
            text.FIGURE_DESCRIPTION,
            locale,
            subtitle=figure.subtitle,
            question=say(page.words.question, locale),
            site=SITE,
        ),
    )
    if not choice:
        return preview
    return preview._replace(
        finding=say(text.FIGURE_FINDING, locale, title=figure.title, choice=_short(choice)),
        sentence=say(text.FIGURE_SENTENCE, locale, title=figure.title, subtitle=figure.subtitle),
    )


def _with_choice(
    release: ReleaseData, page: Entry, choice: str, site: str, past: str | None, locale: str
) -> Card:
    """A page with its choice and, if that is not the current one, its release in words."""
    preview = plain(page, site)
    named = say(text.CARD_RELEASE, locale, release=formatting.spelt(release.release_id)) if past else ""
    chosen = "; ".join(filter(None, [choice, named]))
    if not chosen:
        return preview
    title, description = say(page.words.title, locale), say(page.words.description, locale)
    return preview._replace(
        title=say(text.CARD_TITLE, locale, page=title, choice=chosen, site=SITE),
        finding=say(text.CARD_FINDING, locale, page=title, choice=chosen),
        sentence=say(text.CARD_SENTENCE, locale, page=title, choice=chosen, description=description),
    )


def _canonical(site: str, page: Entry, parameters: list[Parameter], values: Values, past: str | None) -> str:
    """The shortest address of the view: what differs from the preset choice, and the release if it is not the
    current one.
    """
    chosen: dict[str, Any] = {**write_link(values, parameters), **as_of_days.words(past)}
    return f"{site}/{page.path}" + (f"?{urlencode(chosen, doseq=True)}" if chosen else "")


def _of_site(release: ReleaseData, site_id: str, preview: Card, locale: str) -> Card:
    """The card of one site: its name, kind, place, status and total."""
    row = release.read(site_questions.sites()).set_index("site_id").loc[site_id].to_dict()
    location = ", ".join(part for part in (row["city"], row["country_label"]) if part)
    named = (
        say(text.SITE_PLACED, locale, name=row["name"], kind=row["kind_label"], place=location)
        if location
        else say(text.SITE_NAMED, locale, name=row["name"], kind=row["kind_label"])
    )
    total = formatting.euros(row["total_eur"], row["total_qualifier"] or "exact", locale=locale)
    sentence = say(text.SITE_SENTENCE, locale, site=named, status=row["status_label"], total=total)
    title = say(text.PAGE_TITLE, locale, page=named, site=SITE)
    return preview._replace(title=title, sentence=sentence, finding=named, description=sentence)


def _short(choice: str) -> str:
    """A choice that fits where links are pasted."""
    return choice if len(choice) <= _LONGEST_CHOICE else f"{choice[:_LONGEST_CHOICE].rsplit(' ', 1)[0]} …"


def as_tags(preview: Card) -> str:
    """The address of the view for search engines, and Open Graph tags, as scrapers of networks and newsrooms
    read them.
    """
    properties = {
        "og:title": preview.finding,
        "og:description": preview.description,
        "og:type": "website",
        "og:site_name": SITE,
        "og:url": preview.url,
    }
    if preview.image:
        width, height = SIZE
        properties |= {
            "og:image": preview.image,
            "og:image:alt": preview.alt[:400],
            "og:image:width": str(width),
            "og:image:height": str(height),
        }
    lines = [f'<link rel="canonical" href="{html.escape(preview.canonical, quote=True)}" />']
    lines += [
        f'<meta property="{name}" content="{html.escape(content, quote=True)}" />'
        for name, content in properties.items()
    ]
    if preview.image:
        lines.append('<meta name="twitter:card" content="summary_large_image" />')
    return "\n    ".join(lines)
