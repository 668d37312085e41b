"""What a reader has chosen on a page that adds euros, and which entries belong to it. Values only: runs
nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, func, literal, or_

from pipelines import schema
from pipelines.queries import supplied_inputs

LEDGER = schema.ledger
COLUMNS = tuple(
    LEDGER.c[name]
    for name in (
        "entry_id",
        "programme",
        "initiative",
        "funder",
        "stage",
        "basis",
        "level",
        "amount_eur",
        "year",
        "country",
        "heading",
        "ai_scope",
        "site_id",
        "source_id",
        "source_url",
        "dated_on",
        "dated_precision",
    )
)
"""What questions about sums read of an entry. Each further column makes every one of them slower."""

SHIPPED_SUMS = "published-sums"  # the source folder whose lines are sums without recipients
EU_BODIES = (  # how names of bodies of the EU are written, whatever the case
    "%joint undertaking%",
    "%executive agency%",
    "european commission%",
    "%european union agency%",
    "%agency of the european union%",
    "european investment %",
    "%office of the european union%",
)
EU_BASES = ("eu-contribution", "guarantee-cover", "provisioning")  # what the EU budget itself gives or risks


@dataclass(frozen=True)
class Choice:
    """What a reader has chosen on a page that adds euros. Codes of data/reference/; an empty tuple means all.

    level: a code of levels, or "" for all that may be added. tracked: where neither programme nor initiative
    is chosen, only the programmes that the initiatives draw on; an initiative looks into every programme,
    because the split of its money over programmes is seldom published. located: only what names a country,
    so that an envelope without one does not stand for the lines inside it; there, what passes through any
    initiative belongs to the choice. bodies: "out" leaves out what goes to EU bodies, "only" asks for that
    alone, "" makes no difference.
    """

    stage: str = "programmed"
    basis: str = "eu-contribution"
    level: str = ""
    programme: tuple[str, ...] = ()
    initiative: tuple[str, ...] = ()
    funder: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    year: tuple[int, ...] = ()
    tracked: bool = True
    located: bool = False
    bodies: str = ""


def conditions(
    choice: Choice, free: tuple[str, ...] = (), is_summable: bool = True
) -> list[ColumnElement[bool]]:
    """Conditions for an entry to be part of the choice: in force, at current prices, of a level and a basis
    that may be added. The one place where a choice becomes entries.

    free: the columns in which everything counts, whatever was chosen. is_summable: False asks for what
        would be part of the choice, but may not be added.
    """
    may_be_added = and_(
        LEDGER.c.level.in_(supplied_inputs.codes(schema.levels, "is_summable")),
        LEDGER.c.basis.in_(supplied_inputs.codes(schema.bases, "is_summable")),
    )
    found: list[ColumnElement[bool]] = [
        LEDGER.c.superseded_on.is_(None),
        LEDGER.c.price_basis == "current",
        may_be_added if is_summable else ~may_be_added,
    ]
    for name in ("stage", "basis", "level"):
        if name not in free and (wanted := getattr(choice, name)):
            found.append(LEDGER.c[name] == wanted)
    for name in ("programme", "initiative", "funder", "country", "year"):
        if name not in free and (several := getattr(choice, name)):
            found.append(LEDGER.c[name].in_(several))
    if choice.located:
        found.append(LEDGER.c.country.is_not(None))
    if choice.bodies:
        found.append(_is_of_eu_body() if choice.bodies == "only" else ~_is_of_eu_body())
    if choice.tracked and not choice.programme and not choice.initiative:
        tracked = LEDGER.c.programme.in_(supplied_inputs.codes(schema.programmes, "is_tracked"))
        is_wide = choice.located or not is_summable
        found.append(or_(tracked, LEDGER.c.initiative.is_not(None)) if is_wide else tracked)
    return found


CODES = ("stage", "basis", "level", "programme", "initiative")
"""The columns in which `fits` can judge an entry in memory."""


def without_codes(choice: Choice) -> Choice:
    """A choice of everything in the columns of `CODES`, all else as chosen."""
    return replace(choice, stage="", basis="", level="", programme=(), initiative=(), tracked=False)


def fits(
    choice: Choice, cells: Mapping[str, str | None], tracked: Collection[str], free: tuple[str, ...] = ()
) -> bool:
    """Whether an entry of `without_codes(choice)` belongs to the choice: as `conditions`, for one in memory.

    cells: these columns of the entry. tracked: codes of the programmes that the initiatives draw on. free: as
    of `conditions`.
    """
    for name in CODES:
        wanted = getattr(choice, name)
        if (
            name not in free
            and wanted
            and cells[name] not in ((wanted,) if isinstance(wanted, str) else wanted)
        ):
            return False
    if not choice.tracked or choice.programme or choice.initiative:
        return True
    return cells["programme"] in tracked or (choice.located and cells["initiative"] is not None)


def _is_of_eu_body() -> ColumnElement[bool]:
    """Whether an entry goes to a body of the EU, which has a seat in a country and is no recipient there.

    The shipped sums of published commitments name no recipient. In them the lines in Luxembourg that only the
    broad reading of AI matches are those of EuroHPC JU.
    """
    named = or_(*(LEDGER.c.beneficiary.ilike(pattern) for pattern in EU_BODIES))
    in_sums = and_(
        LEDGER.c.source_id == SHIPPED_SUMS,
        LEDGER.c.stage == "committed",
        LEDGER.c.country == "LU",
        LEDGER.c.ai_scope == "broad",
    )
    return func.coalesce(or_(named, in_sums), literal(False))


def of_every_stage(choice: Choice) -> Choice:
    """The same programmes, initiatives and basis, at every stage and level."""
    return replace(choice, stage="", level="")
