"""/catalog.jsonld: the dataset for data portals, as DCAT-AP 3 in JSON-LD.

Made from the declared lists and their formats.
"""

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import api, release_list, table_response
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.api_list_declarations import RESOURCES
from pages.http.request_params import answers, chosen, wanted_release
from pages.parts.page_registry import SITE
from pages.parts.sharing import links
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pipelines import file_writers
from pipelines.queries.release_answers import ReleaseData

DESCRIPTION = say(text.DATASET)
KEYWORDS = tuple(say(keyword) for keyword in text.KEYWORDS)
FIRST_YEAR, LAST_YEAR = 2018, 2033
AUTHORITY = "http://publications.europa.eu/resource/authority"
THEMES = {code: say(label) for code, label in text.THEMES.items()}
MEDIA_NAMES = {"csv": "CSV", "json": "JSON", "parquet": "PARQUET", "xlsx": "XLSX", "zip": "ZIP"}
OPENAPI = "https://spec.openapis.org/oas/v3.1.0"


def distributions(site: str, release_id: str) -> Iterable[tuple[str, str, str, str]]:
    """Title, address, format and media type of every file of the dataset."""
    for name, resource in RESOURCES.items():
        for ending, media in table_response.MEDIA.items():
            address = f"{site}{api.ROOT}/{name}.{ending}?release={release_id}"
            yield (
                say(text.FILE, title=resource.title, format=ending.upper()),
                address,
                ending,
                media.partition(";")[0],
            )
    yield (
        say(text.EVERYTHING_AS_ZIP),
        f"{site}{api.ROOT}/bundle.zip?release={release_id}",
        "zip",
        "application/zip",
    )


def catalogue(release: ReleaseData, site: str, begun_on: str | None = None) -> dict[str, Any]:
    """The dataset as DCAT-AP 3: a catalogue with one dataset, its files and the service.

    begun_on: day of the first publication.
    """
    day = {"@type": "xsd:date", "@value": release.known_on.isoformat()}
    begun = {"dct:issued": {"@type": "xsd:date", "@value": begun_on}} if begun_on else {}
    europe = _typed(f"{AUTHORITY}/continent/EUROPE", "dct:Location")
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
        "dct:title": _english(say(text.DATA_THEME)),
    }
    public = _typed(f"{AUTHORITY}/access-right/PUBLIC", "dct:RightsStatement")
    attribution = _typed("http://purl.org/adms/licencetype/Attribution", "skos:Concept") | {
        "skos:prefLabel": _english(say(text.ATTRIBUTION))
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
    files = [
        {
            "@id": address,
            "@type": "dcat:Distribution",
            "dct:title": _english(title),
            "dct:description": _english(say(text.FILE_OF_RELEASE, title=title, release=release.release_id)),
            "dcatap:availability": _typed(f"{AUTHORITY}/planned-availability/STABLE", "skos:Concept")
            | {"skos:prefLabel": _english(say(text.STABLE))},
            "dcat:accessURL": {"@id": address},
            "dcat:downloadURL": {"@id": address},
            "dct:format": _typed(f"{AUTHORITY}/file-type/{MEDIA_NAMES[ending]}", "dct:MediaTypeOrExtent"),
            "dcat:mediaType": _typed(
                f"https://www.iana.org/assignments/media-types/{media}", "dct:MediaType"
            ),
            "dct:license": licence,
            "dct:issued": day,
        }
        for title, address, ending, media in distributions(site, release.release_id)
    ]
    dataset = {
        "@id": f"{site}/dataset",
        "@type": "dcat:Dataset",
        "dct:title": _english(SITE),
        "dct:description": _english(DESCRIPTION),
        "dct:identifier": "eu-ai-funding-tracker",
        "dcat:version": release.release_id,
        "dct:publisher": {"@id": publisher["@id"]},
        "dcat:contactPoint": contact,
        "dcat:keyword": keywords,
        "dcat:theme": themes,
        "dct:accessRights": public,
        "dct:accrualPeriodicity": _typed(f"{AUTHORITY}/frequency/IRREG", "dct:Frequency"),
        "dct:language": language,
        "dct:spatial": europe,
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:gYear", "@value": str(FIRST_YEAR)},
            "dcat:endDate": {"@type": "xsd:gYear", "@value": str(LAST_YEAR)},
        },
        **begun,
        "dct:modified": day,
        "dcat:landingPage": _typed(f"{site}/data", "foaf:Document"),
        "dcat:distribution": files,
    }
    service = {
        "@id": f"{site}{api.ROOT}/",
        "@type": "dcat:DataService",
        "dct:title": _english(say(text.API_TITLE, site=SITE)),
        "dct:description": _english(say(text.API_DESCRIPTION)),
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
                "dct:title": _english(say(text.CATALOGUE_TITLE, site=SITE)),
                "dct:description": _english(say(text.CATALOGUE_DESCRIPTION)),
                "dct:publisher": {"@id": publisher["@id"]},
                "dct:language": language,
                "dct:license": licence,
                **begun,
                "dct:modified": day,
                "dct:spatial": europe,
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


def _english(value: str) -> dict[str, str]:
    return {"@language": "en", "@value": value}


def _begun_on() -> str | None:
    """The day of the first publication, None if the journal does not know it."""
    published = [moment for moment in release_list.table()["published_at"].to_pylist() if moment]
    return min(published)[:10] if published else None


def catalog(request: Request) -> Response:
    """The catalogue as JSON-LD."""
    chosen(request, [], of_day=False)
    release, site = answers(wanted_release(request)), links.home(str(request.base_url))
    tag = etag(request, release.release_id, site)
    headers = {**caching(request, tag), "content-type": "application/ld+json"}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    return (
        table_response.head(headers)
        if request.method == "HEAD"
        else table_response.stream(
            request, [file_writers.json(catalogue(release, site, _begun_on()))], headers
        )
    )


ROUTES = [Route("/catalog.jsonld", for_machines(catalog), methods=METHODS)]
