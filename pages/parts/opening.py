"""Which release a visit reads: the one that its address names, else the current one; built from what ships if there is none yet."""

import subprocess
import sys
from datetime import date

import streamlit as st

from pages.parts import frame, reader, words
from pipelines.releases import ROOT, NoRelease, current

LOOK_SECONDS = 5
_MOVED = "release_moved_from"


def release() -> tuple[frame.Release | None, list[tuple[frame.Kind, str]]]:
    """The release of this visit, and notices: the address names one that is not there, or there is none."""
    notices: list[tuple[frame.Kind, str]] = []
    if current() is None:
        _build()
    wanted = st.query_params.get("release")
    try:
        name = reader.begin(wanted)
    except NoRelease:
        name = reader.begin(None)
        notices.append(("unknown", f"“release={wanted}” is not kept here. You are reading the current release, {name}."))
    if st.session_state.pop(_MOVED, None) and name:
        notices.append(("moved", f"Another release became the current one. You now read {words.spelt(name)}."))
    if name is None:
        return None, [*notices, ("error", "No release could be made yet. The log of the server says why.")]
    return frame.Release(name, date.fromisoformat(name[:10]), current() or name), notices


@st.fragment(run_every=LOOK_SECONDS)
def watch(shown: str) -> None:
    """Moves an open page to another release when that becomes the current one, and lets it say so. shown: the release that the page reads.

    Draws nothing. A page whose address names a release stays with it.
    """
    if not st.query_params.get("release") and current() not in (shown, None):
        st.session_state[_MOVED] = shown
        st.rerun()


@st.cache_resource(show_spinner="Building the first release from what ships with the tracker. This takes a few seconds.")
def _build() -> str:
    """The builder is a process of its own: this one only reads."""
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "build", "--if-changed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()
