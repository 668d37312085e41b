"""An old link says which numbers of its page moved since, and gives as the reason only the lines of the
change log that belong to them.
"""

from decimal import Decimal

import pytest

from pages.http import request_params
from pages.parts.sharing import old_link_differences
from pages.parts.sharing.old_link_differences import Banner, Number
from pages.parts.text import formatting
from pages.parts.url_state import read_link
from pages.parts.views import FIGURES
from pipelines.publishing.submission_plan import PublicLine
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import Small
from tests.pipelines.publishing.office import AWARD, CORRECTION, Office, template

FIRST = {view.page: view for view in reversed(FIGURES.values())}
HORIZON = "https://www.eubusiness.com/?p=32318"


@pytest.fixture
def before(small: Small, monkeypatch: pytest.MonkeyPatch) -> ReleaseData:
    """The release of a link."""
    monkeypatch.setenv("TRACKER_STORE", str(small.store))
    return request_params.answers()


def banner(before: ReleaseData, now: ReleaseData, page: str, **choice: str) -> Banner:
    """What the reader of a page with this choice is told."""
    values, notices = read_link(
        {name: [code] for name, code in choice.items()}, FIRST[page].parameters(before)
    )
    found = old_link_differences.moved(before, now, page, values)
    assert found and not notices
    return found


def rebuilt(small: Small, *log: str) -> ReleaseData:
    """The release of what the data folder holds now. log: more lines of the change log, up to source_url."""
    file = small.data / "reference" / "changes.csv"
    file.write_text(
        file.read_text(encoding="utf-8") + "".join(f"{line},\n" for line in log), encoding="utf-8"
    )
    return request_params.answers(small.build().release_id)


def line_of(subject: str, reason: str) -> PublicLine:
    return PublicLine(subject, "It is new", reason)


def raised(small: Small, key: str, amount: str) -> None:
    small.change(
        "envelopes", "entries.csv", small.row_of("envelopes", "entries.csv", entry_key=key), amount_eur=amount
    )


@pytest.mark.parametrize("name", FIGURES)
def test_the_euros_of_a_number_are_those_that_it_says(name: str, before: ReleaseData) -> None:
    view = FIGURES[name]
    figure = view.make(
        before,
        read_link(
            {"stage": ["committed"], "level": ["all"]} if view.page == "euros" else {},
            view.parameters(before),
        )[0],
    )
    for number in old_link_differences._numbers(figure) if figure else ():
        assert number.amount is None or number.words.endswith(
            (formatting.euros(number.amount), formatting.euros(number.amount, decimals=2))
        )


def test_a_number_says_what_it_was_and_what_it_is_and_the_line_of_its_document(
    before: ReleaseData, small: Small
) -> None:
    raised(small, "horizon-europe-total", "95000000000.00")
    now = rebuilt(
        small,
        f"2026-11-22,horizon-raise,raised,The envelope of Horizon Europe,,more,The budget was revised.,{HORIZON}",
        "2026-11-22,other,raised,Something else,,more,Another document says so.,https://example.org/other",
    )
    found = banner(before, now, "euros")
    assert (
        found.lead
        == f"Some numbers on this page are different in the current release, {formatting.spelt(now.release_id)}."
    )
    assert (
        "Horizon Europe: here €93.5\u00a0bn (93,500,000,000), now €95\u00a0bn (95,000,000,000)." in found.text
    )
    assert "The headline: here “" in found.text
    assert found.more[1:] == (("Why:", ("The envelope of Horizon Europe: The budget was revised.",)),)


def test_a_page_without_figures_says_nothing(before: ReleaseData) -> None:
    assert old_link_differences.moved(before, before, "about", {}) is None


@pytest.mark.parametrize("page", FIRST)
def test_where_nothing_moved_no_number_is_different(page: str, before: ReleaseData, small: Small) -> None:
    now = rebuilt(small, "2026-11-22,other,raised,Something else,,more,Another document says so.,")
    assert now.release_id != before.release_id
    for found in (banner(before, before, page), banner(before, now, page)):
        assert (
            found.lead.startswith("No number on this page is different in the current release, ")
            and not found.more
        )


