"""What people type finds what they mean among the first three results, with typing errors, accents, other
alphabets and other languages; and a number with its unit finds the published amount.
"""

import statistics
import time
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import routes
from pages.parts.url_state import read_link
from pages.parts.views import FIGURES
from pages.parts.views import search as view
from pipelines.queries import claim_check, release_answers, search
from pipelines.queries.release_answers import ReleaseData

BSC = "BARCELONA SUPERCOMPUTING CENTER-CENTRO NACIONAL DE SUPERCOMPUTACION"
DFKI = "DEUTSCHES FORSCHUNGSZENTRUM FUR KUNSTLICHE INTELLIGENZ GMBH"
FRAUNHOFER = "FRAUNHOFER GESELLSCHAFT ZUR FORDERUNG DER ANGEWANDTEN FORSCHUNG EV"
QUERIES = [
    ("Łódź", "beneficiary", "POLITECHNIKA LODZKA"),
    ("Lodz", "beneficiary", "POLITECHNIKA LODZKA"),
    ("Lodsch", "beneficiary", "POLITECHNIKA LODZKA"),
    ("Athena", "beneficiary", "ATHINA-EREVNITIKO KENTRO"),
    ("Αθηνά", "beneficiary", "ATHINA-EREVNITIKO KENTRO"),
    ("Deutschland", "country", "DE"),
    ("Allemagne", "country", "DE"),
    ("Germny", "country", "DE"),
    ("Niemcy", "country", "DE"),
    ("Γερμανία", "country", "DE"),
    ("Ellada", "country", "EL"),
    ("Чехия", "country", "CZ"),
    ("Österreich", "country", "AT"),
    ("Oesterreich", "country", "AT"),
    ("Horizonte Europa", "programme", "horizon-europe"),
    ("horizn europe", "programme", "horizon-europe"),
    ("Digitales Europa", "programme", "digital-europe"),
    ("Juncker Plan", "programme", "efsi"),
    ("gigafcatories", "initiative", "ai-gigafactories"),
    ("gigafactorías de IA", "initiative", "ai-gigafactories"),
    ("KI-Fabriken", "initiative", "ai-factories"),
    ("EuroHCP", "initiative", "eurohpc-ju"),
    ("LUMI", "site", "lumi"),
    ("lumiai", "site", "lumi-ai"),
    ("mare nostrum 5", "site", "marenostrum-5"),
    ("Jupitter", "site", "jupiter"),
    ("leonrado", "site", "leonardo"),
    ("hammer hai", "site", "hammerhai"),
    ("it4 lia", "site", "it4lia"),
    ("Wien KI-Fabrik", "site", "ai-at"),
    ("Cracovie", "site", "gaia-ai-factory"),
    ("Posen", "site", "piast-ai-factory"),
    ("karolina ostrau", "site", "karolina"),
    ("frauhnofer", "beneficiary", FRAUNHOFER),
    ("barcelona supercomputer center", "beneficiary", BSC),
    ("künstliche intelligenz forschungszentrum", "beneficiary", DFKI),
    ("DFKI", "beneficiary", DFKI),
    ("universita di piza", "beneficiary", "UNIVERSITA DI PISA"),
    ("Warschau", "beneficiary", "POLITECHNIKA WARSZAWSKA"),
    ("Universität Bologna", "beneficiary", "ALMA MATER STUDIORUM - UNIVERSITA DI BOLOGNA"),
    ("net4exa", "project", "cordis:101175702"),
    ("101175702", "project", "cordis:101175702"),
    ("horizon-eurohpc-ju-2024-benchmark-05-03", "call", "HORIZON-EUROHPC-JU-2024-BENCHMARK-05-03"),
    ("investeu guarantie", "number", "envelopes:investeu-guarantee"),
]
LIMIT_SECONDS = 0.05


@pytest.fixture
def answers(store: Path, release_id: str) -> ReleaseData:
    return release_answers.opened(release_id, store)


@pytest.mark.parametrize(("question", "kind", "code"), QUERIES)
def test_what_is_meant_is_among_the_first_three(
    question: str, kind: str, code: str, answers: ReleaseData
) -> None:
    hits = search.found(search.catalogue(answers), question, most=3)
    found = [(hit.thing.kind, hit.thing.code) for hit in hits]
    assert any(one == kind and other.startswith(code) for one, other in found), found


