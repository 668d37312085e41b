"""The page /dataset, for people and search engines: what the dataset is, how to have it, what every table and column means.

Made from the declared tables and the declared lists.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pages.http import api, file_response, release_list
from pages.http.dcat import DESCRIPTION, FIRST_YEAR, KEYWORDS, LAST_YEAR, distributions
from pages.http.problems import METHODS, caching, etag, for_machines, not_modified
from pages.http.request_params import answers, chosen, wanted_release
from pages.http.resources import RESOURCES
from pages.parts.page_registry import PAGES, SITE
from pages.parts.sharing import links
from pages.parts.text import formatting
from pipelines import file_writers
from pipelines.queries.release_data import ReleaseData
from pipelines.schema import metadata


def schema_org(known: ReleaseData, site: str) -> dict[str, Any]:
    """The dataset as schema.org has it, for search engines."""
    ledger = metadata.tables["ledger"]
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site}/dataset",
        "name": SITE,
        "description": DESCRIPTION,
        "url": f"{site}/dataset",
        "version": known.release_id,
        "dateModified": known.known_on.isoformat(),
        "license": file_response.LICENCE_URL,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "keywords": list(KEYWORDS),
        "creator": {"@type": "Organization", "name": SITE, "url": f"{site}/about"},
        "citation": file_response.citation(known.release_id),
        "temporalCoverage": f"{FIRST_YEAR}/{LAST_YEAR}",
        "spatialCoverage": {"@type": "Place", "name": "European Union"},
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
            for title, address, _ending, media in distributions(site, known.release_id)
        ],
    }


STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.6 'Source Sans 3','Source Sans',Arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "background:light-dark(#FCFBF8,#14171A);color:light-dark(#1B1E22,#E9E7E1)}a{color:light-dark(#0B5A6A,#7CCBD8)}h1,h2{font-family:Georgia,serif;"
    "font-weight:600}table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
    "border-bottom:1px solid light-dark(#D9D6CE,#353A40)}div{overflow-x:auto}code{overflow-wrap:anywhere}"
)


def dataset_html(known: ReleaseData, site: str) -> str:
    """The page: what the dataset is, how to have it, what every table and column means."""
    linked = file_writers.json(schema_org(known, site)).decode().replace("<", "\\u003c")
    release = escape(formatting.spelt(known.release_id))
    lists = [(name, resource.title, resource.meaning) for name, resource in RESOURCES.items()]
    lists.append(("releases", release_list.TITLE, release_list.MEANING))
    files_of = {
        name: " ".join(
            f'<a href="{api.ROOT}/{name}.{ending}">{ending.upper()}</a>' for ending in file_response.FORMATS
        )
        for name, _title, _meaning in lists
    }
    listed = _table(
        ("List", "What it holds", "Files"),
        [(title, escape(meaning), files_of[name]) for name, title, meaning in lists],
    )
    tables = [table for table in metadata.sorted_tables if table.name in known.manifest["tables"]]
    contents = _table(
        ("Table", "Rows", "What it holds"),
        [
            (
                f'<a href="#{table.name}">{table.name}</a>',
                f"{known.manifest['tables'][table.name]['rows']:,}",
                escape(table.comment or ""),
            )
            for table in tables
        ],
    )
    columns = "".join(
        f'<h3 id="{table.name}">{table.name}</h3><p>{escape(table.comment or "")}</p>'
        + _table(
            ("Column", "Unit", "Meaning"),
            [
                (str(column.name), escape(column.info["unit"]), escape(column.comment or ""))
                for column in table.columns
            ],
        )
        for table in tables
    )
    pages = " · ".join(f'<a href="/{page.path}">{page.title}</a>' for page in PAGES)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>Dataset · {SITE}</title><meta name="description" content="{escape(DESCRIPTION, quote=True)}">'
        f'<link rel="canonical" href="{escape(site)}/dataset"><link rel="alternate" type="application/ld+json" href="/catalog.jsonld">'
        f'<link rel="alternate" type="application/atom+xml" title="What changed" href="/feed.atom"><link rel="license" href="{file_response.LICENCE_URL}">'
        f'<script type="application/ld+json">{linked}</script><style>{STYLE}</style></head><body><main><p>{pages}</p>'
        f"<h1>{SITE}: the dataset</h1><p>{escape(DESCRIPTION)}</p>"
        f"<p>Release {release}, known on {formatting.day(known.known_on)}. {file_response.LICENCE}; sources keep their own licences, see the table sources. "
        f"Cite as: {escape(file_response.citation(known.release_id))}</p><p>{escape(file_response.CAVEAT)} {escape(file_writers.HARMLESS)}</p>"
        f'<h2>Files</h2><p><a href="{api.ROOT}/bundle.zip">Everything as one zip</a>, <a href="{api.ROOT}/openapi.json">the API (OpenAPI 3.1)</a>, '
        f'<a href="/catalog.jsonld">DCAT-AP catalogue</a>, <a href="/feed.atom">what changed (Atom)</a>. '
        "CSV for Excel in continental Europe: add <code>?dialect=excel-eu</code>. Filters are those of the pages: <code>?programme=…&amp;country=…</code>. "
        "A link with <code>release=</code> never changes.</p>"
        f"{listed}<h2>Tables</h2>{contents}<h2>Columns</h2>{columns}</main></body></html>\n"
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of cells that are HTML already."""
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<div><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"


def dataset(request: Request) -> Response:
    """The page /dataset."""
    chosen(request, [])
    known, site = answers(wanted_release(request)), links.home(str(request.base_url))
    tag = etag(request, known.release_id, site)
    headers = caching(request, tag)
    return not_modified(request, tag, headers) or HTMLResponse(dataset_html(known, site), headers=headers)


ROUTES = [Route("/dataset", for_machines(dataset), methods=METHODS)]
