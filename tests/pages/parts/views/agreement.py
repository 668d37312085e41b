"""What must agree on every page whatever is chosen: headline, figure, table, card, API, CSV, embed, link
preview and the SQL that the page shows; and every sentence that says none, with a count over the same choice.

Here stands what holds for every figure. `agreement_of_euros` and `agreement_of_pages` hold what each page
says to counts of their own.
"""

import csv
import html
import io
import json
import random
import re
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.testclient import TestClient

from pages.http import link_preview
from pages.parts.figure_model import Figure
from pages.parts.page_registry import PAGES as ENTRIES
from pages.parts.text import formatting
from pages.parts.ui import number_details
from pages.parts.url_state import Parameter, Values
from pages.parts.views import FIGURES
from pipelines.queries.release_answers import ReleaseData, sql_of
from tests.pages.parts.views import agreement_of_euros, agreement_of_pages
from tests.pages.parts.views.plain_counts import Plain, added

PAGES = {
    page: [name for name, view in FIGURES.items() if view.page == page]
    for page in dict.fromkeys(view.page for view in FIGURES.values())
}
PROMISES = ("promises", "site_promises")  # one row a statement, one line of the table a promise
OFTEN = {"stage": 0.7, "basis": 0.35, "level": 0.5, "programme": 0.35, "initiative": 0.35}
SAID_OF: dict[str, Callable[[Any, Values], None]] = {
    "euros": agreement_of_euros.check,
    **agreement_of_pages.SAID_OF,
}
EMBEDDED = re.compile(r'<h1>(.*?)</h1><p class="quiet">(.*?)</p>.*?aria-label="(.*?)"', re.S)


def random_choice(parameters: list[Parameter], dice: random.Random) -> Values:
    """Some choice of a page; a parameter that narrows little is left alone more often."""
    chosen = {parameter.name: parameter.default for parameter in parameters}
    for parameter in parameters:
        if parameter.allowed and dice.random() < OFTEN.get(parameter.name, 0.3):
            most = min(dice.choice((1, 1, 2)), len(parameter.allowed)) if parameter.several else 1
            chosen[parameter.name] = tuple(dice.sample(parameter.allowed, most))
    return chosen


class Served(NamedTuple):
    """What machines get of a figure: the JSON, the rows of the CSV, and title, subtitle and alternative text
    of the embed.
    """

    body: dict[str, Any]
    rows: list[dict[str, str]]
    embedded: tuple[str, ...]


class Agreement:
    """One release whose pages are compared with themselves. What was compared once is not compared again."""

    def __init__(self, answers: ReleaseData, client: TestClient, dice: random.Random) -> None:
        self.answers, self.client, self.dice = answers, client, dice
        self.plain = Plain(answers)
        self.pages = {page: FIGURES[names[0]].parameters(answers) for page, names in PAGES.items()}
        self._done: set[Hashable] = set()

    def check(self, page: str) -> None:
        """Raises AssertionError if something of one random choice of a page does not agree.

        One figure of the page, drawn by lot, is compared with all that machines get of it; each with its
        table; and what the page says with counts.
        """
        values = random_choice(self.pages[page], self.dice)
        opened = self.dice.choice(PAGES[page])
        obeyed = {parameter.name for parameter in FIGURES[opened].obeyed(self.pages[page])}
        if self._is_new(opened, *((word, codes) for word, codes in values.items() if word in obeyed)):
            self._figure(opened, values)
        if self._is_new(page, *values.items()):
            for name in PAGES[page]:
                self._table(name, values)
            self._preview(page, values)
            SAID_OF[page](self, values)

    def _is_new(self, *key: Hashable) -> bool:
        is_new = key not in self._done
        self._done.add(key)
        return is_new

    def _table(self, name: str, values: Values) -> Figure | None:
        """The table of a figure has a line for each row."""
        figure = FIGURES[name].make(self.answers, values)
        if figure is not None and name not in ("sites", *PROMISES):
            assert len(figure.table) == len(figure.rows), (name, values)
        return figure

    def _figure(self, name: str, values: Values) -> None:
        """A figure, its SQL, what machines get of it and the card of one of its numbers are the same."""
        figure, served = self._table(name, values), self._served(name, values)
        assert (figure is None) == (served is None), (name, values)
        if figure is None or served is None:
            return
        asked = self.answers.ask(figure.sql[0])
        if name not in (*PROMISES, "ladder", "slips"):  # their rows are made of several questions
            assert len(asked) == len(figure.rows), (name, values)
        said = tuple(served.body[part] for part in ("title", "subtitle", "alt"))
        assert said == served.embedded == (figure.title, figure.subtitle, figure.alt), (name, values)
        assert served.body["sql"] == list(figure.sql), (name, values)
        assert len(served.body["rows"]) == len(served.rows) == len(figure.rows), (name, values)
        for column in [column for column in figure.rows.columns if column.endswith("_eur")]:
            expected = added(figure.rows[column])
            if column in asked:
                assert added(asked[column]) == expected, (name, column, values)
            in_json = (None if row[column] is None else Decimal(row[column]) for row in served.body["rows"])
            in_csv = (Decimal(row[column]) for row in served.rows if row[column])
            assert added(in_json) == added(in_csv) == expected, (name, column, values)
        self._card(figure, values)

    def _served(self, name: str, values: Values) -> Served | None:
        address = urlencode({word: list(codes) for word, codes in values.items() if codes}, doseq=True)
        answer = self.client.get(f"/api/v1/figures/{name}.json?{address}")
        page = self.client.get(f"/embed/{name}?{address}")
        assert answer.status_code == page.status_code, (name, values)
        if answer.status_code == 422:
            return None
        assert answer.status_code == 200, (name, values)
        rows = csv.DictReader(io.StringIO(self.client.get(f"/api/v1/figures/{name}.csv?{address}").text))
        embedded = EMBEDDED.search(page.text)
        assert embedded, (name, values)
        body = json.loads(answer.content, parse_float=Decimal)
        return Served(body, list(rows), tuple(map(html.unescape, embedded.groups())))

    def _card(self, figure: Figure, values: Values) -> None:
        """The card of one number of a figure gives the number again, by its own question."""
        shown = [value for value in figure.every_value() if value.number or value.question]
        if not shown:
            return
        value = self.dice.choice(shown)
        card = number_details.details(value, self.answers)
        assert card.queries, (figure.name, value.label, values)
        if value.number is None:
            return
        found = self.answers.ask(sql_of(value.number()))
        column = next((name for name in ("amount_eur", "net_eur") if name in found), None)
        if column and len(found) == 1:
            amount = found[column].iat[0]
            said = [formatting.euros(amount), formatting.euros(amount, decimals=1)]
            assert any(words in value.said for words in said) or "€" not in value.said, (
                figure.name,
                value,
                values,
            )

    def _preview(self, page: str, values: Values) -> None:
        """Where the address of a choice is pasted, its first figure speaks with its own title and picture."""
        entry = next(entry for entry in ENTRIES if entry.path == page)
        address = urlencode({word: list(codes) for word, codes in values.items() if codes}, doseq=True)
        card = link_preview.card(None, entry, address, "https://example.org")
        figure = FIGURES[PAGES[page][0]].make(self.answers, values)
        assert bool(card.image) == (figure is not None), (page, values)
        if figure is None:
            return
        assert card.alt == figure.alt, (page, values)
        assert values.get("site") or card.finding.startswith(figure.title), (page, values)
