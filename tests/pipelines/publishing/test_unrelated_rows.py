"""A site and an event that belong elsewhere are published and withdrawn: what is said of all else stays."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from pages.parts.text.where_we_looked import two_dates
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, euros
from pages.parts.views.page_sentences import LEADS, lead
from pages.parts.views.searched_sources import search
from pipelines.publishing import dry_run, publication_requests
from pipelines.publishing.submission_plan import PublicLine
from pipelines.queries.release_answers import ReleaseData
from tests.conftest import build_edition
from tests.pipelines.publishing import curated
from tests.pipelines.publishing.office import ANN, Office

LINE = PublicLine("Elsewhere", "One more", "The host announced it.")
NARROWING = ("ladder", "programme", "initiative", "country", "kind")
COUNTRIES = ("DE", "EE", "ES", "FI", "FR", "IT", "LU", "LV", "PL", "SE")
SITE = {
    "site_id": "elsewhere",
    "name": "A quantum computer elsewhere",
    "kind": "quantum-computer",
    "status": "selected",
    "city": "Tartu",
    "country": "EE",
    "selected": "2026-11-20",
    "source_url": curated.URL,
    "dated_on": "2026-11-22",
}
HAPPENED = {
    "milestone_id": "elsewhere-contract",
    "dated": "2026-11-22",
    "event": "agreement",
    "title": "A programme elsewhere signs a contract",
    "initiative": "ai-gigafactories",
    "is_planned": "false",
    "source_url": curated.URL,
}
PLANNED = HAPPENED | {
    "milestone_id": "elsewhere-opens",
    "dated": "2027-02-01",
    "event": "operational",
    "title": "A programme elsewhere opens",
    "is_planned": "true",
}


class Where(NamedTuple):
    """A sentence of a page: the one choice that is made there, and what says it."""

    page: str
    word: str
    code: str
    what: str


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office on the kept edition."""
    return Office(build_edition(tmp_path), tmp_path / "data")


def choices(answers: ReleaseData, page: str) -> dict[tuple[str, str], Values]:
    """What a page shows first, and every choice of one programme, initiative or kind, and of one of some
    countries, which Compare shows beside another.
    """
    parameters = next(view for view in FIGURES.values() if view.page == page).parameters(answers)
    first: Values = {parameter.name: parameter.default for parameter in parameters}
    found = {("", ""): first}
    for word, codes in ((one.name, one.allowed) for one in parameters if one.name in NARROWING):
        for code in (code for code in codes if word != "country" or code in COUNTRIES):
            others = ("FR",) if page == "compare" and code != "FR" else ()
            found[word, code] = {**first, word: (code, *others)}
    return found


def everything_said(answers: ReleaseData) -> dict[Where, str]:
    """Headline, standfirst and titles of all figures, of every page and choice; the two dates of the release
    are left out: its newest source may be the one that was added.
    """
    dates = two_dates(answers.newest_source, answers.known_on)
    said = {}
    for page in LEADS:
        for (word, code), values in choices(answers, page).items():
            sentences = dict(zip(("headline", "standfirst"), lead(answers, page, values), strict=True))
            if page == "euros":
                sentences["sum"], sentences["about the sum"], _ = euros.answer(answers, values)
            for name, view in FIGURES.items():
                if view.page == page and (word in view.obeys or not word):
                    figure = view.make(answers, values)
                    sentences[name] = figure.title if figure else ""
            for what, sentence in sentences.items():
                said[Where(page, word, code, what)] = sentence.replace(dates, "")
    assert len({where[:3] for where in said}) > 100, "too few choices"
    return said


def moved(before: dict[Where, str], after: dict[Where, str]) -> set[Where]:
    """The sentences that are not what they were."""
    return {where for where in before | after if before.get(where) != after.get(where)}


def speaks_of_the_site(where: Where) -> bool:
    """Whether quantum computers or Estonia were chosen, or the countries that have any site are counted."""
    chosen = (where.word, where.code)
    return chosen in (("kind", "quantum-computer"), ("country", "EE")) or where[:2] == ("countries", "")


def speaks_of_the_plan(where: Where) -> bool:
    """Whether the promises of all initiatives or those of gigafactories are counted."""
    return where.page == "timeline" and where.code in ("", "ai-gigafactories")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("shape", "row", "may_move"),
    [
        ("site", SITE, speaks_of_the_site),
        ("milestone", HAPPENED, lambda _: False),
        ("milestone", PLANNED, speaks_of_the_plan),
    ],
    ids=["site", "event", "plan"],
)
def test_what_belongs_elsewhere_moves_no_headline(
    shape: str, row: dict[str, str], may_move: Callable[[Where], bool], office: Office, tmp_path: Path
) -> None:
    first = office.answers()
    before, searched = everything_said(first), search(first)
    # It came in on the day of the release, so that no date passes meanwhile.
    found = replace(
        curated.submitted(office, tmp_path, curated.table(shape, row)), received_on=first.known_on
    )
    seen = dry_run.dry_run(office.store, found, ANN, office.data)
    office.publish(publication_requests.ask(office.store, found, seen, ANN, "It is right."), line=LINE)
    second = office.answers()
    key = next(iter(row))
    counted = f"select count(*) as rows from {shape}s where {key} = '{row[key]}'"  # noqa: S608 - of this file
    assert second.ask(counted)["rows"].iat[0] == 1
    between = moved(before, everything_said(second))
    assert {where for where in between if not may_move(where)} == set()
    assert bool(between) == any(map(may_move, before)), "what was added is nowhere to be seen"
    assert search(second) == searched

    office.withdraw(seen.source_id, line=LINE)
    third = office.answers()
    assert third.ask(counted)["rows"].iat[0] == 0
    assert moved(before, everything_said(third)) == set() and search(third) == searched
