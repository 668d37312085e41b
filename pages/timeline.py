"""Are they on time?

Promised dates as they were stated against what came of them, and every milestone since 2018.
"""

from pages.parts.text import timeline
from pages.parts.ui import filters, page_shell, widgets
from pages.parts.ui.figure_page import page
from pages.parts.views import timeline as view

with page("timeline") as shown:
    choices, said = shown.choices, shown.words(view.words)
    page_shell.headline(said.answer.headline, said.answer.standfirst)
    shown.numbers("Where these numbers come from", said.numbers, view.answer_values, "promises", "headline")
    with filters.row():
        choices.segments("show", "Show", timeline.show_labels())
        choices.many("initiative", "Initiative", said.options["initiative"], "All initiatives")
        choices.many("country", "Country", said.options["country"], "All countries")
        choices.many("event", "Kind of event", said.options["event"], "All kinds")

    if shown.figure("promises") is None:
        page_shell.empty(
            "No promised date fits the choice.",
            f"{said.promises} statements are known in all.",
            [("Reset", choices.reset)],
            "promises",
        )

    page_shell.gap()
    if shown.figure("milestones") is not None:
        widgets.twin(said.listed, alt="The milestones as a list", key="milestone_list", height=520)
    else:
        ways = [("All since 2018", choices.setter(show="all")), ("Reset", choices.reset)]
        page_shell.empty(
            "No milestone fits the choice.",
            f"{said.milestones} milestones are known in all.",
            ways,
            "milestones",
        )
