"""The release of a visit, and its answers, kept. The only file in pages/ that opens a release for a page.

A visit reads one release from beginning to end: the one that its address names, else the current one when the visit began. A release that an address
named is kept on the way to other pages.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pipelines import releases
from pipelines.queries.release_data import ReleaseData

_KEY = "release_of_this_visit"
_NAMED = "release_named_by_an_address"


def begin(wanted: str | None) -> str | None:
    """Fix the release of this visit and give its id; None if nothing was ever published. Raises NoRelease if `wanted` is not there."""
    release_id = wanted or releases.current()
    if release_id is not None:
        releases.folder(release_id)
        st.session_state[_KEY] = release_id
    st.session_state[_NAMED] = wanted
    return release_id


def named() -> str | None:
    """The release that an address of this visit named, if one did and it is there."""
    found = st.session_state.get(_NAMED)
    return str(found) if found else None


def answers() -> ReleaseData:
    """The release of this visit, ready to be asked."""
    return answers_of(str(st.session_state[_KEY]))


def answers_of(release_id: str) -> ReleaseData:
    """Any release that is kept, ready to be asked."""
    return ReleaseData(release_id, _manifest(release_id), lambda sql: _read(release_id, sql))


def parquet(release_id: str, table: str) -> Path:
    """The Parquet file of a table of a release."""
    return releases.folder(release_id) / "parquet" / f"{table}.parquet"


@st.cache_data(max_entries=500, show_spinner=False)
def _read(release_id: str, sql: str) -> pd.DataFrame:
    return pd.DataFrame(releases.read(release_id, sql).to_pydict(), dtype=object)


@st.cache_data(max_entries=8, show_spinner=False)
def _manifest(release_id: str) -> dict[str, Any]:
    return releases.manifest(release_id)