@pytest.mark.slow
def test_a_figure_below_the_first_is_compared_too_and_its_headline(before: ReleaseData, small: Small) -> None:
    raised(small, "digital-europe-so1-computing-2023", "2019914000.01")
    only_cents = banner(before, rebuilt(small), "euros")
    ((_, (line,)), _) = only_cents.more
    assert line.startswith("“The largest part is Digital Europe, objective 1")
    assert "here €2.0\u00a0bn (2,019,914,000), now €2.0\u00a0bn (2,019,914,000.01)." in line
    raised(small, "digital-europe-so2-ai-2023", "2663956000.00")
    assert (
        "The title is now “The largest part is Digital Europe, objective 2"
        in banner(before, rebuilt(small), "euros").text
    )


def test_of_many_moves_the_largest_are_named_and_the_others_counted(
    before: ReleaseData, small: Small
) -> None:
    objectives = ["so1-computing", "so2-ai", "so3-cybersecurity", "so4-skills", "so5-deployment"]
    for extra, key in enumerate(objectives, start=1):
        row = small.row_of("envelopes", "entries.csv", entry_key=f"digital-europe-{key}-2023")
        amount = Decimal(small.rows("envelopes", "entries.csv")[row - 2]["amount_eur"]) + extra * 1_000_000
        small.change("envelopes", "entries.csv", row, amount_eur=str(amount))
    (line,) = banner(before, rebuilt(small), "euros").more[0][1]
    places = [
        line.index(f"objective {number}: {word}: here")
        for number, word in ((5, "deployment and interoperability"), (4, "advanced digital skills"))
    ]
    assert (
        places == sorted(places)
        and "; and 2 more." in line
        and "objective 2: artificial intelligence: here" not in line
    )


def test_numbers_that_appear_and_vanish_have_moved() -> None:
    old = [
        Number("Gone", "€5", Decimal(5)),
        Number("Twice", "€1", Decimal(1)),
        Number("Twice", "€2", Decimal(2)),
        Number("Unknown", "not published"),
    ]
    new = [
        Number("Twice", "€2", Decimal(2)),
        Number("Twice", "€3", Decimal(3)),
        Number("New", "€9", Decimal(9)),
        Number("Unknown", "€0", Decimal(0)),
    ]
    assert [
        (move.label, move.was and move.was.words, move.now and move.now.words)
        for move in old_link_differences._moves(old, new)
    ] == [
        ("New", None, "€9"),
        ("Gone", "€5", None),
        ("Twice", "€1", "€3"),
        ("Unknown", "not published", "€0"),
    ]


def test_a_choice_that_is_empty_now_says_that_its_numbers_are_not_there(
    before: ReleaseData, small: Small
) -> None:
    row = small.row_of("envelopes", "entries.csv", entry_key="horizon-europe-committed-2022")
    small.change("envelopes", "entries.csv", row, year="2024")
    text = banner(before, rebuilt(small), "euros", stage="committed", level="all").text
    assert "Horizon Europe, 2022: here €12.2\u00a0bn (12,200,000,000), now not there" in text
    assert "Horizon Europe, 2024: here not there, now €12.2\u00a0bn (12,200,000,000)" in text


@pytest.mark.slow
def test_the_four_funders_and_a_site_that_is_chosen_are_numbers_of_the_page(
    before: ReleaseData, small: Small
) -> None:
    raised(small, "investai-private", "151000000000.00")
    assert (
        "“Who is meant to pay: four sources that cannot be added up”: Private: here €150\u00a0bn"
        in banner(before, rebuilt(small), "").text
    )
    entries = small.rows("site-funding", "entries.csv")
    row = next(
        place
        for place, entry in enumerate(entries, start=2)
        if entry["site_id"] == "lumi-ai-factory" and entry["amount_eur"]
    )
    small.change("site-funding", "entries.csv", row, amount_eur="1234567.00")
    assert "(1,234,567)" in banner(before, rebuilt(small), "sites", site="lumi-ai-factory").text


@pytest.mark.slow
def test_without_a_line_that_belongs_to_it_the_others_are_no_reason(
    before: ReleaseData, small: Small
) -> None:
    raised(small, "horizon-europe-total", "95000000000.00")
    assert banner(before, rebuilt(small), "euros").more[1:] == (("The list of changes gives no reason.", ()),)
    lines = [
        f"2026-11-2{day},other-{day},raised,Thing {day},,more,It was said.,https://example.org/{day}"
        for day in range(4)
    ]
    found = banner(before, rebuilt(small, *lines), "euros")
    assert "Why:" not in found.text
    assert found.more[1:] == (
        (
            "Changes since then:",
            (
                "Thing 3: It was said.",
                "Thing 2: It was said.",
                "Thing 1: It was said.",
                "1 more under About in the current release.",
            ),
        ),
    )


