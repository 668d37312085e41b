"""Figures for the pages of others: `/embed/<figure>?…` is a small page of its own without Streamlit, the only
kind of page that anybody may frame.
"""

import gzip
from functools import lru_cache
from html import escape
from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pages.http.api_errors_and_headers import ASK_AGAIN, IMMUTABLE, caching, etag, not_modified
from pages.http.figure_request import figure_of, read_figure_request, theme
from pages.http.request_params import Problem
from pages.http.security_middleware import STREAMLIT_FILES
from pages.parts.design_tokens import TOKENS, Theme
from pages.parts.figure_request import FigureRequest
from pages.parts.figures.legend_icons import picture
from pages.parts.page_registry import SITE
from pages.parts.sharing import links
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pages.parts.views import FIGURES
from pipelines import as_of_days

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
SCRIPT = f"/embed/plotly-{plotly.__version__}.min.js"
EDITION = "embed 3"

# Only files of ours; drawings are styled by the script, therefore unsafe-inline for styles. The figure itself
# is data and never runs.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)

CSS = """
@font-face{font-family:"Source Sans";src:url(SANS) format("woff2");font-weight:200 900}
@font-face{font-family:"Source Serif";src:url(SERIF) format("woff2");font-weight:200 900}
*{box-sizing:border-box}html{background:GROUND;color:TEXT;font:16px/1.45 "Source Sans",Arial,sans-serif}body{margin:0}
main{padding:20px;border:1px solid BORDER}h1{margin:0;font:600 22px/1.25 "Source Serif",Georgia,serif}
p{margin:6px 0 0}.quiet{color:MUTED}ul{display:flex;flex-wrap:wrap;gap:6px 18px;margin:12px 0 0;padding:0;list-style:none;font-size:14px}
li{display:flex;gap:7px;align-items:center}li img{width:14px;height:14px}#drawing{margin:16px 0 12px;width:100%}.small{font-size:14px}
footer{display:flex;flex-wrap:wrap;gap:6px 14px;margin-top:14px;padding-top:12px;border-top:1px solid BORDER;font-size:14px}footer :first-child{margin-right:auto}
a{color:ACCENT;text-underline-offset:.15em}a:focus-visible{outline:2px solid ACCENT;outline-offset:2px}noscript img{max-width:100%;height:auto}
"""


def styles(ground: Theme) -> str:
    """The look of an embed on a ground; the fonts are the files that Streamlit serves."""
    tokens, media = TOKENS[ground], STREAMLIT_FILES / "static" / "media"
    sans, serif = (
        next(media.glob(name)).name
        for name in ("SourceSansVF-Upright*.woff2", "SourceSerifVariable-Roman*.woff2")
    )
    css = CSS.replace("SANS", f"/static/media/{sans}").replace("SERIF", f"/static/media/{serif}")
    for name, colour in {
        "GROUND": tokens.background,
        "TEXT": tokens.text,
        "BORDER": tokens.border,
        "MUTED": tokens.muted,
    }.items():
        css = css.replace(name, colour)
    return css.replace("ACCENT", tokens.accent)


