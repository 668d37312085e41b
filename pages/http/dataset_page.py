"""How the tracker is found: robots.txt, sitemap.xml, the page /dataset for people and search engines, and /catalog.jsonld for data portals.

Made from the table of contents, the declared tables and the declared lists.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from pages.http import api, file_response, release_list
from pages.http.problems import METHODS, caching, etag, for_machines, not_modified
from pages.http.request_params import answers, chosen, wanted_release
from pages.http.resources import RESOURCES
from pages.parts.page_registry import PAGES, SITE
from pages.parts.sharing import links
from pages.parts.text import formatting
from pipelines import file_writers
from pipelines.queries import sites as site_questions
from pipelines.queries.release_data import ReleaseData
from pipelines.schema import metadata

DESCRIPTION = (
    "Europe’s public money for artificial intelligence, amount by amount: InvestAI, Digital Europe, Horizon Europe, InvestEU, EuroHPC, AI factories "
    "and gigafactories, from announced to paid, each amount with its stage, its basis, its source and its overlaps. Independent, not an official EU site."
)
KEYWORDS = (
    "artificial intelligence",
    "European Union",
    "public funding",
    "InvestAI",
    "AI factories",
    "EuroHPC",
    "Digital Europe",
    "Horizon Europe",
)
FIRST_YEAR, LAST_YEAR = 2018, 2033
AUTHORITY = "http://publications.europa.eu/resource/authority"
THEMES = {
    "GOVE": "Government and public sector",
    "TECH": "Science and technology",
    "ECON": "Economy and finance",
}
MEDIA_NAMES = {"csv": "CSV", "json": "JSON", "parquet": "PARQUET", "xlsx": "XLSX", "zip": "ZIP"}
OPENAPI = "https://spec.openapis.org/oas/v3.1.0"
NOT_FOR_ROBOTS = ("/_stcore/", "/media/", "/api/v1/sql", "/api/v1/packs/")


def robots(request: Request) -> PlainTextResponse:
    """What search engines may read, and where the list of pages stands."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS),
        "Allow: /",
        "",
        f"Sitemap: {_site(request)}/sitemap.xml",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


