"""What was decided: releases and the way back, uploads and their withdrawal, the audit trail, who is signed
in.
"""

import json
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.parts.auth import identity, sessions
from pages.parts.staff import action_messages
from pages.parts.staff import dry_run as dry_run_view
from pages.parts.text import formatting
from pages.parts.text import staff as text
from pages.parts.text.tables import table
from pages.parts.text.translation import say
from pages.parts.ui import page_shell
from pipelines import active_uploads, journal, releases
from pipelines.errors import JournalDamaged
from pipelines.publishing import dry_run, permissions, publication_requests, publish_withdraw_rollback
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.isolated_process import run_in_worker
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission_plan import PublicLine


def show(person: Person) -> None:
    """All of it, for whoever may see the staff page; buttons for those who may use them."""
    try:
        events = journal.read(releases.store_path())
    except JournalDamaged as problem:
        page_shell.notice("error", str(problem))
        return
    _releases(person, events)
    _uploads(person, events)
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
    target = st.selectbox(
        say(text.EARLIER_RELEASE), kept, index=None, format_func=formatting.spelt, key="rollback_to"
    )
    if target is None:
        return
    key = f"rollback_seen_{current}_{target}"
    if st.button(say(text.SEE_ROLL_BACK), key="see_rollback"):
        with action_messages.report_errors(), st.spinner(say(text.COMPARING)):
            actor = identity.may("roll back")
            st.session_state[key] = run_in_worker(
                dry_run.dry_run_rollback, releases.store_path(), target, actor
            )
    seen: Effect | None = st.session_state.get(key)
    if seen is None:
        return
    page_shell.section(say(text.ROLL_BACK_EFFECT, release=formatting.spelt(target)), level=3)
    dry_run_view.show(seen, f"rollback_{target}")
    with (
        st.form("rollback", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        reason = st.text_input(say(text.SHORT_REASON), key="rollback_reason", max_chars=300)
        is_asked = st.form_submit_button(say(text.ROLL_BACK))
    if is_asked:
        with action_messages.report_errors():
            actor = identity.may("roll back")
            done = run_in_worker(
                publish_withdraw_rollback.rollback, releases.store_path(), target, reason, actor
            )
            action_messages.keep(done.message)
            st.rerun()


def named_uploads(store: Path, events: list[journal.Event]) -> list[dict[str, str]]:
    """The uploads in force as their owners named them: title, file, owner, published, approver, upload (the
    folder).
    """
    asked = {request.request_id: request for request in publication_requests.requests(store)}
    found: dict[str, dict[str, str]] = {}
    owners: dict[str, str] = {}
    for event in events:
        details = json.loads(event.details)
        if event.action == "upload":
            owners[details["sha256"]] = details.get("name") or event.actor
        if event.action == "publish" and details.get("request") in asked:
            request = asked[details["request"]]
            found[details["source_id"]] = {
                "title": request.title,
                "file": request.file_name,
                "owner": owners.get(request.sha256, request.requester),
                "published": event.happened_at[:10],
                "approver": details.get("name") or event.actor,
            }
    in_force = [name for name in active_uploads.in_force(store) if name.startswith("upload-")]
    unknown = dict.fromkeys(("title", "file", "owner", "published", "approver"), "")
    return [{**unknown, **found.get(name, {}), "upload": name} for name in in_force]


def _uploads(person: Person, events: list[journal.Event]) -> None:
    store = releases.store_path()
    uploads = named_uploads(store, events)
    page_shell.section(say(text.UPLOADS), level=3)
    if not uploads:
        page_shell.line(say(text.NO_UPLOAD))
        return
    st.dataframe(
        table(pd.DataFrame(uploads), text.UPLOAD_TITLES),
        hide_index=True,
        alt=say(text.UPLOADS_ALT),
        key="uploads_in_force",
    )
    if not permissions.allowed(person, "withdraw"):
        return
    names = {
        one["upload"]: say(
            text.UPLOAD_NAMED, title=one["title"] or one["upload"], file=one["file"], day=one["published"]
        )
        for one in uploads
    }
    chosen = st.selectbox(
        say(text.UPLOAD), list(names), index=None, format_func=names.__getitem__, key="withdraw_what"
    )
    if chosen is None:
        return
    key = f"withdrawal_seen_{releases.current()}_{chosen}"
    if st.button(say(text.SEE_WITHDRAWAL), key="see_withdrawal"):
        with action_messages.report_errors(), st.spinner(say(text.TRIAL)):
            actor = identity.may("withdraw")
            st.session_state[key] = run_in_worker(dry_run.dry_run_withdrawal, store, chosen, actor)
    seen: Effect | None = st.session_state.get(key)
    if seen is None:
        return
    page_shell.section(say(text.WITHDRAWAL_EFFECT, upload=names[chosen]), level=3)
    dry_run_view.show(seen, f"withdrawal_{chosen}")
    if not seen.broken:
        _withdraw(chosen)


def _withdraw(upload: str) -> None:
    with st.form("withdraw", border=False):
        reason = st.text_input(say(text.REASON), key="withdraw_reason", max_chars=300)
        subject = st.text_input(say(text.CHANGE_WHAT), key="withdraw_subject", max_chars=200)
        why = st.text_input(say(text.CHANGE_WHY), key="withdraw_why", max_chars=300)
        is_asked = st.form_submit_button(say(text.WITHDRAW))
    if is_asked:
        with action_messages.report_errors():
            actor = identity.may("withdraw")
            with st.spinner(say(text.WITHOUT_IT)):
                done = run_in_worker(
                    publish_withdraw_rollback.withdraw,
                    releases.store_path(),
                    upload,
                    actor,
                    reason,
                    PublicLine(subject, say(text.WITHDRAWN), why),
                )
            action_messages.keep(done.message)
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
        with action_messages.report_errors():
            identity.administer()
            number = sessions.revoke(releases.store_path(), *chosen)
            action_messages.keep(say(text.SESSIONS_ENDED, number=number, name=people[chosen]))
            st.rerun()
