"""Step 5: a contributor asks, an approver decides with a reason and a line for the public. Publishing runs in a process of its own."""

import json
from typing import Any

import streamlit as st

from pages.parts.auth import identity
from pages.parts.staff import dry_run as dry_run_view
from pages.parts.staff import feedback, findings, reading
from pages.parts.staff.draft import Work, stored
from pages.parts.text import formatting
from pages.parts.ui import page_shell, widgets
from pipelines import journal, releases
from pipelines.publishing import dry_run, permissions, publish, requests
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.intake_submission import checked
from pipelines.publishing.ledger_changes import PublicLine
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission import Submission
from pipelines.publishing.worker_process import run_in_worker


def hand_in(work: Work, found: Submission, seen: Effect) -> bool:
    """Ask for publication of what the dry run showed. Gives whether it was asked."""
    with st.form("ask", border=False):
        message = st.text_input("Why should this be published?", key="ask_message", max_chars=300)
        if not st.form_submit_button("Ask for publication", type="primary"):
            return False
    with feedback.report_errors():
        person = identity.may("request")
        store = releases.store_path()
        requests.upload(store, work.content, checked(*work.check()), person, feedback.origin(), work.seen)
        asked = requests.ask(store, found, seen, person, message)
        feedback.say(
            f"{asked.request_id} waits for an approver, who publishes or declines it. Nothing public has changed."
        )
        return True
    return False


def waiting(person: Person) -> None:
    """Requests that wait, one of them open."""
    store = releases.store_path()
    open_ones = [found for found in requests.requests(store) if found.state in ("waiting", "stale")]
    if not open_ones:
        page_shell.line("No request is waiting.")
        return
    names = {
        found.request_id: f"{found.request_id}: {found.file_name}, {found.message}" for found in open_ones
    }
    chosen = st.selectbox(
        "Requests that wait",
        list(names),
        format_func=lambda name: names[name],
        key="request_chosen",
        index=None if len(names) > 1 else 0,
    )
    if chosen is not None:
        _open(next(found for found in open_ones if found.request_id == chosen), person)


def _open(found: requests.Request, person: Person) -> None:
    store = releases.store_path()
    page_shell.section("What was handed in", level=3)
    widgets.facts(_details(found))
    if not permissions.allowed(person, "publish"):  # they saw the public effect before they asked
        _decide(found, person)
        return
    with feedback.report_errors():
        submission = requests.submission_of(store, found.request_id)
        path = requests.upload_path(store, found.sha256)
        key = f"seen_by_approver_{found.request_id}_{releases.current()}"
        if key not in st.session_state:
            with st.spinner("Reading the file and building a trial release beside the current one"):
                st.session_state[key] = (
                    stored(path, found.file_name, submission.recipe),
                    run_in_worker(dry_run.dry_run, store, submission, person),
                )
        (read, verdict), seen = st.session_state[key]
        with st.expander(f"The file: {findings.tally(verdict)}", expanded=False):
            reading.facts(found.file_name, path.stat().st_size, read, verdict)
            findings.show(read, verdict, found.request_id)
        page_shell.section("What the public would see", level=3)
        dry_run_view.show(seen, found.request_id)
        dry_run_view.left_out(verdict, seen)
        if found.state == "stale":
            page_shell.notice(
                "old",
                "Another release was published since this was asked. The contributor must make the dry run again and ask anew.",
            )
        _decide(found, person)


def _decide(found: requests.Request, person: Person) -> None:
    try:
        permissions.require(person, "publish")
        permissions.require_other(person, found.authors, "publish")
    except permissions.Forbidden as refusal:
        page_shell.notice("old", str(refusal))
        return
    with st.form("decide"):
        reason = st.text_input("Reason, for the journal", key="reason", max_chars=300)
        st.html('<p class="t-sub">The line that the public reads in the change log:</p>')
        subject = st.text_input("What changed", found.title, key="line_subject", max_chars=200)
        before = st.text_input("How it was", key="line_before", max_chars=300, placeholder="may stay empty")
        after = st.text_input("How it is now", key="line_after", max_chars=300)
        why = st.text_input("Why", key="line_why", max_chars=300)
        with st.container(horizontal=True, gap="small"):
            is_yes = st.form_submit_button(
                "Approve and publish", type="primary", disabled=found.state == "stale"
            )
            is_no = st.form_submit_button("Decline")
    if is_yes or is_no:
        with feedback.report_errors():
            store = releases.store_path()
            actor = identity.may("publish" if is_yes else "decline")
            if is_no:
                requests.decline(store, found.request_id, actor, reason)
                feedback.say(f"{found.request_id} was declined. The contributor can ask again.")
            else:
                with st.status(
                    "Publishing: building, verifying and naming the new release", expanded=False
                ) as status:
                    done = run_in_worker(
                        publish.publish,
                        store,
                        found.request_id,
                        actor,
                        reason,
                        PublicLine(subject, after, why, before),
                    )
                    status.update(label=done.said, state="complete")
                feedback.say(done.said)
            st.rerun()


def _details(found: requests.Request) -> list[tuple[str, str]]:
    """Who handed in what, when and why; which warnings were acknowledged."""
    uploads = _uploads(found.sha256)
    seen = sorted({code for details in uploads for code in details.get("acknowledged", [])})
    return [
        ("File", found.file_name),
        ("sha256", found.sha256),
        (
            "Asked by",
            f"{uploads[-1]['name'] if uploads else found.requester}, {found.asked_at.replace('T', ' ')[:16]} UTC",
        ),
        ("Why", found.message),
        ("Seen on release", formatting.spelt(found.base)),
        ("Warnings confirmed", ", ".join(seen) or "none"),
    ]


def _uploads(sha256: str) -> list[dict[str, Any]]:
    """What the journal says of the uploads of these bytes."""
    told = [
        json.loads(entry.details) for entry in journal.read(releases.store_path()) if entry.action == "upload"
    ]
    return [details for details in told if details.get("sha256") == sha256]
