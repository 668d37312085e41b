"""The front door: `streamlit run app.py` or `python app.py`. Routes, middleware, navigation; asks no data, draws no chart.

The file is read twice. The server imports it and finds `app`; then Streamlit runs it for every visit and finds the navigation.
"""

from datetime import date

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.http import health
from pages.http.guard import Guard
from pages.parts import frame, reader
from pages.parts.contents import PAGES
from pipelines import releases


def visit() -> None:
    """One visit: the page that the address asks for, on the release that it names or the current one, inside the frame of all pages."""
    entries = {page.path: st.Page(page.file, title=page.title, url_path=page.path or None, default=not page.path) for page in PAGES}
    chosen = st.navigation(list(entries.values()), position="top")
    entry = next(page for page in PAGES if entries[page.path] == chosen)
    missing = ""
    try:
        name = reader.begin(st.query_params.get("release"))
    except releases.NoRelease as error:
        missing, name = f"{error} The current release is shown instead.", reader.begin(None)
    current = releases.current()
    release = frame.Release(name, date.fromisoformat(reader.known_on()), current) if name and current else None
    with frame.page(entry, release):
        if missing:
            frame.notice("unknown", missing)
        if release:
            chosen.run()
        else:
            frame.notice(
                "error", "Nothing has been published here yet. Whoever runs this site can build a release: python -m pipelines build"
            )


if get_script_run_ctx() is not None:
    visit()
else:
    app = st.App(
        __file__,
        routes=health.ROUTES,
        middleware=[Middleware(Guard, own_paths=health.PATHS)],
        on_script_error=frame.apologise,
    )
    if __name__ == "__main__":
        app.run()
