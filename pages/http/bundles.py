"""/api/v1/bundle.zip: a release as one zip, with the questions of the site's figures in it. Made at the first request, kept while the server runs."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from pages.http import files
from pages.http.asking import answers, chosen, wanted_release
from pages.http.problems import METHODS, caching, etag, for_machines, not_modified
from pages.parts.answers import Answers
from pages.parts.views import FIGURES
from pipelines import bundle

PATH = "/api/v1/bundle.zip"
KEPT = 2

_one_at_a_time = Lock()


def figure_questions(known: Answers) -> dict[str, bytes]:
    """sql/figures/<figure>.sql: what each figure asks when nothing is chosen on its page, with its title and what it measures."""
    found = {}
    for name, view in FIGURES.items():
        figure = view.make(known, {parameter.name: parameter.default for parameter in view.parameters(known)})
        if figure is not None:
            about = "".join(f"-- {line}\n" for line in (f"{name}: {figure.title}", figure.subtitle, f"Page: /{view.page}"))
            found[f"sql/figures/{name}.sql"] = (about + "\n" + ";\n\n".join(figure.sql) + ";\n").encode()
    return found


@cache
def _folder() -> Path:
    """Where bundles are kept while the server runs."""
    place = Path(tempfile.mkdtemp(prefix="tracker-bundles-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def bundle_of(known: Answers) -> Path:
    """The bundle of a release; it is made if it is not kept."""
    path = _folder() / f"eu-ai-funding-tracker-{known.release_id}.zip"
    with _one_at_a_time:
        if not path.is_file():
            bundle.export(known.release_id, path, extra=figure_questions(known))
        path.touch()
        for old in sorted(_folder().glob("*.zip"), key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink()
    return path


def whole(request: Request) -> Response:
    """The bundle of the release that is asked for; parts of it by Range, so that a broken download can go on."""
    chosen(request, [])
    known = answers(wanted_release(request))
    tag = etag(request, known.release_id)
    headers = {**caching(request, tag), "x-release": known.release_id, "content-encoding": "identity"}
    if unchanged := not_modified(request, tag, headers):
        return unchanged
    if request.method == "HEAD":
        return files.head({**headers, "content-type": "application/zip"})
    path = bundle_of(known)
    return FileResponse(path, headers=headers, media_type="application/zip", filename=path.name)


ROUTES = [Route(PATH, for_machines(whole), methods=METHODS)]
