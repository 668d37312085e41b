"""The raw HTML of each page: what a reader without scripts, a search engine or a scraper of links reads.

Pure.
"""

import html
import re
from pathlib import Path
from typing import NamedTuple

from starlette.types import Scope

from pages.parts.design_tokens import light_dark
from pages.parts.page_registry import PAGES, SITE, Entry
from pages.parts.text import http as text
from pages.parts.text.translation import say

TITLE, DESCRIPTION, TAGS = (
    "<!-- title -->",
    "<!-- description -->",
    "<!-- tags -->",
)  # what the head of an answer puts in their place


CHARTS_EARLY = Path(__file__).with_name("charts_early.js").read_text(encoding="utf-8").strip()


class Head(NamedTuple):
    """What the head of a page says. tags: further tags, as HTML."""

    title: str
    description: str
    tags: str = ""


def plain_title(page: Entry) -> str:
    """The title of a page, whatever is chosen on it."""
    if page.path:
        return say(text.PAGE_TITLE, page=page.title, site=SITE)
    return say(text.FIRST_TITLE, site=SITE, question=page.question)


def plain_head(page: Entry, _scope: Scope) -> Head:
    """The head of a page, whatever is chosen on it."""
    return Head(plain_title(page), page.description)


def page_html(index: str, chart_library: str = "") -> str:
    """Streamlit's index.html as the raw HTML of our pages: language, title, description, words for readers
    without scripts. See `with_head`.

    chart_library: the address of the script that draws charts, which the browser loads while it waits for the
    server's first answer; "" if the page draws none.
    """
    head = (
        f'<title>{TITLE}</title>\n    <meta name="description" content="{DESCRIPTION}" />\n    {TAGS}\n'
        '    <link rel="alternate" type="application/atom+xml" '
        f'title="{html.escape(say(text.FEED), quote=True)}" href="./feed.atom" />'
    )
    links = " · ".join(f'<a href="./{entry.path}">{entry.title}</a>' for entry in PAGES)
    noscript = (
        f"<noscript><h1>{TITLE}</h1><p>{DESCRIPTION}</p><p>{html.escape(say(text.NEEDS_SCRIPTS))}</p>"
        f"<p>{links}</p></noscript>"
    )
    page = re.sub(r"<!--.*?-->", "", index, flags=re.DOTALL)
    page = re.sub(r'\s*<link rel="service-desc"[^>]*>', "", page)
    page = page.replace("<title>Streamlit</title>", head).replace("./favicon.png", "./app/static/icon.svg")
    page = re.sub(r"<html[^>]*>", '<html lang="en">', page)
    if chart_library:
        page = page.replace("</head>", f"{charts_early(chart_library)}\n  </head>")
    return re.sub(r"<noscript>.*?</noscript>", lambda _: noscript, page, flags=re.DOTALL).strip() + "\n"


def charts_early(library: str) -> str:
    """Tags that load Plotly at once and run it as soon as the page has asked the server for its content.

    Streamlit itself asks for it only when the first chart has arrived.
    """
    return (
        f'<link rel="modulepreload" crossorigin fetchpriority="low" href="{library}" />\n'
        f"    <script>{CHARTS_EARLY.replace('LIBRARY', library)}</script>"
    )


def with_head(page: str, head: Head) -> str:
    """The raw HTML of a page with what its head says. page: from `page_html`."""
    by_mark = {TITLE: html.escape(head.title), DESCRIPTION: html.escape(head.description), TAGS: head.tags}
    return re.sub("|".join(map(re.escape, by_mark)), lambda match: by_mark[match[0]], page)


def missing_html(path: str) -> str:
    """The page for an address that does not exist, with the ways on."""
    links = "".join(
        f'<li><a href="/{entry.path}">{entry.title}</a>: {html.escape(entry.question)}</li>'
        for entry in PAGES
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width">'
        f"<title>{say(text.PAGE_TITLE, page=say(text.MISSING), site=SITE)}</title>"
        "<style>:root{color-scheme:light dark}"
        "body{font:1rem/1.6 'Source Sans 3','Source Sans',Arial,sans-serif;max-width:40rem;margin:4rem "
        "auto;padding:0 1rem;"
        f"background:{light_dark('background')};color:{light_dark('text')}}}"
        f"a{{color:{light_dark('accent')}}}"
        "h1{font-family:Georgia,serif;font-weight:600}</style></head><body><main>"
        f"<h1>{say(text.MISSING_HEADING)}</h1>"
        f"<p>{html.escape(say(text.MISSING_WAYS, path=path))}</p><ul>{links}</ul></main></body></html>\n"
    )
