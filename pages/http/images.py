"""Images of every figure by their address, and newsroom packs: made once per release, choice, size and theme,
and limited per visitor.

`/api/v1/figures/<figure>.<svg|png|pdf>?<the page's parameters>&release=&size=&theme=&scale=`,
`/api/v1/packs/<figure>.zip?…&size=`.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import NamedTuple

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import readmes, table_response
from pages.http.api import figure_content
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.concurrency_limits import visitor
from pages.http.figure_request import figure_of, read_figure_request, theme
from pages.http.request_params import Problem, word
from pages.parts.design_tokens import Theme
from pages.parts.figure_request import FigureRequest
from pages.parts.images import sheet as image_sheet
from pages.parts.images.renderer import PLACES, Busy, NoBrowser, image_renderer
from pages.parts.sharing import links, newsroom_pack, underlying_entries
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines import file_writers, release_row_stream
from pipelines.queries.release_answers import sql_of

SCALES = ("1", "2")
PACKED = ("1200x675", "1080x1080")  # sizes of a pack that asks for none
FORMATS = (*image_sheet.FORMATS, *links.DATA_FORMATS)
BURST, EACH_SECOND = 60, 1.0  # images that may be made for a visitor at once, and again each second
VISITORS = 2000
THREADS = (
    3 * PLACES
)  # for who waits for a place or for an image of another: a thread each, and none of those that answer with data
EDITION = "images 4"  # raise it when images of the same figures look different


class Allowance:
    """How many more images may be made for each visitor at this moment."""

    def __init__(self, burst: float = BURST, each_second: float = EACH_SECOND) -> None:
        self._burst, self._each_second = burst, each_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, visitor: str, now: float) -> float:
        """0 if the visitor may have one more, else the seconds to wait."""
        with self._lock:
            left, then = self._left.pop(visitor, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._each_second)
            self._left[visitor] = (left - 1 if left >= 1 else left, now)
            while len(self._left) > VISITORS:
                self._left.popitem(last=False)
            return 0 if left >= 1 else (1 - left) / self._each_second


class Drawn(NamedTuple):
    """How an image is to be drawn."""

    kind: str
    size: str
    theme: Theme
    scale: int


allowance = Allowance()


def take_one(request: Request) -> None:
    """Count one image that must be made; one that is kept costs nothing. Raises Problem 429."""
    wait = allowance.take(visitor(request), time.monotonic())
    if wait:
        seconds = math.ceil(wait)
        detail = say(
            text.TOO_MANY_IMAGES_LIMIT,
            burst=BURST,
            each=formatting.exact(Decimal(str(EACH_SECOND))),
            seconds=seconds,
        )
        raise Problem(429, say(text.TOO_MANY_IMAGES), detail, headers={"retry-after": str(seconds)})


def key(figure_request: FigureRequest, drawn: Drawn) -> Hashable:
    """All that an image depends on."""
    choice = tuple(
        sorted((name, tuple(codes)) for name, codes in figure_request.values.items())
    )  # the link has all of it
    return (
        figure_request.answers.identity,
        figure_request.locale,
        figure_request.name,
        choice,
        drawn,
        figure_request.site,
    )


def file(figure_request: FigureRequest, drawn: Drawn) -> bytes:
    """One image as a file.

    Raises Problem: 422 for an empty choice, 503 where no image can be made or too many are waiting.
    """
    try:
        return image_renderer.image(
            key(figure_request, drawn),
            drawn.kind,
            drawn.scale,
            lambda: image_sheet.sheet(
                figure_of(figure_request),
                drawn.theme,
                drawn.size,
                figure_request.notes(),
                figure_request.drawing,
            ),
            lambda made, sheet: image_sheet.described(
                made,
                drawn.kind,
                sheet,
                image_sheet.about(
                    figure_of(figure_request), figure_request.notes(), figure_request.permalink()
                ),
            ),
        )
    except NoBrowser as none:
        raise Problem(
            503,
            say(text.NO_IMAGE),
            str(none),
            {"format": list(links.DATA_FORMATS)},
            {"retry-after": "600"},
        ) from None
    except Busy as busy:
        raise Problem(503, say(text.IMAGES_WAITING), str(busy), headers={"retry-after": "5"}) from None


def file_name(figure_request: FigureRequest, drawn: Drawn) -> str:
    """The name of an image: figure, choice, how it is drawn, release."""
    is_double = drawn.scale == 2 and drawn.kind == "png"
    return f"{figure_request.stem(drawn.size, _dark(drawn.theme), '2x' if is_double else '')}.{drawn.kind}"


def _dark(ground: Theme) -> str:
    return "dark" if ground == "dark" else ""


def image(request: Request) -> Response:
    """One figure as SVG, PNG or PDF."""
    figure_request = read_figure_request(request, ("size", "theme", "scale"))
    drawn = Drawn(
        request.url.path.rpartition(".")[2],
        word(request, "size", tuple(image_sheet.SIZES)) or "1200x675",
        theme(request),
        int(word(request, "scale", SCALES) or 1),
    )
    tag = etag(request, figure_request.answers.release_id, f"{EDITION} {figure_request.site}")
    headers = caching(request, tag) | table_response.release_headers(figure_request.answers.release_id)
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    if not image_renderer.has(key(figure_request, drawn)):
        take_one(request)
    is_shown = drawn.kind == "svg" and request.headers.get("sec-fetch-dest") == "image"
    headers["content-disposition"] = (
        f'{"inline" if is_shown else "attachment"}; filename="{file_name(figure_request, drawn)}"'
    )
    return Response(file(figure_request, drawn), headers=headers, media_type=image_sheet.FORMATS[drawn.kind])


def newsroom(request: Request) -> Response:
    """The newsroom pack of a figure; what cannot be drawn is named in it."""
    figure_request = read_figure_request(request, ("size", "theme"))
    sizes = list(dict.fromkeys(request.query_params.getlist("size"))) or list(PACKED)
    if wrong := [size for size in sizes if size not in image_sheet.SIZES]:
        raise Problem(
            400,
            say(text.CANNOT_BE_ASKED),
            say(text.NOT_FOLLOWED, name="size", value=wrong[0]),
            {"size": list(image_sheet.SIZES)},
        )
    ground = theme(request)
    drawings = [
        Drawn(kind, size, ground, scale)
        for size in sizes
        for kind, scale in (("png", 2), ("svg", 1), ("pdf", 1))
    ]
    if not all(image_renderer.has(key(figure_request, drawn)) for drawn in drawings):
        take_one(request)
    figure = figure_of(figure_request)
    made, lacking = _images(figure_request, drawings)
    data, left_out = _data(figure_request)
    about = readmes.text(figure_request, f"{lacking or newsroom_pack.IMAGES}{left_out}")
    content = newsroom_pack.pack(
        figure,
        figure_request.answers,
        figure_request.permalink(),
        figure_request.notes(),
        made | data,
        about,
        figure_request.choice_name(),
        lacking,
    )
    name = figure_request.stem(
        *(["all-sizes"] if len(sizes) == len(image_sheet.SIZES) else sizes), _dark(ground), "newsroom"
    )
    headers = {
        "content-disposition": f'attachment; filename="{name}.zip"',
        **table_response.release_headers(figure_request.answers.release_id),
        "cache-control": "no-cache",
    }
    return Response(content, headers=headers, media_type="application/zip")


def _images(figure_request: FigureRequest, drawings: Sequence[Drawn]) -> tuple[dict[str, bytes], str]:
    """The images of a pack, and why some are missing: after one that cannot be made, no other is tried."""
    made = {}
    for drawn in drawings:
        try:
            made[file_name(figure_request, drawn)] = file(figure_request, drawn)
        except Problem as problem:
            return made, problem.detail
    return made, ""


def _data(figure_request: FigureRequest) -> tuple[dict[str, bytes], str]:
    """The numbers of a figure and the ledger entries behind them, as CSV, and a line for the README if there
    are too many entries for a pack.
    """
    data = figure_content(figure_request, with_licence=True)
    made = {f"{figure_request.stem()}.csv": b"".join(file_writers.csv(data.rows.schema, data.rows.batches))}
    figure, release_id = figure_of(figure_request), figure_request.answers.release_id
    question = underlying_entries.of_figure(figure, figure_request.answers)
    if question is None:
        return made, ""
    many = underlying_entries.number(figure, figure_request.answers)
    if many > table_response.LARGE:
        address = f"{figure_request.site}{figure_request.entries('csv')}"
        line = say(text.TOO_MANY_FOR_PACK, number=many, most=table_response.LARGE, address=address)
        return made, f"\n{line}"
    behind = release_row_stream.stream(release_id, sql_of(question))
    name = links.file_name(f"{figure_request.name}-ledger", release_id, "csv", figure_request.choice_name())
    return made | {name: b"".join(file_writers.csv(behind.schema, behind.batches))}, ""


_threads = CapacityLimiter(THREADS)

ROUTES = [
    *(
        Route(f"/api/v1/figures/{{figure}}.{kind}", for_machines(image, threads=_threads), methods=METHODS)
        for kind in image_sheet.FORMATS
    ),
    Route("/api/v1/packs/{figure}.zip", for_machines(newsroom, threads=_threads), methods=METHODS),
]
