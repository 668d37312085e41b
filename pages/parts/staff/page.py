"""The staff page as a whole: who looks at it, where their file stands, and the five steps in their order."""

from datetime import UTC, datetime

import streamlit as st

from pages.parts.auth import identity
from pages.parts.sharing import readme
from pages.parts.staff import (
    action_messages,
    decision,
    draft_store,
    findings,
    history_and_undo,
    reading,
    recipe,
)
from pages.parts.staff import dry_run as dry_run_view
from pages.parts.staff.draft_model import Work, handed_in
from pages.parts.text import staff as text
from pages.parts.text.translation import say
from pages.parts.ui import components, page_shell
from pipelines import releases
from pipelines.errors import Forbidden
from pipelines.file_schemas import SHAPES, uploadable
from pipelines.intake.check_inputs import published_names
from pipelines.publishing import dry_run, permissions
from pipelines.publishing.isolated_process import run_in_worker, warm
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission import Overlap
from pipelines.upload_templates import csv_template, xlsx_template

TYPES = ("csv", "tsv", "txt", "xlsx", "xls", "ods")
MOST_MEGABYTES = 64
_WORK, _UPLOADER, _LOOKED = "staff_work", "staff_uploader", "staff_looked_for_draft"


def show() -> None:
    """The page. Whoever has no role or no living session sees why, and nothing else."""
    claims = identity.here()
    if claims is None:
        _closed(say(text.CLOSED), say(text.CLOSED_WHY))
        return
    try:
        person = identity.staff(claims)
    except Forbidden as reason:
        _closed(say(text.CLOSED_NOW), str(reason))
        return
    warm()
    head = st.container()
    _who(person, claims["iss"] == identity.LOCAL)
    action_messages.show_kept()
    work: Work | None = None
    step = 5
    if permissions.allowed(person, "upload"):
        work = st.session_state.get(_WORK) or _taken() or _kept(person)
        step = _work(person, work)
        if _WORK in st.session_state:
            draft_store.keep(person, st.session_state[_WORK])
    with head:
        _head(person, work, step)
    if permissions.allowed(person, "publish") or permissions.allowed(person, "request"):
        page_shell.gap()
        page_shell.section(say(text.REQUESTS), say(text.REQUESTS_WHO))
        decision.waiting(person)
    page_shell.gap()
    page_shell.section(say(text.HISTORY))
    history_and_undo.show(person)


def _closed(sentence: str, why: str) -> None:
    page_shell.headline(sentence, why)
    if identity.is_local():
        page_shell.line(say(text.LOCAL_LINK))
    else:
        st.button(say(text.SIGN_IN), on_click=st.login, type="primary", key="sign_in")


