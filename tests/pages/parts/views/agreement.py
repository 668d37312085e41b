"""What must agree on every page whatever is chosen: headline, figure, table, API, CSV and the SQL that the
page shows; and every sentence that says none, with a count over the same choice.

Counts are written here as plain SQL on the ledger, apart from the questions of the program.
"""

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from starlette.testclient import TestClient

from pages.parts.text import formatting
from pages.parts.url_state import Parameter, Values
from pages.parts.views import FIGURES, ai, euros
from pipelines.queries import ai_readings
from pipelines.queries import euros as ask
from pipelines.queries.choice import Choice, of_every_stage
from pipelines.queries.release_answers import ReleaseData

PAGES = {
    page: [name for name, view in FIGURES.items() if view.page == page]
    for page in dict.fromkeys(view.page for view in FIGURES.values())
}
PROMISES = ("promises", "site_promises")  # one row a statement, one line of the table a promise
OFTEN = {"stage": 0.7, "basis": 0.35, "level": 0.5, "programme": 0.35, "initiative": 0.35}


def random_choice(parameters: list[Parameter], dice: random.Random) -> Values:
    """Some choice of a page; a parameter that narrows little is left alone more often."""
    chosen = {parameter.name: parameter.default for parameter in parameters}
    for parameter in parameters:
        if parameter.allowed and dice.random() < OFTEN.get(parameter.name, 0.3):
            most = min(dice.choice((1, 1, 2)), len(parameter.allowed)) if parameter.several else 1
            chosen[parameter.name] = tuple(dice.sample(parameter.allowed, most))
    return chosen


def check(page: str, answers: ReleaseData, client: TestClient, dice: random.Random) -> None:
    """Raises AssertionError if something of one random choice of a page does not agree."""
    names = PAGES[page]
    values = random_choice(FIGURES[names[0]].parameters(answers), dice)
    for name in names:
        _figure(name, answers, values)
    _served(dice.choice(names), answers, client, values)
    if page == "euros":
        _euros(answers, client, values, dice)


def _added(amounts: Any) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _figure(name: str, answers: ReleaseData, values: Values) -> None:
    """A figure, its table and the SQL that it shows have the same rows."""
    figure = FIGURES[name].make(answers, values)
    if figure is None:
        return
    assert len(figure.table) == len(figure.rows) or name in ("sites", *PROMISES), (name, values)
    asked = answers.ask(figure.sql[0])
    shared = [column for column in asked.columns if column in figure.rows.columns]
    if name not in (*PROMISES, "ladder"):  # their rows are made of several questions
        assert len(asked) == len(figure.rows), (name, values)
    if "amount_eur" in shared:
        assert _added(asked["amount_eur"]) == _added(figure.rows["amount_eur"]), (name, values)


def _served(name: str, answers: ReleaseData, client: TestClient, values: Values) -> None:
    """The API gives the figure of the page, as JSON and as CSV."""
    figure = FIGURES[name].make(answers, values)
    address = urlencode({word: list(codes) for word, codes in values.items() if codes}, doseq=True)
    answer = client.get(f"/api/v1/figures/{name}.json?{address}")
    if figure is None:
        assert answer.status_code == 422, (name, values)
        return
    body = json.loads(answer.content, parse_float=Decimal)
    said = [body[part] for part in ("title", "subtitle", "alt", "sql")]
    assert said == [figure.title, figure.subtitle, figure.alt, list(figure.sql)], (name, values)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/figures/{name}.csv?{address}").text)))
    assert len(body["rows"]) == len(rows) == len(figure.rows), (name, values)
    if "amount_eur" in figure.rows.columns:
        expected = _added(figure.rows["amount_eur"])
        in_json = [None if row["amount_eur"] is None else Decimal(row["amount_eur"]) for row in body["rows"]]
        in_csv = [Decimal(row["amount_eur"]) for row in rows if row["amount_eur"]]
        assert _added(in_json) == _added(in_csv) == expected, (name, values)


# --- the euros


def _count(answers: ReleaseData, chosen: Choice, *more: str, stage: bool = True, wide: bool = False) -> int:
    """How many entries in force, at current prices, fit a choice: counted without the program's questions.

    more: further conditions. stage: of its stage and basis only. wide: also what passes through any
    initiative.
    """
    conditions = ["superseded_on is null", "price_basis = 'current'", *more]
    if stage:
        conditions += [f"stage = '{chosen.stage}'", f"basis = '{chosen.basis}'"]
    for column in ("programme", "initiative"):
        if codes := getattr(chosen, column):
            conditions.append(f"{column} in ({', '.join(repr(code) for code in codes)})")
    if not chosen.programme and not chosen.initiative:
        tracked = "programme in (select code from programmes where is_tracked)"
        conditions.append(f"({tracked} or initiative is not null)" if wide else tracked)
    where = " and ".join(conditions)
    rows = answers.ask(f"select count(*) as entries from ledger where {where}")  # noqa: S608 - of this file
    return int(rows["entries"].iat[0])


MAY_BE_ADDED = (
    "level in (select code from levels where is_summable)",
    "basis in (select code from bases where is_summable)",
)
NEVER_ADDED = (f"not ({' and '.join(MAY_BE_ADDED)})",)


