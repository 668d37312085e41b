"""Which release a visit reads: the one that its address names, or named when the visit began, else the
current one; built from what ships if there
is none yet.
"""

import subprocess
import sys
from datetime import date

import streamlit as st

from pages.parts.text import formatting
from pages.parts.text import ui as text
from pages.parts.text.translation import say
from pages.parts.ui import page_shell, session_release
from pipelines.errors import NoRelease
from pipelines.queries.release_answers import opened
from pipelines.releases import current
from pipelines.settings import ROOT

LOOK_SECONDS = 5
_MOVED = "release_moved_from"

# The list of pages links to bare addresses, which would add an entry without the release to the history for
# each page, and open the current release
# in a new tab. The release of a document never changes: leaving it loads the page anew.
KEEPER = """
export default function ({ data }) {
  const named = address => {
    const to = new URL(address, location.href)
    if (to.origin === location.origin && !to.searchParams.has('release')) to.searchParams.append('release', data.release)
    return to
  }
  history.pushState = function (state, title, address) {
    const to = new URL(address ?? location.href, location.href)
    History.prototype.pushState.call(this, state, title, to.pathname === location.pathname ? to : named(to))
  }
  const onto = event => {
    const link = event.target instanceof Element && event.target.closest('a[data-testid$="NavLink"]')
    if (link) link.href = named(link.href)
  }
  for (const kind of ['pointerover', 'pointerdown', 'focusin']) document.addEventListener(kind, onto, true)
  return () => { for (const kind of ['pointerover', 'pointerdown', 'focusin']) document.removeEventListener(kind, onto, true) }
}
"""
_keep = st.components.v2.component("release_keeper", js=KEEPER)


def release() -> tuple[page_shell.Release | None, list[tuple[page_shell.Kind, str]]]:
    """The release of this visit, and notices: the address names one that is not there, or there is none.

    A release that an address named stays on the way to other pages.
    """
    notices: list[tuple[page_shell.Kind, str]] = []
    now = current()
    if now is None:
        _build()
        now = current()
    wanted = st.query_params.get("release") or session_release.named()
    try:
        name = session_release.begin(wanted, now)
    except NoRelease:
        name = session_release.begin(None, now)
        if name:
            notices.append(("unknown", say(text.NOT_KEPT, wanted=str(wanted), release=name)))
    if st.session_state.pop(_MOVED, None) and name:
        notices.append(("moved", say(text.ANOTHER, release=formatting.spelt(name))))
    if name is None:
        return None, [*notices, ("error", say(text.NOT_MADE))]
    return page_shell.Release(
        name, date.fromisoformat(name[:10]), opened(name).newest_source, now or name
    ), notices


def keep() -> None:
    """Keeps the release that the visit began with in the address, at the end of a page, and on the way to
    other pages. Draws nothing.
    """
    if named := session_release.named():
        if not st.query_params.get("release"):
            st.query_params["release"] = named
        _keep(key="release_keeper", data={"release": named})


@st.fragment(run_every=LOOK_SECONDS)
def watch(release_id: str) -> None:
    """Moves an open page to another release when that becomes the current one, and lets it say so.
    release_id: of the release that the page reads.

    Draws nothing. A page whose address names a release stays with it.
    """
    if (
        not session_release.named()
        and not st.query_params.get("release")
        and current() not in (release_id, None)
    ):
        st.session_state[_MOVED] = release_id
        st.rerun()


@st.cache_resource(show_spinner=say(text.BUILDING))
def _build() -> str:
    """The builder is a process of its own: this one only reads."""
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "build", "--if-changed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
