"""What was decided: releases and the way back, uploads and their withdrawal, the audit trail, who is signed
in.
"""

import json

import pandas as pd
import streamlit as st

from pages.parts.auth import identity, sessions
from pages.parts.staff import feedback
from pages.parts.text import formatting
from pages.parts.text import staff as text
from pages.parts.text.messages import say
from pages.parts.text.tables import table
from pages.parts.ui import page_shell
from pipelines import active_uploads, journal, releases
from pipelines.errors import JournalDamaged
from pipelines.publishing import permissions, publish
from pipelines.publishing.isolated_process import run_in_worker
from pipelines.publishing.ledger_changes import PublicLine
from pipelines.publishing.permissions import Person


def show(person: Person) -> None:
    """All of it, for whoever may see the staff page; buttons for those who may use them."""
    try:
        events = journal.read(releases.store_path())
    except JournalDamaged as problem:
        page_shell.notice("error", str(problem))
        return
    _releases(person, events)
    _uploads(person)
    _trail(events)
    if permissions.ADMIN in person.roles:
        _sessions()


def _releases(person: Person, events: list[journal.Event]) -> None:
    current = releases.current()
    public = list(dict.fromkeys(entry.release_id for entry in reversed(events) if entry.release_id))
    kept = [name for name in public if name != current and name in releases.available()]
    public_release = say(text.PUBLIC_SEES, release=formatting.spelt(current)) if current else ""
    page_shell.section(say(text.RELEASES), public_release, level=3)
    if not kept or not permissions.allowed(person, "roll back"):
        page_shell.line(say(text.APPROVER_CAN if kept else text.NO_EARLIER))
        return
    with (
        st.form("rollback", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        target = st.selectbox(
            say(text.EARLIER_RELEASE), kept, format_func=formatting.spelt, key="rollback_to"
        )
        reason = st.text_input(say(text.SHORT_REASON), key="rollback_reason", max_chars=300)
        is_asked = st.form_submit_button(say(text.ROLL_BACK))
    if is_asked and target:
        with feedback.report_errors():
            actor = identity.may("roll back")
            done = run_in_worker(publish.rollback, releases.store_path(), target, reason, actor)
            feedback.keep(done.message)
            st.rerun()


def _uploads(person: Person) -> None:
    uploads = [name for name in active_uploads.in_force(releases.store_path()) if name.startswith("upload-")]
    page_shell.section(say(text.UPLOADS), level=3)
    if not uploads:
        page_shell.line(say(text.NO_UPLOAD))
        return
    st.dataframe(
        table(pd.DataFrame({"upload": uploads}), text.UPLOAD_TITLES),
        hide_index=True,
        alt=say(text.UPLOADS_ALT),
        key="uploads_in_force",
    )
    if not permissions.allowed(person, "withdraw"):
        return
    with st.form("withdraw", border=False):
        chosen = st.selectbox(say(text.UPLOAD), uploads, key="withdraw_what")
        reason = st.text_input(say(text.REASON), key="withdraw_reason", max_chars=300)
        subject = st.text_input(say(text.CHANGE_WHAT), key="withdraw_subject", max_chars=200)
        why = st.text_input(say(text.CHANGE_WHY), key="withdraw_why", max_chars=300)
        is_asked = st.form_submit_button(say(text.WITHDRAW))
    if is_asked and chosen:
        with feedback.report_errors():
            actor = identity.may("withdraw")
            with st.status(say(text.WITHOUT_IT)) as status:
                done = run_in_worker(
                    publish.withdraw,
                    releases.store_path(),
                    chosen,
                    actor,
                    reason,
                    PublicLine(subject, say(text.WITHDRAWN), why),
                )
                status.update(label=done.message, state="complete")
            feedback.keep(done.message)
            st.rerun()


def _trail(events: list[journal.Event]) -> None:
    page_shell.section(say(text.TRAIL), say(text.TRAIL_WHY), level=3)
    rows = []
    for entry in reversed(events[-500:]):
        details = json.loads(entry.details)
        rows.append(
            {
                "seq": entry.seq,
                "happened_at": entry.happened_at.replace("T", " ")[:19],
                "action": entry.action,
                "name": details.get("name") or entry.actor,
                "reason": entry.reason,
                "release_id": entry.release_id or "",
                "sha256": details.get("sha256", ""),
                "recipe": details.get("recipe", ""),
                "acknowledged": ", ".join(details.get("acknowledged", [])),
                "from": details.get("from", ""),
                "actor": entry.actor,
                "hash": entry.hash,
            }
        )
    titles = {name: say(title) for name, title in text.TRAIL_TITLES.items()}
    st.dataframe(
        pd.DataFrame(rows, columns=list(titles)).rename(columns=titles),
        hide_index=True,
        alt=say(text.TRAIL_ALT),
        key=f"trail_{len(events)}",
    )


def _sessions() -> None:
    page_shell.section(say(text.SIGNED_IN_NOW), level=3)
    living = [one for one in sessions.listed(releases.store_path()) if one.revoked_at is None]
    people = {(one.issuer, one.subject): one.name for one in living}
    with (
        st.form("revoke", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        names = {key: say(text.PERSON_SUBJECT, name=name, subject=key[1]) for key, name in people.items()}
        chosen = st.selectbox(
            say(text.PERSON), list(people), format_func=lambda key: names[key], key="revoke_who", index=None
        )
        is_asked = st.form_submit_button(say(text.END_SESSIONS))
    if is_asked and chosen:
        with feedback.report_errors():
            identity.administer()
            number = sessions.revoke(releases.store_path(), *chosen)
            feedback.keep(say(text.SESSIONS_ENDED, number=number, name=people[chosen]))
            st.rerun()
