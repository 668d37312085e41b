"""Which programme, when, at what stage? Envelopes gross and net, the overlap ledger, years, and what is inside an envelope."""

import functools

from pages.parts import anatomy, choosing, controls, exports, figures, frame, headlines, money, reader, tables, vocabulary, words
from pages.parts.queries import euros as ask

labels = {**vocabulary.labels("programmes"), **vocabulary.labels("initiatives"), **vocabulary.labels("bases")}
choices = controls.Controls("euros", choosing.euros_parameters())
frame.notices(choices.notices)
choice = choosing.euros_choice(choices.values)
is_gross = choices.values["count"] == ("gross",)

total = reader.read(ask.totals(choice)).iloc[0].to_dict()
removed = reader.read(ask.removed(choice))
credit = reader.read(ask.credit(choice))
answer = headlines.euros(total, removed, labels, is_gross)
frame.headline(answer.headline, answer.standfirst)
choosing.euros_widgets(choices, choice)

if not total["entries"]:
    choosing.euros_way_on(choices, choice)
else:
    in_other = money.converted(total, reader.read(ask.rates()), choices.values["currency"][0])
    frame.line(money.net_line(total) + in_other, money.removed_words(total, len(removed)))
    rows = reader.read(ask.envelopes(choice))
    anatomy.figure(
        "envelopes",
        answer.title,
        money.subtitle(choice, total, labels, "Filled bars are counted. Outlined parts are already inside the bar of the same colour."),
        functools.partial(figures.envelopes, money.bars(rows, removed, labels), is_gross=is_gross),
        alt=f"{answer.title}. " + money.bar_words(rows, labels),
        source=tables.credit_line(credit, total, money.left_out(choice)),
        table=money.envelope_table(rows, labels),
        numbers=["Euros"],
        csv=exports.csv(rows, reader.release()),
        sources=tables.sources(credit),
    )
    if len(removed):
        frame.section("Overlap ledger: what was removed and why", level=3)
        anatomy.twin(money.removed_table(removed), alt="What was removed and why", numbers=["Euros"], key="overlaps")
        anatomy.download_csv("Download the overlaps", exports.csv(removed, reader.release()), "eu-ai-overlaps.csv", key="csv_overlaps")

    frame.gap()
    prices = choices.values["prices"][0]
    by_year = money.yearly(choice)
    yearly = reader.read(ask.years(by_year, is_constant=prices == "constant-2018"))
    if len(yearly):
        anatomy.figure(
            "years",
            headlines.years(yearly),
            f"Yearly amounts, {choice.stage} · {labels[choice.basis]}, {money.PRICES[prices]}, net.",
            functools.partial(figures.years, yearly),
            alt=f"{headlines.years(yearly)}. " + money.year_words(yearly),
            source=tables.credit_line(
                credit, total, "Years without a published amount are hatched or missing; missing does not mean zero."
            ),
            key=[anatomy.Mark("hatch", "amount not published, height is not to scale")] if yearly["entries_unknown"].any() else [],
            table=tables.table(
                yearly, {"year": "Year", "programme_label": "Programme", "amount_eur": "Euros", "entries": "Entries"}, euros=("amount_eur",)
            ),
            numbers=["Euros"],
            csv=exports.csv(yearly, reader.release()),
            sources=tables.sources(reader.read(ask.credit(by_year))),
        )

    frame.gap()
    inside = reader.read(ask.headings(choice)).assign(programme_label=lambda frame_: frame_["programme"].map(labels))
    if len(inside):
        anatomy.figure(
            "headings",
            money.headings_title(inside, labels),
            f"Each envelope as one document divides it, {choice.stage} · {labels[choice.basis]}, current prices.",
            functools.partial(figures.headings, inside),
            alt=f"Treemap of {words.count(len(inside), 'heading')} inside their programmes.",
            source=f"{words.count(len(inside), 'heading')}. The part of an envelope that no source splits is not drawn.",
            table=tables.table(
                inside, {"programme_label": "Programme", "heading": "Heading", "amount_eur": "Euros"}, euros=("amount_eur",)
            ),
            numbers=["Euros"],
            csv=exports.csv(inside, reader.release()),
        )
choices.finish()
