"""What stands on the Countries page: one state from its sites to its promises, or all of them as a list."""

import pyarrow as pa

from pages.parts.text import countries as text
from pages.parts.text import pages as page_text
from pages.parts.text import projects as project_text
from pages.parts.text import site_payers as payer_text
from pages.parts.text.translation import Message, say
from pages.parts.ui import components, page_shell
from pages.parts.ui.figure_page import FigurePage
from pages.parts.views import countries

PATH = "countries"


def show_all(page: FigurePage, words: countries.Words) -> None:
    """All countries: who pays for their sites, their size beside one another, and the way to each."""
    _payers(page, say(text.NO_EURO_ALL))
    _comparison(page, words)
    page_shell.gap()
    page_shell.section(say(text.LIST))
    links = [page_shell.way(PATH, country=code) for code in words.states_codes]
    numbers = [say(text.LIST_COLUMNS[name]) for name in ("sites", "open_sites", "bids", "population", "gdp")]
    components.link_table(words.states, links, alt=say(text.LIST), numbers=numbers)


def show_state(page: FigurePage, words: countries.Words) -> None:
    """One state: size and dues, euros by payer, sites, amounts, pledges, recipients, promises, neighbours."""
    label = words.options["country"][page.values["country"][0]]
    components.facts(words.facts)
    _payers(page, say(text.NO_EURO_OF_KIND if page.values["kind"] else text.NO_EURO, country=label))
    if words.ids:
        page_shell.section(say(text.SITES))
        links = [page_shell.way("sites", site=site_id) for site_id in words.ids]
        components.link_table(words.sites, links, alt=say(text.SITES))
    if words.amount_ids:
        page_shell.section(say(payer_text.AMOUNTS), say(payer_text.AMOUNTS_WHY))
        links = [page_shell.way("sites", site=site_id) for site_id in words.amount_ids]
        amount = [say(payer_text.AMOUNT_COLUMNS["amount"])]
        components.link_table(words.amounts, links, alt=say(payer_text.AMOUNTS), numbers=amount)
    amount = [say(payer_text.PLEDGE_COLUMNS["amount"])]
    _list(text.PLEDGES, words.pledges, say(text.NO_PLEDGE, country=label), amount)
    _recipients(words, label, page.values["country"][0])
    _list(text.PROMISES, words.promises, say(text.NO_PROMISE, country=label), [])
    page_shell.gap()
    _comparison(page, words)


def _payers(page: FigurePage, nothing: str) -> None:
    if page.figure("state_payers") is None:
        ways = [(say(text.ALL_KINDS), page.choices.setter(kind=""))]
        page_shell.empty(nothing, say(text.NO_EURO_WHY), ways, "state_payers")


def _comparison(page: FigurePage, words: countries.Words) -> None:
    """The state beside its neighbours, and those of them that no amount names."""
    if page.figure("state_size", has_gap=True) is None:
        ways = [
            (say(page_text.RESET), page.choices.setter(stage="programmed", basis="total-cost", beside="")),
        ]
        page_shell.empty(say(text.NO_COMPARISON), say(text.NO_COMPARISON_WHY), ways, "state_size")
    elif words.not_shown:
        page_shell.line(words.not_shown)


def _recipients(words: countries.Words, label: str, code: str) -> None:
    """The largest recipients, each leading to its page."""
    page_shell.section(say(text.RECIPIENTS), say(text.RECIPIENTS_WHY))
    if not words.codes:
        page_shell.line(say(text.NO_RECIPIENT, country=label))
        return
    links = [page_shell.way("projects", beneficiary=code) for code in words.codes]
    numbers = [say(project_text.RECIPIENT_COLUMNS[name]) for name in ("amount_eur", "strict_eur", "entries")]
    components.link_table(words.recipients, links, alt=say(text.RECIPIENTS), numbers=numbers)
    page_shell.lead_on(say(text.ALL_RECIPIENTS), page_shell.way("projects", country=code))


def _list(title: Message, rows: pa.Table, nothing: str, numbers: list[str]) -> None:
    """A list under its heading, or a sentence that there is none."""
    page_shell.section(say(title))
    if rows.num_rows:
        components.link_table(rows, [""] * rows.num_rows, alt=say(title), numbers=numbers)
    else:
        page_shell.line(nothing)
