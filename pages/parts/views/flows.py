"""The Flows page: who pays whom, and the money of one node followed. Pure."""

import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from pages.parts import figures
from pages.parts.figure_model import Figure, Value
from pages.parts.text import flows as text
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views import euros
from pipelines.queries import euros as ask
from pipelines.queries import flows as flow_questions
from pipelines.queries import provenance, sites
from pipelines.queries.choice import Choice
from pipelines.queries.money_flows import LAYERS, MIXED, NONE, REST, Flow, Money, Node, Part, follow
from pipelines.queries.release_answers import ReleaseData

DEFAULT = "eurohpc-ju"
_EIGHT = Decimal("0.00000001")


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the address of the Flows page."""
    named = _labels(answers)
    nodes = tuple(f"{layer}:{code}" for layer in LAYERS for code in named[layer])
    return [
        Parameter("stage", tuple(answers.labels("stages")), ("programmed",)),
        Parameter("basis", tuple(answers.labels("bases")), ("eu-contribution",)),
        Parameter("initiative", tuple(answers.labels("initiatives")), (DEFAULT,), several=True),
        Parameter("detail", tuple(text.DETAILS), ("kinds",)),
        Parameter("node", (*nodes, f"initiative:{NONE}", f"kind:{REST}")),
    ]


def _labels(answers: ReleaseData, locale: str = ENGLISH) -> dict[str, dict[str, str]]:
    """Layer → code → label."""
    names = answers.read(sites.sites)
    return {
        "funder": answers.labels("funders", locale),
        "programme": answers.labels("programmes", locale),
        "initiative": answers.labels("initiatives", locale),
        "kind": answers.labels("site_kinds", locale),
        "site": dict(zip(names["site_id"], names["name"], strict=True)),
    }


def choice(answers: ReleaseData, values: Values) -> Choice:
    """The entries that an address stands for: totals where totals are published, as on the Euros page."""
    chosen = {
        "stage": values["stage"],
        "basis": values["basis"],
        "programme": (),
        "initiative": values["initiative"],
        "level": ("envelopes",),
    }
    return euros.choice(answers, chosen)


def _money(answers: ReleaseData, values: Values) -> tuple[Money, Money]:
    """The money of the choice as it is shown, and all of it."""
    whole = flow_questions.of_choice(answers, choice(answers, values))
    if not values["node"]:
        return whole, whole
    layer, _, code = values["node"][0].partition(":")
    return follow(whole, Node(layer, code)), whole


def _scope(values: Values, labels: Mapping[str, Mapping[str, str]], locale: str) -> str:
    """Whose money it is, in words."""
    names = [labels["initiative"][code] for code in values["initiative"]]
    return formatting.listed(names, locale=locale) if names else say(text.EVERY_INITIATIVE, locale)


class Words(NamedTuple):
    """What the page says beside its figure. options: word of the address → code → label. is_empty: nothing
    can be drawn, and `nothing` says why.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    nothing: tuple[str, str] | None


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figure."""
    chosen = choice(answers, values)
    shown, whole = _money(answers, values)
    stages, bases = answers.labels("stages", locale), answers.labels("bases", locale)
    labels = _labels(answers, locale)
    unknown = int(answers.row(ask.totals, chosen)["entries_unknown"])
    kind, scope = (stages[chosen.stage], bases[chosen.basis]), _scope(values, labels, locale)
    flowing = whole.flows(has_sites=True)
    nodes = dict.fromkeys(node for flow in flowing for node in (flow.source, flow.target))
    options = {
        "stage": stages,
        "basis": bases,
        "initiative": labels["initiative"],
        "detail": {code: say(label, locale) for code, label in text.DETAILS.items()},
        "node": text.node_options(list(nodes), labels, locale),
    }
    nothing = None
    if not shown.total and not shown.uses:
        nothing = say(text.EMPTY_STRONG, locale), say(text.EMPTY, locale, stage=kind[0], basis=kind[1])
    return Words(
        Answer(
            *text.headline(whole, scope, *kind, unknown, locale),
            text.title(whole, scope, labels, locale) if whole.total else "",
        ),
        options,
        nothing,
    )


def flows(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Flows from funder to kind of site, or to site. None if there is no money, or none passes the node."""
    shown, whole = _money(answers, values)
    has_sites = values["detail"] == ("sites",)
    flowing = shown.flows(has_sites)
    if not flowing:
        return None
    chosen, labels = choice(answers, values), _labels(answers, locale)
    kind = answers.labels("stages", locale)[chosen.stage], answers.labels("bases", locale)[chosen.basis]
    total, credit = answers.row(ask.totals, chosen), answers.read(ask.credit, chosen)
    base, parts = whole.total, tuple(shown.parts(has_sites))
    rows = pd.DataFrame([_row(flow, chosen, base, labels, locale) for flow in flowing])
    columns = {name: say(title, locale) for name, title in text.COLUMNS.items()}
    scope = _scope(values, labels, locale)
    title = text.title(shown, scope, labels, locale)
    listed = "; ".join(text.flow_words(flow, labels, locale) for flow in flowing)
    return Figure(
        name="flows",
        title=title,
        subtitle=text.subtitle(shown, whole, scope, kind, labels, locale),
        alt=tables.alt(
            title, say(text.ALT, locale, total=text.amount(shown.total, locale), flows=listed), locale=locale
        ),
        source=formatting.paragraph(
            tables.credit_line(credit, total, locale=locale),
            say(text.SHARES, locale, total=text.amount(base, locale)),
            say(text.MINIMUM, locale),
        ),
        rows=rows,
        draw=functools.partial(figures.flows, rows, locale=locale),
        table=_table(rows, columns, locale),
        numbers=(columns["amount_eur"], columns["percent_of_total"], columns["entries"]),
        sources=tuple(tables.sources(credit, locale)),
        questions=((flow_questions.flows, parts), (flow_questions.entries, chosen)),
        taken_off=(ask.removed, chosen),
        values=tuple(_value(flow, parts, labels, locale) for flow in flowing),
    )