def _euros(answers: ReleaseData, client: TestClient, values: Values, dice: random.Random) -> None:
    chosen, words = euros.choice(answers, values), euros.words(answers, values)
    total, removed = euros.total(answers, values), answers.read(ask.removed, chosen)
    headline, standfirst = words.answer.headline, words.answer.standfirst
    of_level = (*MAY_BE_ADDED, *([f"level = '{chosen.level}'"] if chosen.level else []))
    assert total["entries"] == _count(answers, chosen, *of_level), values
    assert _added(removed["amount_eur"]) == (total["removed_eur"] or 0), values
    net, gross = total["net_eur"] or Decimal(0), total["gross_eur"] or Decimal(0)
    assert net + (total["removed_eur"] or 0) == gross, values

    figure = FIGURES["envelopes"].make(answers, values)
    assert (figure is None) == (total["entries"] == 0) == (words.nothing is not None), values
    if figure is not None:
        is_out = figure.rows["is_removed"].astype(bool)
        assert _added(figure.rows[~is_out]["amount_eur"]) == net, values
        assert _added(figure.rows["amount_eur"]) == gross, values
        if total["gross_eur"] is not None:
            shown = [formatting.euros(net), formatting.euros(net, decimals=1)]
            assert any(amount in headline for amount in shown), (values, headline)
            assert len(words.sums) == (3 if total["removed_eur"] else 1), values
        for code in (*chosen.programme, *chosen.initiative):
            assert euros.labels(answers)[code] in headline, (values, headline)
        is_gross = values["count"] == ("gross",)
        narrowed = {
            word: list(values[word]) for word in ("stage", "basis", "programme", "initiative", "level")
        }
        listed = client.get(
            "/api/v1/euros.json?" + urlencode({**narrowed, "net": "0" if is_gross else "1"}, doseq=True)
        )
        rows = json.loads(listed.content, parse_float=Decimal)["rows"]
        added = _added(None if row["amount_eur"] is None else Decimal(row["amount_eur"]) for row in rows)
        assert added == (gross if is_gross else net), values

    readings = answers.read(ask.readings, chosen)
    assert _added(readings["net_eur"]) == net, values
    by_reading = dict(zip(readings["ai_scope"], readings["net_eur"], strict=True))
    whole = replace(chosen, level="")
    said = [headline, standfirst, *(words.nothing[:2] if words.nothing else ()), *words.sum_line]
    lead, unsplit = ai.lead(answers, values)
    backed: dict[str, Callable[[], Any]] = {
        "we have no amount": lambda: not total["entries"],
        "no entry is": lambda: not total["entries"],
        "can be added up": lambda: _count(answers, whole, *NEVER_ADDED, wide=True) and not total["entries"],
        "no double counting": lambda: removed.empty,
        "No double counting": lambda: removed.empty or not total["removed_eur"],
        "no public record of any payment": lambda: not _count(answers, whole),
        "no published payment": lambda: not _count(answers, whole),
        "we found no amount": lambda: total["entries"] and total["gross_eur"] is None,
        "We have nothing of it": lambda: not _count(answers, whole, *MAY_BE_ADDED, stage=False),
        "No amount added here is AI": lambda: set(by_reading) == {"not-split"},
        "All of it is labelled as AI": lambda: (
            not any(by_reading.get(code) for code in ("not-split", "outside"))
        ),
        "Most of it is not AI money": lambda: 2 * by_reading["outside"] > net,
        "leave out": lambda: removed["counted_split"].notna().any(),
    }
    for phrase, is_true in backed.items():
        if any(phrase in text for text in said):
            assert is_true(), (phrase, values, said)
    labelled = _count(
        answers,
        whole,
        *MAY_BE_ADDED,
        f"basis = '{chosen.basis}'",
        "ai_scope in ('strict', 'broad')",
        stage=False,
    )
    assert ("none of our amounts is labelled as AI" in lead) == (labelled == 0), (values, lead)
    assert (FIGURES["ai"].make(answers, values) is None) == (labelled == 0), values
    mixed = answers.read(ai_readings.ai, of_every_stage(chosen))
    assert ("No published amount" not in unsplit) == bool(
        _added(mixed[mixed["reading"] == "not-split"]["amount_eur"])
    ), values
    _options(answers, values, words, dice)
    _countries(answers, values, chosen)


def _options(answers: ReleaseData, values: Values, words: euros.Words, dice: random.Random) -> None:
    """A label that says (none) stands for a choice that leaves nothing, and no other does."""
    word = dice.choice(("stage", "basis", "programme", "initiative"))
    code = dice.choice(list(words.options[word]))
    chosen = euros.choice(answers, {**values, word: (code,), "level": ("all",)})
    has_none = words.options[word][code].endswith("(none)")
    assert has_none == (_count(answers, chosen, *MAY_BE_ADDED) == 0), (values, word, code)


def _countries(answers: ReleaseData, values: Values, chosen: Choice) -> None:
    """The countries add to the net of what names one; without its EU bodies, and with them."""
    figure = FIGURES["countries"].make(answers, values)
    if figure is None:
        return
    level = "" if chosen.level == "whole" else chosen.level
    bodies = "" if values["bodies"] == ("in",) else "out"
    located = replace(chosen, level=level, located=True, bodies=bodies)
    total = answers.row(ask.totals, located)
    assert _added(figure.rows["amount_eur"]) == (total["net_eur"] or 0), values
    measure = {"country": "amount_eur", "person": "eur_per_person", "gdp": "percent_of_gdp"}[values["per"][0]]
    known = figure.rows[figure.rows[measure].notna()]
    if len(known):
        best = known.loc[known[measure].astype(float).idxmax()]
        assert figure.title.startswith(str(best["country_label"])), (values, figure.title)
    if "EU bodies are left out" in figure.subtitle:
        assert answers.row(ask.totals, replace(located, bodies="only"))["net_eur"], values
