"""An address that spells codes otherwise leads to the right one; a page reads it and says so."""

import pytest
from starlette.testclient import TestClient

from pages.parts.other_spellings import code_meant, codes_of, respelt
from pages.parts.url_state import Parameter

COUNTRY = Parameter("country", ("DE", "EL", "FR", "UK"), several=True)
PROGRAMME = Parameter("programme", ("digital-europe", "horizon-europe"), several=True)
STAGE = Parameter("stage", ("paid", "committed"))


@pytest.mark.parametrize(
    ("parameter", "value", "codes"),
    [
        (COUNTRY, "GR", ["EL"]),
        (COUNTRY, "gb", ["UK"]),
        (COUNTRY, "de", ["DE"]),
        (COUNTRY, " DEU", ["DE"]),
        (COUNTRY, "Allemagne", []),
        (COUNTRY, "DE,fr;GR", ["DE", "FR", "EL"]),
        (COUNTRY, "DE,Atlantis", []),
        (COUNTRY, "DE", []),
        (COUNTRY, "", []),
        (COUNTRY, "Atlantis", []),
        (PROGRAMME, "Digital Europe", ["digital-europe"]),
        (PROGRAMME, "DIGITAL_EUROPE,Horizon%20Europe", []),
        (PROGRAMME, "DIGITAL_EUROPE,horizon europe", ["digital-europe", "horizon-europe"]),
        (STAGE, "PAID", ["paid"]),
    ],
)
def test_another_spelling_of_a_code_is_known(parameter: Parameter, value: str, codes: list[str]) -> None:
    assert codes_of(parameter, value) == codes


def test_a_name_is_no_code_but_means_one() -> None:
    assert code_meant(COUNTRY, "Allemagne") == "DE" and code_meant(COUNTRY, "Griechenland") == "EL"
    assert code_meant(PROGRAMME, "Horizont Europa") == "horizon-europe"
    assert not code_meant(COUNTRY, "Italia") and not code_meant(STAGE, "Atlantis")


def test_a_page_reads_the_codes_and_says_how() -> None:
    query, notices = respelt({"country": ["GR", "FR"], "stage": ["paid"], "x": ["y"]}, [COUNTRY, STAGE])
    assert query == {"country": ["EL", "FR"], "stage": ["paid"], "x": ["y"]}
    assert notices == ["“country=GR” is read as EL."]
    query, notices = respelt({"country": ["Italy", "Deutschland"]}, [COUNTRY], with_names=True)
    assert query == {"country": ["Italy", "DE"]} and notices == ["“country=Deutschland” is read as DE."]


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("/api/v1/euros.csv?country=it", "/api/v1/euros.csv?country=IT"),
        ("/api/v1/euros.csv?country=de,fr&stage=paid", "/api/v1/euros.csv?country=DE&country=FR&stage=paid"),
        ("/api/v1/ledger.json?programme=Digital+Europe&limit=5", "/api/v1/ledger.json?programme=digital-europe&limit=5"),
        ("/embed/countries?stage=Committed&theme=dark", "/embed/countries?stage=committed&theme=dark"),
        ("/feed.atom?country=gr", "/feed.atom?country=EL"),
        ("/api/v1/figures/countries.svg?stage=PAID", "/api/v1/figures/countries.svg?stage=paid"),
    ],
)  # fmt: skip
def test_machines_are_led_to_the_right_address(address: str, right: str, client: TestClient) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["location"]) == (307, right), answer.text
    assert client.get(right).status_code in (200, 422, 503)


def test_what_cannot_be_followed_is_told_with_the_right_spelling(client: TestClient) -> None:
    answer = client.get("/api/v1/euros.csv?country=de&stage=comitted")
    assert answer.status_code == 400 and "committed" in answer.json()["detail"]
    assert "country" not in answer.json()["allowed"]
    answer = client.get("/feed.atom?country=Italien")
    assert answer.status_code == 400 and "Did you mean IT?" in answer.json()["detail"]
    answer = client.get("/api/v1/euros.csv?net=1,0")
    assert answer.status_code == 400 and "one value" in answer.json()["detail"]
