"""An old link on a newer tracker: which numbers of a page were what, are what now, and which lines of the
change log belong to that. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select

from pages.parts.figure_model import Figure
from pages.parts.text import formatting
from pages.parts.text import old_link_differences as text
from pages.parts.text import pages as pages_text
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import Message, say
from pages.parts.url_state import Values, read_link, write_link
from pages.parts.views import FIGURES, View, euros, sites, timeline
from pages.parts.views import overview as overview_view
from pipelines import frame_rows
from pipelines.queries import overview, provenance
from pipelines.queries import sites as site_questions
from pipelines.queries.release_answers import ReleaseData
from pipelines.release_diff import changed_numbers

NAMED = 3  # numbers of a figure and lines of the change log that are written; the others are counted

ANSWERS: dict[str, Callable[[ReleaseData, Values], Answer]] = {
    "": overview_view.answer,
    "euros": euros.answer,
    "sites": lambda answers, _: sites.answer(answers),
    "timeline": timeline.answer,
}


class Number(NamedTuple):
    """One number of a page: what it counts, how it reads, its euros to the cent if it is an amount, and what
    it stands on.
    """

    label: str
    words: str
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
        lines_of_figures += _lines_of_figure(old, new, moves_of_figure)
    lines = [*_sentences(_texts(before, page, values), _texts(now, page, values_now)), *lines_of_figures]
    release = formatting.spelt(now.release_id)
    if not lines:
        return Banner(say(text.NO_DIFFERENCE, release=release))
    reasons = _reasons(before, now, moves)
    return Banner(say(text.DIFFERENT, release=release), (("", tuple(lines)), *reasons))


# --- what a page shows


def _groups(answers: ReleaseData, page: str, views: Mapping[str, View], values: Values) -> dict[str, Group]:
    """The figures of a page by name, and what stands beside them."""
    made = {name: view.make(answers, values) for name, view in views.items()}
    groups = {name: Group(figure.title, _numbers(figure)) for name, figure in made.items() if figure}
    if page == "":
        rows = frame_rows.records(answers.read(overview.funder_totals()))
        named = zip(overview_view.funder_values(answers), rows, strict=True)
        totals = tuple(
            Number(value.label, value.said, row["amount_eur"], value.question) for value, row in named
        )
        groups["funders"] = Group(say(pages_text.FUNDERS), totals)
    if values.get("site"):
        rows = frame_rows.records(answers.read(site_questions.euros(values["site"][0])))
        groups["card"] = Group(say(text.CARD_OF_SITE), tuple(map(_on_the_card, rows)))
    return groups


def _numbers(figure: Figure) -> tuple[Number, ...]:
    """The numbers of a figure.

    Its rows hold their euros where it measures euros row by row; what they add up to stands before them.
    """
    measured = [name for name in figure.rows if str(name).endswith("_eur")]
    column = "amount_eur" if "amount_eur" in measured else next(iter(measured), None)
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


def _texts(answers: ReleaseData, page: str, values: Values) -> dict[Message, str]:
    """The sentences of a page that carry numbers, by the message that says how they differ."""
    answer = ANSWERS[page](answers, values) if page in ANSWERS else Answer("", "", "")
    texts = {text.THE_HEADLINE: answer.headline, text.THE_STANDFIRST: answer.standfirst}
    if page == "euros":
        texts[text.THE_SUM] = euros.sum_line(answers, values)[1]
    return texts


# --- what is different


def _moves(then: Iterable[Number], current: Iterable[Number]) -> list[Move]:
    """Which numbers differ, the largest difference first.

    Numbers are known by their label; those of one label in their order.
    """
    changed = changed_numbers(
        ((number.label, number) for number in then),
        ((number.label, number) for number in current),
        lambda old, new: (old.words, old.amount) == (new.words, new.amount),
    )
    moves = [Move(old, new) for _, old, new in changed]
    return sorted(moves, key=lambda move: move.weight, reverse=True)


def _sentences(then: Mapping[Message, str], current: Mapping[Message, str]) -> list[str]:
    return [
        say(difference, before=before.removesuffix("."), now=current[difference].removesuffix("."))
        for difference, before in then.items()
        if before != current[difference]
    ]


def _lines_of_figure(old: Group | None, new: Group | None, moves: Sequence[Move]) -> list[str]:
    """One line for a figure of which something moved: its title, its largest moves, the number of the others,
    its title now.
    """
    group = old or new
    is_retitled = bool(old and new and old.title != new.title)
    if not group or not (moves or is_retitled):
        return []
    more = len(moves) - NAMED
    template = {
        (False, False): text.FIGURE_RETITLED,
        (True, False): text.FIGURE_MOVED_RETITLED if is_retitled else text.FIGURE_MOVED,
        (True, True): text.FIGURE_MOVED_MORE_RETITLED if is_retitled else text.FIGURE_MOVED_MORE,
    }[bool(moves), more > 0]
    fields: dict[str, str | int] = {"title": group.title}
    if moves:
        fields["moves"] = "; ".join(map(_move_in_words, moves[:NAMED]))
    if more > 0:
        fields["number"] = more
    if new and is_retitled:
        fields["title_now"] = new.title
    return [say(template, **fields)]


def _move_in_words(move: Move) -> str:
    return say(text.NUMBER_MOVED, label=move.label, before=_exactly(move.was), now=_exactly(move.now))


def _exactly(number: Number | None) -> str:
    """A number as it reads, with its euros to the cent if they differ from that."""
    if number is None:
        return say(text.ABSENT)
    exactly = "" if number.amount is None else formatting.plain_euros(number.amount)
    if not exactly or exactly in number.words:
        return number.words
    return say(text.NUMBER_EXACT, number=number.words, exactly=exactly)


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
    reasons = [(say(text.WHY), _lines(tied))] if tied else []
    if undone:
        reasons.append((say(text.NO_LONGER), _lines(undone)))
    if reasons and untied:
        labels = list(dict.fromkeys(untied))
        more = len(labels) - NAMED
        named = [*labels[:NAMED], say(text.MORE, number=more)] if more > 0 else labels
        reasons.append((say(text.UNEXPLAINED, labels=named), ()))
    if rest and (untied or not reasons):
        reasons.append((say(text.SINCE_THEN), _lines(rest)))
    return reasons or [(say(text.NO_REASON), ())]


def _changes(answers: ReleaseData) -> dict[tuple[Any, str], dict[Any, Any]]:
    """The change log, the newest first, by what tells one line from another."""
    return {
        (row["changed_on"], row["change_id"]): row
        for row in frame_rows.records(answers.read(overview.changes()))
    }


def _lines(changes: Sequence[Mapping[Any, Any]]) -> tuple[str, ...]:
    lines = [say(text.CHANGE, subject=row["subject"], reason=row["reason"]) for row in changes[:NAMED]]
    more = len(changes) - NAMED
    return (*lines, say(text.MORE_CHANGES, number=more)) if more > 0 else tuple(lines)


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
        for row in frame_rows.records(answers.read(provenance.of_several(questions))):
            entries[row["place"]].add(row["entry_id"])
    return entries


def _origins(before: ReleaseData, now: ReleaseData, entry_ids: tuple[str, ...]) -> dict[str, Trace]:
    """For each entry, the folders and documents by which it differs between two releases."""
    sides = [
        {row["entry_id"]: row for row in frame_rows.records(answers.read(provenance.fates(entry_ids)))}
        for answers in (before, now)
    ]
    edges: list[dict[str, set[tuple[str, str]]]] = []
    for answers in (before, now):
        around: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in frame_rows.records(answers.read(provenance.containers(entry_ids))):
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
