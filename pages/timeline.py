"""Are they on time? Promised dates as they were stated against what came of them, and every milestone since 2018."""

from pages.parts.text import timeline
from pages.parts.ui import figure_block, filters, number_details, page_shell, release_cache, widgets
from pages.parts.views import timeline as view
from pipelines.queries import timeline as ask

answers = release_cache.answers()
choices = filters.Controls("timeline", view.parameters(answers))
page_shell.notices(choices.notices)
figure_block.moved_since(answers, choices.values, "timeline")
answer = view.answer(answers)
page_shell.headline(answer.headline, answer.standfirst)
number_details.menu(
    "Where these numbers come from",
    view.answer_values(answers),
    answers,
    figure_block.address("promises", answers, choices.values),
    "headline",
)
with filters.row():
    choices.segments("show", "Show", timeline.show_labels())
    choices.many("initiative", "Initiative", answers.labels("initiatives"), "All initiatives")
    choices.many("country", "Country", answers.labels("countries"), "All countries")
    choices.many("event", "Kind of event", answers.labels("milestone_events"), "All kinds")

promises = view.promises(answers, choices.values)
if promises:
    figure_block.show(promises, answers, choices.values)
else:
    number = len(answers.read(ask.promises()))
    page_shell.empty(
        "No promised date fits the choice.",
        f"{number} statements are known in all.",
        [("Reset", choices.reset)],
        "promises",
    )

page_shell.gap()
milestones = view.milestones(answers, choices.values)
if milestones:
    figure_block.show(milestones, answers, choices.values)
    widgets.twin(milestones.table, alt="The milestones as a list", key="milestone_list", height=520)
else:
    number = len(answers.read(ask.milestones()))
    ways = [("All since 2018", choices.setter(show="all")), ("Reset", choices.reset)]
    page_shell.empty(
        "No milestone fits the choice.", f"{number} milestones are known in all.", ways, "milestones"
    )
choices.finish()