def page_html(figure_request: FigureRequest, ground: Theme) -> str:
    """The page of an embed."""
    release, figure = figure_request.answers.release_id, figure_of(figure_request)
    is_frozen = figure_request.is_frozen
    query = links.query(
        figure_request.parameters,
        figure_request.values,
        release if is_frozen else as_of_days.of_current(release),
    )
    image, data = f"/api/v1/figures/{figure.name}.svg?{query}", f"/api/v1/figures/{figure.name}.csv?{query}"
    wide, narrow = (figure_request.drawing(ground, width).json for width in ("wide", "narrow"))
    content = f'{{"name":"{figure.name}","wide":{wide},"narrow":{narrow}}}'.replace("<", "\\u003c")
    key = "".join(
        f'<li><img src="{picture(mark, ground)}" alt="">{escape(mark.meaning)}</li>'
        for mark in figure.key(ground)
    )
    title, alt = escape(figure.title), escape(figure.alt, quote=True)
    sources = say(
        text.EMBED_PERMANENT if is_frozen else text.EMBED_LIVE,
        sources=figure.source,
        release=formatting.spelt(release),
    )
    ways = " ".join(
        f'<a href="{escape(address)}" target="_blank" rel="noopener">{escape(label)}</a>'
        for address, label in (
            (figure_request.permalink(is_frozen), say(text.EMBED_OPEN_FIGURE, site=SITE)),
            (image, say(text.EMBED_IMAGE)),
            (data, say(text.EMBED_DATA)),
        )
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(say(text.EMBED_TITLE, title=figure.title, site=SITE))}</title>"
        f'<meta name="robots" content="noindex"><style>{styles(ground)}</style></head><body><main>'
        f'<h1>{title}</h1><p class="quiet">{escape(figure.subtitle)}</p>{f"<ul>{key}</ul>" if key else ""}'
        f'<div id="drawing" role="figure" aria-label="{alt}"></div>'
        f'<noscript><img src="{escape(image)}" alt="{alt}"></noscript>'
        f'<p class="quiet small"><b>{escape(say(text.EMBED_SOURCES))}</b> {escape(sources)}</p>'
        f"<footer>{ways}<span>{escape(say(text.EMBED_NOT_OFFICIAL))}</span></footer></main>"
        f'<script id="figure" type="application/json">{content}</script><script src="{SCRIPT}"></script><script src="/app/static/embed.js"></script>'
        "</body></html>\n"
    )


def problem_html(problem: Problem) -> str:
    """A problem inside a frame, with the way to the site, and to the figures if it is about those that there
    are.
    """
    offered = problem.allowed.get("figure", ()) if isinstance(problem.allowed, dict) else ()
    items = "".join(f'<li><a href="/embed/{escape(name)}">{escape(name)}</a></li>' for name in offered)
    listed = f"<p>{escape(say(text.EMBED_OFFERED))}</p><ul>{items}</ul>" if items else ""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(say(text.EMBED_TITLE, title=problem.title, site=SITE))}</title>"
        f"<style>{styles('light')}</style></head><body><main>"
        f"<h1>{escape(problem.title)}</h1><p>{escape(problem.detail)}</p>{listed}"
        f'<footer><a href="/" target="_blank" rel="noopener">{escape(say(text.EMBED_OPEN_SITE, site=SITE))}</a>'
        "</footer></main></body></html>\n"
    )


def answer(request: Request) -> Response:
    """The embed of a figure, or the problem in words."""
    try:
        figure_request, ground = read_figure_request(request, ("theme",)), theme(request)
        tag = etag(request, figure_request.answers.release_id, f"{EDITION} {figure_request.site}")
        headers = {**caching(request, tag), "content-security-policy": POLICY}
        # Live or frozen, the page may change its look: it is asked again each time.
        headers["cache-control"] = ASK_AGAIN
        return not_modified(request, tag, headers) or HTMLResponse(
            page_html(figure_request, ground), headers=headers
        )
    except Problem as problem:
        return HTMLResponse(
            problem_html(problem),
            problem.status,
            {"content-security-policy": POLICY, "cache-control": "no-store", **problem.headers},
        )


async def embed(request: Request) -> Response:
    """The endpoint of an embed."""
    return await run_in_threadpool(answer, request)


@lru_cache(maxsize=1)
def _packed() -> bytes:
    return gzip.compress(PLOTLY.read_bytes(), compresslevel=6, mtime=0)


def script(request: Request) -> Response:
    """plotly.js as the installed package brings it: nobody else is asked."""
    headers = {"cache-control": IMMUTABLE, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            _packed(), headers={**headers, "content-encoding": "gzip"}, media_type="text/javascript"
        )
    return Response(PLOTLY.read_bytes(), headers=headers, media_type="text/javascript")


def nothing_here(request: Request) -> Response:
    """404 for every other address below /embed/: Streamlit would answer with its start page."""
    problem = Problem(
        404,
        say(text.NOTHING_TO_EMBED),
        say(text.NOTHING_TO_EMBED_AT, path=request.url.path),
        {"figure": sorted(FIGURES)},
    )
    return HTMLResponse(
        problem_html(problem),
        problem.status,
        {"content-security-policy": POLICY, "cache-control": "no-store"},
    )


ROUTES = [Route(SCRIPT, script), Route("/embed/{figure}", embed), Route("/embed/{rest:path}", nothing_here)]
