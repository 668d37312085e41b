"""Who pays whom: the counted entries of a choice as flows from funder to programme, initiative and site.

Pure. Every euro of the choice is in each layer once: what enters a node leaves it. What no entry says the use
of goes to the node `rest`; what passes through no initiative goes through the node `none`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from pipelines.double_counting_without_sql import Overlaps, counted

LAYERS = ("funder", "programme", "initiative", "kind", "site")
NONE = "none"  # the initiative of money that passes through none
REST = "rest"  # the kind of site of money that is not allocated to a named site
MIXED = "mixed"  # where followed money meets other money, and can be followed no further
_NOTHING = Decimal(0)


class Entry(NamedTuple):
    """An entry of a stage and basis. amount: EUR, None if not published. counted: what of it counts in the
    choice; None where it is removed or unknown. initiative, site, kind: "" where it names none.
    """

    entry_id: str
    funder: str
    programme: str
    initiative: str
    site: str
    kind: str
    amount: Decimal | None
    counted: Decimal | None = None


class Node(NamedTuple):
    """A node: its layer, of LAYERS, and its code there."""

    layer: str
    code: str


class Flow(NamedTuple):
    """Money from one node to the next. amount: EUR. entries: the identities of those that say so."""

    source: Node
    target: Node
    amount: Decimal
    entries: tuple[str, ...]


class Part(NamedTuple):
    """A part of a flow: what of one entry goes from a node of a layer to a node of the next."""

    layer: str
    source: str
    target: str
    amount: Decimal
    entry_id: str


class Piece(NamedTuple):
    """What of a counted entry passes through an initiative. entry_id: of the entry that says so."""

    funder: str
    programme: str
    initiative: str
    amount: Decimal
    entry_id: str


class Use(NamedTuple):
    """What of the money of an initiative goes to a site, or stays without one."""

    initiative: str
    kind: str
    site: str
    amount: Decimal
    entry_id: str


@dataclass(frozen=True)
class Money:
    """The money of a choice, cut where it enters an initiative and where it reaches a site. followed: the
    node whose money this is; None for all of it.
    """

    pieces: tuple[Piece, ...]
    uses: tuple[Use, ...]
    followed: Node | None = None

    @property
    def total(self) -> Decimal:
        """All of it, EUR."""
        return sum((piece.amount for piece in self.pieces), _NOTHING)

    @property
    def allocated(self) -> Decimal:
        """What of it reaches a named site, EUR."""
        return sum((use.amount for use in self.uses if use.kind not in (REST, MIXED)), _NOTHING)

    def parts(self, has_sites: bool = False) -> list[Part]:
        """Everything that flows, each part with the entry that says so. has_sites: with the last layer."""
        found = [Part("funder", p.funder, p.programme, p.amount, p.entry_id) for p in self.pieces]
        found += [Part("programme", p.programme, p.initiative, p.amount, p.entry_id) for p in self.pieces]
        found += [Part("initiative", u.initiative, u.kind, u.amount, u.entry_id) for u in self.uses]
        if has_sites:
            found += [Part("kind", u.kind, u.site, u.amount, u.entry_id) for u in self.uses if u.site]
        return found

    def flows(self, has_sites: bool = False) -> list[Flow]:
        """The flows from layer to layer, the largest of each layer first. has_sites: with the last layer."""
        sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        entries: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for part in self.parts(has_sites):
            sums[part[:3]] += part.amount
            entries[part[:3]].append(part.entry_id)
        flows = [
            Flow(
                Node(layer, source),
                Node(LAYERS[LAYERS.index(layer) + 1], target),
                amount,
                tuple(dict.fromkeys(entries[layer, source, target])),
            )
            for (layer, source, target), amount in sums.items()
            if amount
        ]
        return sorted(flows, key=_place)


def _place(flow: Flow) -> tuple[int, Decimal, str, str]:
    return (LAYERS.index(flow.source.layer), -flow.amount, flow.source.code, flow.target.code)


def money(chosen: Sequence[Entry], around: Sequence[Entry], overlaps: Overlaps) -> Money:
    """The money of a choice. chosen: its entries, removed ones too. around: all entries of its stage and
    basis, which say at which sites the money of an initiative is.
    """
    pieces = _pieces(chosen, overlaps)
    return Money(tuple(pieces), tuple(_uses(pieces, around, overlaps)))


def _pieces(chosen: Sequence[Entry], overlaps: Overlaps) -> list[Piece]:
    """Each counted entry by the initiatives that entries inside it name. An entry that may be inside several
    counted ones is not taken from any: nobody says from which.
    """
    roots = [entry for entry in chosen if entry.counted]
    owners: dict[str, list[str]] = defaultdict(list)
    for root in roots:
        for part in overlaps.inside.get(root.entry_id, ()):
            owners[part].append(root.entry_id)
    plain = {root.entry_id for root in roots if not root.initiative}
    parts = {
        entry.entry_id: entry
        for entry in chosen
        if entry.initiative and len(owners[entry.entry_id]) == 1 and owners[entry.entry_id][0] in plain
    }
    inside: dict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    for entry_id, amount in counted(parts.keys(), overlaps).items():
        if amount and amount > 0:
            inside[owners[entry_id][0]].append((amount, entry_id))
    pieces = []
    for root in roots:
        assert root.counted is not None
        left = root.counted
        for amount, entry_id in sorted(inside[root.entry_id], key=_largest_first):
            if (taken := min(left, amount)) > 0:
                initiative = parts[entry_id].initiative
                pieces.append(Piece(root.funder, root.programme, initiative, taken, entry_id))
                left -= taken
        if left:
            initiative = root.initiative or NONE
            pieces.append(Piece(root.funder, root.programme, initiative, left, root.entry_id))
    return pieces


def _uses(pieces: Sequence[Piece], around: Sequence[Entry], overlaps: Overlaps) -> list[Use]:
    """The money of each initiative by the sites that entries inside it name, never more than it has."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    members: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        totals[piece.initiative] += piece.amount
        members[piece.initiative] |= {piece.entry_id, *overlaps.inside.get(piece.entry_id, ())}
    sites: dict[str, Entry] = {}
    owner: dict[str, str] = {}
    for entry in around:
        if entry.site and entry.amount and (found := _owner(entry, members, totals)):
            sites[entry.entry_id], owner[entry.entry_id] = entry, found
    shares = _counted(sites, overlaps)
    by_initiative: dict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    for entry_id, amount in shares.items():
        by_initiative[owner[entry_id]].append((amount, entry_id))
    uses = []
    for initiative, total in totals.items():
        left = total
        for amount, entry_id in sorted(by_initiative[initiative], key=_largest_first):
            if (taken := min(left, amount)) > 0:
                site = sites[entry_id]
                uses.append(Use(initiative, site.kind, site.site, taken, entry_id))
                left -= taken
        if left:
            own = [piece.entry_id for piece in pieces if piece.initiative == initiative]
            uses.append(Use(initiative, REST, "", left, own[0]))
    return uses


