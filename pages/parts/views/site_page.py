"""The page of one site: who pays, promises over time, what it is linked to. Pure."""

from typing import NamedTuple

import pyarrow as pa

from pages.parts import filter_labels
from pages.parts.figure_model import Figure
from pages.parts.finished_figure import as_text
from pages.parts.text import site_page as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.url_state import Values
from pages.parts.views import site_payers, timeline
from pipelines import frame_rows
from pipelines.queries import sites as site_questions
from pipelines.queries import timeline as timeline_questions
from pipelines.queries.compiled_sql import Codes
from pipelines.queries.release_answers import ReleaseData


def site_promises(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Promised dates of the chosen sites against what came of them. None if no date was promised."""
    chosen = site_payers.asked(values)
    words = ("site",) if chosen[3] else ("kind", "status", "country")
    if chosen[3]:
        chosen = (Codes(), Codes(), Codes(), chosen[3])
    limits = filter_labels.only(answers, values, *words, locale=locale)
    question = (timeline_questions.promises_of_sites, *chosen)
    return timeline.of_promises("site_promises", answers, question, limits, locale)


class Words(NamedTuple):
    """What stands on the page of a site beside its figures and its facts.

    amounts: every amount as a table. linked: the sites that it is part of, or that are part of it, with the
    identity of each.
    """

    amounts: pa.Table
    linked: pa.Table
    linked_ids: list[str]


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """What is listed on the page of the site that is chosen; nothing if none is."""
    site_id = next(iter(values["site"]), "")
    if not site_id:
        return Words(pa.table({}), pa.table({}), [])
    amounts, _ = site_payers.amounts(answers, {"site": (site_id,)}, locale)
    every = answers.read(site_questions.sites)
    own = frame_rows.records(every[every["site_id"] == site_id])[0]
    is_linked = (every["part_of"] == site_id) | (every["site_id"] == own["part_of"])
    if own["part_of"]:
        is_linked |= (every["part_of"] == own["part_of"]) & (every["site_id"] != site_id)
    linked = every[is_linked]
    return Words(amounts, as_text(text.linked_table(linked, own, locale)), list(linked["site_id"]))
