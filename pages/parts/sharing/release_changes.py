"""An old link on a newer tracker: which numbers of a page were what, are what now, and which lines of the
change log belong to that. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select

from pages.parts.figure import Figure
from pages.parts.text import formatting
from pages.parts.text.headlines import Answer
from pages.parts.url_state import Values, read_link, write_link
from pages.parts.views import FIGURES, View, euros, sites, timeline
from pages.parts.views import overview as overview_view
from pipelines.queries import overview, provenance
from pipelines.queries import sites as site_questions
from pipelines.queries.release_data import ReleaseData
from pipelines.release_diff import changed_numbers

NAMED = 3  # numbers of a figure and lines of the change log that are said; the others are counted
ABSENT = "not there"

ANSWERS: dict[str, Callable[[ReleaseData, Values], Answer]] = {
    "": overview_view.answer,
    "euros": euros.answer,
    "sites": lambda answers, _: sites.answer(answers),
    "timeline": lambda answers, _: timeline.answer(answers),
}


class Number(NamedTuple):
    """One number of a page: what it counts, how it reads, its euros to the cent if it is an amount, and what
    it stands on.
    """

    label: str
    said: str
    amount: Decimal | None = None
    question: Callable[[], Select[Any]] | None = None
    urls: tuple[str, ...] = ()


class Group(NamedTuple):
    """A figure, or numbers that stand beside the figures, under the title that the reader sees."""

    title: str
    numbers: tuple[Number, ...]


class Move(NamedTuple):
    """A number as it was and as it is; None where it is not there."""

    was: Number | None
    now: Number | None

    @property
    def label(self) -> str:
        return (self.was or self.now or Number("", "")).label

    @property
    def has_origin(self) -> bool:
        """Whether entries or documents of its own stand behind it: a median follows from the numbers beside
        it.
        """
        return any(number.question or number.urls for number in self if number)

    @property
    def weight(self) -> Decimal:
        """By how many euros it moved; the whole amount where one side has none.

        It orders the moves and is never shown.
        """
        was, now = ((side.amount if side else None) or Decimal(0) for side in self)
        return abs(now - was)


class Banner(NamedTuple):
    """What a reader of an older release is told. more: sentences, each with the lines that stand under it."""

    lead: str
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join([self.lead, *(part for lead, lines in self.more for part in (lead, *lines))])


def moved(before: ReleaseData, now: ReleaseData, page: str, values: Values) -> Banner | None:
    """What is different on a page in the current release, the largest moves of each figure first, and why;
    says so too if nothing is.

    before, now: the release of the link and the current one. values: the choice of the link. None if the page
    has no figure, or all are empty in both.
    """
    views = {name: view for name, view in FIGURES.items() if view.page == page}
    if not views:
        return None
    parameters = next(iter(views.values())).parameters
    values_now, _ = read_link(write_link(values, parameters(before), whole=True), parameters(now))
    then, current = _groups(before, page, views, values), _groups(now, page, views, values_now)
    if not then and not current:
        return None
    lines_of_figures, moves = [], []
    for name in dict.fromkeys([*then, *current]):
        old, new = then.get(name), current.get(name)
        moves_of_figure = _moves(old.numbers if old else (), new.numbers if new else ())
        moves.append(moves_of_figure)
        lines_of_figures += _told(old, new, moves_of_figure)
    lines = [*_sentences(_texts(before, page, values), _texts(now, page, values_now)), *lines_of_figures]
    release = f"the current release, {formatting.spelt(now.release_id)}"
    if not lines:
        return Banner(f"No number on this page is different in {release}.")
    return Banner(
        f"Some numbers on this page are different in {release}.",
        (("", tuple(lines)), *_reasons(before, now, moves)),
    )


# --- what a page shows


def _groups(answers: ReleaseData, page: str, views: Mapping[str, View], values: Values) -> dict[str, Group]:
    """The figures of a page by name, and what stands beside them."""
    made = {name: view.make(answers, values) for name, view in views.items()}
    groups = {name: Group(figure.title, _numbers(figure)) for name, figure in made.items() if figure}
    if page == "":
        rows = answers.read(overview.funder_totals()).to_dict("records")
        named = zip(overview_view.funder_values(answers), rows, strict=True)
        totals = tuple(
            Number(value.label, value.said, row["amount_eur"], value.question) for value, row in named
        )
        groups["funders"] = Group("Four funders, side by side and never added", totals)
    if values.get("site"):
        rows = answers.read(site_questions.euros(values["site"][0])).to_dict("records")
        groups["card"] = Group("The card of the chosen site", tuple(map(_on_the_card, rows)))
    return groups


def _numbers(figure: Figure) -> tuple[Number, ...]:
    """The numbers of a figure.

    Its rows hold their euros where it measures euros row by row; what they add up to stands before them.
    """
    column = next((name for name in figure.rows if str(name).endswith("_eur")), None)
    before = len(figure.values) - len(figure.rows)
    is_measured = column is not None and bool(figure.numbers) and before >= 0
    amounts = (
        [None if formatting.is_missing(amount) else amount for amount in figure.rows[column]]
        if is_measured
        else []
    )
    return tuple(
        Number(value.label, value.said, amount, value.question, tuple(source.url for source in value.sources))
        for value, amount in zip(
            figure.values, [*[None] * (len(figure.values) - len(amounts)), *amounts], strict=True
        )
    )


def _on_the_card(row: Mapping[Any, Any]) -> Number:
    amount = formatting.euros(row["amount_eur"], row["qualifier"])
    return Number(str(row["heading"]), amount, row["amount_eur"], lambda: provenance.by_ids(row["entry_id"]))


def _texts(answers: ReleaseData, page: str, values: Values) -> dict[str, str]:
    """The sentences of a page that carry numbers, under the words that name them."""
    answer = ANSWERS[page](answers, values) if page in ANSWERS else Answer("", "", "")
    texts = {"The headline": answer.headline, "The sentence under the headline": answer.standfirst}
    if page == "euros":
        texts["The sum"] = euros.sum_line(answers, values)[1]
    return texts


# --- what is different


def _moves(then: Iterable[Number], current: Iterable[Number]) -> list[Move]:
    """Which numbers differ, the largest difference first.

    Numbers are known by their label; those of one label in their order.
    """
    changed = changed_numbers(
        ((number.label, number) for number in then),
        ((number.label, number) for number in current),
        lambda old, new: (old.said, old.amount) == (new.said, new.amount),
    )
    moves = [Move(old, new) for _, old, new in changed]
    return sorted(moves, key=lambda move: move.weight, reverse=True)


def _sentences(then: Mapping[str, str], current: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: here “{was.removesuffix('.')}”, now “{current[name].removesuffix('.')}”."
        for name, was in then.items()
        if was != current[name]
    ]


def _told(old: Group | None, new: Group | None, moves: Sequence[Move]) -> list[str]:
    """One line for a figure of which something moved: its title, its largest moves, the number of the others,
    its title now.
    """
    shown = old or new
    title_moved = f"The title is now “{new.title}”." if old and new and old.title != new.title else ""
    if not shown or not (moves or title_moved):
        return []
    named = "; ".join(
        f"{move.label}: here {_said(move.was)}, now {_said(move.now)}" for move in moves[:NAMED]
    )
    more = f"; and {len(moves) - NAMED:,} more" if len(moves) > NAMED else ""
    return [" ".join(filter(None, (f"“{shown.title}”:", f"{named}{more}." if named else "", title_moved)))]


def _said(number: Number | None) -> str:
    if number is None:
        return ABSENT
    exactly = "" if number.amount is None else formatting.plain_euros(number.amount)
    return number.said if not exactly or exactly in number.said else f"{number.said} ({exactly})"


# --- why


class Trace(NamedTuple):
    """Where the difference of a number comes from: source folders and documents."""

    sources: frozenset[str]
    urls: frozenset[str]

    def leads_to(self, change: Mapping[Any, Any]) -> bool:
        """Whether a line of the change log speaks of one of them."""
        return change["source_url"] in self.urls or any(
            _is_upload(str(change["change_id"]), source) for source in self.sources
        )


def _is_upload(change_id: str, source_id: str) -> bool:
    """Whether a line is that of an upload, or of its withdrawal, which has the same digits behind another
    word.
    """
    is_withdrawn = change_id.startswith("withdrawn-") and source_id.startswith("upload-")
    return change_id == source_id or (is_withdrawn and change_id.split("-")[1] == source_id.split("-")[1])


def _reasons(
    before: ReleaseData, now: ReleaseData, moves: Sequence[Sequence[Move]]
) -> list[tuple[str, tuple[str, ...]]]:
    """The lines of the change log that belong to what moved.

    Where none does, the lines since then, and not as the reason.
    """
    old, new = (_changes(answers) for answers in (before, now))
    since = [row for key, row in new.items() if key not in old]
    gone = [row for key, row in old.items() if key not in new]
    traced = [pair for group in moves for pair in zip(group, _traces(before, now, group), strict=True)]
    tied, undone = (
        [row for row in rows if any(trace.leads_to(row) for _, trace in traced)] for rows in (since, gone)
    )
    untied = [
        move.label
        for move, trace in traced
        if move.has_origin and not any(map(trace.leads_to, [*since, *gone]))
    ]
    rest = [row for row in since if row not in tied]
    reasons = [("Why:", _lines(tied))] if tied else []
    if undone:
        reasons.append(("The current release no longer holds these changes:", _lines(undone)))
    if reasons and untied:
        labels = list(dict.fromkeys(untied))
        some = labels if len(labels) <= NAMED else [*labels[:NAMED], f"{len(labels) - NAMED} more"]
        reasons.append((f"The list of changes does not say why this moved: {formatting.listed(some)}.", ()))
    if rest and (untied or not reasons):
        reasons.append(("Changes since then:", _lines(rest)))
    return reasons or [("The list of changes gives no reason.", ())]


def _changes(answers: ReleaseData) -> dict[tuple[Any, str], dict[Any, Any]]:
    """The change log, the newest first, by what tells one line from another."""
    return {
        (row["changed_on"], row["change_id"]): row
        for row in answers.read(overview.changes()).to_dict("records")
    }


def _lines(changes: Sequence[Mapping[Any, Any]]) -> tuple[str, ...]:
    lines = [f"{row['subject']}: {row['reason']}" for row in changes[:NAMED]]
    more = len(changes) - NAMED
    return (*lines, f"{more} more under About in the current release.") if more > 0 else tuple(lines)


def _traces(before: ReleaseData, now: ReleaseData, moves: Sequence[Move]) -> list[Trace]:
    """Where each move comes from: the entries that are behind one of its two numbers only, or differ between
    the releases.

    An entry that is the same in both was let in or left out by what stands around it: what took its place,
    and what includes it.
    """
    then, current = (
        _standing(before, [move.was for move in moves]),
        _standing(now, [move.now for move in moves]),
    )
    suspects = [old ^ new if old ^ new else old for old, new in zip(then, current, strict=True)]
    entry_ids = tuple(sorted(set().union(*suspects)))
    origins = _origins(before, now, entry_ids) if entry_ids else {}
    traces_of_moves = []
    for move, entries in zip(moves, suspects, strict=True):
        traces = [origins[entry] for entry in entries if entry in origins]
        urls = {url for number in move if number for url in number.urls}
        traces_of_moves.append(
            Trace(
                frozenset().union(*(trace.sources for trace in traces)),
                frozenset(urls).union(*(trace.urls for trace in traces)),
            )
        )
    return traces_of_moves


def _standing(answers: ReleaseData, numbers: Sequence[Number | None]) -> list[set[str]]:
    """The entries behind each number."""
    questions = {
        number_index: number.question()
        for number_index, number in enumerate(numbers)
        if number and number.question
    }
    entries: list[set[str]] = [set() for _ in numbers]
    if questions:
        for row in answers.read(provenance.of_several(questions)).to_dict("records"):
            entries[row["place"]].add(row["entry_id"])
    return entries


def _origins(before: ReleaseData, now: ReleaseData, entry_ids: tuple[str, ...]) -> dict[str, Trace]:
    """For each entry, the folders and documents by which it differs between two releases."""
    sides = [
        {row["entry_id"]: row for row in answers.read(provenance.fates(entry_ids)).to_dict("records")}
        for answers in (before, now)
    ]
    edges: list[dict[str, set[tuple[str, str]]]] = []
    for answers in (before, now):
        around: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in answers.read(provenance.containers(entry_ids)).to_dict("records"):
            around[row["entry_id"]].add((row["source_id"], row["source_url"]))
        edges.append(around)
    traces = {}
    for entry in entry_ids:
        rows = [side[entry] for side in sides if entry in side]
        is_same = len(rows) == 2 and rows[0] == rows[1]
        own = (
            {
                (row[f"{whose}source_id"], row[f"{whose}source_url"])
                for row in rows
                for whose in ("", "newer_")
            }
            if not is_same
            else set()
        )
        pairs = own | (edges[0][entry] ^ edges[1][entry])
        traces[entry] = Trace(
            frozenset(source for source, _ in pairs if source), frozenset(url for _, url in pairs if url)
        )
    return traces
