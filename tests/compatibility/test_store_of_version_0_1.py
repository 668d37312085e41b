"""A store that version 0.1 made opens, and every address answers with the same numbers as then.

Releases, permalinks, the API, embeds, feeds and bundles are asked over HTTP.
"""

from collections.abc import Iterator

import httpx
import pytest

from tests.compatibility import reducing
from tests.compatibility.record import ADDRESSES, COMMANDS, IMPORTED, QUESTION, REVISED, SQL, read
from tests.compatibility.running import ask, serve, unpack

RECORDED = read(ADDRESSES)
BUNDLE = f"/api/v1/bundle.zip?release={IMPORTED}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the public face on the store."""
    with serve(unpack(tmp_path_factory.mktemp("version_0_1"))) as client:
        yield client


@pytest.mark.parametrize("address", RECORDED)
def test_an_address_answers_what_was_recorded(client: httpx.Client, address: str) -> None:
    recorded = dict(RECORDED[address])
    if isinstance(recorded.get("table"), str):  # the address of the same rows in JSON
        recorded["table"] = RECORDED[recorded["table"]]["table"]
    columns = recorded["table"]["columns"] if "table" in recorded else None
    answer = reducing.reduce_answer(ask(client, "GET", address), columns)
    assert reducing.lacking(recorded, answer) == []


def test_pages_of_a_list_come_in_order_and_make_up_the_whole(client: httpx.Client) -> None:
    whole = client.get("/api/v1/ledger.json").json()["rows"]
    address, rows = "/api/v1/ledger.json?limit=25", []
    while address:
        page = client.get(address).json()
        rows += page["rows"]
        address = page["next"]
    assert rows == whole
    assert [row["entry_id"] for row in rows] == sorted(row["entry_id"] for row in rows)


def test_a_question_in_sql_may_be_posted(client: httpx.Client) -> None:
    answer = ask(client, "POST", f"/api/v1/sql?release={REVISED}", QUESTION)
    recorded = RECORDED[SQL]["table"]
    assert answer.status_code == 200
    assert reducing.lacking(recorded, reducing.reduce_rows(answer.json()["rows"], recorded["columns"])) == []


@pytest.mark.parametrize(
    "address", ["/api/v1/ledger.csv", "/api/v1/figures/ladder.json", "/feed.atom", "/dataset"]
)
def test_an_answer_is_asked_again_by_its_tag_and_read_by_its_head(client: httpx.Client, address: str) -> None:
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


def test_other_sites_may_read_and_nobody_may_write(client: httpx.Client) -> None:
    allowed = client.options("/api/v1/ledger.json")
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, "*")
    assert client.post("/api/v1/ledger.json").status_code == 405
    assert client.put("/_stcore/upload_file/a/b").status_code == 403


def test_a_bundle_describes_every_column(client: httpx.Client) -> None:
    recorded = read(COMMANDS)["columns"]
    assert reducing.lacking(recorded, reducing.described_columns(client.get(BUNDLE).content)) == []


def test_part_of_a_bundle_may_be_asked_for(client: httpx.Client) -> None:
    part = client.get(BUNDLE, headers={"range": "bytes=10-29"})
    assert (part.status_code, part.content) == (206, client.get(BUNDLE).content[10:30])
