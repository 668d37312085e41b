"""The staff page as a whole: who looks at it, where their file stands, and the five steps in their order."""

from datetime import UTC, datetime

import streamlit as st

from pages.parts.auth import identity
from pages.parts.staff import decision, feedback, findings, history, reading, recipe
from pages.parts.staff import dry_run as dry_run_view
from pages.parts.staff.draft import Work, handed_in
from pages.parts.text import formatting
from pages.parts.ui import page_shell
from pipelines import releases
from pipelines.publishing import dry_run, permissions
from pipelines.publishing.permissions import Forbidden, Person
from pipelines.publishing.submission import COLUMNS, Overlap
from pipelines.publishing.worker_process import run_in_worker, warm

STEPS = ("Upload", "Reading", "Findings", "Public effect", "Decision")
TYPES = ("csv", "tsv", "txt", "xlsx", "xls", "ods")
MOST_MEGABYTES = 64
_WORK, _UPLOADER = "staff_work", "staff_uploader"


def show() -> None:
    """The page. Whoever has no role or no living session sees why, and nothing else."""
    claims = identity.here()
    if claims is None:
        _closed(
            "This page is for staff",
            "Sign in to bring in a file, to look at requests, or to go back to an earlier release.",
        )
        return
    try:
        person = identity.staff(claims)
    except Forbidden as reason:
        _closed("You cannot work here now", str(reason))
        return
    warm()
    head = st.container()
    _who(person, claims["iss"] == identity.LOCAL)
    feedback.said()
    work: Work | None = st.session_state.get(_WORK) or _taken()
    step = _work(person, work) if permissions.allowed(person, "upload") else 5
    with head:
        _head(person, work, step)
    if permissions.allowed(person, "publish") or permissions.allowed(person, "request"):
        page_shell.gap()
        page_shell.section(
            "Requests",
            "An approver decides; who brought the file in may not, unless only one person works here.",
        )
        decision.waiting(person)
    page_shell.gap()
    page_shell.section("History")
    history.show(person)


def _closed(sentence: str, why: str) -> None:
    page_shell.headline(sentence, why)
    if identity.is_local():
        page_shell.line(
            "Local mode: the terminal in which the tracker was started shows a link that signs you in."
        )
    else:
        st.button("Sign in", on_click=st.login, type="primary", key="sign_in")