def test_a_number_without_a_line_beside_one_with_a_line_is_named(before: ReleaseData, small: Small) -> None:
    raised(small, "horizon-europe-total", "95000000000.00")
    raised(small, "digital-europe-so6-chips-2023", "1500000000.00")
    now = rebuilt(
        small,
        f"2026-11-22,horizon-raise,raised,The envelope of Horizon Europe,,more,The budget was revised.,{HORIZON}",
        "2026-11-22,other,raised,Something else,,more,Another document says so.,https://example.org/other",
    )
    assert banner(before, now, "euros").more[1:] == (
        ("Why:", ("The envelope of Horizon Europe: The budget was revised.",)),
        ("The list of changes does not say why this moved: Digital Europe, objective 6: semiconductors.", ()),
        ("Changes since then:", ("Something else: Another document says so.",)),
    )


@pytest.mark.slow
def test_an_upload_is_the_reason_of_the_numbers_that_it_changed_and_of_no_other(
    before: ReleaseData, small: Small
) -> None:
    office = Office(small.store, small.data)
    line = line_of("Digital Europe, envelope", "The regulation was amended.")
    office.publish(office.ask(template(AWARD)), line=line_of("Awards", "The agency published its list."))
    office.publish(office.ask(template(CORRECTION)), line=line)
    now = request_params.answers()
    found = banner(before, now, "euros")
    assert "Digital Europe: here €8.2\u00a0bn (8,168,000,000), now €8.2\u00a0bn (8,200,000,000)" in found.text
    assert found.more[1:] == (("Why:", ("Digital Europe, envelope: The regulation was amended.",)),)
    assert "Awards: The agency published its list." in banner(before, now, "euros", stage="contracted").text
    assert "Digital Europe, envelope" not in banner(before, now, "euros", stage="contracted").text


@pytest.mark.slow
def test_a_withdrawn_upload_is_the_reason_that_its_numbers_are_back(
    before: ReleaseData, small: Small
) -> None:
    office = Office(small.store, small.data)
    request = office.ask(template(AWARD))
    published = request_params.answers(
        office.publish(request, line=line_of("Awards", "The agency published its list.")).release_id
    )
    (upload,) = (path.name for path in (small.store / "sources").glob("upload-*"))
    office.withdraw(upload, line=line_of("Awards", "The list was wrong."))
    assert banner(published, request_params.answers(), "euros", stage="contracted").more[1:] == (
        ("Why:", ("Awards: The list was wrong.",)),
    )


@pytest.mark.slow
def test_a_release_that_was_rolled_back_says_what_the_current_one_no_longer_holds(
    before: ReleaseData, small: Small
) -> None:
    office = Office(small.store, small.data)
    published = request_params.answers(
        office.publish(
            office.ask(template(CORRECTION)), line=line_of("Digital Europe", "It was amended.")
        ).release_id
    )
    office.rollback(before.release_id)
    found = banner(published, request_params.answers(), "euros")
    assert found.more[1:] == (
        ("The current release no longer holds these changes:", ("Digital Europe: It was amended.",)),
    )


def test_an_overlap_that_was_found_since_is_the_reason_that_a_number_left_the_net(
    before: ReleaseData, small: Small
) -> None:
    whole, part = ("envelopes:digital-europe-total-2023", "envelopes:horizon-europe-total")
    rows = small.rows("envelopes", "overlaps.csv")
    small.write_rows(
        "envelopes",
        "overlaps.csv",
        [
            *rows,
            rows[0] | {"container": part, "contained": whole, "source_url": "https://example.org/inside"},
        ],
    )
    now = rebuilt(
        small,
        "2026-11-22,inside,corrected,Digital Europe,,inside,It is a part of another.,https://example.org/inside",
    )
    found = banner(before, now, "euros")
    assert "Digital Europe, counted elsewhere: here not there" in found.text
    assert ("Why:", ("Digital Europe: It is a part of another.",)) in found.more
