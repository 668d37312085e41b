"""The front door: `streamlit run app.py` or `python app.py`.

Routes, middleware, navigation; asks no data, draws no chart.

The file is read twice. The server imports it and finds `app`; then Streamlit runs it for every visit and
finds the navigation.
"""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.http import deployment_mode, link_preview, routes
from pages.http.request_statistics import RERUNS, RequestLog
from pages.http.security_middleware import SecurityMiddleware
from pages.parts.images.renderer import image_renderer
from pages.parts.ui import page_shell, release_from_url


def visit() -> None:
    """One visit: the page that the address asks for, on the release that it asks for, inside the frame that
    all pages share.
    """
    pages = deployment_mode.pages()
    entries = {
        page.path: st.Page(
            page.script,
            title=page.title,
            url_path=page.path or None,
            default=not page.path,
            visibility="visible" if page.is_listed else "hidden",
        )
        for page in pages
    }
    chosen = st.navigation(list(entries.values()), position="top")
    entry = next(page for page in pages if entries[page.path] == chosen)
    RERUNS.add(f"/{entry.path}")
    release, notices = release_from_url.release()
    with page_shell.page(entry, release):
        for kind, text in notices:
            page_shell.notice(kind, text)
        if release:
            if release.first:
                page_shell.nothing_yet(entry, release)
            else:
                chosen.run()
            deployment_mode.keep_from_garbage_search(entry.path)
            release_from_url.keep()
            release_from_url.watch(release.name)


if get_script_run_ctx() is not None:
    visit()
elif __name__ != "__mp_main__":  # not in a process that only acts for this one
    # Streamlit would run the files of a folder called pages/ by themselves until the first visit has called
    # st.navigation.
    PagesManager.uses_pages_directory = False
    front = deployment_mode.front_or_exit()
    app = st.App(
        __file__,
        routes=[*routes.ROUTES, *front.routes],
        middleware=[
            Middleware(RequestLog, routes=[*routes.ROUTES, *front.routes], pages=front.pages),
            *front.before,
            Middleware(
                SecurityMiddleware,
                own_paths=(*routes.PATHS, *front.own_paths),
                card=link_preview.tags,
                pages=front.pages,
                on_page=image_renderer.warm,
            ),
            *front.behind,
        ],
        secrets=front.secrets,
        lifespan=front.greeting,
        on_script_error=page_shell.apologise,
    )
    if __name__ == "__main__":
        app.run()
