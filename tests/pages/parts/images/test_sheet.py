"""Images that leave the house: everything that must be said is inside them, in every figure, size and theme;
and who may ask for how many.
"""

import asyncio
import base64
import io
import itertools
import json
import os
import re
import subprocess
import threading
import time
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from kaleido import Kaleido, calc_fig_sync
from PIL import Image
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.http import api, images, readmes, request_params, table_response
from pages.http.images import Allowance
from pages.parts.figure_model import Figure
from pages.parts.figures import text_metrics
from pages.parts.images import renderer
from pages.parts.images import sheet as image_sheet
from pages.parts.images.renderer import ImageRenderer, image_renderer
from pages.parts.sharing import csv_export, links, newsroom_pack
from pages.parts.text import formatting
from pages.parts.url_state import read_link
from pages.parts.views import FIGURES
from tests.each_figure import EACH_FIGURE

NAMES = list(FIGURES)
_PICTURE = io.BytesIO()
Image.new("RGB", (10, 10)).save(_PICTURE, "png")


@pytest.fixture
def answers(store: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    return request_params.answers()


@pytest.fixture
def client(store: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    monkeypatch.setattr(images, "allowance", Allowance())
    return TestClient(Starlette(routes=[*images.ROUTES, *readmes.ROUTES, *api.ROUTES]))


@pytest.fixture(scope="module", autouse=True)
def _close_the_browser() -> Iterator[None]:
    yield
    image_renderer.close()


def made(name: str, answers: Any) -> tuple[Figure, image_sheet.Notes]:
    """A figure as its page first shows it, and what stands under it."""
    view = FIGURES[name]
    parameters = view.parameters(answers)
    values, _ = read_link({}, parameters)
    figure = view.make(answers, values)
    assert figure is not None
    return figure, links.notes("https://example.org", view, answers, parameters, values)


def said(sheet: image_sheet.Sheet) -> str:
    """All words of a sheet, without its markup."""
    text = " ".join(annotation["text"] for annotation in sheet.figure["layout"]["annotations"])
    return (
        " ".join(ElementTree.fromstring(f"<p>{text.replace('<br>', ' ')}</p>").itertext())
        if "<" in text
        else text
    )


def said_by(label: dict[str, Any]) -> str:
    return "".join(ElementTree.fromstring(f"<p>{label['text'].replace('<br>', ' ')}</p>").itertext())


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u00a0", "")


@pytest.mark.parametrize("size", image_sheet.SIZES)
@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_sheet_says_title_choice_source_licence_release_and_link(
    name: str, size: str, answers: Any
) -> None:
    figure, notes = made(name, answers)
    sheet = image_sheet.sheet(figure, "light", size, notes)
    inside = squeezed(said(sheet))
    for must in (
        figure.title,
        figure.subtitle,
        figure.source,
        notes.choice,
        notes.licence,
        notes.release,
        notes.link,
        "not an official EU site",
    ):
        assert squeezed(must) in inside
    assert all(squeezed(mark.meaning) in inside for mark in figure.key("light"))
    assert len(sheet.figure["layout"]["images"]) == len(figure.key("light"))


def distances(layout: dict[str, Any], room: float) -> list[float]:
    """Pixels from each label at the left of a row to the next below it. room: pixels that the rows have."""
    notes = [
        note for note in layout["annotations"] if note.get("xref") == "paper" and note.get("yref", "y") == "y"
    ]
    columns: dict[float, list[float]] = {}
    for note in notes:
        columns.setdefault(note["x"], []).append(note["y"])
    pixels = room / abs(layout["yaxis"]["range"][0] - layout["yaxis"]["range"][1]) if notes else 0
    return [
        pixels * (other - one)
        for places in columns.values()
        for one, other in itertools.pairwise(sorted(places))
    ]


@pytest.mark.parametrize("size", image_sheet.SIZES)
@pytest.mark.parametrize("name", EACH_FIGURE)
def test_the_letters_of_an_image_can_be_read(name: str, size: str, answers: Any) -> None:
    figure, notes = made(name, answers)
    sheet = image_sheet.sheet(figure, "light", size, notes)
    sizes = [
        float(found)
        for found in re.findall(r"font-size:([\d.]+)px", json.dumps(sheet.figure["layout"]["annotations"]))
    ]
    assert min([*sizes, 12.5]) * sheet.scale >= 9, "smaller than newspapers print and screens show"


@pytest.mark.parametrize("size", image_sheet.SIZES)
def test_every_heading_is_named_whole_and_readably_in_its_area_or_below_the_drawing(
    size: str, answers: Any
) -> None:
    figure, notes = made("headings", answers)
    sheet = image_sheet.sheet(figure, "light", size, notes)
    labels = sheet.figure["layout"]["annotations"]
    inside = squeezed(said(sheet))
    for row in figure.rows.itertuples():
        name = formatting.sentence(str(row.heading).removeprefix(row.programme_label).lstrip(" :,"))
        assert squeezed(name) in inside and "…" not in inside
    for label in labels:
        sizes = re.findall(r"font-size:([\d.]+)px", label["text"]) or [label["font"]["size"]]
        assert min(map(float, sizes)) * sheet.scale >= 12 - 1e-9
    if size != "1080x1080":
        margin, tiles = sheet.figure["layout"]["margin"], sheet.figure["layout"]["meta"]["tiles"]
        width, height = sheet.width - margin["l"] - margin["r"], sheet.height - margin["t"] - margin["b"]
        pixel = height / sheet.figure["layout"]["yaxis"]["range"][0]
        areas = {tile[4]: ((tile[1] - tile[0]) * width, (tile[3] - tile[2]) * pixel) for tile in tiles}
        named = {
            name: label
            for name in areas
            for label in labels
            if squeezed(said_by(label)).startswith(squeezed(name))
        }
        assert len(named) > len(tiles) / 2
        for name, label in named.items():
            lines = label["text"].split("<br>")
            assert len(lines) * 1.3 * label["font"]["size"] <= areas[name][1]
            assert all(
                text_metrics.HOUSE * text_metrics.width(line, label["font"]["size"]) <= areas[name][0] - 5
                for line in lines
            )


@pytest.mark.parametrize("size", image_sheet.SIZES)
@pytest.mark.parametrize("name", EACH_FIGURE)
def test_head_and_foot_stay_on_the_sheet_in_other_letters_and_the_name_of_the_site_beside_or_below_the_link(
    name: str, size: str, answers: Any
) -> None:
    figure, notes = made(name, answers)
    chosen = "programme=digital-europe&programme=horizon-europe&initiative=eurohpc-ju&prices=constant-2018&"
    for long in ("", chosen, 3 * chosen):
        sheet = image_sheet.sheet(
            figure, "light", size, notes._replace(link=notes.link.replace("?", f"?{long}"))
        )
        margin = sheet.figure["layout"]["margin"]
        foot = [
            note
            for note in sheet.figure["layout"]["annotations"]
            if note.get("yref") == "paper" and note.get("x") in (0, 1)
        ]
        written = [note for note in foot if note["font"].get("family")]
        ends = {}
        for note in written:
            letters = text_metrics.BOLD_SERIF if "<b>" in note["text"] else text_metrics.SANS
            wide = text_metrics.width(said_by(note), note["font"]["size"], letters)
            at = (
                margin["l"] + note["xshift"]
                if note["xanchor"] == "left"
                else sheet.width - margin["r"] + note["xshift"] - wide
            )
            ends[note["text"]] = (at, at + wide, note["yshift"])
            assert at >= 0 and at + wide <= sheet.width
        *_, last, site = ends.values()
        assert last[1] < site[0] or site[2] < last[2] - written[-1]["font"]["size"], (
            "the name is printed over the link"
        )


def test_an_image_says_that_everything_is_chosen_and_names_choices_as_the_page_does(answers: Any) -> None:
    view = FIGURES["sites"]
    parameters = view.parameters(answers)
    values, _ = read_link({"kind": [""]}, parameters)
    figure = view.make(answers, values)
    assert figure is not None
    sheet = image_sheet.sheet(
        figure, "light", "1080x1080", links.notes("https://example.org", view, answers, parameters, values)
    )
    assert "Choice: everything." in said(sheet)
    lines = [note["text"] for note in sheet.figure["layout"]["annotations"]]
    assert any(line.startswith("Release ") and line.endswith("not an official EU site") for line in lines), (
        "one line holds what belongs together"
    )
    values, _ = read_link({"site": ["it4lia"]}, parameters)
    assert links.choice_words(answers, view, values).endswith("; site IT4LIA")
    figure, notes = made("milestones", answers)
    assert "Choice: show next and due." in said(image_sheet.sheet(figure, "light", "1200x675", notes))


@pytest.mark.parametrize("size", image_sheet.SIZES)
@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_sheet_has_its_size_to_the_pixel_and_room_for_its_drawing(
    name: str, size: str, answers: Any
) -> None:
    figure, notes = made(name, answers)
    sheet = image_sheet.sheet(figure, "dark", size, notes)
    layout = sheet.figure["layout"]
    target = image_sheet.SIZES[size]
    if target:
        for zoom in (1, 2):
            assert (int(sheet.width * sheet.scale * zoom), int(sheet.height * sheet.scale * zoom)) == (
                target[0] * zoom,
                target[1] * zoom,
            )
    margin = layout["margin"]
    room = sheet.height - margin["t"] - margin["b"]
    assert (
        room >= 0.45 * min(figure.draw("dark", width).layout["height"] for width in ("wide", "narrow")) - 60
    )
    assert all(gap >= 1.3 * 14 for gap in distances(layout, room)), "two labels touch"
    assert layout["paper_bgcolor"] != "rgba(0,0,0,0)"
    assert not any(
        axis.get("automargin") for key, axis in layout.items() if key.startswith(("xaxis", "yaxis"))
    )


def test_what_a_source_writes_cannot_become_markup(answers: Any) -> None:
    figure, notes = made("ladder", answers)
    strange = Figure(
        **{**figure.__dict__, "title": '<a href="http://x">T</a> & more', "source": "<script>x</script>"}
    )
    sheet = image_sheet.sheet(strange, "light", "1200x675", notes)
    text = json.dumps(sheet.figure["layout"]["annotations"])
    assert "<script>" not in text and '<a href=\\"' not in text
    with pytest.raises(KeyError):
        image_sheet.sheet(figure, "light", "7x7", notes)


def test_files_say_what_they_are(answers: Any) -> None:
    figure, notes = made("ladder", answers)
    says = image_sheet.about(figure, notes, "https://example.org/?release=x")
    sheet = image_sheet.sheet(figure, "light", "1200x675", notes)
    svg = image_sheet.described(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="2400.5" height="1350" viewBox="0 0 1200 675"><g/></svg>',
        "svg",
        sheet,
        says,
    )
    tree = ElementTree.fromstring(svg)
    assert (tree.get("width"), tree.get("height"), tree.get("role")) == ("1200", "675", "img")
    assert figure.title in (tree[0].text or "") and figure.alt in (tree[1].text or "")
    Image.new("RGB", (2, 2)).save(plain := io.BytesIO(), "png")
    png = Image.open(io.BytesIO(image_sheet.described(plain.getvalue(), "png", sheet, says)))
    png.load()
    assert png.text == says  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="not a format"):
        image_sheet.described(b"", "gif", sheet, says)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ladder", "sites"])  # all of them are made in tests/browser/test_exports.py
def test_a_figure_is_made_as_svg_png_and_pdf_that_others_can_read(
    name: str, client: TestClient, release_id: str
) -> None:
    for kind in image_sheet.FORMATS:
        answer = client.get(f"/api/v1/figures/{name}.{kind}?size=1200x675&scale=2&theme=light")
        assert answer.status_code == 200, answer.text
        file_name = answer.headers["content-disposition"].split('"')[1]
        assert (
            release_id in file_name
            and name in file_name
            and file_name.endswith(kind)
            and "1200x675" in file_name
        )
        assert answer.headers["content-type"].startswith(image_sheet.FORMATS[kind]) and answer.headers["etag"]
        again = client.get(
            f"/api/v1/figures/{name}.{kind}?size=1200x675&scale=2&theme=light",
            headers={"if-none-match": answer.headers["etag"]},
        )
        assert again.status_code == 304 and not again.content
        if kind == "png":
            picture = Image.open(io.BytesIO(answer.content))
            picture.load()
            assert picture.size == (2400, 1350) and release_id[11:] in picture.text["Software"]  # type: ignore[attr-defined]
        elif kind == "svg":
            text = squeezed("".join(ElementTree.fromstring(answer.content).itertext()))
            assert (
                release_id[11:] in text
                and "CCBY4.0" in text
                and "Sources:" in text
                and "Choice:" in text
                and "release=" in text
            )
        else:
            pdf = PdfReader(io.BytesIO(answer.content))
            assert len(pdf.pages) == 1 and pdf.metadata and pdf.metadata.title and pdf.metadata.subject
            assert release_id[11:] in pdf.pages[0].extract_text()


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_an_svg_brings_the_letters_of_all_its_words(name: str, client: TestClient) -> None:
    tree = ElementTree.fromstring(client.get(f"/api/v1/figures/{name}.svg").content)
    (style,) = [
        found.text or ""
        for found in tree.iter("{http://www.w3.org/2000/svg}style")
        if "@font-face" in (found.text or "")
    ]
    rules = re.findall(
        r'font-family:"([^"]+)";font-weight:(\d+);src:url\(data:font/woff2;base64,([^)]+)\)', style
    )
    assert {(family, weight) for family, weight, _ in rules} == {
        ("Source Sans", "400"),
        ("Source Sans", "700"),
        ("Source Serif", "700"),
    }
    assert sum(len(content) for *_, content in rules) < 60_000
    letters = {
        make_finding
        for text in tree.iter("{http://www.w3.org/2000/svg}text")
        for make_finding in "".join(text.itertext())
    } - {"\n"}
    for *_, content in rules:
        font = TTFont(io.BytesIO(base64.b64decode(content)))
        assert {chr(code) for code in font.getBestCmap()} >= letters
        assert not {"fvar", "gvar"} & {*font.keys()}, "one weight each, or the files grow"


def test_the_words_of_a_pdf_can_be_searched_and_copied(client: TestClient, answers: Any) -> None:
    figure, _ = made("milestones", answers)
    assert "fi" in figure.title
    text = PdfReader(io.BytesIO(client.get("/api/v1/figures/milestones.pdf").content)).pages[0].extract_text()
    assert squeezed(figure.title) in squeezed(text)


def test_the_newsroom_pack_has_everything_that_a_desk_needs(client: TestClient, release_id: str) -> None:
    answer = client.get("/api/v1/packs/ladder.zip?size=1200x675")
    assert answer.status_code == 200 and f"newsroom-{release_id}" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = pack.namelist()
        assert {
            "caption.txt",
            "alternative-text.txt",
            "sources-and-licence.txt",
            "citation.txt",
            "citation.bib",
            "citation.csl.json",
            "link.txt",
        } <= {*names}
        assert any(name.endswith(".png") for name in names) and any(name.endswith(".svg") for name in names)
        assert (
            pack.read(f"eu-ai-ladder-{release_id}.csv") == client.get("/api/v1/figures/ladder.csv").content
        ), "one file, wherever it is had"
        assert f"release={release_id}" in pack.read("link.txt").decode()
        assert json.loads(pack.read("citation.csl.json"))[0]["version"] == release_id


def test_the_files_of_two_choices_and_two_kinds_of_drawing_have_two_names(
    client: TestClient, release_id: str
) -> None:
    def named(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return answer.headers["content-disposition"].split('"')[1]

    image, data = "/api/v1/figures/ladder.svg", "/api/v1/figures/ladder"
    assert named(f"{image}?ladder=investai") == f"eu-ai-ladder-1200x675-{release_id}.svg"
    assert (
        named(f"{image}?ladder=horizon-europe&theme=dark")
        == f"eu-ai-ladder-horizon-europe-1200x675-dark-{release_id}.svg"
    )
    assert named(f"{data}.csv?ladder=horizon-europe") == f"eu-ai-ladder-horizon-europe-{release_id}.csv"
    assert named(f"{data}.csv?dialect=excel-eu") == f"eu-ai-ladder-{release_id}-excel-eu.csv"
    assert (
        named(f"{data}/ledger.xlsx?ladder=eurohpc-ju") == f"eu-ai-ladder-ledger-eurohpc-ju-{release_id}.xlsx"
    )


def test_a_pack_has_each_size_asked_for_the_entries_and_names_that_say_the_choice(
    client: TestClient, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "ladder=horizon-europe&size=1080x1080&size=as-shown"
    answer = client.get(f"/api/v1/packs/ladder.zip?{address}")
    assert (
        f"eu-ai-ladder-horizon-europe-1080x1080-as-shown-newsroom-{release_id}.zip"
        in answer.headers["content-disposition"]
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = {*pack.namelist()}
        stem = "eu-ai-ladder-horizon-europe"
        for size in ("1080x1080", "as-shown"):
            assert {
                f"{stem}-{size}-2x-{release_id}.png",
                f"{stem}-{size}-{release_id}.svg",
                f"{stem}-{size}-{release_id}.pdf",
            } <= names
        assert not any("1200x675" in name for name in names)
        behind = pack.read(f"eu-ai-ladder-ledger-horizon-europe-{release_id}.csv")
        assert behind == client.get("/api/v1/figures/ladder/ledger.csv?ladder=horizon-europe").content
        assert all("horizon-europe" in name for name in names if name.startswith("eu-ai-"))
        beside = client.get("/api/v1/figures/ladder/readme.txt?ladder=horizon-europe").text
        inside = pack.read("README.txt").decode()
        assert inside.replace(f"Images: {newsroom_pack.IMAGES}\n", "") == beside.replace("\r", "")
        assert f"@misc{{{stem}-{release_id}," in pack.read("citation.bib").decode()
        assert json.loads(pack.read("citation.csl.json"))[0]["id"] == f"{stem}-{release_id}"
    monkeypatch.setattr(table_response, "LARGE", 2)
    with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/packs/ladder.zip?size=as-shown").content)) as pack:
        (address,) = re.findall(
            r"more than a pack holds \(2\). All of them are here: http://testserver(\S+)",
            pack.read("README.txt").decode(),
        )
        assert (
            not any("ledger" in name for name in pack.namelist()) and client.get(address).status_code == 200
        )
    whole = client.get("/api/v1/packs/milestones.zip?size=1200x675&size=1080x1080&size=as-shown")
    assert "all-sizes-newsroom" in whole.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(whole.content)) as pack:
        assert not any("ledger" in name for name in pack.namelist()), "no euros stand behind dates"


@pytest.mark.parametrize(
    ("address", "status", "said_too"),
    [
        ("/api/v1/figures/nope.png", 404, "ladder"),
        ("/api/v1/figures/ladder.png?size=9x9", 400, "1200x675"),
        ("/api/v1/figures/ladder.png?theme=blue", 400, "dark"),
        ("/api/v1/figures/ladder.png?scale=9", 400, '"2"'),
        ("/api/v1/figures/ladder.png?colour=red", 400, "theme"),
        ("/api/v1/figures/envelopes.png?stage=spent", 400, "committed"),
        ("/api/v1/figures/ladder.png?release=2020-01-01-x", 404, "2026"),
        ("/api/v1/figures/envelopes.png?stage=paid", 422, "stage paid"),
        ("/api/v1/packs/nope.zip", 404, "ladder"),
        ("/api/v1/packs/ladder.zip?size=9x9", 400, "1080x1080"),
    ],
)
def test_what_cannot_be_drawn_is_answered_with_what_can(
    address: str, status: int, said_too: str, client: TestClient
) -> None:
    answer = client.get(address)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    assert said_too in answer.text


def test_without_a_browser_the_pack_still_has_its_data_and_images_say_why(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    monkeypatch.setattr(images, "image_renderer", ImageRenderer())
    answer = client.get("/api/v1/figures/ladder.png")
    assert (
        answer.status_code == 503
        and "no Chromium" in answer.text
        and "csv" in answer.text
        and answer.headers["retry-after"]
    )
    with zipfile.ZipFile(io.BytesIO(client.get("/api/v1/packs/ladder.zip").content)) as pack:
        assert "no Chromium" in pack.read("IMAGES-ARE-MISSING.txt").decode()
        assert any(name.endswith(".csv") for name in pack.namelist())


@pytest.mark.parametrize("name", EACH_FIGURE)
def test_a_page_gives_the_same_file_as_the_api(name: str, client: TestClient, answers: Any) -> None:
    figure, _ = made(name, answers)
    assert (
        csv_export.csv(figure.rows, answers.release_id)() == client.get(f"/api/v1/figures/{name}.csv").content
    )


def test_what_a_spreadsheet_would_run_is_made_harmless_in_the_files_of_a_page_too() -> None:
    for kind in ("object", "string", "str"):
        rows = pd.DataFrame(
            {
                "text": pd.Series(["=1+1", "-", None], dtype=kind),
                "euros": [Decimal("-1.50"), None, Decimal("2.00")],
            }
        )
        assert csv_export.csv_bytes(rows) == b'text,euros\n"\'=1+1",-1.50\n"-",\n,2.00\n'


def test_an_image_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    own, asked = ImageRenderer(), []
    monkeypatch.setattr(own, "_rendered", lambda sheet, kind, zoom: b"x" * 10)

    def make() -> image_sheet.Sheet:
        asked.append(1)
        return image_sheet.Sheet({"data": [], "layout": {}}, 100, 100, 1.0)

    assert own.image("a", "png", 1, make, lambda made, _: made) == own.image(
        "a", "png", 1, make, lambda made, _: made
    )
    assert len(asked) == 1


def in_parallel(work: Callable[[int], Any], times: int) -> list[Any]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


@pytest.mark.slow
def test_who_asks_for_an_image_that_is_being_made_shares_it_and_takes_no_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, asked, all_here = ImageRenderer(), [], threading.Event()

    def slowly(*_: Any) -> bytes:
        all_here.wait(10)
        return b"drawn"

    def make() -> image_sheet.Sheet:
        asked.append(1)
        return image_sheet.Sheet({"data": [], "layout": {}}, 100, 100, 1.0)

    def ask(place: int) -> bytes:
        if place == 2 * renderer.PLACES - 1:
            threading.Timer(0.3, all_here.set).start()
        return own.image("a", "png", 1, make, lambda drawn, _: drawn)

    monkeypatch.setattr(own, "_rendered", slowly)
    assert in_parallel(ask, 2 * renderer.PLACES) == [b"drawn"] * 2 * renderer.PLACES
    assert len(asked) == 1 and not own._begun and own.has("a")


def test_an_image_that_fails_is_no_image_for_all_who_wait_and_can_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own, sheet = ImageRenderer(), image_sheet.Sheet({"data": [], "layout": {}}, 100, 100, 1.0)

    def fails(*_: Any) -> bytes:
        time.sleep(0.2)
        raise renderer.NoBrowser("There is none.")

    def ask(_: int) -> str:
        try:
            own.image("a", "png", 1, lambda: sheet, lambda drawn, _: drawn)
        except renderer.NoBrowser as none:
            return str(none)
        return ""

    monkeypatch.setattr(own, "_rendered", fails)
    assert in_parallel(ask, 5) == ["There is none."] * 5
    monkeypatch.setattr(own, "_rendered", lambda *_: b"drawn")
    assert own.image("a", "png", 1, lambda: sheet, lambda drawn, _: drawn) == b"drawn"


@pytest.mark.slow
def test_more_images_than_places_are_told_to_come_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "image_renderer", own := ImageRenderer())
    for _ in range(renderer.PLACES):
        own._places.acquire()
    answer = client.get("/api/v1/figures/ladder.png")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
    own._places.release()
    monkeypatch.setattr(own, "_rendered", lambda *_: _PICTURE.getvalue())
    assert client.get("/api/v1/figures/ladder.png").status_code == 200


@pytest.mark.slow
def test_who_waits_for_images_takes_no_thread_from_those_who_want_data(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "image_renderer", own := ImageRenderer())
    monkeypatch.setattr(images, "allowance", Allowance(burst=1000))
    going_on = threading.Event()
    monkeypatch.setattr(own, "_rendered", lambda *_: _PICTURE.getvalue() if going_on.wait(30) else b"")
    with TestClient(client.app) as server, ThreadPoolExecutor(2 * renderer.PLACES) as pool:
        waiting = [pool.submit(server.get, "/api/v1/figures/ladder.png") for _ in range(2 * renderer.PLACES)]
        try:
            while not own._begun:
                time.sleep(0.05)
            began = time.monotonic()
            assert server.get("/api/v1/ledger.json?limit=1").status_code == 200
            assert time.monotonic() - began < 20 and not any(image.done() for image in waiting)
        finally:
            going_on.set()
        assert {image.result().status_code for image in waiting} == {200}


@pytest.mark.slow
def test_an_image_does_not_depend_on_the_images_made_before_it(answers: Any) -> None:
    own = ImageRenderer()
    sheets = {}
    for name in NAMES:
        figure, notes = made(name, answers)
        sheets[name] = image_sheet.sheet(figure, "light", "1200x675", notes)

    def drawn(turn: int, name: str, kind: str) -> bytes:
        return own.image((turn, name, kind), kind, 1, lambda: sheets[name], lambda file, _: file)

    first = {name: drawn(1, name, "png") for name in NAMES}
    for name in NAMES:
        assert drawn(1, name, "pdf")[:5] == b"%PDF-"
    assert {name: drawn(2, name, "png") for name in reversed(NAMES)} == first
    own.close()


@pytest.mark.slow
@pytest.mark.clock
def test_the_first_image_comes_with_the_browser_and_every_other_within_half_a_second(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First: within 3 s, or 1.25 × what the browser itself needs here to start and draw nothing. Others: a
    sixth of it.
    """
    monkeypatch.setattr(images, "allowance", Allowance(burst=1000))

    def seconds(name: str, kind: str, size: str) -> float:
        began = time.monotonic()
        address = f"/api/v1/figures/{name}.{kind}?size={size}&theme=dark&scale=2"
        assert client.get(address, headers={"host": f"{began}.example.org"}).status_code == 200
        return time.monotonic() - began

    def first_and_bare(size: str) -> tuple[float, float]:
        image_renderer.close()
        first = seconds("ladder", "png", size)
        began = time.monotonic()
        calc_fig_sync({"data": [], "layout": {}}, kopts={"mathjax": False})
        return first, time.monotonic() - began

    starts = [first_and_bare(size) for size in image_sheet.SIZES]
    assert any(first <= max(3, 1.25 * bare) for first, bare in starts), starts
    longest = max(3, min(bare for _, bare in starts)) / 6
    taken = {
        (name, kind, size): seconds(name, kind, size)
        for name in NAMES
        for kind in image_sheet.FORMATS
        for size in image_sheet.SIZES
    }
    late = {
        which: spent
        for which, spent in taken.items()
        if spent > longest and min(seconds(*which) for _ in range(2)) > longest
    }
    assert not late


@pytest.mark.slow
def test_a_browser_that_has_died_is_replaced() -> None:
    own = ImageRenderer()
    sheet = image_sheet.Sheet({"data": [], "layout": {"width": 50, "height": 50}}, 50, 50, 1.0)
    first = own.image("a", "svg", 1, lambda: sheet, lambda made, _: made)
    assert own._browser is not None
    own._run(own._browser.close(), 5)
    assert own.image("b", "svg", 1, lambda: sheet, lambda made, _: made)[:20] == first[:20]
    own.close()


class FakeBrowser:
    """A browser that draws, or one that neither draws nor ends."""

    def __init__(self, is_stuck: bool) -> None:
        self._is_stuck = is_stuck

    async def calc_fig(self, *_: Any, **__: Any) -> bytes:
        if self._is_stuck:
            raise RuntimeError("Nobody answers.")
        return b"drawn"

    async def close(self) -> None:
        await asyncio.sleep(60)


@pytest.mark.clock
def test_a_reader_does_not_wait_for_a_browser_that_hangs_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    own, made_of = ImageRenderer(), [FakeBrowser(is_stuck=True), FakeBrowser(is_stuck=False)]

    def opened() -> Any:
        own._browser = made_of.pop(0)  # type: ignore[assignment]
        return own._browser

    monkeypatch.setattr(own, "_opened", opened)
    sheet = image_sheet.Sheet({"data": [], "layout": {}}, 50, 50, 1.0)
    began = time.monotonic()
    assert own.image("a", "png", 1, lambda: sheet, lambda made, _: made) == b"drawn"
    assert time.monotonic() - began < 4


def test_a_visitor_who_asks_for_too_many_is_told_when_to_come_back() -> None:
    allowance = Allowance(burst=2, each_second=0.5)
    assert [allowance.take("a", 0), allowance.take("a", 0)] == [0, 0]
    assert allowance.take("a", 0) == 2 and allowance.take("b", 0) == 0
    assert allowance.take("a", 2) == 0


@pytest.mark.parametrize(("each_second", "wait"), [(5, "1"), (0.5, "2"), (0.4, "3")])
def test_too_many_images_are_429_and_say_when_to_come_back_as_the_header_does(
    each_second: float, wait: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "allowance", Allowance(burst=0, each_second=each_second))
    monkeypatch.setattr(images, "image_renderer", ImageRenderer())
    answer = client.get("/api/v1/figures/ladder.svg")
    assert (
        answer.status_code == 429
        and answer.headers["retry-after"] == wait
        and f"again in {wait} s." in answer.json()["detail"]
    )


@pytest.mark.slow
def test_an_image_that_is_kept_costs_a_visitor_nothing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "image_renderer", own := ImageRenderer())
    monkeypatch.setattr(own, "_rendered", lambda *_: _PICTURE.getvalue())
    monkeypatch.setattr(images, "allowance", Allowance(burst=2, each_second=0))
    assert {client.get("/api/v1/figures/ladder.png").status_code for _ in range(75)} == {200}
    assert client.get("/api/v1/figures/ladder.png?theme=dark").status_code == 200
    monkeypatch.setattr(images, "allowance", Allowance(burst=0, each_second=0.1))
    assert client.get("/api/v1/figures/ladder.png?theme=dark").status_code == 200
    assert client.get("/api/v1/figures/ladder.png?scale=2").status_code == 429


def browsers_of_this_process() -> set[str]:
    """Identifiers of the processes that were started from here and lead to a Chromium."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    return {line.split()[0] for line in listed.splitlines() if "chrom" in line}


@pytest.mark.slow
def test_a_browser_that_starts_too_late_is_ended_and_not_started_by_every_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    open_browser, starts = Kaleido.open, []

    async def open_too_late(self: Kaleido) -> None:
        starts.append(self)
        await open_browser(self)
        raise TimeoutError("The browser took too long.")

    before, own = browsers_of_this_process(), ImageRenderer()
    monkeypatch.setattr(Kaleido, "open", open_too_late)
    with pytest.raises(renderer.NoBrowser):
        own._opened()
    end = time.monotonic() + 60
    while browsers_of_this_process() - before and time.monotonic() < end:
        time.sleep(0.2)
    assert browsers_of_this_process() <= before
    own.warm()
    time.sleep(1)
    assert len(starts) == 1
