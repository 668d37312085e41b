"""Which programme, when, at what stage? Envelopes gross and net, the overlap ledger, years, and what is inside an envelope."""

from pages.parts import choosing, controls, frame, headlines, money, reader, vocabulary
from pages.parts.queries import euros as ask
from pages.parts.views import euros as view

labels = {**vocabulary.labels("programmes"), **vocabulary.labels("initiatives"), **vocabulary.labels("bases")}
choices = controls.Controls("euros", choosing.euros_parameters())
frame.notices(choices.notices)
choice = choosing.euros_choice(choices.values)
is_gross = choices.values["count"] == ("gross",)

total = reader.read(ask.totals(choice)).iloc[0].to_dict()
removed = reader.read(ask.removed(choice))
answer = headlines.euros(total, removed, labels, is_gross)
frame.headline(answer.headline, answer.standfirst)
choosing.euros_widgets(choices, choice)

if total["entries"]:
    in_other = money.converted(total, reader.read(ask.rates()), choices.values["currency"][0])
    frame.line(money.net_line(total) + in_other, money.removed_words(total, len(removed)))
    view.envelopes(choice, total, removed, answer.title, labels, is_gross)
    view.years(choice, choices.values["prices"][0], labels)
    view.headings(choice, labels)
else:
    choosing.euros_way_on(choices, choice)
choices.finish()
