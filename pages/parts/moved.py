"""An old link on a newer tracker: which numbers of a page's first figure were what, are what now, and why. Pure."""

from decimal import Decimal

from pages.parts import words
from pages.parts.answers import Answers
from pages.parts.figure import Value
from pages.parts.link import Values, read_link, write_link
from pages.parts.queries import behind, overview
from pages.parts.views import FIGURES

COMPARED = 60  # numbers of a figure that are compared
NAMED = 3  # numbers and reasons that are said


def moved(before: Answers, now: Answers, page: str, values: Values) -> str:
    """A sentence for the reader of an older release; says so too if nothing moved.

    before, now: the release of the link and the current one. values: the choice of the link. "" if the page has no figure, or it is empty in both.
    """
    found = next(((name, view) for name, view in FIGURES.items() if view.page == page), None)
    if found is None:
        return ""
    view = found[1]
    address = write_link(values, view.parameters(before), whole=True)
    then, current = view.make(before, values), view.make(now, read_link(address, view.parameters(now))[0])
    if then is None and current is None:
        return ""
    old, new = ({value.label: value for value in figure.values[:COMPARED]} if figure else {} for figure in (then, current))
    parts = []
    for label in [*old, *(label for label in new if label not in old)]:
        was, is_now = _exactly(old.get(label), before), _exactly(new.get(label), now)
        if was != is_now:
            parts.append(f"{label}: here {_said(old.get(label), was)}, now {_said(new.get(label), is_now)}")
    release = f"the current release, {words.spelt(now.release_id)}"
    if not parts:
        return f"No number of the first figure is different in {release}."
    more = f" and {len(parts) - NAMED} more" if len(parts) > NAMED else ""
    return f"Some numbers are different in {release}. {'; '.join(parts[:NAMED])}{more}. {_reasons(before, now)}"


def _exactly(value: Value | None, answers: Answers) -> Decimal | str | None:
    """The sum behind a number to the cent; what is said where no entry stands behind it; None if it is not there."""
    if value is None or value.question is None:
        return value.said if value else None
    amounts = answers.read(behind.entries(value.question()))["amount_eur"]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else value.said


def _said(value: Value | None, exactly: Decimal | str | None) -> str:
    if value is None:
        return "not there"
    return f"{value.said} ({words.plain_euros(exactly)})" if isinstance(exactly, Decimal) else value.said


def _reasons(before: Answers, now: Answers) -> str:
    """What the change log says since: the newest first."""
    known = {(row["changed_on"], row["change_id"]) for row in before.read(overview.changes()).to_dict("records")}
    since = [row for row in now.read(overview.changes()).to_dict("records") if (row["changed_on"], row["change_id"]) not in known]
    if not since:
        return "The list of changes gives no reason."
    said = [f"{row['subject']}: {row['reason']}" for row in since[:NAMED]]
    return f"Why: {' '.join(said)}{f' {len(since) - NAMED} more under About.' if len(since) > NAMED else ''}"
