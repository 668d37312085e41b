"""The labels of what is chosen, and what a choice leaves of everything, in words. Pure."""

from collections.abc import Mapping

from pages.parts.text import calls, comparison, compute_cost, formatting, projects, promise_league
from pages.parts.text import citations_and_readmes as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, say
from pages.parts.url_state import Values
from pipelines.queries import ai_project_sums, sites
from pipelines.queries import projects as project_questions
from pipelines.queries.release_answers import ReleaseData

VOCABULARIES: Mapping[str, str] = {
    "stage": "stages",
    "basis": "bases",
    "programme": "programmes",
    "initiative": "initiatives",
    "level": "levels",
    "kind": "site_kinds",
    "status": "site_statuses",
    "country": "countries",
    "event": "milestone_events",
    "ladder": "initiatives",
    "of": "initiatives",
}
"""In which vocabulary the codes of a parameter of an address have their labels."""

OWN: Mapping[str, Mapping[str, Message]] = {
    "by": {**projects.DIMENSIONS, **promise_league.BY},
    "reading": projects.READINGS,
    "state": calls.STATES,
    "what": comparison.WHAT,
    "unit": compute_cost.UNITS,
    "year_of": promise_league.YEAR_OF,
}
"""Labels of codes that stand in no vocabulary: parameter → code → label."""


def labels(release: ReleaseData, parameter: str, locale: str = ENGLISH) -> dict[str, str]:
    """Code → label of one parameter of an address; empty where its codes have none."""
    if parameter == "site":
        return dict(release.read(sites.sites)[["site_id", "name"]].itertuples(index=False))
    if parameter in ("ladder", "of"):
        return {**release.labels("programmes", locale), **release.labels("initiatives", locale)}
    if parameter in ("country", "beside"):
        countries = release.labels("countries", locale)
        return {code: formatting.country(code, label, locale) for code, label in countries.items()}
    if parameter == "beneficiary":
        return dict(
            release.read(ai_project_sums.beneficiaries)[["name_code", "name"]].itertuples(index=False)
        )
    if parameter == "project":
        return dict(release.read(project_questions.identities).itertuples(index=False))
    if parameter in OWN:
        return {code: say(label, locale) for code, label in OWN[parameter].items()}
    return release.labels(VOCABULARIES[parameter], locale) if parameter in VOCABULARIES else {}


def only(release: ReleaseData, values: Values, *parameters: str, locale: str = ENGLISH) -> str:
    """The sentence that follows what is measured: " Only Italy and France; AI gigafactories." "" if nothing
    is narrowed.

    parameters: those of the address that narrow what is measured and are not named elsewhere in the text.
    """
    choices = []
    for parameter in parameters:
        if values.get(parameter):
            by_code = labels(release, parameter, locale)
            names = [by_code.get(code, code) for code in values[parameter]]
            choices.append(formatting.listed(names, "and", locale))
    return f" {say(text.ONLY, locale, choices='; '.join(choices))}" if choices else ""
