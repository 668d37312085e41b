"""Select → DataFrame, kept per release. The only file in pages/ that opens a release.

A visit reads one release from beginning to end: the one that its address names, else the current one when the visit began.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from duckdb_sqlalchemy import Dialect
from sqlalchemy import Select

from pipelines import releases

_DIALECT = Dialect()
_KEY = "release_of_this_visit"


def begin(wanted: str | None) -> str | None:
    """Fix the release of this visit and give its id; None if nothing was ever published. Raises NoRelease if `wanted` is not there."""
    release_id = wanted or releases.current()
    if release_id is not None:
        releases.folder(release_id)
        st.session_state[_KEY] = release_id
    return release_id


def release() -> str:
    """Id of the release that this visit reads."""
    return str(st.session_state[_KEY])


def known_on() -> date:
    """The day of the release's knowledge: what was not known then is not shown."""
    return date.fromisoformat(manifest()["known_on"])


def manifest() -> dict[str, Any]:
    """What the release says of itself."""
    return _manifest(release())


def read(select: Select[Any]) -> pd.DataFrame:
    """The rows of a select on the release of this visit. Euros are Decimal, days are dates; what is missing is None."""
    compiled = select.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})
    return _read(release(), str(compiled))


def parquet(table: str) -> Path:
    """The Parquet file of a table of this release."""
    return releases.folder(release()) / "parquet" / f"{table}.parquet"


@st.cache_data(max_entries=500, show_spinner=False)
def _read(release_id: str, sql: str) -> pd.DataFrame:
    return pd.DataFrame(releases.read(release_id, sql).to_pydict(), dtype=object)


@st.cache_data(max_entries=8, show_spinner=False)
def _manifest(release_id: str) -> dict[str, Any]:
    return releases.manifest(release_id)
