"""The release of a visit. The only file in pages/ that opens a release for a page.

A visit reads one release from beginning to end: the one that its address names, else the current one when the
visit began. A release that an address
named is kept on the way to other pages.
"""

from pathlib import Path

import streamlit as st

from pipelines import releases
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData

_KEY = "release_of_this_visit"
_NAMED = "release_named_by_an_address"
_CURRENT = "release_that_is_current"


def begin(wanted: str | None, now: str | None) -> str | None:
    """Fix the release of this visit and give its id; None if nothing was ever published.

    Raises NoRelease if `wanted` is not there.

    now: the current release.
    """
    release_id = wanted or now
    st.session_state[_CURRENT] = now
    if release_id is not None:
        if release_id != now:
            releases.folder(release_id)
        st.session_state[_KEY] = release_id
    st.session_state[_NAMED] = wanted
    return release_id


def named() -> str | None:
    """The release that an address of this visit named, if one did and it is there."""
    release_id = st.session_state.get(_NAMED)
    return str(release_id) if release_id else None


def current() -> str:
    """The id of the release that is current in this run; "" if there is none."""
    return str(st.session_state.get(_CURRENT) or "")


def answers() -> ReleaseData:
    """The release of this visit, ready to be asked."""
    return release_answers.opened(str(st.session_state[_KEY]))


def parquet(release_id: str, table: str) -> Path:
    """The Parquet file of a table of a release."""
    return releases.folder(release_id) / "parquet" / f"{table}.parquet"
