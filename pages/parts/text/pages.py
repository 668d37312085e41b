"""What the pages say by themselves: their titles, questions and descriptions, and what stands around their
figures.
"""

from collections.abc import Mapping
from typing import NamedTuple

from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say


class PageWords(NamedTuple):
    """What a page says of itself in the navigation, above its headline, and to search engines."""

    title: Message
    question: Message
    description: Message


SITE = message("EU AI funding tracker")
PAGES: Mapping[str, PageWords] = {
    "": PageWords(
        message("Overview"),
        message("How much of the €200 bn is real?"),
        message(
            "Europe’s AI money, from the headline to the site: what is announced, programmed, committed, "
            "contracted and paid, with every source."
        ),
    ),
    "euros": PageWords(
        message("Euros"),
        message("Where is the money in the EU budget?"),
        message(
            "EU money by programme, year and stage. What stands in two budgets is counted once, and listed."
        ),
    ),
    "flows": PageWords(
        message("Flows"),
        message("Who pays whom?"),
        message(
            "Money for AI from who pays it through programmes and initiatives to the sites, each euro counted "
            "once, with what is not allocated."
        ),
    ),
    "overlaps": PageWords(
        message("Counted twice"),
        message("What is counted twice?"),
        message(
            "Which amount of Europe’s AI money holds which: every overlap with both amounts, the reason and the "
            "document, and what is taken off each sum."
        ),
    ),
    "sites": PageWords(
        message("Sites"),
        message("What was promised where?"),
        message(
            "AI factories, antennas, gigafactory bids, supercomputers and quantum computers on a map and as "
            "a list, with their euros."
        ),
    ),
    "countries": PageWords(
        message("Countries"),
        message("What does a country get, and from whom?"),
        message(
            "AI factories, machines and bids of each country with payers and stages, pledges, promises, largest "
            "recipients, and its neighbours beside it per person and as a share of GDP."
        ),
    ),
    "projects": PageWords(
        message("Projects"),
        message("What did Horizon and Digital Europe fund?"),
        message(
            "AI in EU programmes line by line, in two readings: by year, programme part, topic and recipient; "
            "calls that are open, coming and closed."
        ),
    ),
    "timeline": PageWords(
        message("Timeline"),
        message("Are they on time?"),
        message(
            "Milestones of Europe’s AI machines from 2018 to 2033: each promised date as first stated, and "
            "what came of it."
        ),
    ),
    "compare": PageWords(
        message("Compare"),
        message("Who gets more?"),
        message(
            "Two to six countries, programmes, initiatives or sites side by side: euros, euros per person, share "
            "of GDP and of the EU’s total, each on one scale."
        ),
    ),
    "search": PageWords(
        message("Search"),
        message("What are you looking for?"),
        message(
            "Find sites, countries, programmes, beneficiaries, projects, calls and documents by name, and check "
            "a number against the published amounts."
        ),
    ),
    "data": PageWords(
        message("Data"),
        message("Give me everything"),
        message(
            "Every figure of the tracker as a file, with its sources, its licence and the meaning of each "
            "column."
        ),
    ),
    "about": PageWords(
        message("About"),
        message("Can I trust it?"),
        message(
            "How the tracker counts: definitions, sources, known gaps, corrections and the checks that every "
            "release passes."
        ),
    ),
    "staff": PageWords(
        message("Staff"),
        message("Staff · what will the public see if I accept this file?"),
        message("For staff who sign in: from a spreadsheet to a public release, and back."),
    ),
}

# --- choices that several pages have

STATUS, COUNTRY = message("Status"), message("Country")
STAGE, BASIS = message("Stage"), message("Basis")
PROGRAMME, INITIATIVE = message("Programme"), message("Initiative")
ALL_STATUSES, ALL_COUNTRIES = message("All statuses"), message("All countries")
ALL_INITIATIVES = message("All initiatives")
RESET = message("Reset")
MORE_CHOICES = message("More choices")
MORE_CHOICES_MADE = plural("More choices ({number} made)", "More choices ({number} made)")
ORIGIN_OF_NUMBERS = message("Where these numbers come from")

# --- the overview

LADDER_OF = message("Show")
STEPS = message("Step by step: what is known, who says so, and when")
FUNDERS = message("Who is meant to pay: four sources that cannot be added up")
NO_LADDER_YET = message("No step of this ladder was known by then. Other pages show what was.")
FUNDERS_WHY = message(
    "The sums of the EU and of member states are for AI and other computing (EuroHPC), whatever is chosen "
    "above. The four overlap and are at different stages, so a total would count some euros twice."
)
ORIGIN_OF_TOTALS = message("Where these totals come from")
DUE = message("Date passed, no confirmation found")
NEXT_DATES = message("Next dates")
NOTHING_LISTED = message("Nothing in our records.")
NEWEST_MILESTONES = message("Newest milestones")
CHANGES = message("What changed in the world")
CORRECTIONS = message("What we corrected")
ALL_DUE = message("All on the timeline")
ALL_DATES = message("All dates and delays")
ALL_MILESTONES = plural("The one milestone", "All {number} milestones")
ALL_CHANGES = message("All changes")

# --- the euros

EU_PROGRAMMES = message("EU programmes")
LEVEL = message("Level of detail")
LEVELS = {  # codes of the address, and of the table levels
    "envelopes": message("Programme totals"),
    "all": message("Everything published"),
    "whole": message("Totals only"),
    "part": message("Parts only"),
    "year": message("Single years"),
    "call": message("Single calls"),
    "site": message("Single sites"),
    "award": message("Single awards"),
    "line": message("Published lines"),
}
CURRENCY = message("Convert to")
EUROS_ONLY = message("euros only")
COUNT = message("Count")
PRICES = message("Prices")
PER = message("Compare countries by")
BODIES = message("Seats of EU bodies")
ORIGIN_OF_SUMS = message("Where these sums come from")
OVERLAPS = message("What was removed, and why")
DOWNLOAD_OVERLAPS = message("Download the overlaps")
SET_ASIDE = message("Fits your choice, but is never added up")
SET_ASIDE_WHY = message(
    "Rival bids compete for the same money, payment limits measure the same budgets twice, and yearly "
    "ambitions are no sums."
)
DOWNLOAD_SET_ASIDE = message("Download this list")

# --- the sites

KIND = message("Kind")
NO_SITE = message("No site matches your choice.")
NO_SITE_WHY = plural(
    "There is {number}\u00a0site in all. Its kind, status and country must all match.",
    "There are {number}\u00a0sites in all. Kind, status and country must all match.",
)
SITES_LISTED = plural("{number}\u00a0site as a list", "The same {number}\u00a0sites as a list")
CHOOSE_SITE = message("Each name opens the page of the site.")
LIST_OF_SITES = message("The sites as a list")

# --- the timeline

SHOW = message("Show")
EVENT, ALL_EVENTS = message("Kind of event"), message("All kinds")
NO_PROMISE = message("No promised date matches your choice.")
NO_PROMISE_WHY = plural(
    "There is {number}\u00a0statement of a date in all.",
    "There are {number}\u00a0statements of a date in all.",
)
NO_MILESTONE = message("No milestone matches your choice.")
NO_MILESTONE_WHY = plural(
    "There is {number}\u00a0milestone in all.", "There are {number}\u00a0milestones in all."
)
SINCE_2018 = message("All since 2018")
LIST_OF_MILESTONES = message("The milestones as a list")


def labels(messages: Mapping[str, Message], locale: str = ENGLISH) -> dict[str, str]:
    """Code → label."""
    return {code: say(label, locale) for code, label in messages.items()}
