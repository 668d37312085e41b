"""The staff page as two people see it: from a draft to a public row and back, with every step shown before it
acts.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.auth import identity
from pages.parts.staff import draft_store
from pages.parts.staff.findings import grouped
from pages.parts.staff.history_and_undo import named_uploads
from pipelines import journal, releases
from pipelines.findings import Finding
from pipelines.publishing import permissions
from pipelines.publishing.permissions import Person
from pipelines.user_sql import run_query
from tests.conftest import Small
from tests.pipelines.publishing.curated import SITE, ask, table
from tests.pipelines.publishing.office import ANN, BOB, Office

LUMI = SITE | {
    "site_id": "lumi-ai-factory",
    "name": "LUMI AI Factory",
    "status": "operational",
    "country": "FI",
    "replaces": "lumi-ai-factory",
    "replaces_reason": "The host says that it opened.",
}


def shown() -> None:
    """The staff page alone."""
    from pages.parts.staff import page
    from pages.parts.ui import session_release
    from pipelines import releases

    session_release.begin(None, releases.current())
    page.show()


@pytest.fixture
def sit(small: Small, monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], AppTest]:
    """A function: person → the page in a new session of theirs."""
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    monkeypatch.setattr("pages.parts.staff.page.warm", lambda: None)
    monkeypatch.setattr("pages.parts.staff.action_messages.origin", lambda: "127.0.0.1")
    # acts run in this process: the one that serves is not what is tested here
    act = lambda act, *values, **named: act(*values, **named)  # noqa: E731
    for module in ("page", "decision", "history_and_undo"):
        monkeypatch.setattr(f"pages.parts.staff.{module}.run_in_worker", act)

    def begin(person: Person) -> AppTest:
        def may(action: str) -> Person:
            permissions.require(person, action)
            return person

        monkeypatch.setattr(identity, "here", lambda: {"iss": "test", "sub": person.subject})
        monkeypatch.setattr(identity, "staff", lambda _claims: person)
        monkeypatch.setattr(identity, "may", may)
        app = AppTest.from_function(shown, default_timeout=280).run()
        assert not app.exception
        return app

    return begin


def words(app: AppTest) -> str:
    """Everything that the page says in HTML."""
    assert not app.exception, app.exception
    return " ".join(str(element.proto.body) for element in app.get("html"))


def press(app: AppTest, key: str) -> AppTest:
    return next(button for button in app.button if button.key == key).click().run()


def send(app: AppTest, label: str) -> AppTest:
    """Send a form by the label of its button."""
    return next(button for button in app.button if button.label == label).click().run()


@pytest.mark.slow
def test_from_a_draft_of_another_session_to_a_public_row(
    sit: Callable[[Person], AppTest], small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    draft_store.begin(ANN, "lumi.csv", table("site", LUMI))
    app = sit(ANN)
    assert "the file that you worked on before" in words(app) and "No error in" in words(app)
    assert (
        app.selectbox(key=next(one.key for one in app.selectbox if "shape_" in str(one.key))).value == "site"
    )

    # the source line must be said; what was typed stays in a new session
    app.text_input(key="source_title").input("LUMI, corrected")
    app = send(app, "See the public effect")
    assert "Say what the source is called and who published it." in words(app)
    app = sit(ANN)
    assert app.text_input(key="source_title").value == "LUMI, corrected"
    app.text_input(key="source_publisher").input("CSC")
    app = send(app, "See the public effect")
    said = words(app)
    assert said.index("What the pages would say") < said.index("Entries")
    assert "Sites, headline" in said and "1 replaced" in said
    cells = next(frame for frame in app.dataframe if "Column" in frame.value.columns).value
    assert ("status", "selected", "operational") in set(
        zip(cells["Column"], cells["Now"], cells["After"], strict=True)
    )
    assert "LUMI, corrected" in said and "CSC" in said, "the source line stays in view"

    # asked, taken back by who asked, asked again
    app = send(app, "Ask for publication")
    assert "Say in a sentence why this should be published." in words(app)
    app.text_input(key="ask_message").input("It opened")
    app = send(app, "Ask for publication")
    assert "waits for an approver" in words(app) and draft_store.found(ANN) is None
    app.text_input(key="take_back_reason").input("A cell is missing")
    app = send(app, "Take back my request")
    assert "was taken back" in words(app) and "No request is waiting." in words(app)
    draft_store.begin(ANN, "lumi.csv", table("site", LUMI))
    app = sit(ANN)
    app.text_input(key="source_publisher").input("CSC")
    app = send(app, "See the public effect")
    app.text_input(key="ask_message").input("It opened")
    send(app, "Ask for publication")

    # another person decides; what is missing is said, and nothing keeps turning
    app = sit(BOB)
    assert "Sites, headline" in words(app)
    assert {"Reason, for the journal (required)", "How it is now (required)"} <= {
        one.label for one in app.text_input
    }
    app.text_input(key="reason").input("Checked")
    app = send(app, "Approve and publish")
    assert "The public change log needs" in words(app) and not app.get("status")
    app.text_input(key="line_after").input("LUMI is open")
    app.text_input(key="line_why").input("Its host says so")
    app = send(app, "Approve and publish")
    assert "The public sees release" in words(app)
    second = releases.require_current(small.store)
    status = run_query.ask("select status from sites where site_id = 'lumi-ai-factory'", second, small.store)
    assert status.to_pylist() == [{"status": "operational"}]


@pytest.mark.slow
def test_uploads_carry_their_names_and_every_way_back_is_seen_before_it_acts(
    sit: Callable[[Person], AppTest], small: Small, tmp_path: Path
) -> None:
    office, first = Office(small.store, small.data), releases.require_current(small.store)
    second = office.publish(ask(office, tmp_path, table("site", LUMI))).release_id
    (named,) = named_uploads(small.store, journal.read(small.store))
    assert (named["title"], named["file"], named["owner"], named["approver"]) == (
        "Rows",
        "rows.csv",
        "Ann",
        "Bob",
    )
    app = sit(BOB)
    app.selectbox(key="withdraw_what").select_index(0).run()
    assert not [button for button in app.button if button.label == "Withdraw this upload"]
    app = press(app, "see_withdrawal")
    assert "What the public would see without Rows (rows.csv" in words(app)
    assert "Sites, headline" in words(app)
    assert [button for button in app.button if button.label == "Withdraw this upload"]
    app.selectbox(key="rollback_to").select(first).run()
    assert not [button for button in app.button if button.label == "Roll back to this release"]
    app = press(app, "see_rollback")
    assert "What the public would see after going back" in words(app)
    assert releases.current(small.store) == second
    app.text_input(key="rollback_reason").input("Too early")
    app = send(app, "Roll back to this release")
    assert releases.current(small.store) == first


@pytest.mark.slow
def test_a_person_can_say_what_the_rows_of_a_file_are(
    sit: Callable[[Person], AppTest], small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    draft_store.begin(ANN, "odd.csv", b"Name,Where\nMimer,SE\n")
    app = sit(ANN)
    chooser = next(one for one in app.selectbox if str(one.key).startswith("shape_"))
    assert chooser.value == "budget_line"
    app = chooser.select("site").run()
    assert "is a column that every row of “Site” needs." in words(app)
    assert sit(ANN) and next(one for one in sit(ANN).selectbox if "shape_" in str(one.key)).value == "site"


def test_who_has_no_role_for_uploads_has_no_draft(
    sit: Callable[[Person], AppTest], small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    draft_store.begin(ANN, "lumi.csv", table("site", LUMI))
    assert "LUMI" not in words(sit(BOB))
    assert draft_store.found(Person("eve", "Eve", frozenset({"contributor"}))) is None


def test_a_draft_that_was_damaged_or_left_for_long_is_gone(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    work = draft_store.begin(ANN, "a.csv", b"a,b\n1,2\n")
    assert work.path.stat().st_mode & 0o077 == 0, "for the eyes of the server alone"
    work.path.write_bytes(b"other")
    assert draft_store.found(ANN) is None
    draft_store.begin(ANN, "a.csv", b"a,b\n1,2\n")
    assert draft_store.found(ANN) is not None
    monkeypatch.setattr(draft_store, "KEPT_DAYS", -1)
    assert draft_store.found(ANN) is None and not list(Path(small.store / "drafts").iterdir())


def test_findings_of_one_kind_stand_together_and_each_cell_once() -> None:
    def wrong(row: int, value: str = "eu", column: str = "funder") -> Finding:
        return Finding(
            code="unknown-word", row=row, column=column, column_number=3, value=value, problem="is no funder."
        )

    note = Finding(code="no-rows", problem="has no rows.", severity="note")
    groups = grouped([note, wrong(2), wrong(3), wrong(3), wrong(4, "EIB"), wrong(2, column="stage")])
    assert [(group.first.code, group.first.column, group.cells, group.values) for group in groups] == [
        ("unknown-word", "funder", ("C2", "C3", "C4"), ("eu", "EIB")),
        ("unknown-word", "stage", ("C2",), ("eu",)),
        ("no-rows", "", (), ("",)),
    ]
