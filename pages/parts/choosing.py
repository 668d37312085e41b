"""What can be chosen on the Euros page, as parameters of its address, and the widgets for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pages.parts import controls, frame, reader, vocabulary, words
from pages.parts.link import Parameter
from pages.parts.queries import euros as ask
from pages.parts.queries.euros import Choice

COUNTS = {"net": "Net", "gross": "Gross"}
PRICES = {"current": "Current", "constant-2018": "2018 prices"}
LEVELS = {"envelopes": "Whole envelopes", "all": "Everything published"}


def euros_parameters() -> list[Parameter]:
    """The words of the Euros page's address."""
    return [
        Parameter("stage", tuple(vocabulary.labels("stages")), ("programmed",)),
        Parameter("basis", tuple(vocabulary.labels("bases")), ("eu-contribution",)),
        Parameter("programme", tuple(vocabulary.labels("programmes")), several=True),
        Parameter("initiative", tuple(vocabulary.labels("initiatives")), several=True),
        Parameter("level", (*LEVELS, *vocabulary.labels("levels")), ("envelopes",)),
        Parameter("count", tuple(COUNTS), ("net",)),
        Parameter("prices", tuple(PRICES), ("current",)),
        Parameter("currency", ("EUR", *reader.read(ask.rates())["quote"]), ("EUR",)),
    ]


def euros_choice(values: Mapping[str, Sequence[str]]) -> Choice:
    """The choice that the address stands for. “Whole envelopes” falls back to everything where no whole envelope is published."""
    level = values["level"][0]
    choice = Choice(
        stage=values["stage"][0],
        basis=values["basis"][0],
        level="" if level in LEVELS else level,
        programme=tuple(values["programme"]),
        initiative=tuple(values["initiative"]),
    )
    if level == "envelopes" and "whole" in set(reader.read(ask.available(choice, "level"))["level"]):
        return replace(choice, level="whole")
    return choice


def euros_widgets(choices: controls.Controls, choice: Choice) -> None:
    """The widgets of the Euros page. What is empty stays in the list and says so."""
    labels = {name: vocabulary.labels(name) for name in ("stages", "bases", "programmes", "initiatives", "levels")}
    with controls.row():
        choices.one("stage", "Stage", counted(labels["stages"], choice, "stage"))
        choices.one("basis", "Basis", counted(labels["bases"], choice, "basis"))
        choices.many("programme", "Programme", counted(labels["programmes"], choice, "programme"), "EU purses of the initiatives")
        choices.many("initiative", "Initiative", counted(labels["initiatives"], choice, "initiative"), "All initiatives")
        choices.one("level", "What to add", {**LEVELS, **{code: f"Only: {label}" for code, label in labels["levels"].items()}})
        choices.segments("count", "Count", COUNTS)
        choices.segments("prices", "Prices by year", PRICES)
        choices.one("currency", "Net also in", {"EUR": "euros only"})


def counted(labels: Mapping[str, str], choice: Choice, column: str) -> dict[str, str]:
    """Labels that say which of them would leave nothing."""
    left = reader.read(ask.available(replace(choice, level="", tracked=column != "programme" and choice.tracked), column))
    known = set(left[column])
    return {code: label if code in known else f"{label} (none)" for code, label in labels.items()}


def euros_way_on(choices: controls.Controls, choice: Choice) -> None:
    """The place of the figures when nothing fits: what lies elsewhere, and buttons that change one thing each."""
    stages, bases = vocabulary.labels("stages"), vocabulary.labels("bases")
    elsewhere = reader.read(ask.available(replace(choice, level=""), "stage", "basis"))
    same_stage = elsewhere[elsewhere["stage"] == choice.stage].sort_values("entries", ascending=False)
    same_basis = elsewhere[elsewhere["basis"] == choice.basis].sort_values("entries", ascending=False)
    ways = [(f"Show {bases[code]}", choices.setter(basis=code, level="envelopes")) for code in same_stage["basis"].head(1)]
    ways += [(f"Show {stages[code]}", choices.setter(stage=code, level="envelopes")) for code in same_basis["stage"].head(1)]
    number = int(elsewhere["entries"].sum())
    strong = f"No entry is {stages[choice.stage]} as {bases[choice.basis]} in this choice."
    if choice.stage == "paid":
        known = words.day(reader.known_on())
        strong = "No payment figure is published."
        text = f"We looked until {known} and found no executed payment. This does not mean zero. {number} entries exist at other stages."
    else:
        text = f"{words.count(number, 'entry exists', 'entries exist')} at other stages or bases with the same programmes."
    frame.empty(strong, text, [*ways, ("Reset", choices.reset)], "euros")
