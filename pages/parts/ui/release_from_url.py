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
from pipelines import as_of_days
from pipelines.errors import NoRelease, NotPossible
from pipelines.queries.release_answers import ReleaseData, opened
from pipelines.queries.searched_until import first_amount
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
    if (to.origin === location.origin)
      for (const [name, value] of Object.entries(data.words))
        if (!to.searchParams.has(name)) to.searchParams.append(name, value)
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
    named = session_release.named()
    wanted = st.query_params.get("release") or named.get("release")
    day, wrong_day = _day(st.query_params.get("as_of", named.get("as_of", "")))
    if wrong_day:
        notices.append(("unknown", wrong_day))
    try:
        name = session_release.begin(wanted, now, day)
    except NoRelease:
        name = session_release.begin(None, now, day)
        if name:
            notices.append(
                ("unknown", say(text.NOT_KEPT, wanted=str(wanted), release=formatting.named(name)))
            )
    except NotPossible as error:
        name = session_release.begin(wanted, now)
        notices.append(("unknown", str(error)))
    if st.session_state.pop(_MOVED, None) and name:
        notices.append(("moved", say(text.ANOTHER, release=formatting.spelt(name))))
    if name is None:
        return None, [*notices, ("error", say(text.NOT_MADE))]
    answers = opened(name)
    return page_shell.Release(
        answers.view.release_id,
        answers.known_on,
        answers.newest_source,
        now or answers.view.release_id,
        answers.view.day,
        _first_amount(answers) if answers.is_empty else None,
    ), notices


def _first_amount(answers: ReleaseData) -> date | None:
    """The day of the first amount of the release behind a day of which nothing is known."""
    found: date | None = opened(answers.view.release_id).row(first_amount)["first_amount"]
    return found


def _day(asked: str) -> tuple[date | None, str]:
    """The day that an address asks for, and why it cannot be looked at; None and "" if it asks for none."""
    try:
        return (as_of_days.day_to_look_at(asked) if asked else None), ""
    except NotPossible as error:
        return None, str(error)


def keep() -> None:
    """Keeps the release that the visit began with in the address, at the end of a page, and on the way to
    other pages. Draws nothing.
    """
    if named := session_release.named():
        for name, value in named.items():
            if not st.query_params.get(name):
                st.query_params[name] = value
        _keep(key="release_keeper", data={"words": dict(named)})


@st.fragment(run_every=LOOK_SECONDS)
def watch(release_id: str) -> None:
    """Moves an open page to another release when that becomes the current one, and lets it say so.
    release_id: of the release that the page reads.

    Draws nothing. A page whose address names a release stays with it.
    """
    if (
        "release" not in session_release.named()
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
