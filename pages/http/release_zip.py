"""/api/v1/bundle.zip: a release as one zip, made at the first request and kept while the server runs; and the
figures as values, for every bundle.
"""

import atexit
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from pages.http import table_response
from pages.http.api_errors_and_headers import METHODS, caching, etag, for_machines, not_modified
from pages.http.request_params import answers, chosen, wanted_release
from pages.http.request_params import figure as figure_of
from pages.parts.page_registry import PAGES
from pages.parts.views import FIGURES
from pipelines import frame_rows, releases
from pipelines.bundle import writer
from pipelines.bundle.static_site import Exhibit

PATH = "/api/v1/bundle.zip"
KEPT = 2

_one_at_a_time = Lock()


def exhibits(release_id: str, store: Path) -> list[Exhibit]:
    """The figures as their pages first show them; those that have nothing to show are left out.

    Registered in pyproject.toml for the command `export`.
    """
    release, drawn = answers(release_id, store), []
    titles = {page.path: page.title for page in PAGES}
    for name, view in FIGURES.items():
        figure = figure_of(release, name, {})
        if figure is not None:
            rows = frame_rows.records(figure.table.astype("string").fillna(""))
            columns = list(figure.table.columns)
            drawn.append(
                Exhibit(
                    name,
                    titles[view.page],
                    figure.title,
                    figure.subtitle,
                    figure.source,
                    columns,
                    figure.numbers,
                    rows,
                    figure.sql,
                )
            )
    return drawn


@cache
def _folder() -> Path:
    """Where bundles are kept while the server runs."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-bundles-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def forget() -> None:
    """Take away the bundles that are kept, with the server: one that is ended by a signal runs nothing at its
    exit.
    """
    if _folder.cache_info().currsize:
        shutil.rmtree(_folder(), ignore_errors=True)
        _folder.cache_clear()


def kept_bytes() -> int:
    """Bytes of the bundles that are kept."""
    if not _folder.cache_info().currsize:
        return 0
    size = 0
    for file in _folder().glob("*.zip"):
        with suppress(FileNotFoundError):  # another one took its place
            size += file.stat().st_size
    return size


def bundle_of(release_id: str) -> Path:
    """The bundle of a release; it is made if it is not kept."""
    path = _folder() / f"eu-ai-funding-tracker-{release_id}.zip"
    with _one_at_a_time:
        if not path.is_file():
            writer.export(release_id, path, exhibits=exhibits(release_id, releases.store_path()))
        path.touch()
        for old in sorted(_folder().glob("*.zip"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink()
    return path


def whole(request: Request) -> Response:
    """The bundle of the release that is asked for; parts of it by Range."""
    chosen(request, [], of_day=False)
    release_id = answers(wanted_release(request)).release_id
    tag = etag(request, release_id).removeprefix(
        "W/"
    )  # the same bytes each time, so that a download can go on where it broke off
    headers = {**caching(request, tag), "x-release": release_id, "content-encoding": "identity"}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    if request.method == "HEAD":
        return table_response.head({**headers, "content-type": "application/zip"})
    path = bundle_of(release_id)
    return FileResponse(path, headers=headers, media_type="application/zip", filename=path.name)


ROUTES = [Route(PATH, for_machines(whole), methods=METHODS)]
