"""What was decided: releases and the way back, uploads and their withdrawal, the audit trail, who is signed in."""

import json

import pandas as pd
import streamlit as st

from pages.parts.auth import identity, sessions
from pages.parts.staff import feedback
from pages.parts.text import formatting
from pages.parts.ui import page_shell
from pipelines import active_uploads, journal, releases
from pipelines.publishing import permissions, publish
from pipelines.publishing.ledger_changes import PublicLine
from pipelines.publishing.permissions import Person
from pipelines.publishing.worker_process import run_in_worker


def show(person: Person) -> None:
    """All of it, for whoever may see the staff page; buttons for those who may use them."""
    try:
        events = journal.read(releases.store_path())
    except journal.Damaged as problem:
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
    page_shell.section(
        "Releases", f"The public sees {formatting.spelt(current)}." if current else "", level=3
    )
    if not kept or not permissions.allowed(person, "roll back"):
        page_shell.line(
            "There is no earlier release to go back to."
            if not kept
            else "An approver can go back to an earlier one."
        )
        return
    with (
        st.form("rollback", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        target = st.selectbox("Earlier release", kept, format_func=formatting.spelt, key="rollback_to")
        reason = st.text_input("Reason", key="rollback_reason", max_chars=300)
        is_asked = st.form_submit_button("Roll back")
    if is_asked and target:
        with feedback.report_errors():
            actor = identity.may("roll back")
            done = run_in_worker(publish.rollback, releases.store_path(), target, reason, actor)
            feedback.say(done.said)
            st.rerun()


def _uploads(person: Person) -> None:
    uploads = [name for name in active_uploads.in_force(releases.store_path()) if name.startswith("upload-")]
    page_shell.section("Uploads in force", level=3)
    if not uploads:
        page_shell.line("The current release holds no upload.")
        return
    st.dataframe(
        pd.DataFrame({"Upload": uploads}),
        hide_index=True,
        alt="Uploads in the current release",
        key="uploads_in_force",
    )
    if not permissions.allowed(person, "withdraw"):
        return
    with st.form("withdraw", border=False):
        chosen = st.selectbox("Upload", uploads, key="withdraw_what")
        reason = st.text_input("Reason, for the journal", key="withdraw_reason", max_chars=300)
        subject = st.text_input("Change log: what changed", key="withdraw_subject", max_chars=200)
        why = st.text_input("Change log: why", key="withdraw_why", max_chars=300)
        is_asked = st.form_submit_button("Withdraw this upload")
    if is_asked and chosen:
        with feedback.report_errors():
            actor = identity.may("withdraw")
            with st.status("Publishing a release without it") as status:
                done = run_in_worker(
                    publish.withdraw,
                    releases.store_path(),
                    chosen,
                    actor,
                    reason,
                    PublicLine(subject, "Withdrawn.", why),
                )
                status.update(label=done.said, state="complete")
            feedback.say(done.said)
            st.rerun()


def _trail(events: list[journal.Event]) -> None:
    page_shell.section(
        "Audit trail",
        "Append-only; each line carries the fingerprint of the one before. python -m pipelines verify finds any tampering.",
        level=3,
    )
    rows = []
    for entry in reversed(events[-500:]):
        details = json.loads(entry.details)
        rows.append(
            {
                "No.": entry.seq,
                "When (UTC)": entry.happened_at.replace("T", " ")[:19],
                "What": entry.action,
                "Who": details.get("name") or entry.actor,
                "Reason": entry.reason,
                "Release": entry.release_id or "",
                "Bytes (sha256)": details.get("sha256", ""),
                "Recipe": details.get("recipe", ""),
                "Confirmed": ", ".join(details.get("acknowledged", [])),
                "From": details.get("from", ""),
                "Identity": entry.actor,
                "Fingerprint": entry.hash,
            }
        )
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt="Audit trail, the newest first", key=f"trail_{len(events)}"
    )


def _sessions() -> None:
    page_shell.section("Who is signed in", level=3)
    found = [one for one in sessions.listed(releases.store_path()) if one.revoked_at is None]
    people = {(one.issuer, one.subject): one.name for one in found}
    with (
        st.form("revoke", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        names = {key: f"{name} ({key[1]})" for key, name in people.items()}
        chosen = st.selectbox(
            "Person", list(people), format_func=lambda key: names[key], key="revoke_who", index=None
        )
        is_asked = st.form_submit_button("End their sessions")
    if is_asked and chosen:
        with feedback.report_errors():
            identity.administer()
            number = sessions.revoke(releases.store_path(), *chosen)
            feedback.say(f"{formatting.count(number, 'session')} of {people[chosen]} ended.")
            st.rerun()