@pytest.mark.parametrize(
    ("question", "amount", "stage", "basis", "heading"),
    [
        ("20 bn gigafactories", 20_000_000_000, "announced", "investment-mobilised", "AI gigafactories"),
        ("EU puts €20 billion into gigafactories", 20_000_000_000, "announced", "investment-mobilised", "AI"),
        ("20 Milliarden Euro für KI-Gigafabriken", 20_000_000_000, "announced", "investment-mobilised", "AI"),
        ("4,1 Mrd. EuroHPC", 4_122_300_000, "programmed", "eu-contribution", "EuroHPC"),
        ("€387.8 million LUMI", 387_800_000, "contracted", "total-cost", "LUMI-AI"),
        ("200 mil millones InvestAI", 200_000_000_000, "announced", "investment-mobilised", "InvestAI"),
        ("JUPITER 500 mln", 500_000_000, "committed", "total-cost", "JUPITER"),
        ("93,5 miliardi Orizzonte Europa", 93_500_000_000, "programmed", "eu-contribution", "Horizon Europe"),
    ],
)
def test_a_claimed_number_finds_the_amount_with_its_stage_and_basis(
    question: str, amount: int, stage: str, basis: str, heading: str, answers: ReleaseData
) -> None:
    claim = claim_check.read(question)
    assert claim
    first = claim_check.nearest(answers, claim)[0]
    assert (first.amount_eur, first.stage, first.basis, first.is_same) == (
        Decimal(amount),
        stage,
        basis,
        True,
    )
    assert first.heading.startswith(heading) and first.source_url.startswith("http")


def test_a_bare_number_finds_every_amount_that_rounds_to_it(answers: ReleaseData) -> None:
    claim = claim_check.read("4.1 Mrd.")
    assert claim
    found = [one for one in claim_check.nearest(answers, claim) if one.is_same]
    assert {one.amount_eur for one in found} >= {Decimal("4122300000.00")}
    assert {one.basis for one in found} >= {"eu-contribution", "national-contribution"}


def test_a_number_that_nobody_published_is_not_called_the_same(answers: ReleaseData) -> None:
    claim = claim_check.read("€123.4 bn gigafactories")
    assert claim
    found = claim_check.nearest(answers, claim)
    assert found and not any(one.is_same for one in found)


def test_every_kind_is_found_and_every_result_says_how_much_and_leads_somewhere(
    answers: ReleaseData, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    known = search.catalogue(answers)
    labels = view.labels(answers)
    parameters = {page.page: page.parameters(answers) for page in FIGURES.values()}
    parameters[view.PATH] = view.parameters(answers)
    seen = set()
    for thing in known.things[::7]:
        seen.add(thing.kind)
        assert view.text.line(thing, labels)
        way = view.way_of(answers, thing)
        if way.elsewhere:
            assert way.elsewhere.startswith("http")
        else:
            words = {name: [value] for name, value in way.words.items()}
            assert read_link(words, parameters[way.page])[1] == [], way
    assert seen == set(search.KINDS)


def test_the_api_answers_like_the_page(
    answers: ReleaseData, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    client = TestClient(Starlette(routes=routes.ROUTES))
    answer = client.get("/api/v1/search", params={"q": "20 bn gigafactories", "limit": "5"}).json()
    page = view.results(answers, {"q": ("20 bn gigafactories",), "kind": (), "number": ()})
    assert answer["answer"] == page.headline and answer["count"] == page.number
    assert [row["id"] for row in answer["rows"]] == [result.thing.code for result in page.results[:5]]
    assert [one["may_be_written"] for one in answer["numbers"]] == [one.sentence for one in page.checked]
    only = client.get("/api/v1/search", params={"q": "lumi", "kind": "site"}).json()
    assert {row["kind"] for row in only["rows"]} == {"site"}


@pytest.mark.clock
def test_a_question_is_answered_within_the_limit(answers: ReleaseData) -> None:
    known, taken = search.catalogue(answers), []
    for question, *_ in QUERIES * 3:
        begun = time.thread_time()
        search.found(known, question)
        taken.append(time.thread_time() - begun)
    assert statistics.quantiles(taken, n=20)[-1] <= LIMIT_SECONDS
