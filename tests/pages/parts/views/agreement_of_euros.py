"""What the Euros page says of a choice, against counts of the same choice."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pages.parts.text import formatting
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, ai, euros
from pipelines.queries import ai_readings
from pipelines.queries import euros as ask
from pipelines.queries.choice import Choice, of_every_stage
from pipelines.queries.release_answers import ReleaseData
from tests.pages.parts.views.plain_counts import Plain, added

if TYPE_CHECKING:
    from tests.pages.parts.views.agreement import Agreement


def check(agreement: "Agreement", values: Values) -> None:
    """Raises AssertionError if a sentence or sum of the Euros page is not that of its choice."""
    answers, plain = agreement.answers, agreement.plain
    chosen, words = euros.choice(answers, values), euros.words(answers, values)
    total, removed = euros.total(answers, values), answers.read(ask.removed, chosen)
    entries = plain.chosen(chosen)
    assert total["entries"] == len(entries), values
    net, gross = total["net_eur"] or Decimal(0), total["gross_eur"] or Decimal(0)
    assert net == plain.net(entries), values
    assert gross == added(row["amount_eur"] for row in entries), values
    assert added(removed["amount_eur"]) == (total["removed_eur"] or 0) == gross - net, values

    figure = FIGURES["envelopes"].make(answers, values)
    assert (figure is None) == (total["entries"] == 0) == (words.nothing is not None), values
    if figure is not None:
        is_out = figure.rows["is_removed"].astype(bool)
        assert added(figure.rows[~is_out]["amount_eur"]) == net, values
        assert added(figure.rows["amount_eur"]) == gross, values
        headline = words.answer.headline
        if total["gross_eur"] is not None:
            shown = [formatting.euros(net), formatting.euros(net, decimals=1)]
            assert any(amount in headline for amount in shown), (values, headline)
            assert len(words.sums) == (3 if total["removed_eur"] else 1), values
        for code in (*chosen.programme, *chosen.initiative):
            assert euros.labels(answers)[code] in headline, (values, headline)
        _list_of_entries(agreement, values, net, gross)
    _sentences(agreement, values, chosen, words)
    _ai(answers, plain, values, chosen)
    _options(agreement, values, words)
    _countries(answers, plain, values, chosen)


def _list_of_entries(agreement: "Agreement", values: Values, net: Decimal, gross: Decimal) -> None:
    """The list of entries that the API gives of the same choice adds to the same sum."""
    is_gross = values["count"] == ("gross",)
    narrowed = {word: list(values[word]) for word in ("stage", "basis", "programme", "initiative", "level")}
    address = urlencode({**narrowed, "net": "0" if is_gross else "1"}, doseq=True)
    listed = agreement.client.get(f"/api/v1/euros.json?{address}")
    rows = json.loads(listed.content, parse_float=Decimal)["rows"]
    listed_sum = added(None if row["amount_eur"] is None else Decimal(row["amount_eur"]) for row in rows)
    assert listed_sum == (gross if is_gross else net), values


def _sentences(agreement: "Agreement", values: Values, chosen: Choice, words: euros.Words) -> None:
    """Each sentence that says none, all or most has a count behind it."""
    answers, plain = agreement.answers, agreement.plain
    total, removed = euros.total(answers, values), answers.read(ask.removed, chosen)
    readings = answers.read(ask.readings, chosen)
    net = total["net_eur"] or Decimal(0)
    assert added(readings["net_eur"]) == net, values
    by_reading = dict(zip(readings["ai_scope"], readings["net_eur"], strict=True))
    every_level = replace(chosen, level="")
    anywhere, any_basis = replace(every_level, stage="", basis=""), replace(chosen, basis="")
    is_basis_said = euros.labels(answers)[chosen.basis] in words.answer.headline
    backed: dict[str, Callable[[], Any]] = {
        "we have no amount": lambda: not plain.chosen(chosen),
        "no entry is": lambda: not plain.chosen(chosen),
        "can be added up": lambda: plain.chosen(every_level, False, True) and not plain.chosen(chosen),
        "no double counting": lambda: removed.empty,
        "No double counting": lambda: removed.empty or not total["removed_eur"],
        "no public record of any payment": lambda: not plain.chosen(chosen),
        "no published payment": lambda: not plain.chosen(chosen if is_basis_said else any_basis),
        "we found no amount": lambda: (
            total["entries"] and all(row["amount_eur"] is None for row in plain.chosen(chosen))
        ),
        "We have nothing of it": lambda: not plain.chosen(anywhere),
        "No amount added here is AI": lambda: set(by_reading) == {"not-split"},
        "All of it is labelled as AI": lambda: (
            not any(by_reading.get(code) for code in ("not-split", "outside"))
        ),
        "Most of it is not AI money": lambda: 2 * by_reading["outside"] > net,
        "leave out": lambda: removed["counted_split"].notna().any(),
    }
    said = [
        words.answer.headline,
        words.answer.standfirst,
        *(words.nothing[:2] if words.nothing else ()),
        *words.sum_line,
    ]
    for phrase, is_true in backed.items():
        if any(phrase in text for text in said):
            assert is_true(), (phrase, values, said)
    if chosen.level:
        named = euros.labels(answers)[chosen.level]
        is_rule = chosen.basis == "investment-mobilised"  # it is said of the basis, whatever the level
        assert chosen.level == "whole" or named in said[0] or is_rule or not words.nothing, (values, said)


def _ai(answers: ReleaseData, plain: Plain, values: Values, chosen: Choice) -> None:
    """What is said of AI is said of the entries that carry the label."""
    lead, unsplit = ai.lead(answers, values)
    entries = plain.chosen(of_every_stage(chosen))
    labelled = [row for row in entries if row["ai_scope"] in ("strict", "broad")]
    assert ("none of our amounts is labelled as AI" in lead) == (not labelled), (values, lead)
    assert (FIGURES["ai"].make(answers, values) is None) == (not labelled), values
    mixed = answers.read(ai_readings.ai, of_every_stage(chosen))
    has_mixed = bool(added(mixed[mixed["reading"] == "not-split"]["amount_eur"]))
    assert ("No published amount" not in unsplit) == has_mixed, values
    for reading, scopes in (("strict", ("strict",)), ("broad", ("strict", "broad"))):
        known = plain.net(row for row in entries if row["ai_scope"] in scopes)
        assert added(mixed[mixed["reading"] == reading]["amount_eur"]) == known, (values, reading)


def _options(agreement: "Agreement", values: Values, words: euros.Words) -> None:
    """A label that says (none) stands for a choice that leaves nothing, and no other does."""
    for word in ("stage", "basis", "programme", "initiative"):
        code = agreement.dice.choice(list(words.options[word]))
        chosen = euros.choice(agreement.answers, {**values, word: (code,), "level": ("all",)})
        has_none = words.options[word][code].endswith("(none)")
        assert has_none == (not agreement.plain.chosen(chosen)), (values, word, code)


def _countries(answers: ReleaseData, plain: Plain, values: Values, chosen: Choice) -> None:
    """The countries add to the net of what names one; without its EU bodies, and with them."""
    figure = FIGURES["countries"].make(answers, values)
    level = "" if chosen.level == "whole" else chosen.level
    bodies = "" if values["bodies"] == ("in",) else "out"
    located = replace(chosen, level=level, located=True, bodies=bodies)
    entries = plain.chosen(located)
    assert (figure is None) == (not entries), values
    if figure is None:
        return
    assert added(figure.rows["amount_eur"]) == plain.net(entries), values
    measure = {"country": "amount_eur", "person": "eur_per_person", "gdp": "percent_of_gdp"}[values["per"][0]]
    known = figure.rows[figure.rows[measure].notna()]
    if len(known):
        best = known.loc[known[measure].astype(float).idxmax()]
        assert figure.title.startswith(str(best["country_label"])), (values, figure.title)
    if "EU bodies are left out" in figure.subtitle:
        assert plain.net(plain.chosen(replace(located, bodies="only"))), values
