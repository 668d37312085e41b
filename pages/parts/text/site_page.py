"""What the page of one site says around its figures. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, say
from pipelines import frame_rows

ALL_SITES = message("All sites")
NO_EURO = message("No source gives an amount for {name}.")
NO_EURO_WHY = message("This does not mean zero: none of our sources says what it costs or who pays.")
NO_PROMISE = message("No date was promised for {name} that our sources keep.")
NO_PLACE = message("Its place is not known, so it is not on the map.")
LINKED = message("Linked sites")
LINKED_COLUMNS = {
    "name": message("Site"),
    "kind_label": message("Kind"),
    "status_label": message("Status"),
    "link": message("How"),
}
HOLDS = message("this site is part of it")
IS_PART = message("is part of this site")
IS_BESIDE = message("is part of the same site")
COUNTRY = message("Everything about {country}")


def linked_table(rows: pd.DataFrame, own: Mapping[str, Any], locale: str = ENGLISH) -> pd.DataFrame:
    """The sites that one is linked to. rows: of queries.sites.sites. own: the row of the site itself."""

    def link(row: Mapping[Any, Any]) -> str:
        if row["site_id"] == own["part_of"]:
            return say(HOLDS, locale)
        return say(IS_PART if row["part_of"] == own["site_id"] else IS_BESIDE, locale)

    named = rows.assign(link=[link(row) for row in frame_rows.records(rows)])
    return table(named, LINKED_COLUMNS, locale=locale)
