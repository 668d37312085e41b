"""What a choice leaves of everything, in words. Pure."""

from collections.abc import Mapping

from pages.parts.text import formatting
from pages.parts.url_state import Values
from pipelines.queries import sites
from pipelines.queries.release_data import ReleaseData

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
}
"""In which vocabulary the codes of a word of an address have their labels."""


def labels(answers: ReleaseData, name: str) -> dict[str, str]:
    """Code → label of one word of an address; empty where its codes have none."""
    if name == "site":
        return dict(answers.read(sites.sites)[["site_id", "name"]].itertuples(index=False))
    if name == "ladder":
        return {**answers.labels("programmes"), **answers.labels("initiatives")}
    return answers.labels(VOCABULARIES[name]) if name in VOCABULARIES else {}


def only(answers: ReleaseData, values: Values, *names: str) -> str:
    """The end of a sentence that says what is measured: " Only Italy and France; AI gigafactories." Nothing if nothing is narrowed.

    names: the words of the address that narrow what is measured and are not said elsewhere in it.
    """
    parts = []
    for name in names:
        if values.get(name):
            known = labels(answers, name)
            parts.append(formatting.listed([known.get(code, code) for code in values[name]]))
    return f" Only {'; '.join(parts)}." if parts else ""
