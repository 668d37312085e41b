"""Which programme, when, at what stage? Envelopes gross and net, the overlap ledger, years, and how envelopes are divided."""

from pages.parts.sharing import csv_export, links
from pages.parts.text import countries as countries_text
from pages.parts.text import euros
from pages.parts.ui import figure_block, filters, number_details, page_shell, release_cache, widgets
from pages.parts.views import countries
from pages.parts.views import euros as view
from pipelines.queries import euros as ask

answers = release_cache.answers()
choices = filters.Controls("euros", view.parameters(answers))
page_shell.notices(choices.notices)
figure_block.moved_since(answers, choices.values, "euros")
values = dict(choices.values)
answer = view.answer(answers, values)
page_shell.headline(answer.headline, answer.standfirst)
with filters.row():
    choices.one("stage", "Stage", view.counted(answers, values, "stages", "stage"))
    choices.one("basis", "Basis", view.counted(answers, values, "bases", "basis"))
    choices.many(
        "programme", "Programme", view.counted(answers, values, "programmes", "programme"), "EU purses"
    )
    choices.many(
        "initiative",
        "Initiative",
        view.counted(answers, values, "initiatives", "initiative"),
        "All initiatives",
    )
    choices.one(
        "level",
        "What to add",
        {**view.LEVELS, **{code: f"Only: {label}" for code, label in view.summable(answers).items()}},
    )
    choices.one("currency", "Net also in", {"EUR": "euros only"})
    choices.segments("count", "Count", view.COUNTS)
    choices.segments("prices", "Prices by year", view.PRICES)
    choices.segments("per", "Countries by", countries_text.labels())

envelopes = view.envelopes(answers, values)
if envelopes is None:
    strong, text, ways = view.nothing(answers, values)
    page_shell.empty(
        strong,
        text,
        [*((label, choices.setter(**change)) for label, change in ways), ("Reset", choices.reset)],
        "euros",
    )
else:
    badge, line = view.sum_line(answers, values)
    page_shell.line(line, badge)
    sums, link = (
        view.total_values(answers, values),
        figure_block.address("envelopes", answers, choices.values),
    )
    number_details.menu("Where these sums come from", sums, answers, link, "totals")
    figure_block.show(envelopes, answers, choices.values)
    removed = answers.read(ask.removed(view.choice(answers, values)))
    if len(removed):
        page_shell.section("Overlap ledger: what was removed and why", level=3)
        widgets.twin(
            euros.removed_table(removed), alt="What was removed and why", numbers=["Euros"], key="overlaps"
        )
        name = links.choice_name(view.parameters(answers), choices.values)
        file_name = links.file_name("overlaps", answers.release_id, "csv", name)
        widgets.download_csv(
            "Download the overlaps",
            csv_export.csv(removed, answers.release_id),
            file_name,
            key="csv_overlaps",
        )
for figure in (
    view.years(answers, values),
    view.headings(answers, values),
    countries.countries(answers, values),
):
    if figure:
        page_shell.gap()
        figure_block.show(figure, answers, choices.values)
choices.finish()
