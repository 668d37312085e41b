"""Which programme, when, at what stage? Envelopes gross and net, the overlap ledger, years, and how envelopes are divided."""

from pages.parts import anatomy, controls, exhibit, exports, frame, money, number_card, reader, share, size
from pages.parts.views import countries
from pages.parts.views import euros as view
from pipelines.queries import euros as ask

answers = reader.answers()
choices = controls.Controls("euros", view.parameters(answers))
frame.notices(choices.notices)
exhibit.moved_since(answers, choices.values, "euros")
values = dict(choices.values)
answer = view.answer(answers, values)
frame.headline(answer.headline, answer.standfirst)
with controls.row():
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
    choices.segments("per", "Countries by", size.PER)

envelopes = view.envelopes(answers, values)
if envelopes is None:
    strong, text, ways = view.nothing(answers, values)
    frame.empty(
        strong,
        text,
        [*((label, choices.setter(**change)) for label, change in ways), ("Reset", choices.reset)],
        "euros",
    )
else:
    badge, line = view.sum_line(answers, values)
    frame.line(line, badge)
    sums, link = view.total_values(answers, values), exhibit.address("envelopes", answers, choices.values)
    number_card.menu("Where these sums come from", sums, answers, link, "totals")
    exhibit.show(envelopes, answers, choices.values)
    removed = answers.read(ask.removed(view.choice(answers, values)))
    if len(removed):
        frame.section("Overlap ledger: what was removed and why", level=3)
        anatomy.twin(
            money.removed_table(removed), alt="What was removed and why", numbers=["Euros"], key="overlaps"
        )
        name = share.choice_name(view.parameters(answers), choices.values)
        file_name = share.file_name("overlaps", answers.release_id, "csv", name)
        anatomy.download_csv(
            "Download the overlaps", exports.csv(removed, answers.release_id), file_name, key="csv_overlaps"
        )
for figure in (
    view.years(answers, values),
    view.headings(answers, values),
    countries.countries(answers, values),
):
    if figure:
        frame.gap()
        exhibit.show(figure, answers, choices.values)
choices.finish()
