"""What is found and followed: feeds that validate, a catalogue that data portals can read, cards for pasted
links, a page for search engines.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.http import feeds, link_preview, request_params, routes
from pages.http.security_middleware import SecurityMiddleware
from pages.parts.page_registry import PAGES
from pages.parts.views import FIGURES
from pipelines import release_diff, releases
from pipelines.queries import sites as site_questions
from pipelines.schema import metadata
from tests.conftest import Small

SITE = "http://testserver"


def visitor() -> TestClient:
    """A client of everything beside Streamlit, behind the guard."""
    rest = Route("/{rest:path}", lambda _request: PlainTextResponse("from streamlit"))
    guard = Middleware(SecurityMiddleware, own_paths=routes.PATHS, card=link_preview.tags)
    return TestClient(Starlette(routes=[*routes.ROUTES, rest], middleware=[guard]), follow_redirects=False)


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        yield visitor()


def read(client: TestClient, address: str) -> Any:
    """A feed as a well-kept reader sees it; it must find nothing to complain about, and every entry must be
    complete.
    """
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo and found.version == "atom10"
    assert (
        found.feed.id.startswith("urn:uuid:")
        and found.feed.title
        and found.feed.updated_parsed
        and found.feed.author
    )
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    for entry in found.entries:
        assert (
            entry.id.startswith("urn:uuid:")
            and entry.title
            and entry.updated_parsed
            and entry.content[0].value
            and entry.link.startswith(SITE)
        )
    when = [entry.updated_parsed for entry in found.entries]
    assert when == sorted(when, reverse=True)
    return found


# --- feeds


def test_the_feed_holds_every_change_and_the_publication(client: TestClient) -> None:
    found = read(client, "/feed.atom")
    changes = request_params.answers().manifest["tables"]["changes"]["rows"]
    assert len(found.entries) == changes + 1
    assert any("published" in entry.title for entry in found.entries)
    assert any(
        "Sines gigafactory bid" in entry.title and "€4 bn → €8 bn" in entry.title for entry in found.entries
    )


@pytest.mark.parametrize(
    ("address", "subjects"),
    [
        ("?country=PT", ["Sines"]),
        ("?country=IT", ["IT4LIA"]),
        ("?country=FI", ["LUMI-AI"]),
        ("?initiative=eurohpc-ju", ["EuroHPC"]),
        ("?site=it4lia", ["IT4LIA"]),
        ("?country=MT", []),
    ],
)
def test_a_feed_follows_one_thing(client: TestClient, address: str, subjects: list[str]) -> None:
    titles = [entry.title for entry in read(client, f"/feed.atom{address}").entries]
    assert len(titles) >= len(subjects) and all(
        any(subject in title for title in titles) for subject in subjects
    )
    assert bool(titles) == bool(subjects) and not any("published" in title for title in titles)


OF_SITES = {
    "Sines gigafactory bid": {"aigf-pt-sines", "aigf-iberia"},
    "LUMI-AI": {"lumi-ai", "lumi-ai-factory"},
    "IT4LIA": {"it4lia", "it4lia-system"},
    "Mimer": {"mimer", "mimer-system"},
    "HammerHAI": {"hammerhai", "hammerhai-system"},
    "PIAST AI Factory": {"piast-ai-factory"},
}


@pytest.mark.slow
def test_the_feed_of_a_site_tells_its_own_changes_and_those_of_no_other(client: TestClient) -> None:
    city_of = request_params.answers().read(site_questions.sites()).set_index("site_id")["city"]
    cities = {city_of[site] for site in set().union(*OF_SITES.values())}
    neighbours = [site for site, city in city_of.items() if city in cities]
    assert {"lumi", "lumi-iq", "piast-q", "leonardo"} <= set(neighbours)
    for site in neighbours:
        titles = [entry.title for entry in read(client, f"/feed.atom?site={site}").entries]
        expected = [subject for subject, concerned in OF_SITES.items() if site in concerned]
        assert len(titles) == len(expected) and all(
            any(title.startswith(subject) for title in titles) for subject in expected
        ), site


def test_every_line_of_the_shipped_change_log_names_a_site_that_there_is(client: TestClient) -> None:
    known = request_params.answers()
    named = known.read(select(metadata.tables["changes"].c.site_id))["site_id"].dropna()
    assert len(named) == len(OF_SITES) and set(named) <= set(known.read(site_questions.sites())["site_id"])


@pytest.mark.parametrize(
    ("subject", "sites"),
    [
        ("LUMI-AI, start", {"lumi-ai", "lumi-ai-factory"}),
        ("LUMI, upgrade", {"lumi"}),
        ("PIAST AI Factory, total", {"piast-ai-factory"}),
        ("Mimer supercomputer, contract", {"mimer-system", "mimer"}),
        ("BRAIN++, start", {"brain-plus-plus"}),
        ("A new hall in Vienna", set()),
    ],
)
def test_a_line_of_an_older_release_is_about_the_sites_that_its_subject_names(
    client: TestClient, subject: str, sites: set[str]
) -> None:
    line = {
        "subject": subject,
        "after": "2027",
        "reason": "LUMI and Poznań are not the subject.",
        "source_url": None,
        "site_id": None,
    }
    assert feeds.concerned(request_params.answers(), line)["site"] == sites


def test_a_figure_that_never_was_has_no_news(client: TestClient) -> None:
    assert client.get("/api/v1/figures/years.json?stage=announced").status_code == 422
    assert not read(client, "/feed.atom?figure=years&stage=announced").entries
    assert len(read(client, "/feed.atom?figure=years&stage=committed").entries) == 1


def test_identities_stay_when_the_host_changes(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {entry.id for entry in read(client, "/feed.atom").entries}
    monkeypatch.setenv("TRACKER_ADDRESS", "https://tracker.example.org")
    answer = feedparser.parse(client.get("/feed.atom").content)
    assert {entry.id for entry in answer.entries} == before and answer.entries[0].link.startswith(
        "https://tracker.example.org/"
    )


@pytest.mark.slow
def test_what_moves_by_a_publication_is_told_to_those_who_follow_it(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    client = visitor()
    followed = read(client, "/feed.atom?figure=sites&kind=")
    assert len(followed.entries) == 1
    before = releases.require_current(small.store)
    row = small.row_of("sites", "sites.csv", site_id="it4lia")
    small.change("sites", "sites.csv", row, city="Rome")
    after = small.build().release_id
    moved = release_diff.changes(before, after, small.store, "site", "it4lia")
    assert moved.total == 1 and dict(moved.listed[0].cells)["city"] == ("Bologna", "Rome")
    for address in ("", "?site=it4lia", "?country=IT"):
        newest = read(client, f"/feed.atom{address}").entries[0]
        assert (
            "1\xa0row moved" in newest.title
            and "city Bologna → Rome" in newest.content[0].value
            and after in newest.link
        )
    assert not [
        entry
        for entry in read(client, "/feed.atom?country=FI").entries
        if "moved" in entry.title and "row" in entry.title
    ]
    figure = read(client, "/feed.atom?figure=sites&kind=").entries
    assert len(figure) == 2 and after in figure[0].link and figure[1].id == followed.entries[0].id
    assert len(read(client, "/feed.atom?figure=ladder").entries) == 1, (
        "a figure that did not move has no news"
    )


def test_text_of_strangers_cannot_break_the_feed() -> None:
    when = datetime(2026, 1, 2, tzinfo=UTC)
    news = [feeds.News("k", when, "x < y & z \x01", "]]>", f"{SITE}/")]
    text = feeds.atom("<a> & \x00", f"{SITE}/feed.atom?a=<&>", SITE, news, when.date())
    found = feedparser.parse(text)
    assert not found.bozo and ElementTree.fromstring(text) is not None and len(found.entries) == 1


# --- for data portals and search engines


@pytest.mark.slow
def test_the_catalogue_is_dcat_that_a_portal_can_read(client: TestClient) -> None:
    answer = client.get("/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    graph = Graph().parse(data=answer.text, format="json-ld")
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    # what DCAT-AP 3 makes mandatory, and what data.europa.eu shows
    for subject, needed in (
        (catalogue, (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset)),
        (
            dataset,
            (
                DCTERMS.title,
                DCTERMS.description,
                DCTERMS.publisher,
                DCAT.theme,
                DCAT.keyword,
                DCAT.contactPoint,
                DCTERMS.temporal,
            ),
        ),
        (service, (DCTERMS.title, DCAT.endpointURL, DCAT.servesDataset)),
    ):
        for predicate in needed:
            assert graph.value(subject, predicate) is not None or list(graph.objects(subject, predicate)), (
                predicate
            )
    # what it recommends
    for subject, wished in (
        (
            catalogue,
            (
                DCTERMS.issued,
                DCTERMS.modified,
                DCTERMS.spatial,
                DCAT.themeTaxonomy,
                DCTERMS.language,
                DCTERMS.license,
            ),
        ),
        (dataset, (DCTERMS.issued, DCTERMS.spatial, DCTERMS.accessRights)),
        (
            service,
            (
                DCTERMS.description,
                DCTERMS.publisher,
                DCAT.contactPoint,
                DCAT.keyword,
                DCAT.theme,
                DCTERMS.conformsTo,
                DCAT.endpointDescription,
            ),
        ),
    ):
        assert not [predicate for predicate in wished if (subject, predicate, None) not in graph]
    begun = client.get("/api/v1/releases.json").json()["rows"][-1]["published_at"][:10]
    assert str(graph.value(catalogue, DCTERMS.issued)) == begun
    assert all(
        isinstance(title, Literal) and title.language == "en" for title in graph.objects(None, DCTERMS.title)
    )
    linked = (
        DCTERMS.license,
        DCTERMS.format,
        DCAT.mediaType,
        DCAT.theme,
        DCTERMS.language,
        DCTERMS.accessRights,
        DCTERMS.spatial,
        DCTERMS.conformsTo,
        DCAT.themeTaxonomy,
        DCAT.landingPage,
    )
    for predicate in linked:
        assert all((thing, RDF.type, None) in graph for thing in graph.objects(None, predicate)), (
            f"{predicate} names something without its class"
        )
    files = list(graph.objects(dataset, DCAT.distribution))
    assert len(files) == len(list(graph.subjects(RDF.type, DCAT.Distribution))) > 20
    for file in files:
        (address,) = graph.objects(file, DCAT.accessURL)
        assert (
            isinstance(address, URIRef)
            and list(graph.objects(file, DCTERMS.license))
            and list(graph.objects(file, DCTERMS.format))
        )
        assert client.head(str(address).removeprefix(SITE)).status_code == 200, address


@pytest.mark.slow
def test_the_dataset_page_can_be_read_without_scripts_and_by_search_engines(client: TestClient) -> None:
    answer = client.get("/dataset")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
    linked = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)[0]
    )
    assert (
        linked["@type"] == "Dataset"
        and linked["license"].startswith("https://creativecommons.org/")
        and len(linked["description"]) > 50
    )
    assert {variable["name"] for variable in linked["variableMeasured"]} == {
        column.name for column in metadata.tables["ledger"].columns
    }
    assert Graph().parse(
        data=json.dumps({**linked, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    for table in metadata.sorted_tables:
        assert f'id="{table.name}"' in answer.text
    assert all(
        distribution["contentUrl"] in {unescape(url) for url in _urls(client)}
        for distribution in linked["distribution"]
    )


def _urls(client: TestClient) -> set[str]:
    graph = Graph().parse(data=client.get("/catalog.jsonld").text, format="json-ld")
    return {str(url) for url in graph.objects(None, DCAT.downloadURL)}


def test_the_sitemap_lists_pages_that_exist_and_robots_find_it(client: TestClient) -> None:
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {SITE}/sitemap.xml" in robots and "Disallow: /_stcore/" in robots
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [str(node.text) for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert {f"{SITE}/{page.path}" for page in PAGES} | {f"{SITE}/dataset"} <= set(addresses)
    assert len(addresses) == len(set(addresses)) > len(PAGES) + 20
    assert all(client.get(address.removeprefix(SITE)).status_code == 200 for address in addresses[:12])


# --- cards for pasted links


def tags(client: TestClient, address: str) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return {
        name: unescape(text)
        for name, text in re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)" />', answer.text)
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_each_page_shows_its_figure_where_its_link_is_pasted(client: TestClient, page: Any) -> None:
    found = tags(client, f"/{page.path}")
    image = urlsplit(found["image"])
    own = [name for name, view in FIGURES.items() if view.page == page.path]
    assert found["title"] and found["description"] and found["url"] == f"{SITE}/{page.path}"
    assert image.path == f"/api/v1/figures/{own[0] if own else 'ladder'}.png" and "release" in parse_qs(
        image.query
    )


def test_the_card_is_that_of_the_choice(client: TestClient) -> None:
    preset, chosen = tags(client, "/euros"), tags(client, "/euros?stage=committed&programme=digital-europe")
    assert chosen["title"] != preset["title"] and parse_qs(urlsplit(chosen["image"]).query)["stage"] == [
        "committed"
    ]
    assert parse_qs(urlsplit(chosen["url"]).query)["programme"] == ["digital-europe"]
    data = client.get(
        f"{urlsplit(chosen['image']).path.removesuffix('png')}json?{urlsplit(chosen['image']).query}"
    )
    assert data.status_code == 200
    assert chosen["title"] == f"{data.json()['title']} · stage committed; programme Digital Europe"


def test_a_card_is_kept_once_for_each_language_and_all_of_them_within_their_bytes(
    client: TestClient,
) -> None:
    release_id, page = request_params.answers().release_id, PAGES[1]
    link_preview.CARDS.clear()
    cards = [link_preview.card(release_id, page, "", SITE, locale=locale) for locale in ("en", "de", "en")]
    assert len(link_preview.CARDS) == 2 and cards[0] is cards[2]
    assert 0 < link_preview.CARDS.bytes <= link_preview.CARDS.limit


def heads(client: TestClient, address: str) -> tuple[str, str, str]:
    """Title, description and canonical address of a page."""
    text = client.get(address).text
    patterns = (
        "<title>(.*?)</title>",
        '<meta name="description" content="([^"]*)" />',
        '<link rel="canonical" href="([^"]*)" />',
    )
    title, description, canonical = (
        unescape(found) for pattern in patterns for found in re.findall(pattern, text)
    )
    return title, description, canonical


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/sites?site=hammerhai", "HammerHAI: AI factory in Stuttgart, Germany"),
        ("/sites?kind=antenna&status=selected", "Sites: kind antenna; status selected"),
        ("/sites?kind=", "Sites: every kind"),
        (
            "/euros?programme=digital-europe&stage=committed",
            "Euros: stage committed; programme Digital Europe",
        ),
        ("/euros?stage=paid", "Euros: stage paid"),
        ("/?ladder=several-eu", "EU AI funding tracker: How much"),
        ("/timeline?show=all&country=DE", "Timeline: show all since 2018; country Germany"),
    ],
)
def test_title_and_description_are_those_of_the_choice(client: TestClient, address: str, said: str) -> None:
    title, description, _ = heads(client, address)
    page = urlsplit(address).path
    assert title.startswith(said)
    if title != heads(client, page)[0]:
        assert description != heads(client, page)[1]
        assert (
            said.removeprefix("Sites: ").removeprefix("Euros: ").removeprefix("Timeline: ")
            in tags(client, address)["title"]
        )
        assert f"<h1>{escape(title)}</h1>" in client.get(address).text, "for readers without scripts too"


def test_the_canonical_address_is_the_shortest_and_one_for_all_that_show_the_same(
    client: TestClient, release_id: str
) -> None:
    short = f"{SITE}/euros?stage=committed&programme=digital-europe"
    for query in (
        "programme=digital-europe&stage=committed",
        "stage=committed&programme=digital-europe&count=net&x=1",
        f"{short.partition('?')[2]}&release={release_id}",
    ):
        assert heads(client, f"/euros?{query}")[2] == short
    assert (
        heads(client, "/euros?level=envelopes")[2] == f"{SITE}/euros"
        and heads(client, "/about?x=1")[2] == f"{SITE}/about"
    )


@pytest.mark.slow
def test_each_address_of_the_sitemap_has_its_own_title_and_description_and_is_canonical(
    client: TestClient,
) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [str(node.text) for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    pages = [address for address in addresses if not address.endswith("/dataset")]
    found = [heads(client, address.removeprefix(SITE)) for address in pages]
    assert [canonical for *_, canonical in found] == pages
    assert (
        len({title for title, *_ in found})
        == len({description for _, description, _ in found})
        == len(pages)
        > 90
    )


@pytest.mark.parametrize(
    "query",
    [
        "?stage=nonsense&x=%22%3E%3Cscript%3E",
        "?release=nothing",
        "?stage=paid",
        "?%FF=%00",
        "?" + "a=1&" * 500,
    ],
)
def test_no_link_keeps_a_page_from_opening(client: TestClient, query: str) -> None:
    answer = client.get(f"/euros{query}")
    assert (
        answer.status_code == 200 and 'property="og:title"' in answer.text and '"><script>' not in answer.text
    )


def test_every_page_names_its_feed(client: TestClient) -> None:
    assert all('type="application/atom+xml"' in client.get(f"/{page.path}").text for page in PAGES)
