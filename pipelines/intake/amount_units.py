"""Which unit a column of amounts is given in: what its title, the lines beside the table, the sheets, the
formats and the cells say, and what follows. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.findings import shown
from pipelines.foreign_files.money_words import MoneyWords, spoken_units

ONE = Decimal(1)
# What is offered where a word is not known.
_LIKELY = frozenset((ONE, Decimal(1_000), Decimal(10**6)))


@dataclass(frozen=True)
class Saying:
    """Where something is said of the amounts, as a sentence names it, and what is said."""

    where: str
    words: MoneyWords


@dataclass(frozen=True)
class UnitChoice:
    """Which unit a column has.

    factor: what one stands for in euros or in the column's currency; None where it must be asked.
    choices: the factors to choose from. why: who says what, for a message.
    """

    factor: Decimal | None
    choices: tuple[Decimal, ...] = ()
    why: str = ""


def choose_unit(
    title: Saying,
    beside: Sequence[Saying],
    in_cells: Mapping[Decimal, int],
    scale: Decimal = ONE,
    may_apply: bool = True,
    says_euros: bool = False,
) -> UnitChoice:
    """Decide the unit of the cells that carry none of their own.

    beside: what lines above and below, sheets and number formats say. in_cells: unit → how many cells
    carry it themselves. scale: the number format shows the stored numbers divided by this.
    may_apply: a title alone is enough. says_euros: cells write a currency behind plain digits.
    """
    told = [saying for saying in beside if saying.words.units or saying.words.unknown]
    claims = [saying for saying in (title, *told) if saying.words.units]
    own = {factor for factor in in_cells if factor != ONE}
    bare = in_cells.get(ONE, 0)
    why = _sentence(title, told)
    if own:
        return _with_own(claims, own, bare, why)
    if any(saying.words.unknown for saying in (title, *beside)):
        return UnitChoice(None, tuple(sorted(_LIKELY | title.words.factors | _all(told))), why)
    if not claims:
        return UnitChoice(ONE) if scale == ONE else UnitChoice(None, (ONE, ONE / scale), f"its number format shows every amount divided by {scale:,f}")  # fmt: skip
    agreed = frozenset.intersection(*(saying.words.factors for saying in claims))
    is_clear = len(agreed) == 1 and all(len(unit) == 1 or unit & agreed for saying in claims for unit in saying.words.units)  # fmt: skip
    is_single = all(len(set(saying.words.units)) == 1 for saying in claims)
    enough = len(claims) > 1 or bool(title.words.units) or scale != ONE
    factor = next(iter(agreed)) if is_clear else ONE
    fits = scale in (ONE, factor) and not (says_euros and factor != ONE)
    if is_clear and is_single and enough and may_apply and fits:
        return UnitChoice(factor / scale, why=why)
    if says_euros:
        why = f"{why}, but cells write a currency behind their digits"
    options = _all(claims) | {ONE}
    if scale != ONE:
        options |= {factor / scale for factor in options}
        why = f"{why}; its number format shows every amount divided by {scale:,f}"
    return UnitChoice(None, tuple(sorted(options)), why)


def _with_own(claims: Sequence[Saying], own: set[Decimal], bare: int, why: str) -> UnitChoice:
    """Where cells carry units of their own, a unit elsewhere says the same again, or is asked about."""
    if not claims:
        return UnitChoice(ONE)
    said = _all(claims)
    if not bare and own <= said and len(said) == 1:
        return UnitChoice(ONE, why=f"{why}, and so do the cells themselves, where it is applied once")
    return UnitChoice(None, tuple(sorted(said | {ONE})), f"{why}, but cells carry units of their own")


def _all(sayings: Sequence[Saying]) -> frozenset[Decimal]:
    return frozenset().union(*(saying.words.factors for saying in sayings))


def _sentence(title: Saying, told: Sequence[Saying]) -> str:
    """Who speaks of which unit: its title speaks of 1,000, the line below the table of 1,000."""
    parts = []
    for saying in (title, *told):
        if saying.words.unknown:
            words = ", ".join(map(shown, saying.words.unknown))
            more = f" beside {spoken_units(saying.words.factors)}" if saying.words.factors else ""
            parts.append(f"{saying.where} holds {words}{more}, which may be a unit")
        elif saying.words.units:
            parts.append(f"{saying.where} speaks of {spoken_units(saying.words.factors)}")
    return " and ".join(parts)