def _owner(entry: Entry, members: Mapping[str, Collection[str]], totals: Mapping[str, Decimal]) -> str | None:
    """The initiative whose money an entry of a site is part of: its own, else the largest that is named.

    None if it is in none, or names one that has none of this money.
    """
    found = [code for code in members if entry.entry_id in members[code]]
    if entry.initiative in found:
        return entry.initiative
    named = [code for code in found if code != NONE]
    if named:
        return max(named, key=lambda code: (totals[code], code))
    return NONE if found and not entry.initiative else None


def _counted(entries: Mapping[str, Entry], overlaps: Overlaps) -> dict[str, Decimal]:
    """What is counted of some entries, of each that is."""
    overlapping = [entry_id for entry_id in entries if entry_id in overlaps.figures]
    alone = {entry_id: entries[entry_id].amount for entry_id in entries if entry_id not in overlaps.figures}
    found = {**counted(overlapping, overlaps), **alone}
    return {entry_id: amount for entry_id, amount in found.items() if amount and amount > 0}


def _largest_first(share: tuple[Decimal, str]) -> tuple[Decimal, str]:
    return (-share[0], share[1])


# --- following a node


def follow(whole: Money, node: Node) -> Money:
    """The money that passes through a node, as far as it can be told from other money.

    Where it meets other money in an initiative, it goes to the node `mixed`; what comes to a site out of an
    initiative with other uses is not followed back beyond it.
    """
    at = LAYERS.index(node.layer)
    if at <= LAYERS.index("initiative"):
        return _downwards(whole, node)
    return _upwards(whole, node)


def _downwards(whole: Money, node: Node) -> Money:
    pieces = tuple(piece for piece in whole.pieces if getattr(piece, node.layer) == node.code)
    uses: list[Use] = []
    for initiative, part in _by_initiative(pieces).items():
        own = [use for use in whole.uses if use.initiative == initiative]
        if part == sum((use.amount for use in own), _NOTHING):
            uses += own
        elif {use.kind for use in own} == {REST}:
            uses.append(own[0]._replace(amount=part))
        else:
            entry_id = next(piece.entry_id for piece in pieces if piece.initiative == initiative)
            uses.append(Use(initiative, MIXED, "", part, entry_id))
    return replace(whole, pieces=pieces, uses=tuple(uses), followed=node)


def _upwards(whole: Money, node: Node) -> Money:
    uses = tuple(use for use in whole.uses if getattr(use, node.layer) == node.code)
    pieces: list[Piece] = []
    for initiative, part in _by_initiative(uses).items():
        own = [piece for piece in whole.pieces if piece.initiative == initiative]
        if part == sum((piece.amount for piece in own), _NOTHING):
            pieces += own
    return replace(whole, pieces=tuple(pieces), uses=uses, followed=node)


def _by_initiative(parts: Iterable[Piece | Use]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for part in parts:
        sums[part.initiative] += part.amount
    return sums
