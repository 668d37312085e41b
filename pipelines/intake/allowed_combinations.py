"""What the reference lists say of each programme, and which stage and basis may not stand together."""

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines import reference

# A guarantee covers losses and a target moves other people's money: neither is ever paid out as such.
NEVER_TOGETHER = {
    (
        "paid",
        "guarantee-cover",
    ): "A guarantee is not paid; it covers losses. Payments have the basis eu-contribution.",
    ("paid", "investment-mobilised"): "Investment that is to be set in motion is not paid by anyone here.",
    (
        "contracted",
        "investment-mobilised",
    ): "Investment that is to be set in motion is announced or programmed, never contracted.",
    (
        "committed",
        "investment-mobilised",
    ): "Investment that is to be set in motion is announced or programmed, never committed.",
    ("paid", "provisioning"): "Provisioning is set aside, not paid.",
}
# Which funders can stand behind a basis that names its payer.
PAYERS = {
    "eu-contribution": frozenset(("eu-budget",)),
    "national-contribution": frozenset(("member-states",)),
    "private-contribution": frozenset(("private",)),
}


class ProgrammeRule(NamedTuple):
    """Who pays for a programme, and its budget period, if it has one."""

    funder: str
    first_year: int | None
    last_year: int | None


@lru_cache(maxsize=1)
def rules_by_programme() -> dict[str, ProgrammeRule]:
    """Programme → its rule."""
    by_code = {}
    for row in reference.read_rows("programmes"):
        years = re.fullmatch(r"(\d{4})-(\d{4})", row["period"])
        by_code[row["code"]] = ProgrammeRule(
            row["funder"], int(years[1]) if years else None, int(years[2]) if years else None
        )
    return by_code
