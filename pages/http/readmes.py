"""The text beside the files of a figure: /api/v1/figures/<figure>/readme.txt, with the parameters of the
figure and the release.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import api, table_response
from pages.http.column_docs import of_names
from pages.http.figure_request import figure_of, read_figure_request
from pages.http.problems import METHODS, caching, etag, for_machines, not_modified
from pages.parts.figure_request import FigureRequest
from pages.parts.sharing import readme

MEDIA = "text/plain; charset=utf-8"


def text(found: FigureRequest, images: str = "") -> str:
    """What a reader must know of the files of a figure. images: what is to be said of images, if there are
    some.
    """
    figure = figure_of(found)
    columns = [
        (column.name, column.unit, column.meaning) for column in of_names([*figure.rows.columns, *api.BESIDE])
    ]
    return readme.of_figure(
        figure, found.answers, found.site, found.permalink(), found.notes(), columns, images
    )


def readme_of(request: Request) -> Response:
    """The text of one figure, as a file."""
    found = read_figure_request(request)
    tag = etag(request, found.answers.release_id, found.site)
    headers = {**caching(request, tag), "link": ", ".join(api.links()), "x-release": found.answers.release_id}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    headers |= {
        "content-type": MEDIA,
        "content-disposition": f'attachment; filename="{found.stem("readme")}.txt"',
    }
    said = text(found).encode()
    return (
        table_response.head(headers)
        if request.method == "HEAD"
        else table_response.stream(request, [said], headers)
    )


ROUTES = [Route(f"{api.ROOT}/figures/{{figure}}/readme.txt", for_machines(readme_of), methods=METHODS)]