def _who(person: Person, is_local: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        signed_in = text.SIGNED_IN_LOCALLY if is_local else text.SIGNED_IN
        page_shell.line(say(signed_in, name=person.name, roles=sorted(person.roles)))
        if st.button(say(text.SIGN_OUT), type="tertiary", key="sign_out"):
            claims = identity.here()
            if claims:
                identity.end(claims)
            st.session_state.pop(_WORK, None)
            st.logout()


def _head(person: Person, work: Work | None, step: int) -> None:
    if work is None or work.result is None:
        can_upload = permissions.allowed(person, "upload")
        page_shell.headline(say(text.BRING_IN if can_upload else text.LOOK), say(text.EACH_STEP))
    else:
        file, verdict = work.result
        errors = findings.counts(verdict)["error"]
        if errors:
            rows = say(text.ROWS, number=verdict.rows_read)
            mend = text.MEND_TEMPLATE if file.is_template else text.MEND_RECIPE
            page_shell.headline(say(text.ERRORS_IN, number=errors, rows=rows), say(mend))
        else:
            to_confirm = set(findings.warnings(verdict)) - work.seen
            way_on = text.CONFIRM_FIRST if to_confirm else text.GO_ON
            page_shell.headline(say(text.NO_ERROR_IN, number=verdict.rows_read), say(way_on))
    weight = "font-weight:600;border-bottom:3px solid"
    names = "".join(
        "<li "
        f'style="padding-bottom:.375rem;{weight if number == step else ""}"'
        f"{' aria-current=step' if number == step else ''}>{number} {say(name)}</li>"
        for number, name in enumerate(text.STEPS, start=1)
    )
    st.html(f'<ul class="t-key" style="gap:.375rem 1.5rem;font-size:1rem">{names}</ul>')


def _work(person: Person, work: Work | None) -> int:
    """The steps of a contributor. Gives the number of the one that they are at."""
    if work is None:
        _choose()
        return 1
    with action_messages.report_errors():
        file, verdict = work.check()
        left, right = st.columns([5, 7], gap="large")
        with left:
            page_shell.section(say(text.HOW_READ))
            reading.kind_of_rows(work, file)
            reading.facts(work.name, work.size, file, verdict)
            reading.questions(work, file)
        is_finer = any(finding.code == "third-decimal" for finding in verdict.findings)  # a recipe can round
        if (not file.is_template or is_finer) and file.grid is not None and file.curated is None:
            with st.expander(say(text.RECIPE_TITLE), expanded=bool(findings.counts(verdict)["error"])):
                recipe.editor(work, file)
        page_shell.gap()
        page_shell.section(say(text.FINDINGS_TITLE))
        findings.show(file, verdict, "work")
        is_ready = not verdict.is_blocked and findings.acknowledge(work, verdict)
        with st.container(horizontal=True, gap="small"):
            findings.downloads(file, verdict, work.name)
            if st.button(say(text.UPLOAD_AGAIN), key="again") | st.button(
                say(text.DISCARD), type="tertiary", key="discard"
            ):
                _drop(person)
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
            page_shell.section(say(text.DECISION), say(text.YOU_ASK))
            if decision.hand_in(work, work.handed_in, work.effect):
                _drop(person)
                st.rerun()
            return 5
        return 4 if is_ready else 3
    with st.container(horizontal=True, gap="small"):
        if st.button(say(text.DISCARD), key="discard_broken"):
            _drop(person)
            st.rerun()
        if work.recipe_text and st.button(say(text.FORGET_RECIPE), key="forget_recipe"):
            work.rewrite("")
            st.rerun()
    return 2


def _choose() -> None:
    key = f"upload_{st.session_state.setdefault(_UPLOADER, 0)}"
    page_shell.line(say(text.ANY_KIND))
    st.file_uploader(say(text.BUDGET_FILE), type=TYPES, key=key, max_upload_size=MOST_MEGABYTES)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        shape = st.selectbox(
            say(text.TEMPLATE_OF),
            uploadable(),
            format_func=lambda name: SHAPES[name].title,
            key="template_shape",
            width=380,
        )
        st.download_button(
            say(text.TEMPLATE),
            lambda: csv_template(shape),
            f"template-{shape}.csv",
            "text/csv",
            key="template",
            on_click="ignore",
        )
        st.download_button(
            say(text.TEMPLATE_WORKBOOK),
            lambda: xlsx_template(shape, published_names()),
            f"template-{shape}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            key="template_workbook",
            on_click="ignore",
        )


def _taken() -> Work | None:
    """The file that was just chosen, taken over before anything is drawn: the run that brings it shows its
    findings.
    """
    number = st.session_state.get(_UPLOADER, 0)
    given = st.session_state.get(f"upload_{number}")
    if given is None:
        return None
    with action_messages.report_errors():
        owner = identity.may("upload")
        st.session_state[_WORK] = draft_store.begin(owner, given.name, given.getvalue())
        st.session_state[_UPLOADER] = number + 1  # Streamlit drops its copy
    return st.session_state.get(_WORK)


def _kept(person: Person) -> Work | None:
    """What the person worked on in an earlier session. A session looks for it once."""
    if st.session_state.get(_LOOKED):
        return None
    st.session_state[_LOOKED] = True
    with action_messages.report_errors():
        if (work := draft_store.found(person)) is not None:
            st.session_state[_WORK] = work
            page_shell.notice("moved", say(text.GOES_ON))
    return st.session_state.get(_WORK)


def _drop(person: Person) -> None:
    st.session_state.pop(_WORK, None)
    draft_store.drop(person)


def _effect(person: Person, work: Work, is_ready: bool) -> None:
    page_shell.section(say(text.PUBLIC_EFFECT))
    if not is_ready:
        page_shell.line(say(text.NOT_READY))
        return
    if work.effect is None or work.effect.base != releases.current():
        if not _source_line(work):
            return
        file, verdict = work.check()
        work.handed_in = handed_in(file, verdict, datetime.now(UTC).date(), work.words)
        _dry_run(work)
        if work.effect is not None:
            st.rerun()
    if work.effect is None:
        return
    components.facts([(say(title), work.words.get(name, "")) for name, title in text.SOURCE_FACTS.items()])
    if st.button(say(text.CHANGE_SOURCE), type="tertiary", key="change_source"):
        work.effect = None
        st.rerun()
    dry_run_view.show(work.effect, "work")
    edges: list[Overlap] | None = dry_run_view.overlaps(work, work.effect)
    if edges and work.handed_in:
        work.handed_in = work.handed_in.with_overlaps(edges)
        _dry_run(work)
        st.rerun()


def _source_line(work: Work) -> bool:
    """The form of the source line. Gives whether it was sent, and names what readers must know."""
    words = {"title": work.name.rsplit(".", 1)[0], **work.words}
    with st.form("source", border=False):
        typed = {
            "title": st.text_input(say(text.SOURCE_TITLE), words["title"], key="source_title", max_chars=200),
            "publisher": st.text_input(
                say(text.SOURCE_PUBLISHER), words.get("publisher", ""), key="source_publisher", max_chars=200
            ),
            "licence": st.text_input(
                say(text.SOURCE_LICENCE),
                words.get("licence", ""),
                key="source_licence",
                max_chars=100,
                placeholder=readme.LICENCE,
            ),
            "url": st.text_input(
                say(text.SOURCE_URL),
                words.get("url", ""),
                key="source_url",
                max_chars=500,
                placeholder="https://…",
            ),
        }
        if not st.form_submit_button(say(text.SEE_EFFECT), type="primary"):
            return False
    work.words = typed
    if not typed["title"].strip() or not typed["publisher"].strip():
        page_shell.notice("error", say(text.SOURCE_NEEDED))
        return False
    return True


def _dry_run(work: Work) -> None:
    if work.handed_in is None:
        return
    with action_messages.report_errors(), st.spinner(say(text.TRIAL)):
        work.effect = run_in_worker(
            dry_run.dry_run, releases.store_path(), work.handed_in, identity.may("dry run")
        )
