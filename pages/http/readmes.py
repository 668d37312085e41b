"""The text beside the files of a figure: /api/v1/figures/<figure>/readme.txt, with the parameters of the
figure and the release.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.http import api, table_response
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.column_docs import of_names
from pages.http.figure_request import figure_of, read_figure_request
from pages.parts.figure_request import FigureRequest
from pages.parts.sharing import readme
from pipelines import as_of_days

MEDIA = "text/plain; charset=utf-8"


def text(figure_request: FigureRequest, images: str = "") -> str:
    """What a reader must know of the files of a figure. images: what is to be said of images, if there are
    some.
    """
    figure = figure_of(figure_request)
    beside = (*as_of_days.words(figure_request.answers.release_id), "licence")
    columns = [
        (column.name, column.unit, column.meaning) for column in of_names([*figure.rows.columns, *beside])
    ]
    return readme.of_figure(
        figure,
        figure_request.answers,
        figure_request.site,
        figure_request.permalink(),
        figure_request.notes(),
        columns,
        images,
    )


def readme_of(request: Request) -> Response:
    """The text of one figure, as a file."""
    figure_request = read_figure_request(request)
    tag = etag(request, figure_request.answers.release_id, figure_request.site)
    headers = {
        **caching(request, tag),
        "link": ", ".join(api.links()),
        **table_response.release_headers(figure_request.answers.release_id),
    }
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    headers |= {
        "content-type": MEDIA,
        "content-disposition": f'attachment; filename="{figure_request.stem("readme")}.txt"',
    }
    body = text(figure_request).encode()
    return (
        table_response.head(headers)
        if request.method == "HEAD"
        else table_response.stream(request, [body], headers)
    )


ROUTES = [Route(f"{api.ROOT}/figures/{{figure}}/readme.txt", for_machines(readme_of), methods=METHODS)]
