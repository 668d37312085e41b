"""The release of a visit. The only file in pages/ that opens a release for a page.

A visit reads one release from beginning to end: the one that its address names, else the current one when the
visit began. A release that an address named, and a day on which it is looked at, are kept on the way to other
pages.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from pipelines import as_of_days, releases
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData

RELEASE, DAY = "release", "as_of"
WORDS = (RELEASE, DAY)
"""The words of an address that say what a visit reads, whatever is chosen on its pages."""

_KEY = "release_of_this_visit"
_NAMED = "words_named_by_an_address"
_CURRENT = "release_that_is_current"


def begin(wanted: str | None, now: str | None, day: date | None = None) -> str | None:
    """Fix what this visit reads and give its name; None if nothing was ever published.

    Raises NoRelease if `wanted` is not there, NotPossible if the figures of that day cannot be shown.

    now: the current release. day: on which the release is looked at.
    """
    release_id = wanted or now
    st.session_state[_CURRENT] = now
    name = as_of_days.name_of(release_id, day) if release_id else None
    if name is not None:
        if name != now:
            releases.folder(name)
        st.session_state[_KEY] = name
    st.session_state[_NAMED] = {
        **({RELEASE: wanted} if wanted else {}),
        **({DAY: day.isoformat()} if day else {}),
    }
    return name


def named() -> Mapping[str, str]:
    """The words by which an address of this visit named a release and a day, if it did and they are there."""
    words: Mapping[str, str] = st.session_state.get(_NAMED) or {}
    return words


def current() -> str:
    """The id of the release that is current in this run; "" if there is none."""
    return str(st.session_state.get(_CURRENT) or "")


def answers() -> ReleaseData:
    """The release of this visit, ready to be asked."""
    return release_answers.opened(str(st.session_state[_KEY]))


def parquet(release_id: str, table: str) -> Path:
    """The Parquet file of a table of a release."""
    return releases.folder(release_id) / "parquet" / f"{table}.parquet"


def address_words() -> dict[str, list[str]]:
    """The words of the address that choose something on a page."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name not in WORDS}


def kept_words() -> dict[str, list[str]]:
    """The words of the address that say what this visit reads; those that it began with, if it is silent."""
    there = {name: st.query_params.get_all(name) for name in WORDS if st.query_params.get(name)}
    return {**{name: [value] for name, value in named().items()}, **there}
