"""The search: what can be asked, what was found, and where each result leads. Pure."""

import functools
from collections import Counter
from typing import NamedTuple
from urllib.parse import urlencode

from pages.parts.figure_model import Value
from pages.parts.text import formatting
from pages.parts.text import search as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.search import Labels
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pipelines import frame_rows
from pipelines.queries import ai_project_sums, claim_check, overview, projects, provenance
from pipelines.queries import search as ask
from pipelines.queries.claim_check import Claim, Nearest
from pipelines.queries.release_answers import ReleaseData
from pipelines.queries.search import Thing

KINDS = ask.KINDS
LISTED = 25
LONGEST = 200  # characters of a question that are looked at
PATH = "search"


class Way(NamedTuple):
    """Where something leads: a page of the site with its words, or an address elsewhere."""

    page: str
    words: dict[str, str]
    elsewhere: str = ""

    @property
    def address(self) -> str:
        """The address, from the root of the site or of another one."""
        if self.elsewhere:
            return self.elsewhere
        return f"/{self.page}{f'?{urlencode(self.words)}' if self.words else ''}"


class Result(NamedTuple):
    """One result: the thing, what it is and how much in words, where it leads, and how well it fits."""

    thing: Thing
    line: str
    way: Way
    score: float


class Checked(NamedTuple):
    """One published amount near to a claim: the amount in words, its stage and basis, the sentence that may
    be written, and where it leads; "" where it stands in no entry.
    """

    amount: Nearest
    said: str
    kind: str
    sentence: str
    way: Way


class Results(NamedTuple):
    """What was found for a question.

    headline, standfirst: the answer. kinds: code → label with its number, of those that were found. results:
    the best; number: how many there are. claim: the number in the question, with its verdict and the
    nearest amounts.
    """

    headline: str
    standfirst: str
    kinds: dict[str, str]
    results: tuple[Result, ...]
    number: int
    claim: Claim | None
    checked: tuple[Checked, ...]


def parameters(_answers: ReleaseData) -> list[Parameter]:
    """The words of the address of the search."""
    return [
        Parameter("q", (), is_text=True),
        Parameter("kind", ask.KINDS, several=True),
        Parameter("number", (), is_text=True),
    ]


def labels(answers: ReleaseData, locale: str = ENGLISH) -> Labels:
    """The labels of everything that results name."""
    names = ("stages", "bases", "programmes", "site_kinds", "countries", "source_tiers")
    return Labels(*(answers.labels(name, locale) for name in names))


def question_of(values: Values) -> str:
    """What is asked, cut to its first characters."""
    return " ".join(values["q"])[:LONGEST].strip()


def results(answers: ReleaseData, values: Values, most: int = LISTED, locale: str = ENGLISH) -> Results:
    """What is found for the question of an address, at most `most` results; nothing without a question."""
    question = question_of(values)
    if not question:
        return Results(say(text.START, locale), say(text.START_WHY, locale), {}, (), 0, None, ())
    claim = claim_check.read(question)
    nearest = claim_check.nearest(answers, claim) if claim else []
    named = labels(answers, locale)
    known = ask.catalogue(answers)
    hits = ask.found(known, claim.words if claim else question, most=len(known.things))
    counts = Counter(hit.thing.kind for hit in hits)
    wanted = [hit for hit in hits if not values["kind"] or hit.thing.kind in values["kind"]]
    listed = tuple(
        Result(
            hit.thing, text.line(hit.thing, named, locale), way_of(answers, hit.thing), round(hit.score, 3)
        )
        for hit in wanted[:most]
    )
    shown = [kind for kind in ask.KINDS if counts[kind] or kind in values["kind"]]
    kinds = (
        {kind: say(text.KINDS_COUNTED[kind], locale, count=counts[kind]) for kind in shown} if hits else {}
    )
    checked = tuple(_checked(answers, amount, named, locale) for amount in nearest)
    if claim:
        answer = text.verdict(claim, nearest, locale)
    elif hits:
        answer = say(text.FOUND, locale, number=len(hits), question=question), say(text.FOUND_WHY, locale)
    else:
        answer = say(text.NOTHING, locale, question=question), say(text.NOTHING_WHY, locale)
    return Results(*answer, kinds, listed, len(wanted), claim, checked)


def _checked(answers: ReleaseData, amount: Nearest, named: Labels, locale: str) -> Checked:
    kind = say(text.STAGE_BASIS, locale, stage=named.stages[amount.stage], basis=named.bases[amount.basis])
    way = (
        Way("", {}, amount.source_url)
        if amount.level == claim_check.TOTAL
        else Way(PATH, {"number": amount.entry_id})
    )
    return Checked(amount, text.said(amount, locale), kind, text.may_be_written(amount, named, locale), way)


def way_of(answers: ReleaseData, thing: Thing) -> Way:
    """Where a result leads."""
    match thing.kind:
        case "site":
            return Way("sites", {"site": thing.code})
        case "country":
            return Way("countries", {"country": thing.code})
        case "programme":
            return Way("euros", {"programme": thing.code, **_stage(thing)})
        case "initiative":
            if thing.code in set(answers.read(overview.ladders)["ladder"]):
                return Way("", {"ladder": thing.code})
            return Way("euros", {"initiative": thing.code, **_stage(thing)})
        case "number":
            return Way(PATH, {"number": thing.code})
        case "beneficiary" if thing.detail in _known_to_projects(answers).beneficiaries:
            return Way("projects", {"beneficiary": thing.detail})
        case "project" if thing.code in _known_to_projects(answers).projects:
            return Way("projects", {"project": thing.code})
    return Way("", {}, thing.link) if thing.link else Way(PATH, {"q": thing.name, "kind": thing.kind})


class _Pages(NamedTuple):
    """What has a page of its own among the projects: codes of beneficiaries and of projects."""

    beneficiaries: frozenset[str]
    projects: frozenset[str]


@functools.lru_cache(maxsize=4)
def _known_to_projects(answers: ReleaseData) -> _Pages:
    return _Pages(
        frozenset(answers.read(ai_project_sums.beneficiaries)["name_code"]),
        frozenset(answers.read(projects.identities)["project_id"]),
    )


def _stage(thing: Thing) -> dict[str, str]:
    return {"stage": thing.stage, "basis": thing.basis} if thing.stage else {}


def number(answers: ReleaseData, entry_id: str, locale: str = ENGLISH) -> tuple[Value, str] | None:
    """One published amount as a number that says where it comes from, and the sentence that may be written of
    it; None if the release has no such entry.
    """
    question = functools.partial(provenance.by_ids, entry_id)
    rows = frame_rows.records(answers.read(provenance.entries(question())))
    if not rows:
        return None
    amount = claim_check.amount(answers, entry_id)
    sentence = text.may_be_written(amount, labels(answers, locale), locale) if amount else ""
    said = text.said(amount, locale) if amount else formatting.not_published(locale)
    return Value(rows[0]["heading"], said, question), sentence
