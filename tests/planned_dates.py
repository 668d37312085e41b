"""Counts rows as a reader does, and compares them with what headlines and titles say of planned dates."""

from collections import Counter
from collections.abc import Iterator

from pages.parts.text import formatting
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, overview, timeline
from pipelines.queries import timeline as ask
from pipelines.queries.release_answers import ReleaseData

DUE = "date passed, not confirmed"
UNSEEN = "date passed, not looked at yet"


def preset(answers: ReleaseData, figure: str) -> Values:
    """What a page shows before anybody chooses."""
    return {parameter.name: parameter.default for parameter in FIGURES[figure].parameters(answers)}


def choices(answers: ReleaseData) -> Iterator[Values]:
    """Every choice of one initiative, one country, one kind of event, and of each initiative in each country
    that has a date of it.
    """
    parameters = {parameter.name: parameter.allowed for parameter in timeline.parameters(answers)}
    dates = answers.read(ask.dates)
    pairs = dict.fromkeys(zip(dates["initiative"], dates["country"], strict=True))
    nothing: Values = {"show": ("all",), "initiative": (), "country": (), "event": ()}
    for show in parameters["show"]:
        yield nothing | {"show": (show,)}
        for name in ("initiative", "event"):
            for code in parameters[name]:
                yield nothing | {"show": (show,), name: (code,)}
    for country in parameters["country"]:
        yield nothing | {"country": (country,)}
    for initiative, country in pairs:
        if initiative and country:
            yield nothing | {"initiative": (initiative,), "country": (country,)}


def compare(answers: ReleaseData, values: Values) -> None:
    """Headline, figures and tables of one choice give the same sets and numbers."""
    said = timeline.answer(answers, values).headline
    promises, milestones = (FIGURES[name].make(answers, values) for name in ("promises", "milestones"))
    rows = [] if promises is None else promises.table.to_dict("records")
    states = Counter(row["State"] for row in rows)
    is_open = [row for row in rows if row["State"] != "happened"]
    restated = [row for row in is_open if row["Slipped"] != "only one date"]
    later = [row for row in restated if row["Slipped"] == "yes"]
    moved = [row for row in is_open if "+" in row["Since then"] and "perhaps" not in row["Since then"]]
    assert len(moved) == len(later), "who counts the delays in the figure counts what the headline says"
    if later:
        number = formatting.sentence(formatting.number(len(later)))
        assert f"{number} of {formatting.number(len(restated))} open promises" in said
    elif rows:
        assert "No open promise is known to have slipped." in said
    for state, sentence in ((DUE, "without confirmation"), (UNSEEN, "passed after our newest source")):
        assert (sentence in said) == bool(states[state])
    due, unseen = (formatting.number(states[state]) for state in (DUE, UNSEEN))
    if states[DUE] == len(is_open) > 1:
        assert f"All {due} open promises have" in said
    elif 0 < states[DUE] < len(is_open):
        assert f"{formatting.sentence(due)} of all {formatting.number(len(is_open))} open promises ha" in said
    assert not states[UNSEEN] or f"{formatting.sentence(unseen)} more date" in said
    if milestones is None:
        return
    shown = milestones.table.to_dict("records")
    if not values["event"]:
        for state in (DUE, UNSEEN):
            of_promises, of_milestones = (
                {row[title] for row in listed if row["State"] == state}
                for listed, title in ((rows, "Promise"), (shown, "What"))
            )
            assert of_promises == of_milestones
        coming = {row["Promise"] for row in rows if row["State"] == "planned"}
        assert coming <= {row["What"] for row in shown if row["State"] == "planned"}
    of_which = formatting.number(sum(row["State"] == DUE for row in shown))
    assert f"of which {of_which} ha" in milestones.title or (
        f"Of the planned dates, {of_which} ha" in milestones.title
    )


def compare_with_the_overview(answers: ReleaseData) -> None:
    """The lists of the Overview hold what the Timeline holds, in the same state."""
    figure = FIGURES["promises"].make(answers, preset(answers, "promises"))
    assert figure is not None
    states = dict(zip(figure.table["Promise"], figure.table["State"], strict=True))
    words = overview.words(answers, preset(answers, "ladder"), "light")
    assert {states[item.text] for item in words.due} == {DUE}
    assert {states[item.text] for item in words.upcoming} == {"planned"}
    plans = timeline.plans(answers)
    assert {row["title"] for row in plans[plans["state"] == "due"].to_dict("records")} == {
        title for title, state in states.items() if state == DUE
    }
