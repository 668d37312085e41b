"""The page /dataset, for people and search engines: what the dataset is, how to have it, what every table and
column means.

Made from the declared tables and the declared lists.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pages.http import api, release_list, table_response
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.api_list_declarations import RESOURCES
from pages.http.dcat import DESCRIPTION, FIRST_YEAR, KEYWORDS, LAST_YEAR, distributions
from pages.http.request_params import answers, chosen, wanted_release
from pages.parts.design_tokens import light_dark
from pages.parts.page_registry import PAGES, SITE
from pages.parts.sharing import links
from pages.parts.text import api as text
from pages.parts.text import formatting
from pages.parts.text.translation import Message, say
from pages.parts.text.where_we_looked import two_dates
from pipelines import file_writers
from pipelines.queries.release_answers import ReleaseData
from pipelines.schema import metadata


def schema_org(release: ReleaseData, site: str) -> dict[str, Any]:
    """The dataset as schema.org has it, for search engines."""
    ledger = metadata.tables["ledger"]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site}/dataset",
        "name": SITE,
        "description": DESCRIPTION,
        "url": f"{site}/dataset",
        "version": release.release_id,
        "dateModified": release.known_on.isoformat(),
        "license": table_response.LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "keywords": list(KEYWORDS),
        "creator": {"@type": "Organization", "name": SITE, "url": f"{site}/about"},
        "citation": table_response.citation(release.release_id),
        "temporalCoverage": f"{FIRST_YEAR}/{LAST_YEAR}",
        "spatialCoverage": {"@type": "Place", "name": say(text.UNION)},
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": str(column.name),
                "description": column.comment,
                "unitText": column.info["unit"],
            }
            for column in ledger.columns
        ],
        "distribution": [
            {"@type": "DataDownload", "name": title, "contentUrl": address, "encodingFormat": media}
            for title, address, _ending, media in distributions(site, release.release_id)
        ],
    }


STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.6 'Source Sans 3','Source "
    "Sans',Arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    f"background:{light_dark('background')};color:{light_dark('text')}}}"
    f"a{{color:{light_dark('accent')}}}h1,h2{{font-family:Georgia,serif;"
    "font-weight:600}table{border-collapse:collapse;width:100%;margin:1rem "
    "0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
    f"border-bottom:1px solid {light_dark('border')}}}div{{overflow-x:auto}}code{{overflow-wrap:anywhere}}"
)


def dataset_html(release: ReleaseData, site: str) -> str:
    """The page: what the dataset is, how to have it, what every table and column means."""
    linked = file_writers.json(schema_org(release, site)).decode().replace("<", "\\u003c")
    lists = [(name, resource.title, resource.meaning) for name, resource in RESOURCES.items()]
    lists.append(("releases", release_list.TITLE, release_list.MEANING))
    files_of = {
        name: " ".join(
            f'<a href="{api.ROOT}/{name}.{ending}">{ending.upper()}</a>' for ending in table_response.FORMATS
        )
        for name, _title, _meaning in lists
    }
    listed = _table(
        text.LIST_TITLES,
        [(title, escape(meaning), files_of[name]) for name, title, meaning in lists],
    )
    tables = [table for table in metadata.sorted_tables if table.name in release.manifest["tables"]]
    contents = _table(
        text.TABLE_TITLES,
        [
            (
                f'<a href="#{table.name}">{table.name}</a>',
                formatting.whole(release.manifest["tables"][table.name]["rows"]),
                escape(table.comment or ""),
            )
            for table in tables
        ],
    )
    columns = "".join(
        f'<h3 id="{table.name}">{table.name}</h3><p>{escape(table.comment or "")}</p>'
        + _table(
            text.COLUMN_TITLES,
            [
                (str(column.name), escape(column.info["unit"]), escape(column.comment or ""))
                for column in table.columns
            ],
        )
        for table in tables
    )
    pages = " · ".join(f'<a href="/{page.path}">{page.title}</a>' for page in PAGES)
    feed = escape(say(text.FEED_TITLE), quote=True)
    released = say(
        text.RELEASE,
        release=formatting.spelt(release.release_id),
        dates=two_dates(release.newest_source, release.known_on),
        licence=table_response.LICENCE,
        citation=table_response.citation(release.release_id),
    )
    ways = say(
        text.LINKS,
        bundle=_link(f"{api.ROOT}/bundle.zip", text.EVERYTHING_AS_ZIP),
        api=_link(f"{api.ROOT}/openapi.json", text.LINK_API),
        catalogue=_link("/catalog.jsonld", text.LINK_CATALOGUE),
        feed=_link("/feed.atom", text.LINK_FEED),
    )
    hints = (
        say(text.EXCEL, parameter="<code>?dialect=excel-eu</code>"),
        say(text.FILTERS, parameters="<code>?programme=…&amp;country=…</code>"),
        say(text.LASTING, parameter="<code>release=</code>"),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width">'
        f"<title>{say(text.PAGE_TITLE)} · {SITE}</title>"
        f'<meta name="description" content="{escape(DESCRIPTION, quote=True)}">'
        f'<link rel="canonical" href="{escape(site)}/dataset"><link rel="alternate" '
        'type="application/ld+json" href="/catalog.jsonld">'
        f'<link rel="alternate" type="application/atom+xml" title="{feed}" href="/feed.atom">'
        f'<link rel="license" href="{table_response.LICENCE_URL}">'
        "<script "
        f'type="application/ld+json">{linked}</script><style>{STYLE}</style></head><body><main><p>{pages}</p>'
        f"<h1>{say(text.PAGE_HEADING, site=SITE)}</h1><p>{escape(DESCRIPTION)}</p>"
        f"<p>{escape(released)}</p><p>{escape(table_response.CAVEAT)} {escape(file_writers.HARMLESS)}</p>"
        f"<h2>{say(text.FILES)}</h2><p>{ways} {' '.join(hints)}</p>"
        f"{listed}<h2>{say(text.TABLES)}</h2>{contents}"
        f"<h2>{say(text.COLUMNS)}</h2>{columns}</main></body></html>\n"
    )


def _link(address: str, label: Message) -> str:
    """A link as HTML."""
    return f'<a href="{address}">{escape(say(label))}</a>'


def _table(titles: Iterable[Message], rows: Iterable[tuple[str, ...]]) -> str:
    """A table as HTML. rows: of cells that are HTML already."""
    head = "".join(f"<th>{escape(say(title))}</th>" for title in titles)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def dataset(request: Request) -> Response:
    """The page /dataset."""
    chosen(request, [], of_day=False)
    release, site = answers(wanted_release(request)), links.home(str(request.base_url))
    tag = etag(request, release.release_id, site)
    headers = caching(request, tag)
    return not_modified(request, tag, headers) or HTMLResponse(dataset_html(release, site), headers=headers)


ROUTES = [Route("/dataset", for_machines(dataset), methods=METHODS)]
