"""Step 5: a contributor asks, an approver decides with a reason and a line for the public.

Publishing runs in a process of its own.
"""

import json
from html import escape
from typing import Any

import streamlit as st

from pages.parts.auth import identity
from pages.parts.staff import action_messages, findings, reading
from pages.parts.staff import dry_run as dry_run_view
from pages.parts.staff.draft_model import Work, stored
from pages.parts.text import formatting
from pages.parts.text import staff as text
from pages.parts.text.translation import say
from pages.parts.ui import components, page_shell
from pipelines import journal, releases
from pipelines.errors import Forbidden
from pipelines.publishing import dry_run, permissions, publication_requests, publish_withdraw_rollback
from pipelines.publishing.checked_upload import checked
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.isolated_process import run_in_worker
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission import Submission
from pipelines.publishing.submission_plan import PublicLine


def hand_in(work: Work, handed_in: Submission, effect: Effect) -> bool:
    """Ask for publication of what the dry run showed. Gives whether it was asked."""
    with st.form("ask", border=False):
        message = st.text_input(say(text.WHY_PUBLISH), key="ask_message", max_chars=300)
        if not st.form_submit_button(say(text.ASK), type="primary"):
            return False
    with action_messages.report_errors():
        person = identity.may("request")
        store = releases.store_path()
        publication_requests.upload(
            store, work.content, checked(*work.check()), person, action_messages.origin(), work.seen
        )
        asked = publication_requests.ask(store, handed_in, effect, person, message)
        action_messages.keep(say(text.ASKED, request=asked.request_id))
        return True
    return False


def waiting(person: Person) -> None:
    """Requests that wait, one of them open."""
    store = releases.store_path()
    open_ones = [
        request for request in publication_requests.requests(store) if request.state in ("waiting", "stale")
    ]
    if not open_ones:
        page_shell.line(say(text.NONE_WAITING))
        return
    names = {
        request.request_id: say(
            text.REQUEST, request=request.request_id, file=request.file_name, reason=request.message
        )
        for request in open_ones
    }
    chosen = st.selectbox(
        say(text.WAITING),
        list(names),
        format_func=lambda name: names[name],
        key="request_chosen",
        index=None if len(names) > 1 else 0,
    )
    if chosen is not None:
        _open(next(request for request in open_ones if request.request_id == chosen), person)


def _open(request: publication_requests.Request, person: Person) -> None:
    store = releases.store_path()
    page_shell.section(say(text.HANDED_IN), level=3)
    components.facts(_details(request))
    if request.requester == person.subject and permissions.allowed(person, "request"):
        _take_back(request)
    if not permissions.allowed(person, "publish"):  # they saw the public effect before they asked
        _decide(request, person)
        return
    with action_messages.report_errors():
        submission = publication_requests.submission_of(store, request.request_id)
        path = publication_requests.upload_path(store, request.sha256)
        key = f"seen_by_approver_{request.request_id}_{releases.current()}"
        if key not in st.session_state:
            with st.spinner(say(text.READING_TRIAL)):
                st.session_state[key] = (
                    stored(path, request.file_name, submission.recipe, submission.shape),
                    run_in_worker(dry_run.dry_run, store, submission, person),
                )
        (read, verdict), seen = st.session_state[key]
        with st.expander(say(text.THE_FILE_TALLY, tally=findings.tally(verdict)), expanded=False):
            reading.facts(request.file_name, path.stat().st_size, read, verdict)
            findings.show(read, verdict, request.request_id)
        page_shell.section(say(text.PUBLIC_EFFECT), level=3)
        dry_run_view.show(seen, request.request_id)
        dry_run_view.left_out(verdict, seen)
        if request.state == "stale":
            page_shell.notice("old", say(text.STALE))
        _decide(request, person, submission.names_shown)


def _take_back(request: publication_requests.Request) -> None:
    """Who asked changes their mind."""
    with (
        st.form("take_back", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        reason = st.text_input(say(text.TAKE_BACK_WHY), key="take_back_reason", max_chars=300)
        is_asked = st.form_submit_button(say(text.TAKE_BACK))
    if is_asked:
        with action_messages.report_errors():
            actor = identity.may("request")
            publication_requests.take_back(releases.store_path(), request.request_id, actor, reason)
            action_messages.keep(say(text.TAKEN_BACK, request=request.request_id))
            st.rerun()


def _decide(request: publication_requests.Request, person: Person, names_shown: tuple[str, ...] = ()) -> None:
    """names_shown: beneficiaries that may be natural persons, whose names the request asks to show."""
    try:
        permissions.require(person, "publish")
        permissions.require_other(person, request.authors, "publish")
    except Forbidden as refusal:
        page_shell.notice("old", str(refusal))
        return
    with st.form("decide"):
        reason = st.text_input(say(text.REASON), key="reason", max_chars=300)
        st.html(f'<p class="t-sub">{escape(say(text.PUBLIC_LINE))}</p>')
        subject = st.text_input(say(text.WHAT_CHANGED), request.title, key="line_subject", max_chars=200)
        before = st.text_input(
            say(text.HOW_IT_WAS), key="line_before", max_chars=300, placeholder=say(text.MAY_STAY_EMPTY)
        )
        after = st.text_input(say(text.HOW_IT_IS), key="line_after", max_chars=300)
        why = st.text_input(say(text.WHY), key="line_why", max_chars=300)
        allow_names = bool(names_shown) and st.checkbox(
            say(text.ALLOW_NAMES, names=", ".join(names_shown[:5]), number=len(names_shown)),
            key="allow_names",
        )
        with st.container(horizontal=True, gap="small"):
            is_yes = st.form_submit_button(
                say(text.APPROVE), type="primary", disabled=request.state == "stale"
            )
            is_no = st.form_submit_button(say(text.DECLINE))
    if is_yes or is_no:
        with action_messages.report_errors():
            store = releases.store_path()
            actor = identity.may("publish" if is_yes else "decline")
            if is_no:
                publication_requests.decline(store, request.request_id, actor, reason)
                action_messages.keep(say(text.DECLINED, request=request.request_id))
            else:
                with st.spinner(say(text.PUBLISHING)):
                    done = run_in_worker(
                        publish_withdraw_rollback.publish,
                        store,
                        request.request_id,
                        actor,
                        reason,
                        PublicLine(subject, after, why, before),
                        allow_names=allow_names,
                    )
                action_messages.keep(done.message)
            st.rerun()


def _details(request: publication_requests.Request) -> list[tuple[str, str]]:
    """Who handed in what, when and why; which warnings were acknowledged."""
    uploads = _uploads(request.sha256)
    acknowledged = sorted({code for details in uploads for code in details.get("acknowledged", [])})
    values = {
        "file": request.file_name,
        "sha256": request.sha256,
        "asked_by": say(
            text.ASKED_BY,
            name=uploads[-1]["name"] if uploads else request.requester,
            moment=request.asked_at.replace("T", " ")[:16],
        ),
        "reason": request.message,
        "base": formatting.spelt(request.base),
        "acknowledged": ", ".join(acknowledged) or say(text.NONE),
    }
    return [(say(title), values[name]) for name, title in text.REQUEST_FACTS.items()]


def _uploads(sha256: str) -> list[dict[str, Any]]:
    """The details of every upload of these bytes in the journal."""
    uploads = [
        json.loads(entry.details) for entry in journal.read(releases.store_path()) if entry.action == "upload"
    ]
    return [details for details in uploads if details.get("sha256") == sha256]
