"""A day in an address: the world then, in figures, lists, files, search and SQL; wrong days are refused."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from pipelines.queries.release_answers import ReleaseData

SPACE = "\u00a0"
DAY = "as_of=2025-02-11"
ADDRESSES = (
    f"/api/v1/figures/ladder.json?{DAY}",
    f"/api/v1/figures/ladder.csv?{DAY}",
    f"/api/v1/figures/ladder/ledger.json?{DAY}",
    f"/api/v1/figures/ladder/readme.txt?{DAY}",
    f"/api/v1/entries.json?{DAY}",
    f"/api/v1/sites.csv?{DAY}",
    f"/api/v1/figures.json?{DAY}",
    f"/api/v1/search?q=LUMI&{DAY}",
    f"/api/v1/sql?query=select+count(*)+as+n+from+ledger&{DAY}",
    f"/embed/ladder?{DAY}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_takes_a_day(address: str, client: TestClient) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:300]


def test_a_figure_says_its_release_and_its_day_apart(client: TestClient, known: ReleaseData) -> None:
    answer = client.get(f"/api/v1/figures/ladder.json?ladder=investai&{DAY}")
    figure = answer.json()
    assert (figure["release"], figure["as_of"]) == (known.release_id, "2025-02-11")
    assert (answer.headers["x-release"], answer.headers["x-as-of"]) == (known.release_id, "2025-02-11")
    assert "as_of=2025-02-11" in figure["page"] and f"release={known.release_id}" in figure["page"]
    assert "as it stood on 11 February 2025" in figure["citation"].replace(SPACE, " ")
    amounts = {row["stage"]: row["amount_eur"] for row in figure["rows"] if not row["is_of_which"]}
    assert amounts["announced"] == 200000000000
    assert amounts["programmed"] == 3081300000, "the ceiling of 2021"


def test_files_carry_the_day(client: TestClient, known: ReleaseData) -> None:
    csv = client.get(f"/api/v1/figures/ladder.csv?{DAY}")
    head, first, *_ = csv.text.lstrip("\ufeff").splitlines()
    assert head.endswith("release,as_of,licence")
    assert f'"{known.release_id}","2025-02-11",' in first
    assert f"{known.release_id}-as-of-2025-02-11.csv" in csv.headers["content-disposition"]
    readme = client.get(f"/api/v1/figures/ladder/readme.txt?{DAY}").text
    assert "as it stood on 11 February 2025" in readme.replace(SPACE, " ")


def test_a_list_goes_on_on_the_same_day(client: TestClient) -> None:
    found = client.get(f"/api/v1/entries.json?limit=2&{DAY}").json()
    assert "as_of=2025-02-11" in found["next"] and found["next"].count("as_of") == 1
    assert 2 < found["count"] < client.get("/api/v1/entries.json?limit=2").json()["count"]
    assert client.get(found["next"]).json()["as_of"] == "2025-02-11"


def test_today_is_the_answer_without_a_day(client: TestClient) -> None:
    today = datetime.now(UTC).date().isoformat()
    for address in ("/api/v1/figures/ladder.json", "/api/v1/entries.json"):
        then, plain = (client.get(f"{address}?{word}").json() for word in (f"as_of={today}", ""))
        assert then == plain


@pytest.mark.parametrize("day", ["2025-02-30", "11.02.2025", "1999-12-31", "yesterday"])
@pytest.mark.parametrize("address", ["/api/v1/figures/ladder.json", "/api/v1/sites.csv", "/api/v1/search"])
def test_a_day_that_is_none_is_refused(address: str, day: str, client: TestClient) -> None:
    answer = client.get(f"{address}?q=LUMI&as_of={day}" if "search" in address else f"{address}?as_of={day}")
    assert answer.status_code == 400
    assert "no day that can be looked at" in answer.json()["detail"]
    assert "from 1 January 2000 until today" in answer.json()["allowed"]["as_of"].replace(SPACE, " ")


def test_a_day_to_come_and_two_days_are_refused(client: TestClient) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    answer = client.get(f"/api/v1/entries.json?as_of={tomorrow.isoformat()}")
    assert answer.status_code == 400 and "has not come yet" in answer.json()["detail"]
    assert client.get("/api/v1/entries.json?as_of=2024-01-01&as_of=2025-01-01").status_code == 400


def test_a_day_is_not_part_of_the_name_of_a_release(client: TestClient, known: ReleaseData) -> None:
    answer = client.get(f"/api/v1/entries.json?release={known.release_id}-as-of-2025-02-11")
    assert answer.status_code == 404 and "as_of=2025-02-11" in answer.json()["detail"]


def test_a_whole_release_has_no_day(client: TestClient) -> None:
    assert client.get(f"/api/v1/bundle.zip?{DAY}").status_code == 400


def test_before_the_first_amount_lists_are_empty_and_figures_say_so(client: TestClient) -> None:
    assert client.get("/api/v1/entries.json?as_of=2010-01-01").json()["count"] == 0
    assert client.get("/api/v1/figures/ladder.json?as_of=2010-01-01").status_code == 422
