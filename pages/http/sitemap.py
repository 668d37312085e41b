"""What search engines may read: robots.txt, and sitemap.xml with every page and each site's own view of the
map.
"""

from html import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.request_params import answers, chosen
from pages.parts.page_registry import PAGES
from pages.parts.sharing import links
from pipelines.queries import host_countries as state_questions
from pipelines.queries import sites as site_questions

NOT_FOR_ROBOTS = ("/_stcore/", "/media/", "/api/v1/sql", "/api/v1/packs/")


def robots(request: Request) -> PlainTextResponse:
    """What search engines may read, and where the list of pages stands."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        "Allow: /",
        "",
        f"Sitemap: {links.home(str(request.base_url))}/sitemap.xml",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


def sitemap(request: Request) -> Response:
    """Every page, and the page of each site and country, with the day of the release."""
    chosen(request, [], of_release=False)
    release, site = answers(), links.home(str(request.base_url))
    paths = [*(f"/{page.path}" for page in PAGES), "/dataset"]
    paths += [f"/sites?site={site_id}" for site_id in release.read(site_questions.sites())["site_id"]]
    paths += [f"/countries?country={code}" for code in release.read(state_questions.states())["country"]]
    day = release.known_on.isoformat()
    listed = "".join(
        f"<url><loc>{escape(site + path)}</loc><lastmod>{day}</lastmod></url>\n" for path in paths
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset '
        f'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
    )
    tag = etag(request, release.release_id, site)
    headers = caching(request, tag)
    return not_modified(request, tag, headers) or Response(
        text, headers=headers, media_type="application/xml"
    )


ROUTES = [
    Route("/robots.txt", robots),
    Route("/sitemap.xml", for_machines(sitemap), methods=METHODS),
]
