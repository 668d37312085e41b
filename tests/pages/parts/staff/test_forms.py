"""What the forms of the staff page make of a recipe and of proposed overlaps, and how they say what a finding
is about.
"""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.staff.dry_run import bundles
from pages.parts.staff.findings import _sentence
from pages.parts.staff.recipe import LEFT_OUT, remapped
from pipelines.findings import Finding
from pipelines.intake.recipes import Amount, Recipe
from pipelines.publishing.submission import Overlap

RECIPE = Recipe(
    "berlin",
    columns={"Titel": ("heading",), "Jahr": ("year", "dated_on"), "Gone": ("note",)},
    amounts=(Amount("Betrag", unit=1000),),
    ignored=("Nr",),
)


def test_a_recipe_changes_only_where_somebody_changed_it() -> None:
    assert remapped(RECIPE, {}) == RECIPE
    changed = remapped(RECIPE, {"TITEL": LEFT_OUT, "Nr": "note", "Summe": "amount_eur"})
    assert changed.columns == {"Jahr": ("year", "dated_on"), "Gone": ("note",), "Nr": ("note",)}, (
        "a column that is gone stays, and is told of"
    )
    assert changed.ignored == ("TITEL",)
    assert changed.amounts == (Amount("Betrag", unit=1000), Amount("Summe"))


def test_overlaps_in_the_same_amount_for_the_same_reason_are_one_decision() -> None:
    edges = [Overlap("whole", f"row:{row}", "Inside it.", "https://example.org/") for row in range(2, 10_002)]
    edges += [
        Overlap("row:5", "site", "Part of it.", "https://example.org/"),
        Overlap("whole", "row:7", "Otherwise.", "https://example.org/"),
    ]
    found = bundles(edges)
    assert [(bundle.container, bundle.reason, len(bundle.edges)) for bundle in found] == [
        ("whole", "Inside it.", 10_000),
        ("row:5", "Part of it.", 1),
        ("whole", "Otherwise.", 1),
    ]
    assert sorted(edge for bundle in found for edge in bundle.edges) == sorted(edges)


def left_out(edges: list[tuple[str, str, str, str]], rows: list[int]) -> None:
    """What an approver is shown, as a page of its own."""
    from types import SimpleNamespace

    import pyarrow as pa

    from pages.parts.staff import dry_run
    from pages.parts.ui import session_release
    from pipelines import releases
    from pipelines.publishing.dry_run import Effect
    from pipelines.publishing.submission import Overlap

    session_release.begin(None, releases.current())
    verdict = SimpleNamespace(rows=pa.table({"file_row": rows}))
    dry_run.left_out(
        verdict, Effect(base="", source_id="", figures="", proposals=tuple(Overlap(*edge) for edge in edges))
    )  # type: ignore[arg-type]


def test_who_decides_is_shown_the_overlaps_that_nobody_recorded(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    whole = "envelopes:digital-europe-total-2021"
    edge = Overlap(whole, "row:3", "An award under Digital Europe.", "https://example.org/")
    app = AppTest.from_function(left_out, kwargs={"edges": [edge], "rows": [7, 9]}).run()
    assert not app.exception
    said = " ".join(str(element.proto.body) for element in app.get("html"))
    assert (
        "they would be counted twice" in said
        and "includes row 9" in said
        and "An award under Digital Europe." in said
    )
    assert not AppTest.from_function(left_out, kwargs={"edges": [], "rows": []}).run().get("html")


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            Finding(
                code="x",
                file="f",
                row=3,
                column="stage",
                value="comitted",
                problem="is no stage.",
                remedy="Say `note`.",
                column_number=2,
            ),
            "Error · B3 “comitted” is no stage. Say <code>note</code>.",
        ),
        (
            Finding(code="x", file="f", column="source_url", problem="is missing."),
            "Error · source_url is missing.",
        ),
        (
            Finding(code="x", file="f", problem="has no rows.", severity="warning"),
            "Warning · The file has no rows.",
        ),
        (
            Finding(code="x", file="f", value="utf-8", problem="is utf-8: no doubt.", severity="note"),
            "Note · The file is utf-8: no doubt.",
        ),
        (
            Finding(code="x", file="f", value="Sheet2", problem="is a hidden sheet.", severity="note"),
            "Note · “Sheet2” is a hidden sheet.",
        ),
        (
            Finding(
                code="x", file="f", row=3, value="<b>", problem="is odd.", severity="note", column_number=1
            ),
            "Note · A3 “&lt;b&gt;” is odd.",
        ),
        (
            Finding(code="x", file="f", row=1, column="source_url", problem="is missing.", severity="error"),
            "Error · source_url is missing.",
        ),
    ],
)
def test_a_finding_says_what_it_is_about(finding: Finding, said: str) -> None:
    assert _sentence(finding) == said


def looked_at(file: str) -> None:
    """The warnings of a file, as a page of its own."""
    from pathlib import Path

    import streamlit as st

    from pages.parts.staff import findings
    from pages.parts.staff.draft_model import Work

    path = Path(file)
    work = st.session_state.setdefault("work", Work("list.csv", path.stat().st_size, "", path))
    _, verdict = work.check()
    findings.acknowledge(work, verdict)
    st.session_state["names"] = verdict.names_shown


@pytest.mark.slow
def test_who_hands_in_may_ask_to_show_a_name(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(store))
    rows = [
        "programme,stage,basis,amount_eur,year,beneficiary,heading,source_url",
        "digital-europe,committed,eu-contribution,10.00,2024,Anna Example,A,https://example.org/list",
        "digital-europe,committed,eu-contribution,20.00,2024,Example Institute,B,https://example.org/list",
    ]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    app = AppTest.from_function(looked_at, kwargs={"file": str(path)}, default_timeout=60).run()
    assert not app.exception and app.session_state["names"] == ()
    (choice,) = app.multiselect
    assert choice.options == ["Anna Example"]
    choice.select("Anna Example").run()
    assert not app.exception and app.session_state["names"] == ("Anna Example",)
