"""Every action on the staff page: allowed anew on the server, and every failure that can be foreseen becomes a sentence."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import streamlit as st
from sqlalchemy.exc import DatabaseError

from pages.parts.staff.draft import Unreadable
from pages.parts.ui import page_shell
from pipelines import journal, releases
from pipelines.findings import Refused
from pipelines.publishing.permissions import Forbidden
from pipelines.publishing.submission import NotPossible

_SAID = "staff_said"


@contextmanager
def report_errors() -> Iterator[None]:
    """Show why an action could not be done. Nothing was changed then."""
    try:
        yield
    except Refused as refusal:
        for finding in refusal.findings[:10]:
            page_shell.notice("error", str(finding))
        if len(refusal.findings) > 10:
            page_shell.line(f"and {len(refusal.findings) - 10} more. Nothing was changed.")
    except (
        Forbidden,
        NotPossible,
        releases.NoRelease,
        releases.Busy,
        journal.Damaged,
        Unreadable,
    ) as problem:
        page_shell.notice("error", str(problem.args[0]))
    except OSError as problem:
        page_shell.notice(
            "error", f"The store cannot be used: {problem.strerror or problem}. Nothing was changed."
        )
    except (duckdb.Error, DatabaseError, sqlite3.Error) as problem:
        page_shell.notice("error", f"{str(problem).splitlines()[0]}. Nothing was changed.")


def say(sentence: str) -> None:
    """Keep a sentence for the next run of the page, which shows it once."""
    st.session_state[_SAID] = sentence


def said() -> None:
    """Show what the last action came to."""
    if sentence := st.session_state.pop(_SAID, ""):
        page_shell.notice("moved", sentence)


def origin() -> str:
    """From where somebody acts, for the journal."""
    return st.context.ip_address or "this machine"
