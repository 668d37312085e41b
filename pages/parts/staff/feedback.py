"""Every action on the staff page: allowed anew on the server, and every failure that can be foreseen becomes
a sentence.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import streamlit as st
from sqlalchemy.exc import DatabaseError

from pages.parts.staff.draft import Unreadable
from pages.parts.text import staff as text
from pages.parts.text.messages import say
from pages.parts.ui import page_shell
from pipelines import journal, releases
from pipelines.findings import Refused
from pipelines.publishing.permissions import Forbidden
from pipelines.publishing.submission import NotPossible

_KEPT = "staff_said"
MOST_FINDINGS = 10  # that a failed action shows


@contextmanager
def report_errors() -> Iterator[None]:
    """Show why an action could not be done. Nothing was changed then."""
    try:
        yield
    except Refused as refusal:
        for finding in refusal.findings[:MOST_FINDINGS]:
            page_shell.notice("error", str(finding))
        more = len(refusal.findings) - MOST_FINDINGS
        if more > 0:
            page_shell.line(say(text.MORE_FINDINGS, number=more))
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
        reason = str(problem.strerror or problem)
        page_shell.notice("error", say(text.STORE_UNUSABLE, reason=reason))
    except (duckdb.Error, DatabaseError, sqlite3.Error) as problem:
        page_shell.notice("error", say(text.NOT_DONE, reason=str(problem).splitlines()[0]))


def keep(sentence: str) -> None:
    """Keep a sentence for the next run of the page, which shows it once."""
    st.session_state[_KEPT] = sentence


def show_kept() -> None:
    """Show what the last action came to."""
    if sentence := st.session_state.pop(_KEPT, ""):
        page_shell.notice("moved", sentence)


def origin() -> str:
    """From where somebody acts, for the journal."""
    return st.context.ip_address or say(text.THIS_MACHINE)
