"""The Flows page: who pays whom, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import Message, message, plural, say
from pipelines.queries.money_flows import LAYERS, MIXED, NONE, REST, Flow, Money, Node

LAYER_NAMES: Mapping[str, Message] = {
    "funder": message("Who pays"),
    "programme": message("Programme"),
    "initiative": message("Initiative"),
    "kind": message("Kind of site"),
    "site": message("Site"),
}
NODES: Mapping[str, Message] = {
    NONE: message("No initiative named"),
    REST: message("Not allocated to a site"),
    MIXED: message("Joins other money"),
}
"""Nodes that stand in no vocabulary."""

DETAILS: Mapping[str, Message] = {"kinds": message("Kinds of site"), "sites": message("Named sites")}
COLUMNS: Mapping[str, Message] = {
    "layer": message("Layer"),
    "from_label": message("From"),
    "to_label": message("To"),
    "amount_eur": message("Euros"),
    "percent_of_total": message("% of the whole"),
    "entries": message("Entries"),
}
EVERY_INITIATIVE = message("All EU programmes")
NO_NODE = message("All flows")
DETAIL, FOLLOW = message("Show"), message("Follow the money of")
FLOW = message("{source} → {target}")
FLOW_AMOUNT = message("{source} → {target}: {amount}")
NODE_OPTION = message("{layer}: {name}")
TITLE_ALL = message("{scope}: {source} gives {share} of {total}")
TITLE_ONE = message("{scope}: all {total} comes from {source}")
TITLE_FOLLOWED = message("{name}: {amount}, followed from who pays to where it goes")
HEADLINE = message("{scope}: {total} {stage}, of which {allocated} is for named sites.")
HEADLINE_WHOLE = message("{scope}: {total} {stage}, all of it for named sites.")
HEADLINE_NONE = message("{scope}: {total} {stage}. None of our sources ties any of it to a named site.")
HEADLINE_EMPTY = message("{scope}: no money {stage} ({basis}) can be followed.")
STANDFIRST = message(
    "Read from left to right: who pays, through which programme and initiative, for what. “Not allocated” means "
    "that none of our sources says which site gets the money. Each euro is counted once."
)
STANDFIRST_UNKNOWN = plural(
    "{number}\u00a0entry of this choice has no published amount and is not drawn.",
    "{number}\u00a0entries of this choice have no published amount and are not drawn.",
)
EMPTY_STRONG = message("Nothing flows here.")
EMPTY = message(
    "No entry is {stage} as {basis} for this choice, or such euros are never added up. Other stages and bases may "
    "have some."
)
OTHER_STAGE = message("Programmed EU money")
SUBTITLE = message("{stage} · {basis} · current prices · counted once. The width of a band is its amount.")
SUBTITLE_FOLLOWED = message(
    "Only the money of {name}, as far as it can be told from other money. In all, {scope}: {total}."
)
MINIMUM = message("A part that is stated as “over” or “at least” is drawn as the amount that is stated.")
SHARES = message("Shares are of {total}.")
ALT = message("Flows of {total} from layer to layer: {flows}.")
AS_TABLE = message("The same flows as a table")
REST_FACT = message("What is left of the money above when all named sites are taken off")
FACT = message("How it is counted")
DIRECT_FACT = message("Sum of the entries, each cut to what the amount around it has left")
MORE = plural("{number}\u00a0more flow is in the table", "{number}\u00a0more flows are in the table")
NARROW = message("{source} → {target}")


def label(node: Node, labels: Mapping[str, Mapping[str, str]], locale: str = ENGLISH) -> str:
    """The name of a node. labels: layer → code → label."""
    if node.code in NODES and node.code not in labels.get(node.layer, {}):
        return say(NODES[node.code], locale)
    return formatting.sentence(labels[node.layer].get(node.code, node.code))


def amount(euros: Decimal, locale: str = ENGLISH) -> str:
    """An amount beside its node."""
    return formatting.euros(euros, locale=locale)


def headline(
    money: Money, scope: str, stage: str, basis: str, unknown: int, locale: str = ENGLISH
) -> tuple[str, str]:
    """Headline and standfirst of the page."""
    fields = {"scope": scope, "stage": stage}
    if not money.total:
        return say(HEADLINE_EMPTY, locale, basis=basis, **fields), say(STANDFIRST, locale)
    total = formatting.euros(money.total, locale=locale)
    if not money.allocated:
        sentence = say(HEADLINE_NONE, locale, total=total, **fields)
    elif money.allocated == money.total:
        sentence = say(HEADLINE_WHOLE, locale, total=total, **fields)
    else:
        allocated = formatting.euros(money.allocated, locale=locale)
        sentence = say(HEADLINE, locale, total=total, allocated=allocated, **fields)
    lacking = say(STANDFIRST_UNKNOWN, locale, number=unknown) if unknown else ""
    return sentence, formatting.paragraph(say(STANDFIRST, locale), lacking)


def title(money: Money, scope: str, labels: Mapping[str, Mapping[str, str]], locale: str = ENGLISH) -> str:
    """The finding: which programme gives most of the money, or whose money is followed."""
    total = formatting.euros(money.total, locale=locale)
    if money.followed:
        passing = through(money, money.followed)
        amount_words = formatting.euros(passing, locale=locale)
        return say(TITLE_FOLLOWED, locale, name=label(money.followed, labels, locale), amount=amount_words)
    largest = next(flow for flow in money.flows() if flow.source.layer == "funder")
    source = label(largest.target, labels, locale)
    if largest.amount == money.total:
        return say(TITLE_ONE, locale, scope=scope, total=total, source=source)
    share = formatting.percent(largest.amount, money.total, locale)
    return say(TITLE_ALL, locale, scope=scope, source=source, share=share, total=total)


def through(money: Money, node: Node) -> Decimal:
    """What passes through a node, EUR."""
    flows = money.flows(has_sites=True)
    entering = sum((flow.amount for flow in flows if flow.target == node), Decimal(0))
    return entering or sum((flow.amount for flow in flows if flow.source == node), Decimal(0))


def subtitle(
    money: Money,
    whole: Money,
    scope: str,
    kind: Sequence[str],
    labels: Mapping[str, Mapping[str, str]],
    locale: str = ENGLISH,
) -> str:
    """What is measured. kind: stage and basis in words."""
    measured = say(SUBTITLE, locale, stage=formatting.sentence(kind[0]), basis=kind[1])
    if money.followed is None:
        return measured
    total = formatting.euros(whole.total, locale=locale)
    name = label(money.followed, labels, locale)
    return formatting.paragraph(measured, say(SUBTITLE_FOLLOWED, locale, name=name, scope=scope, total=total))


def flow_words(flow: Flow, labels: Mapping[str, Mapping[str, str]], locale: str = ENGLISH) -> str:
    """A flow with its amount."""
    source, target = (label(node, labels, locale) for node in (flow.source, flow.target))
    return say(FLOW_AMOUNT, locale, source=source, target=target, amount=amount(flow.amount, locale))


def layer_name(layer: str, locale: str = ENGLISH) -> str:
    """The name of a layer. Raises KeyError for another one."""
    return say(LAYER_NAMES[layer], locale)


def node_options(
    nodes: Sequence[Node], labels: Mapping[str, Mapping[str, str]], locale: str = ENGLISH
) -> dict[str, str]:
    """Code of the address → name, of the nodes that can be followed, from who pays to where."""
    ordered = sorted(nodes, key=lambda node: (LAYERS.index(node.layer), label(node, labels, locale)))
    return {
        f"{node.layer}:{node.code}": say(
            NODE_OPTION, locale, layer=layer_name(node.layer, locale), name=label(node, labels, locale)
        )
        for node in ordered
    }