def _row(
    flow: Flow, chosen: Choice, base: Decimal, labels: Mapping[str, Mapping[str, str]], locale: str
) -> dict[str, Any]:
    return {
        "layer": flow.source.layer,
        "from_node": flow.source.code,
        "from_label": text.label(flow.source, labels, locale),
        "to_node": flow.target.code,
        "to_label": text.label(flow.target, labels, locale),
        "stage": chosen.stage,
        "basis": chosen.basis,
        "amount_eur": flow.amount,
        "percent_of_total": (100 * flow.amount / base).quantize(_EIGHT) if base else None,
        "entries": len(flow.entries),
    }


def _table(rows: pd.DataFrame, columns: Mapping[str, str], locale: str) -> pd.DataFrame:
    layers = [text.layer_name(layer, locale) for layer in rows["layer"]]
    shares = [formatting.fine_percent(share, locale) for share in rows["percent_of_total"]]
    return tables.table(
        rows.assign(layer=layers, percent_of_total=shares), columns, euros=("amount_eur",), locale=locale
    )


def _value(
    flow: Flow, parts: tuple[Part, ...], labels: Mapping[str, Mapping[str, str]], locale: str
) -> Value:
    """A flow with the entries behind it; a rest has those of which it is the rest."""
    source, target = (text.label(node, labels, locale) for node in (flow.source, flow.target))
    fact = text.REST_FACT if flow.target.code in (REST, MIXED) else text.DIRECT_FACT
    return Value(
        say(text.FLOW, locale, source=source, target=target),
        text.amount(flow.amount, locale),
        functools.partial(provenance.by_ids, *flow.entries),
        ((say(text.FACT, locale), say(fact, locale)),),
        number=functools.partial(
            flow_questions.flows, tuple(part for part in parts if part[:3] == _key(flow))
        ),
    )


def _key(flow: Flow) -> tuple[str, str, str]:
    return flow.source.layer, flow.source.code, flow.target.code