def _who(person: Person, is_local: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        mode = "Local mode, this machine only. " if is_local else ""
        page_shell.line(f"{mode}Signed in as {person.name}, {formatting.listed(sorted(person.roles))}.")
        if st.button("Sign out", type="tertiary", key="sign_out"):
            claims = identity.here()
            if claims:
                identity.end(claims)
            st.session_state.pop(_WORK, None)
            st.logout()


def _head(person: Person, work: Work | None, step: int) -> None:
    if work is None or work.result is None:
        can = permissions.allowed(person, "upload")
        sentence = (
            "Bring in a file: nothing public changes until it is approved"
            if can
            else "Look at what waits for a decision"
        )
        page_shell.headline(
            sentence, "Each step shows what the next one needs. Every act is written into the journal."
        )
    else:
        found, verdict = work.result
        errors, rows = findings.counts(verdict)["error"], formatting.count(verdict.rows_read, "row")
        if errors:
            page_shell.headline(
                f"{formatting.count(errors, 'error')} in {rows}: this file cannot be published yet",
                "Mend the marked cells and upload the file again."
                if found.is_template
                else "Say in the recipe what the file does not say, or mend the marked cells and upload the file again.",
            )
        else:
            page_shell.headline(
                f"No error in {rows}: this file can go on to its public effect",
                "Confirm the warnings, look at the public effect, then ask.",
            )
    weight = "font-weight:600;border-bottom:3px solid"
    names = "".join(
        f'<li style="padding-bottom:.375rem;{weight if number == step else ""}"{" aria-current=step" if number == step else ""}>{number} {name}</li>'
        for number, name in enumerate(STEPS, start=1)
    )
    st.html(f'<ul class="t-key" style="gap:.375rem 1.5rem;font-size:1rem">{names}</ul>')


def _work(person: Person, work: Work | None) -> int:
    """The steps of a contributor. Gives the number of the one that they are at."""
    if work is None:
        _choose()
        return 1
    with feedback.report_errors():
        found, verdict = work.check()
        left, right = st.columns([5, 7], gap="large")
        with left:
            page_shell.section("How the file was read")
            reading.facts(work.name, work.size, found, verdict)
            reading.questions(work, found)
        if not found.is_template and found.grid is not None:
            with st.expander(
                "The recipe: how their columns and words become ours",
                expanded=bool(findings.counts(verdict)["error"]),
            ):
                recipe.editor(work, found)
        page_shell.gap()
        page_shell.section("Findings, in the rows where they are")
        findings.show(found, verdict, "work")
        is_ready = not verdict.is_blocked and findings.acknowledge(work, verdict)
        with st.container(horizontal=True, gap="small"):
            findings.downloads(found, verdict, work.name)
            if st.button("Upload a corrected file", key="again") | st.button(
                "Discard", type="tertiary", key="discard"
            ):
                _drop()
                st.rerun()
        with right:
            _effect(person, work, is_ready)
        if (
            work.handed_in is not None
            and work.effect is not None
            and work.effect.can_be_published
            and is_ready
        ):
            page_shell.gap()
            page_shell.section("Decision", "You ask; an approver decides.")
            if decision.hand_in(work, work.handed_in, work.effect):
                _drop()
                st.rerun()
            return 5
        return 4 if is_ready else 3
    with st.container(horizontal=True, gap="small"):
        if st.button("Discard", key="discard_broken"):
            _drop()
            st.rerun()
        if work.recipe_text and st.button("Forget the edited recipe", key="forget_recipe"):
            work.rewrite("")
            st.rerun()
    return 2


def _choose() -> None:
    key = f"upload_{st.session_state.setdefault(_UPLOADER, 0)}"
    st.file_uploader(
        "Budget file (CSV, TSV, TXT, XLSX, XLS or ODS)", type=TYPES, key=key, max_upload_size=MOST_MEGABYTES
    )
    template = ",".join(COLUMNS) + "\n"
    st.download_button(
        "The template (CSV)",
        template,
        "template.csv",
        "text/csv",
        key="template",
        on_click="ignore",
        type="tertiary",
    )


def _taken() -> Work | None:
    """The file that was just chosen, taken over before anything is drawn: the run that brings it shows its findings."""
    number = st.session_state.get(_UPLOADER, 0)
    given = st.session_state.get(f"upload_{number}")
    if given is None:
        return None
    with feedback.report_errors():
        identity.may("upload")
        st.session_state[_WORK] = Work.of(given.name, given.getvalue())
        st.session_state[_UPLOADER] = number + 1  # Streamlit drops its copy
    return st.session_state.get(_WORK)


def _drop() -> None:
    st.session_state.pop(_WORK, None)


def _effect(person: Person, work: Work, is_ready: bool) -> None:
    page_shell.section("What the public would see")
    if not is_ready:
        page_shell.line(
            "The public effect can be seen when the errors are gone and the warnings are confirmed. Nothing public has changed."
        )
        return
    if work.effect is None or work.effect.base != releases.current():
        with st.form("source", border=False):
            words_of = {
                "title": st.text_input(
                    "What the source is called",
                    work.name.rsplit(".", 1)[0],
                    key="source_title",
                    max_chars=200,
                ),
                "publisher": st.text_input("Who published it", key="source_publisher", max_chars=200),
                "licence": st.text_input(
                    "Its licence", key="source_licence", max_chars=100, placeholder="CC BY 4.0"
                ),
                "url": st.text_input(
                    "A page about it", key="source_url", max_chars=500, placeholder="https://…"
                ),
            }
            if not st.form_submit_button("See the public effect", type="primary"):
                return
        found, verdict = work.check()
        work.handed_in = handed_in(found, verdict, datetime.now(UTC).date(), words_of)
        _dry_run(work)
        if work.effect is not None:
            st.rerun()
    if work.effect is None:
        return
    dry_run_view.show(work.effect, "work")
    edges: list[Overlap] | None = dry_run_view.overlaps(work, work.effect)
    if edges and work.handed_in:
        work.handed_in = work.handed_in.with_overlaps(edges)
        _dry_run(work)
        st.rerun()


def _dry_run(work: Work) -> None:
    if work.handed_in is None:
        return
    with feedback.report_errors(), st.spinner("Building a trial release beside the current one"):
        work.effect = run_in_worker(
            dry_run.dry_run, releases.store_path(), work.handed_in, identity.may("dry run")
        )
