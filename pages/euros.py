"""Which programme, when, at what stage?

Envelopes gross and net, the overlap ledger, years, and how envelopes are divided.
"""

from pages.parts.text import countries
from pages.parts.ui import filters, page_shell, widgets
from pages.parts.ui.figure_page import page
from pages.parts.views import euros as view

with page("euros") as shown:
    choices, said = shown.choices, shown.words(view.words)
    page_shell.headline(said.answer.headline, said.answer.standfirst)
    with filters.row():
        choices.one("stage", "Stage", said.options["stage"])
        choices.one("basis", "Basis", said.options["basis"])
        choices.many("programme", "Programme", said.options["programme"], "EU programmes")
        choices.many("initiative", "Initiative", said.options["initiative"], "All initiatives")
        choices.one("level", "What to add", said.options["level"])
        choices.one("currency", "Net also in", {"EUR": "euros only"})
        choices.segments("count", "Count", view.COUNTS)
        choices.segments("prices", "Prices by year", view.PRICES)
        choices.segments("per", "Countries by", countries.labels())

    if said.nothing:
        strong, text, ways = said.nothing
        offered = [(label, choices.setter(**change)) for label, change in ways]
        page_shell.empty(strong, text, [*offered, ("Reset", choices.reset)], "euros")
    else:
        badge, line = said.sum_line
        page_shell.line(line, badge)
        shown.numbers("Where these sums come from", said.sums, view.total_values, "envelopes", "totals")
        shown.figure("envelopes")
        if said.removed is not None:
            page_shell.section("Overlap ledger: what was removed and why", level=3)
            widgets.twin(said.removed, alt="What was removed and why", numbers=["Euros"], key="overlaps")
            widgets.download_csv(
                "Download the overlaps",
                lambda: view.removed_csv(shown.answers, shown.values),
                shown.file_name("overlaps"),
                key="csv_overlaps",
            )
    for name in ("years", "headings", "countries"):
        shown.figure(name, has_gap=True)
