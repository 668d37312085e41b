"""Are they on time? Promised dates as they were stated against what came of them, and every milestone since 2018."""

from pages.parts import anatomy, controls, exhibit, frame, number_card, reader, schedule
from pages.parts.views import timeline as view
from pipelines.queries import timeline as ask

answers = reader.answers()
choices = controls.Controls("timeline", view.parameters(answers))
frame.notices(choices.notices)
exhibit.moved_since(answers, choices.values, "timeline")
answer = view.answer(answers)
frame.headline(answer.headline, answer.standfirst)
number_card.menu(
    "Where these numbers come from",
    view.answer_values(answers),
    answers,
    exhibit.address("promises", answers, choices.values),
    "headline",
)
with controls.row():
    choices.segments("show", "Show", schedule.SHOW)
    choices.many("initiative", "Initiative", answers.labels("initiatives"), "All initiatives")
    choices.many("country", "Country", answers.labels("countries"), "All countries")
    choices.many("event", "Kind of event", answers.labels("milestone_events"), "All kinds")

promises = view.promises(answers, choices.values)
if promises:
    exhibit.show(promises, answers, choices.values)
else:
    number = len(answers.read(ask.promises()))
    frame.empty(
        "No promised date fits the choice.",
        f"{number} statements are known in all.",
        [("Reset", choices.reset)],
        "promises",
    )

frame.gap()
milestones = view.milestones(answers, choices.values)
if milestones:
    exhibit.show(milestones, answers, choices.values)
    anatomy.twin(milestones.table, alt="The milestones as a list", key="milestone_list", height=520)
else:
    number = len(answers.read(ask.milestones()))
    ways = [("All since 2018", choices.setter(show="all")), ("Reset", choices.reset)]
    frame.empty("No milestone fits the choice.", f"{number} milestones are known in all.", ways, "milestones")
choices.finish()