def sitemap(request: Request) -> Response:
    """Every page, and each site's own view of the map, with the day of the release."""
    chosen(request, [], of_release=False)
    known, site = answers(), _site(request)
    paths = [*(f"/{page.path}" for page in PAGES), "/dataset"]
    paths += [f"/sites?site={site_id}" for site_id in known.read(site_questions.sites())["site_id"]]
    day = known.known_on.isoformat()
    listed = "".join(
        f"<url><loc>{escape(site + path)}</loc><lastmod>{day}</lastmod></url>\n" for path in paths
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n'
    tag = etag(request, known.release_id, site)
    headers = caching(request, tag)
    return not_modified(request, tag, headers) or Response(
        text, headers=headers, media_type="application/xml"
    )


# --- for data portals ------------------------------------------------------------------------------------------------------------------------


def _distributions(site: str, release_id: str) -> Iterable[tuple[str, str, str, str]]:
    """Title, address, format and media type of every file of the dataset."""
    for name, resource in RESOURCES.items():
        for ending, media in file_response.MEDIA.items():
            address = f"{site}{api.ROOT}/{name}.{ending}?release={release_id}"
            yield f"{resource.title} ({ending.upper()})", address, ending, media.partition(";")[0]
    yield (
        "Everything as one zip",
        f"{site}{api.ROOT}/bundle.zip?release={release_id}",
        "zip",
        "application/zip",
    )


def catalogue(known: ReleaseData, site: str, begun_on: str | None = None) -> dict[str, Any]:
    """The dataset as DCAT-AP 3: a catalogue with one dataset, its files and the service. begun_on: day of the first publication."""
    day = {"@type": "xsd:date", "@value": known.known_on.isoformat()}
    begun = {"dct:issued": {"@type": "xsd:date", "@value": begun_on}} if begun_on else {}
    place = _typed(f"{AUTHORITY}/continent/EUROPE", "dct:Location")
    contact = {
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": SITE,
        "vcard:hasURL": {"@id": f"{site}/about"},
    }
    keywords = [_english(word) for word in KEYWORDS]
    themes = [
        {**_typed(f"{AUTHORITY}/data-theme/{code}", "skos:Concept"), "skos:prefLabel": _english(label)}
        for code, label in THEMES.items()
    ]
    taxonomy = {
        **_typed(f"{AUTHORITY}/data-theme", "skos:ConceptScheme"),
        "dct:title": _english("Data theme"),
    }
    public = _typed(f"{AUTHORITY}/access-right/PUBLIC", "dct:RightsStatement")
    attribution = _typed("http://purl.org/adms/licencetype/Attribution", "skos:Concept") | {
        "skos:prefLabel": _english("Attribution")
    }
    licence = {**_typed(f"{AUTHORITY}/licence/CC_BY_4_0", "dct:LicenseDocument"), "dct:type": attribution}
    language = _typed(f"{AUTHORITY}/language/ENG", "dct:LinguisticSystem")
    home = _typed(f"{site}/", "foaf:Document")
    publisher = {
        "@id": f"{site}/about#publisher",
        "@type": "foaf:Agent",
        "foaf:name": SITE,
        "foaf:homepage": home,
    }
    distributions = [
        {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": _english(title),
            "dct:description": _english(f"{title}, release {known.release_id}."),
            "dcatap:availability": _typed(f"{AUTHORITY}/planned-availability/STABLE", "skos:Concept")
            | {"skos:prefLabel": _english("stable")},
            "dcat:accessURL": {"@id": address},
            "dcat:downloadURL": {"@id": address},
            "dct:format": _typed(f"{AUTHORITY}/file-type/{MEDIA_NAMES[ending]}", "dct:MediaTypeOrExtent"),
            "dcat:mediaType": _typed(
                f"https://www.iana.org/assignments/media-types/{media}", "dct:MediaType"
            ),
            "dct:license": licence,
            "dct:issued": day,
        }
        for title, address, ending, media in _distributions(site, known.release_id)
    ]
    dataset = {
        "@id": f"{site}/dataset",
        "@type": "dcat:Dataset",
        "dct:title": _english(SITE),
        "dct:description": _english(DESCRIPTION),
        "dct:identifier": "eu-ai-funding-tracker",
        "dcat:version": known.release_id,
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": contact,
        "dcat:keyword": keywords,
        "dcat:theme": themes,
        "dct:accessRights": public,
        "dct:accrualPeriodicity": _typed(f"{AUTHORITY}/frequency/IRREG", "dct:Frequency"),
        "dct:language": language,
        "dct:spatial": place,
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:gYear", "@value": str(FIRST_YEAR)},
            "dcat:endDate": {"@type": "xsd:gYear", "@value": str(LAST_YEAR)},
        },
        **begun,
        "dct:modified": day,
        "dcat:landingPage": _typed(f"{site}/data", "foaf:Document"),
        "dcat:distribution": distributions,
    }
    service = {
        "@id": f"{site}{api.ROOT}/",
        "@type": "dcat:DataService",
        "dct:title": _english(f"{SITE}: API"),
        "dct:description": _english(
            "The lists and figures as files, images and pages of rows, and read-only SQL, by HTTP."
        ),
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": contact,
        "dcat:keyword": keywords,
        "dcat:theme": themes,
        "dct:accessRights": public,
        "dct:conformsTo": _typed(OPENAPI, "dct:Standard"),
        "dcat:landingPage": _typed(f"{site}/dataset", "foaf:Document"),
        "dcat:endpointURL": {"@id": f"{site}{api.ROOT}/"},
        "dcat:endpointDescription": {"@id": f"{site}{api.ROOT}/openapi.json"},
        "dcat:servesDataset": {"@id": dataset["@id"]},
        "dct:license": licence,
    }
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dcatap": "http://data.europa.eu/r5r/",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": [
            {
                "@id": f"{site}/catalog.jsonld",
                "@type": "dcat:Catalog",
                "dct:title": _english(f"{SITE}: catalogue"),
                "dct:description": _english("What the tracker publishes for others to use."),
                "dct:publisher": {"@id": publisher["@id"]},
                "dct:language": language,
                "dct:license": licence,
                **begun,
                "dct:modified": day,
                "dct:spatial": place,
                "dcat:themeTaxonomy": taxonomy,
                "foaf:homepage": home,
                "dcat:dataset": {"@id": dataset["@id"]},
                "dcat:service": {"@id": service["@id"]},
            },
            publisher,
            dataset,
            service,
        ],
    }


def _typed(address: str, kind: str) -> dict[str, str]:
    """Something that lies elsewhere, with its class: checkers ask for it and do not fetch it."""
    return {"@id": address, "@type": kind}


def _english(text: str) -> dict[str, str]:
    return {"@language": "en", "@value": text}


def _begun_on() -> str | None:
    """The day of the first publication, None if the journal does not know it."""
    published = [moment for moment in release_list.table()["published_at"].to_pylist() if moment]
    return min(published)[:10] if published else None


def catalog(request: Request) -> Response:
    """The catalogue as JSON-LD."""
    chosen(request, [])
    known, site = answers(wanted_release(request)), _site(request)
    tag = etag(request, known.release_id, site)
    headers = {**caching(request, tag), "content-type": "application/ld+json"}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    return (
        file_response.head(headers)
        if request.method == "HEAD"
        else file_response.stream(request, [file_writers.json(catalogue(known, site, _begun_on()))], headers)
    )


# --- for people and search engines -----------------------------------------------------------------------------------------------------------


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
            for title, address, _ending, media in _distributions(site, known.release_id)
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
    known, site = answers(wanted_release(request)), _site(request)
    tag = etag(request, known.release_id, site)
    headers = caching(request, tag)
    return not_modified(request, tag, headers) or HTMLResponse(dataset_html(known, site), headers=headers)


def _site(request: Request) -> str:
    return links.home(str(request.base_url))


ROUTES = [
    Route("/robots.txt", robots),
    Route("/sitemap.xml", for_machines(sitemap), methods=METHODS),
    Route("/catalog.jsonld", for_machines(catalog), methods=METHODS),
    Route("/dataset", for_machines(dataset), methods=METHODS),
]
