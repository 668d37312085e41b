"""Are they on time? Promised dates as they were stated against what came of them, and every milestone since 2018."""

import functools

from pages.parts import anatomy, controls, exports, figures, frame, headlines, reader, schedule, vocabulary, words
from pages.parts.link import Parameter
from pages.parts.queries import timeline as ask
from pages.parts.slips import slips
from pages.parts.style import TOKENS

today, tokens = reader.known_on(), TOKENS[frame.theme()]
initiatives, countries, events = (vocabulary.labels(name) for name in ("initiatives", "countries", "milestone_events"))
every_promise, every_event = schedule.placed(reader.read(ask.promises())), reader.read(ask.milestones())
choices = controls.Controls(
    "timeline",
    [
        Parameter("show", tuple(schedule.SHOW), ("next",)),
        Parameter("initiative", tuple(code for code in initiatives if code in set(every_event["initiative"])), several=True),
        Parameter("country", tuple(code for code in countries if code in set(every_event["country"])), several=True),
        Parameter("event", tuple(events), several=True),
    ],
)
frame.notices(choices.notices)
answer = headlines.timeline(slips(every_promise, today))
frame.headline(answer.headline, answer.standfirst)
with controls.row():
    show = choices.segments("show", "Show", schedule.SHOW)
    initiative = choices.many("initiative", "Initiative", initiatives, "All initiatives")
    country = choices.many("country", "Country", countries, "All countries")
    event = choices.many("event", "Kind of event", events, "All kinds")

promises = schedule.placed(reader.read(ask.promises(initiative, country)))
found = slips(promises, today)
if not found:
    frame.empty(
        "No promised date fits the choice.", f"{len(every_promise)} statements are known in all.", [("Reset", choices.reset)], "promises"
    )
else:
    title = headlines.timeline(found).title
    anatomy.figure(
        "promises",
        title,
        f"{words.count(len(found), 'promise')}. Months are counted from the first promise found to the present one. "
        "A date given only as a year or quarter is drawn as a line over that period.",
        functools.partial(figures.timeline, promises, today),
        alt=f"{title}. " + "; ".join(f"{slip.title}: {slip.word}" for slip in found),
        source=schedule.promise_sources(promises, today),
        key=[
            anatomy.Mark("circle", "promised earlier", tokens.context, is_filled=False),
            anatomy.Mark("circle", "promised now, line = the stated period", tokens.text),
            anatomy.Mark("diamond", "happened", tokens.accent),
            anatomy.Mark("hatch", "due, not confirmed"),
        ],
        table=schedule.promise_table(promises, found),
        csv=exports.csv(promises, reader.release()),
        sources=schedule.promise_documents(promises),
    )

frame.gap()
milestones = reader.read(ask.milestones(initiative, country, event))
if show == "next":
    milestones = schedule.planned(milestones)
if milestones.empty:
    ways = [("All since 2018", choices.setter(show="all")), ("Reset", choices.reset)]
    frame.empty("No milestone fits the choice.", f"{len(every_event)} milestones are known in all.", ways, "milestones")
else:
    title = schedule.milestones_title(milestones, today)
    anatomy.figure(
        "milestones",
        title,
        f"{words.count(len(milestones), 'milestone')} of {len(every_event)}, {schedule.span(milestones)}. Known on {words.day(today)}.",
        functools.partial(figures.milestones, milestones, today),
        alt=title,
        source=schedule.milestone_sources(milestones),
        key=[
            anatomy.Mark("circle", "happened", tokens.accent),
            anatomy.Mark("circle", "planned", is_filled=False),
            anatomy.Mark("hatch", "planned, its date has passed: due, not confirmed"),
        ],
        csv=exports.csv(milestones, reader.release()),
    )
    anatomy.twin(schedule.milestone_table(milestones, today), alt="The milestones as a list", key="milestone_list", height=520)
choices.finish()
